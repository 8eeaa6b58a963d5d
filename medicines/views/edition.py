"""The editions of the lists: what each held, and what changed from one to another."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from medicines.browsing.comparison import EditionComparison
from medicines.browsing.editions import EditionPage
from medicines.browsing.editions import editions as all_editions
from medicines.conditional import kept_while_unchanged
from medicines.documents import edition_changes as files
from medicines.exports import file_name, in_language, notice, version_address
from medicines.models import Edition
from medicines.operator import licence, publisher
from medicines.renderings import stored


@require_safe
@stored
def editions(request: HttpRequest) -> HttpResponse:
    return render(request, "public/editions.html", {"editions": all_editions()})


@require_safe
@stored
def edition(request: HttpRequest, number: int) -> HttpResponse:
    found = get_object_or_404(Edition, number=number)
    shown = EditionPage(found, status=request.GET.get("status", ""), page=request.GET.get("page"))
    return render(request, "public/edition.html", {"edition": found, "shown": shown})


@require_safe
@stored
def edition_changes(request: HttpRequest, older: int, newer: int) -> HttpResponse:
    shown = comparison(request, older, newer)
    return render(request, "public/edition_changes.html", {"shown": shown})


@require_safe
@kept_while_unchanged
def edition_changes_download(request: HttpRequest, older: int, newer: int, extension: str) -> HttpResponseBase:
    """All changes of all kinds as a file: in English for programs, in the language of the page for people."""
    if extension not in files.FORMATS:
        raise Http404
    shown = comparison(request, older, newer)
    language = (get_language() or "en") if extension == "xlsx" else "en"
    with override(language):
        about = _about(request, older, newer)
    found = files.rows(shown, address=version_address(request.build_absolute_uri("/").rstrip("/")))
    content_type, lines = files.FORMATS[extension]
    name = file_name(f"essential-medicines-changes-{older}-{newer}", extension)
    return StreamingHttpResponse(
        in_language(language, lines(about, found)),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _about(request: HttpRequest, older: int, newer: int) -> files.About:
    words, address = licence()
    title = _("Changes from EML %(older)s to EML %(newer)s") % {"older": older, "newer": newer}
    return files.About(title, publisher(), words, address, notice(), request.build_absolute_uri())


def comparison(request: HttpRequest, older: int, newer: int) -> EditionComparison:
    """The comparison that an address asks for. Raises ``Http404`` where the record has not both editions."""
    found = {edition.number: edition for edition in Edition.objects.filter(number__in=(older, newer))}
    if older >= newer or len(found) < 2:
        raise Http404(_("The record has not both of these editions."))
    kind, page = request.GET.get("show", ""), request.GET.get("page")
    return EditionComparison(found[older], found[newer], kind=kind, page=page)
