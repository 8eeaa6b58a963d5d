"""The record in figures, as plots with their tables."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from medicines.browsing.figures import aware_edition, aware_groups, size_now, sizes
from medicines.browsing.meetings import meetings
from medicines.documents import plots
from medicines.renderings import stored


@require_safe
@stored
def figures(request: HttpRequest) -> HttpResponse:
    context = {
        "sizes": plots.sizes(sizes(), size_now()),
        "outcomes": plots.outcomes(meetings()),
        "aware": plots.aware(aware_groups(), edition=aware_edition()),
    }
    return render(request, "public/figures.html", context)
