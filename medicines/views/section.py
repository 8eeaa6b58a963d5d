"""The sections of the newest edition as a tree, and one section of any edition."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from medicines.browsing.sections import SectionPage, branches, newest_edition
from medicines.models import Section
from medicines.renderings import stored


@require_safe
@stored
def sections(request: HttpRequest) -> HttpResponse:
    edition = newest_edition()
    context = {"edition": edition, "branches": branches(edition) if edition is not None else ()}
    return render(request, "public/sections.html", context)


@require_safe
@stored
def section(request: HttpRequest, edition: int, number: str) -> HttpResponse:
    rows = Section.objects.select_related("edition", "continues__edition")
    found = get_object_or_404(rows, edition__number=edition, number=number.replace("\0", ""))
    shown = SectionPage(found, page=request.GET.get("page"))
    return render(request, "public/section.html", {"section": found, "shown": shown})
