"""What people settle for themselves in the committee room."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from applications.actions.errors import BadInput
from applications.actions.person import choose_language


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language of one's pages, and come back to the page on which it was chosen."""
    try:
        choose_language(language=request.POST.get("language", ""), by=request.user)
    except BadInput as refused:
        return HttpResponseBadRequest(str(refused), content_type="text/plain; charset=utf-8")
    return redirect(_way_back(request))


def _way_back(request: HttpRequest) -> str:
    asked = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure()):
        return asked
    return reverse("committee:home")
