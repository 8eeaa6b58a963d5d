"""The page that tells people of the API. It is made from the OpenAPI document, so it cannot promise anything else."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from medicines.api.manual import manual
from medicines.renderings import stored


@require_safe
@stored
def api(request: HttpRequest) -> HttpResponse:
    return render(request, "public/api.html", {"manual": manual(request)})
