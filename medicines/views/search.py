"""The List: all recommendations, searched, narrowed, sorted and paged."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from medicines.conditional import kept_while_unchanged
from medicines.exports import FORMATS
from medicines.facet_index import facet_index
from medicines.filters import LONGEST_QUERY, ListFilter
from medicines.panel import Panel
from medicines.results import Results
from medicines.search.suggest import Suggestion, suggest

PAGE = 30


@require_safe
@gzip_page
@kept_while_unchanged
def search(request: HttpRequest) -> HttpResponse:
    results = Results(ListFilter(request.GET))
    page = Paginator(range(results.count), PAGE).get_page(request.GET.get("page"))
    context = {
        "query": results.asked.query,
        "results": results,
        "panel": Panel(results),
        "page": page,
        "numbers": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "listings": results.page(start=page.start_index() - 1 if results.count else 0, size=PAGE),
        "formats": FORMATS,
    }
    return render(request, "public/search.html", context)


@require_safe
@kept_while_unchanged
def suggestions(request: HttpRequest) -> HttpResponse:
    """What may be meant by what has been typed so far, for the script of the search box."""
    found = suggest(request.GET.get("q", "")[:LONGEST_QUERY], facet_index())
    told = ngettext("%(count)s suggestion", "%(count)s suggestions", len(found)) % {"count": len(found)}
    rows = [_row(each) for each in found]
    return JsonResponse({"suggestions": rows, "told": told, "language": "" if get_language() == "en" else "en"})


def _row(suggestion: Suggestion) -> dict[str, str]:
    kinds = {
        "medicine": gettext("Medicine"),
        "indication": gettext("Indication"),
        "section": gettext("Section"),
        "atc": gettext("ATC class"),
    }
    return {
        "kind": kinds[suggestion.kind],
        "words": suggestion.words,
        "code": suggestion.code,
        "also": suggestion.also,
        "address": _address(suggestion),
    }


def _address(suggestion: Suggestion) -> str:
    key = suggestion.key
    if suggestion.kind == "section":
        edition, _colon, number = key.partition(":")
        return reverse("public:section", args=[edition, number])
    names = {"medicine": "public:medicine", "indication": "public:indication", "atc": "public:atc_class"}
    return reverse(names[suggestion.kind], args=[key])
