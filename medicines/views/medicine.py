"""Medicines A–Z, and the page of one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from medicines.browsing.counts import page_of
from medicines.browsing.letters import letters, names_under, shown
from medicines.browsing.medicines import MedicinePage, rows_of
from medicines.facet_index import Kind
from medicines.renderings import stored

PAGE = 80
"""Names on a page of an A–Z: nearly every letter of a real list fits on one; one with more has several."""


@require_safe
@stored
def medicines(request: HttpRequest) -> HttpResponse:
    return render(request, "public/medicines.html", a_to_z(request, "medicine"))


@require_safe
@stored
def medicine(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(shown("medicine"), pk=pk)
    page = MedicinePage(found, page=request.GET.get("page"))
    return render(request, "public/medicine.html", {"medicine": found, "shown": page})


def a_to_z(request: HttpRequest, kind: Kind) -> dict[str, Any]:
    """The letters, the one asked for, or the first, and a page of the names under it."""
    all_letters = letters(kind)
    asked = request.GET.get("letter", "")
    letter = next((each for each in all_letters if each.slug == asked), all_letters[0] if all_letters else None)
    names, count = (names_under(kind, letter), letter.count) if letter else ([], 0)
    page = page_of(names, request.GET.get("page"), count=count, size=PAGE)
    return {"letters": all_letters, "letter": letter, "page": page, "rows": rows_of(kind, page)}
