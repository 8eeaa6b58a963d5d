"""The data page: the whole list and each edition as files, with checksums and the schema."""

from __future__ import annotations

from http import HTTPMethod
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from medicines import exports
from medicines.documents.json_ld import DataFile, dataset
from medicines.documents.published import json_schema
from medicines.list_files import SUMS, VERSIONS, FileSet, KeptFile, file_set, newest_set
from medicines.models import RecordState
from medicines.operator import licence, publisher
from medicines.statements import editions_with_lists

FOR_EVER = "public, max-age=31536000, immutable"

CONTENT_TYPES = {VERSIONS: "application/gzip", SUMS: "text/plain; charset=utf-8"}


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    state = RecordState.objects.get()
    kept = newest_set()
    context = {
        "editions": list(editions_with_lists()),
        "formats": exports.FORMATS,
        "state": state,
        "kept": kept,
        "is_newest": kept is not None and kept.state == state.number,
        "schema": exports.SCHEMA_NUMBER,
        "sums": SUMS,
        "publisher": publisher(),
        "licence": licence(),
        "is_licence_stated": bool(settings.LICENCE),
        "address": request.build_absolute_uri(),
        "structured": _structured(request, state, kept),
    }
    return render(request, "public/data.html", context)


def _structured(request: HttpRequest, state: RecordState, kept: FileSet | None) -> dict[str, Any]:
    """The record as search engines for data sets read it, in the state that the files are of, where there are any."""
    return dataset(
        name=_("Essential medicines: recommendations and their reasons"),
        description=_("Everything that is published here can be had as files, to count, to compare and to build on."),
        url=request.build_absolute_uri(),
        version=str(kept.state if kept else state.number),
        modified=kept.changed_at if kept else state.changed_at,
        publisher=publisher(),
        licence_url=settings.LICENCE_URL,
        files=[_data_file(request, kept, file) for file in kept.files] if kept else [],
    )


def _data_file(request: HttpRequest, kept: FileSet, file: KeptFile) -> DataFile:
    address = reverse("public:data_file", args=[kept.key, file.name])
    return DataFile(request.build_absolute_uri(address), _content_type(file), file.size, file.sha256)


@require_safe
def schema(request: HttpRequest, number: int) -> HttpResponse:
    """The JSON Schema of one form of the data. A form that has been given out keeps its address."""
    if number != exports.SCHEMA_NUMBER:
        raise Http404(_("There is no such schema."))
    with override("en"):
        address = exports.schema_address(request.build_absolute_uri("/").rstrip("/"))
    return JsonResponse(
        json_schema(address=address),
        content_type="application/schema+json",
        json_dumps_params={"indent": 1, "ensure_ascii": False},
        headers={"Cache-Control": "public, max-age=86400"},
    )


@require_safe
def file(request: HttpRequest, key: str, name: str) -> HttpResponseBase:
    """A file of a set that was made and kept. What stands at such an address never changes."""
    found = file_set(key)
    if found is None:
        raise Http404(_("These files have been replaced by newer ones. The data page lists them."))
    if name == SUMS:
        return HttpResponse(found.sums, content_type=CONTENT_TYPES[SUMS], headers={"Cache-Control": FOR_EVER})
    for kept in found.files:
        if kept.name == name:
            return _kept(request, found, kept)
    raise Http404(_("There is no such file."))


def _kept(request: HttpRequest, found: FileSet, kept: KeptFile) -> HttpResponseBase:
    headers = {
        "Content-Disposition": f'attachment; filename="{kept.name}"',
        "Content-Length": str(kept.size),
        "ETag": f'"{kept.sha256}"',
        "Last-Modified": http_date(found.changed_at.timestamp()),
        "Cache-Control": FOR_EVER,
    }
    content_type = _content_type(kept)
    if request.method == HTTPMethod.HEAD:
        return HttpResponse(content_type=content_type, headers=headers)
    try:
        opened = found.path(kept.name).open("rb")
    except FileNotFoundError as error:
        raise Http404(_("These files have been replaced by newer ones. The data page lists them.")) from error
    return FileResponse(opened, as_attachment=True, filename=kept.name, content_type=content_type, headers=headers)


def _content_type(kept: KeptFile) -> str:
    return CONTENT_TYPES.get(kept.extension) or exports.content_type(kept.extension)
