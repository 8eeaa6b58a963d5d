"""The pages and files of one recommendation: its current version, each version for ever, what changed between two."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from medicines.conditional import kept_while_unchanged
from medicines.content.differences import compare
from medicines.documents import bibtex, json_ld, ris
from medicines.documents.citation_text import CitationData, citation_text
from medicines.documents.html import DecisionPage
from medicines.operator import licence, publisher
from medicines.reading import Record, read_record, read_related, read_versions
from medicines.renderings import stored
from medicines.templatetags.site import language_tag


@require_safe
@stored
def current(request: HttpRequest, number: int) -> HttpResponse:
    return _decision(request, _record(number))


@require_safe
@stored
def version(request: HttpRequest, number: int, version: int) -> HttpResponse:
    return _decision(request, _record(number, version), is_permanent=True)


def _record(number: int, version: int | None = None) -> Record:
    record = read_record(number=number, version=version)
    if record is None:
        raise Http404(_("There is no such recommendation."))
    return record


def _decision(request: HttpRequest, record: Record, *, is_permanent: bool = False) -> HttpResponse:
    related = read_related(record.recommendation, atc=record.version.content.facts.atc)
    page = DecisionPage(record.version.content, about=record.about, has_neighbours=related.has_neighbours)
    cited = citation(request, record)
    context = {
        "page": page,
        "record": record,
        "is_permanent": is_permanent,
        "related": related,
        "aside": "public/parts/record.html",
        "citation": citation_text(cited),
        "structured": json_ld.decision(
            record.version.content,
            citation=cited,
            description=page.summary,
            fingerprint=record.version.fingerprint,
            effective_date=record.version.effective_date,
            published_at=record.version.published_at,
            language=language_tag(get_language() or settings.LANGUAGE_CODE),
            icd11=record.recommendation.indication.icd11,
            licence_url=licence()[1],
        ),
    }
    return render(request, "public/recommendation.html", context)


@require_safe
@kept_while_unchanged
def cite_ris(request: HttpRequest, number: int, version: int) -> HttpResponse:
    data = citation(request, _record(number, version))
    return _file(ris.cite_ris(data), content_type=ris.CONTENT_TYPE, name=f"{data.key}.ris")


@require_safe
@kept_while_unchanged
def cite_bibtex(request: HttpRequest, number: int, version: int) -> HttpResponse:
    data = citation(request, _record(number, version))
    return _file(bibtex.cite_bibtex(data), content_type=bibtex.CONTENT_TYPE, name=f"{data.key}.bib")


@require_safe
@kept_while_unchanged
def references_ris(request: HttpRequest, number: int, version: int) -> HttpResponse:
    """The references of a version, to be taken into one's own collection."""
    words = ris.references_ris(_record(number, version).version.content.narrative.references)
    return _file(words, content_type=ris.CONTENT_TYPE, name=f"recommendation-{number}-v{version}-references.ris")


@require_safe
@kept_while_unchanged
def references_bibtex(request: HttpRequest, number: int, version: int) -> HttpResponse:
    words = bibtex.references_bibtex(_record(number, version).version.content.narrative.references)
    return _file(words, content_type=bibtex.CONTENT_TYPE, name=f"recommendation-{number}-v{version}-references.bib")


@require_safe
@kept_while_unchanged
def content_json(request: HttpRequest, number: int, version: int) -> HttpResponse:
    """The stored text itself, byte for byte: its SHA-256 is the fingerprint on the page."""
    record = _record(number, version)
    return _file(record.version.body, content_type="application/json", name=f"recommendation-{number}-v{version}.json")


def citation(request: HttpRequest, record: Record) -> CitationData:
    """The shown version as others cite it, with its lasting address, in the language of the page."""
    facts = record.version.content.facts
    address = reverse("public:version", args=[record.recommendation.number, record.version.number])
    return CitationData(
        title=DecisionPage(record.version.content).title,
        medicine=facts.medicine,
        indication=facts.indication,
        number=record.recommendation.number,
        version=record.version.number,
        date=timezone.localdate(record.version.published_at),
        publisher=publisher(),
        url=request.build_absolute_uri(address),
        outcome=record.version.get_outcome_display(),
        language=record.version.content.narrative.language,
    )


def _file(words: str, *, content_type: str, name: str) -> HttpResponse:
    """A file to keep. One of a demonstration says so by its name, wherever it ends up."""
    name = f"demonstration-{name}" if settings.DEMO else name
    return HttpResponse(
        words.encode(),
        content_type=f"{content_type}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_safe
@stored
def changes(request: HttpRequest, number: int, older: int, newer: int) -> HttpResponse:
    """What changed between two versions, the older one named first."""
    found = read_versions(number=number, versions=(older, newer))
    if older >= newer or len(found) != 2:
        raise Http404(_("There are no such two versions of this recommendation."))
    before, after = found[older], found[newer]
    context = {
        "number": number,
        "older": before,
        "newer": after,
        "compared": (before, after),
        "page": DecisionPage(after.content),
        "comparison": compare(before.content, after.content),
    }
    return render(request, "public/changes.html", context)
