"""The search of the public record."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from medicines.search import find

PAGE = 30
LONGEST_QUERY = 200


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    query = " ".join(request.GET.get("q", "")[:LONGEST_QUERY].split())
    section = request.GET.get("section", "")[:30].strip()
    results = Paginator(find(query, section=section), PAGE).get_page(request.GET.get("page"))
    context = {"query": query, "section": section, "results": results, "asked": bool(query or section)}
    return render(request, "public/search.html", context)
