"""Where the API begins."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from medicines.api import schema
from medicines.api.api import endpoint
from medicines.api.links import Addresses, Links
from medicines.operator import licence, publisher

TAG = "Where to begin"


@endpoint("/", response=schema.Index, name="index", tag=TAG, summary="The lists of the API", example="/")
def index(request: HttpRequest, response: HttpResponse) -> Any:
    """The addresses of the lists, and who publishes them."""
    to = Addresses(request)
    name, address = licence()
    document, page = to.of("openapi"), to.page("api")
    links = Links().add("service-desc", document, media_type="application/json")
    response.headers["Link"] = str(links.add("service-doc", page, media_type="text/html"))
    return schema.Index.model_construct(
        recommendations=to.of("recommendations"),
        medicines=to.of("medicines"),
        indications=to.of("indications"),
        atc=to.of("atc"),
        editions=to.of("editions"),
        meetings=to.of("meetings"),
        openapi=document,
        documentation=page,
        publisher=publisher(),
        licence=name,
        licence_url=address,
        demonstration=settings.DEMO,
    )
