"""The classes of the ATC classification, and one of them with its recommendations."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from medicines.browsing.atc import atc_class as class_of
from medicines.browsing.atc import classes_above, classes_below, unknown_codes
from medicines.browsing.counts import listings_of, page_of
from medicines.facet_index import facet_index
from medicines.renderings import stored


@require_safe
@stored
def atc(request: HttpRequest) -> HttpResponse:
    return render(request, "public/atc.html", {"classes": classes_below(), "unknown": unknown_codes()})


@require_safe
@stored
def atc_class(request: HttpRequest, code: str) -> HttpResponse:
    found = class_of(code)
    if found is None:
        raise Http404(_("No recommendation has a code of this class."))
    index = facet_index()
    page = page_of(listings_of(index, index.bits("atc", code)), request.GET.get("page"))
    context = {"found": found, "above": classes_above(code), "below": classes_below(code), "page": page}
    return render(request, "public/atc_class.html", context)
