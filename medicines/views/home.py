"""The front page: the search, the ways into the record, the newest decisions, the editions and the sections."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from medicines.browsing.editions import editions
from medicines.browsing.letters import letters
from medicines.browsing.sections import children_of
from medicines.facet_index import facet_index
from medicines.models import Listing
from medicines.renderings import stored

NEWEST = 8
EDITIONS = 3


@require_safe
@stored
def home(request: HttpRequest) -> HttpResponse:
    decided = Listing.objects.exclude(outcome="").select_related("recommendation", "medicine", "indication")
    all_editions = editions()
    edition = all_editions[0].number if all_editions else None
    sections = children_of(None, edition=edition) if edition is not None else []
    context = {
        "newest": decided.order_by("-published_at", "sort_key")[:NEWEST],
        "recommendations": len(facet_index().keys),
        "medicines": sum(letter.count for letter in letters("medicine")),
        "indications": sum(letter.count for letter in letters("indication")),
        "edition": edition,
        "sections": [node for node in sections if node.total],
        "editions": all_editions[:EDITIONS],
    }
    return render(request, "public/home.html", context)
