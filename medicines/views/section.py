"""The sections of the newest edition as a tree, and one section of any edition."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from medicines.browsing.sections import SectionPage, branches, newest_edition
from medicines.facet_index import facet_index
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
    """A section of the record's tree. One that only texts name is a filter of the list."""
    number = number.replace("\0", "")
    rows = Section.objects.select_related("edition", "continues__edition")
    found = rows.filter(edition__number=edition, number=number).first()
    if found is None:
        if not facet_index().bits("section", f"{edition}:{number}"):
            raise Http404(_("The record has no such section."))
        return redirect(f"{reverse('public:search')}?{urlencode({'section': f'{edition}:{number}'})}")
    shown = SectionPage(found, page=request.GET.get("page"))
    return render(request, "public/section.html", {"section": found, "shown": shown})
