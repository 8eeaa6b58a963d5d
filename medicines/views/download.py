"""Lists as files: what was searched for, an edition, a section, the outcomes of a meeting, a medicine."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPMethod
from typing import Any

from django.db.models import Max, QuerySet
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import register_converter
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from medicines import exports
from medicines.conditional import kept_while_unchanged
from medicines.documents.words import labelled
from medicines.exports import FORMATS, ListFile
from medicines.facets import facet_key
from medicines.filters import LABELS, ListFilter
from medicines.models import Edition, EditionListing, Listing, Medicine, Section
from medicines.operator import licence
from medicines.statements import current_statements, meeting_statements


class ListFormat:
    """What stands behind the dot of a list's address."""

    regex = "|".join(FORMATS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ListFormat, "list_format")


@require_safe
@kept_while_unchanged
def search(request: HttpRequest, extension: str) -> HttpResponseBase:
    """What the search page finds with the same filters; without any, the whole list."""
    found = ListFilter(request.GET, queryset=Listing.objects.all())
    rows = found.qs
    if not rows.query.order_by:
        rows = rows.order_by("sort_key", "recommendation__number")
    narrowed = bool(found.query or found.chosen)

    def part_title() -> str:
        return _("Essential medicines: a part of the list")

    def filters() -> Iterable[str]:
        if found.query:
            yield _("Search: %(query)s") % {"query": found.query}
        for name, values in found.chosen.items():
            yield labelled(LABELS[name], ", ".join(values))

    wanted = ListFile(
        part_title if narrowed else exports.whole_title,
        "essential-medicines-found" if narrowed else "essential-medicines",
        rows,
        *_addresses(request),
        filters=filters,
    )
    return _answer(request, wanted, extension)


@require_safe
@kept_while_unchanged
def edition(request: HttpRequest, edition: int, extension: str) -> HttpResponseBase:
    """An edition as it was, whatever was decided since."""
    found = get_object_or_404(Edition, number=edition)
    site, source = _addresses(request)
    return _answer(request, exports.edition_file(found, site=site, source=source), extension)


@require_safe
@kept_while_unchanged
def section(request: HttpRequest, edition: int, number: str, extension: str) -> HttpResponseBase:
    """A section with those below it: as it is now in the newest edition, as it was in an older one."""
    found = get_object_or_404(Section.objects.select_related("edition"), edition__number=edition, number=number)
    newest = Edition.objects.aggregate(number=Max("number"))["number"]
    rows: QuerySet[Any]
    if edition == newest:
        rows = current_statements().filter(facets__contains=[facet_key("section", f"{edition}:{number}")])
    else:
        rows = EditionListing.objects.filter(edition=found.edition, sections__contains=[number])
        rows = rows.order_by("sort_key", "recommendation__number")

    def title() -> str:
        words = {"number": found.number, "title": found.title, "eml": edition}
        return _("Essential medicines: section %(number)s %(title)s (EML %(eml)s)") % words

    name = f"essential-medicines-eml-{edition}-section-{number}"
    return _answer(request, ListFile(title, name, rows, *_addresses(request), section=number), extension)


@require_safe
@kept_while_unchanged
def meeting(request: HttpRequest, number: int, extension: str) -> HttpResponseBase:
    """What a meeting decided, rejected and deferred proposals included."""
    rows = meeting_statements(number)
    if not rows.exists():
        raise Http404(_("There is no such meeting."))

    def title() -> str:
        return _("Essential medicines: outcomes of meeting %(number)s") % {"number": number}

    name = f"essential-medicines-meeting-{number}-outcomes"
    return _answer(request, ListFile(title, name, rows, *_addresses(request)), extension)


@require_safe
@kept_while_unchanged
def medicine(request: HttpRequest, pk: int, extension: str) -> HttpResponseBase:
    """All recommendations of one medicine."""
    found = get_object_or_404(Medicine.objects.filter(listings__isnull=False).distinct(), pk=pk)
    rows = current_statements().filter(medicine=found)

    def title() -> str:
        return _("Essential medicines: %(medicine)s") % {"medicine": found.name}

    name = f"essential-medicines-{slugify(found.name)[:60] or f'medicine-{pk}'}"
    return _answer(request, ListFile(title, name, rows, *_addresses(request)), extension)


def _addresses(request: HttpRequest) -> tuple[str, str]:
    """The address of the site, and that of the list itself."""
    return request.build_absolute_uri("/").rstrip("/"), request.build_absolute_uri()


def _answer(request: HttpRequest, wanted: ListFile, extension: str) -> HttpResponseBase:
    """The list as a file to keep, sent as it is made."""
    headers = {"Content-Disposition": f'attachment; filename="{exports.file_name(wanted.name, extension)}"'}
    if address := licence()[1]:
        headers["Link"] = f'<{address}>; rel="license"'
    content_type = exports.content_type(extension)
    # Whoever asks for the head is told no length: it is known only at the end, and it is not that of no bytes.
    pieces = () if request.method == HTTPMethod.HEAD else exports.streamed(wanted, extension)
    return StreamingHttpResponse(pieces, content_type=content_type, headers=headers)
