"""The front page: the search, the newest decisions, the sections."""

from django.db.models import Exists, F, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from medicines.models import Edition, Listing, Section
from medicines.renderings import stored

NEWEST = 8


@require_safe
@stored
def home(request: HttpRequest) -> HttpResponse:
    decided = Listing.objects.exclude(outcome="").select_related("recommendation", "medicine", "indication")
    newest_edition = Edition.objects.order_by("-number").values("pk")[:1]
    in_section = Listing.objects.filter(sections__contains=[OuterRef("number")])
    sections = (
        Section.objects.filter(edition=Subquery(newest_edition), parent=None)
        .filter(Exists(in_section))
        .annotate(edition_number=F("edition__number"))
        .order_by("sort_key")
    )
    context = {"newest": decided.order_by("-published_at", "sort_key")[:NEWEST], "sections": sections}
    return render(request, "public/home.html", context)
