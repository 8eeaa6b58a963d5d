"""The site's addresses, and the empty view, which goes through the same middleware as every page."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from emlreview.urls import urlpatterns as site


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [path("bench/empty/", empty), *site]
