"""The addresses of the API. They carry no language: labels are in English, the content in its own."""

from django.urls import path

from medicines.api.api import api
from medicines.api.document import openapi_json
from medicines.api.links import NAMESPACE

app_name = NAMESPACE

urlpatterns = [
    path("openapi.json", openapi_json, name="openapi"),
    *(route for route in api.urls[0] if getattr(route, "name", "") != "api-root"),
]
