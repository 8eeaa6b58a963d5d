"""Indications A–Z, and the page of one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from medicines.browsing.indications import IndicationPage
from medicines.browsing.letters import shown
from medicines.renderings import stored

from .medicine import a_to_z


@require_safe
@stored
def indications(request: HttpRequest) -> HttpResponse:
    return render(request, "public/indications.html", a_to_z(request, "indication"))


@require_safe
@stored
def indication(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(shown("indication").select_related("icd11_block"), pk=pk)
    page = IndicationPage(found, page=request.GET.get("page"))
    return render(request, "public/indication.html", {"indication": found, "shown": page})
