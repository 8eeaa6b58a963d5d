"""Feeds in Atom: what is published, for those who follow the record. One for each language of the site.

An entry is a version. Its id is the version's lasting address in English, the same in every language and for ever, and
an entry never changes, since versions do not.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.text import capfirst
from django.utils.translation import gettext, override
from django.views.decorators.http import require_safe

from medicines.conditional import kept_while_unchanged
from medicines.documents.html import DecisionPage, VersionWords
from medicines.documents.words import labelled
from medicines.documents.xml import xml_words
from medicines.facets import facet_key
from medicines.models import Listing, Medicine, Section, Version
from medicines.operator import publisher
from medicines.templatetags.site import page_language

NEWEST = 30

NOTHING_YET = datetime(1970, 1, 1, tzinfo=UTC)


@require_safe
@kept_while_unchanged
def decisions(request: HttpRequest) -> HttpResponse:
    """The newest decisions, with what was rejected or deferred."""
    rows = Version.objects.filter(kind="decision")
    return _feed(request, rows, title=gettext("New decisions"), page=reverse("public:home"))


@require_safe
@kept_while_unchanged
def corrections(request: HttpRequest) -> HttpResponse:
    """The newest corrections, each with what was corrected and why."""
    rows = Version.objects.filter(kind="correction")
    return _feed(request, rows, title=gettext("Corrections"), page=reverse("public:home"))


@require_safe
@kept_while_unchanged
def section(request: HttpRequest, edition: int, number: str) -> HttpResponse:
    """What is published on the recommendations that stand in a section or below it."""
    found = Section.objects.filter(edition__number=edition, number=number.replace("\0", "")).first()
    if found is None:
        raise Http404
    there = Listing.objects.filter(facets__contains=[facet_key("section", f"{edition}:{found.number}")])
    return _feed(
        request,
        Version.objects.filter(Exists(there.filter(recommendation=OuterRef("recommendation")))),
        title=f"{found.number} {found.title}",
        page=reverse("public:section", args=[edition, found.number]),
    )


@require_safe
@kept_while_unchanged
def medicine(request: HttpRequest, pk: int) -> HttpResponse:
    """What is published on a medicine, in all of its uses."""
    found = Medicine.objects.filter(Exists(Listing.objects.filter(medicine=OuterRef("pk"))), pk=pk).first()
    if found is None:
        raise Http404
    return _feed(
        request,
        Version.objects.filter(recommendation__medicine=found),
        title=str(capfirst(found.name)),
        page=reverse("public:medicine", args=[pk]),
    )


class VersionFeed(Atom1Feed):
    """Atom whose moment is that of its newest entry, also where there is none."""

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=NOTHING_YET)


def _feed(request: HttpRequest, rows: QuerySet[Version], *, title: str, page: str) -> HttpResponse:
    """The newest of these versions; ``page`` is where people read the same."""
    address = request.build_absolute_uri(request.path)
    feed = VersionFeed(
        title=xml_words(f"{title} – {gettext('Essential medicines')}"),
        link=request.build_absolute_uri(page),
        description=None,
        language=page_language(),
        author_name=xml_words(publisher()),
        feed_url=address,
        feed_guid=address,
    )
    newest = rows.select_related("recommendation__medicine", "recommendation__indication").defer("chain")
    for version in newest.order_by("-position")[:NEWEST]:
        _add(feed, request, version)
    response = HttpResponse(content_type=feed.content_type)
    feed.write(response, "utf-8")
    return response


def _add(feed: VersionFeed, request: HttpRequest, version: Version) -> None:
    arguments = [version.recommendation.number, version.number]
    with override("en"):
        lasting = request.build_absolute_uri(reverse("public:version", args=arguments))
    shown = DecisionPage(version.content, about=_words(version))
    what = version.get_outcome_display() if version.kind == "decision" else version.get_kind_display()
    feed.add_item(
        title=xml_words(labelled(shown.title, what)),
        link=request.build_absolute_uri(reverse("public:version", args=arguments)),
        description=xml_words(" ".join(filter(None, [version.note, shown.summary]))),
        unique_id=lasting,
        pubdate=version.published_at,
        updateddate=version.published_at,
        categories=[term for term in (version.kind, version.outcome) if term],
    )


def _words(version: Version) -> VersionWords:
    return VersionWords(
        number=version.recommendation.number,
        version=version.number,
        kind=version.kind,
        outcome=version.outcome,
        effective_date=version.effective_date,
        published_at=version.published_at,
        provenance=version.provenance,
        note=version.note,
    )
