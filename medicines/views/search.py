"""The search of the public record."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from medicines.filters import ListFilter
from medicines.results import Results

PAGE = 30


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    asked = ListFilter(request.GET)
    results = Results(asked)
    listings = Paginator(results.page(start=0, size=300), PAGE).get_page(request.GET.get("page"))
    context = {"query": asked.query, "section": "", "results": listings, "asked": True}
    return render(request, "public/search.html", context)
