"""The sitemap: the pages that search machines should know, in all languages, in parts of a size that they take.

Parts are cut by numbers and keys, not by how many rows come before: a part costs the same wherever it stands, and a
page stays in its part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, Max, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import override
from django.views.decorators.http import require_safe

from medicines.browsing.meetings import meetings
from medicines.conditional import kept_while_unchanged
from medicines.facet_index import facet_index
from medicines.models import Edition, Indication, Listing, Medicine, Section
from medicines.templatetags.site import in_language, language_tag

SPAN = 2_000
"""Pages in a part at most. In six languages with their alternates that is some 12 MB: 50 MB and 50,000 are allowed."""

CONTENT_TYPE = "application/xml; charset=utf-8"

ROBOTS = """\
User-agent: *
Disallow: /committee/
Disallow: /admin/
Disallow: /accounts/
Disallow: /search/list.
Disallow: /*/search/list.

Sitemap: {sitemap}
"""


@dataclass(frozen=True)
class Entry:
    """A page by its English path, and when it last changed, where that is known."""

    path: str
    changed: datetime | None = None


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What robots should leave alone: what is behind doors, and lists made while one waits."""
    address = request.build_absolute_uri(reverse("sitemap"))
    return HttpResponse(ROBOTS.format(sitemap=address), content_type="text/plain; charset=utf-8")


@require_safe
@kept_while_unchanged
def index(request: HttpRequest) -> HttpResponse:
    """The parts of the sitemap."""
    found: list[tuple[str, int, datetime | None]] = [("pages", 0, None)]
    if Section.objects.exists():
        found.append(("sections", 0, None))
    for kind, (rows, key) in _rows().items():
        parts = rows.annotate(part=F(key) / SPAN).order_by().values_list("part").annotate(changed=Max(_CHANGED[kind]))
        found += [(kind, part, changed) for part, changed in sorted(parts)]
    addresses = [(reverse("sitemap_part", args=[kind, part]), changed) for kind, part, changed in found]
    lines = [
        f"<sitemap><loc>{_absolute(request, path)}</loc>{_lastmod(changed)}</sitemap>" for path, changed in addresses
    ]
    return HttpResponse(_document("sitemapindex", lines), content_type=CONTENT_TYPE)


@require_safe
@kept_while_unchanged
def part(request: HttpRequest, kind: str, part: int) -> HttpResponseBase:
    """One part: each page in each language, with its other languages beside it."""
    with override("en"):
        entries = list(_entries(kind, part))
    if not entries:
        raise Http404
    lines = (line for entry in entries for line in _urls(request, entry))
    return StreamingHttpResponse(_document("urlset", lines), content_type=CONTENT_TYPE)


def _rows() -> dict[str, tuple[QuerySet[Any], str]]:
    """The rows of each kind of page that the record has many of, and the number by which parts are cut."""
    return {
        "recommendations": (Listing.objects.all(), "recommendation__number"),
        "medicines": (Medicine.objects.filter(Exists(Listing.objects.filter(medicine=OuterRef("pk")))), "pk"),
        "indications": (Indication.objects.filter(Exists(Listing.objects.filter(indication=OuterRef("pk")))), "pk"),
    }


_CHANGED = {
    "recommendations": "published_at",
    "medicines": "listings__published_at",
    "indications": "listings__published_at",
}
_PAGES = {"recommendations": "recommendation", "medicines": "medicine", "indications": "indication"}


def _entries(kind: str, part: int) -> Iterator[Entry]:
    if kind in _PAGES:
        rows, key = _rows()[kind]
        here = rows.filter(**{f"{key}__gte": part * SPAN, f"{key}__lt": (part + 1) * SPAN})
        changes = here.order_by(key).values_list(key).annotate(changed=Max(_CHANGED[kind]))
        for number, changed in changes:
            yield Entry(reverse(f"public:{_PAGES[kind]}", args=[number]), changed)
    elif part == 0 and kind in _FEW:
        yield from _FEW[kind]()


def _pages() -> Iterator[Entry]:
    """The pages that the site has one of, the editions, the meetings and the classes."""
    for name in SINGLE:
        yield Entry(reverse(f"public:{name}"))
    editions = list(Edition.objects.order_by("number").values_list("number", flat=True))
    for number in editions:
        yield Entry(reverse("public:edition", args=[number]))
    for older, newer in pairwise(editions):
        yield Entry(reverse("public:edition_changes", args=[older, newer]))
    for meeting in meetings():
        if meeting.number.isdecimal():
            yield Entry(reverse("public:meeting", args=[meeting.number]))
    for code in facet_index().values("atc"):
        yield Entry(reverse("public:atc_class", args=[code]))


def _sections() -> Iterator[Entry]:
    rows = Section.objects.order_by("-edition__number", "sort_key").values_list("edition__number", "number")
    for edition, number in rows:
        yield Entry(reverse("public:section", args=[edition, number]))


SINGLE = (
    "home",
    "about",
    "medicines",
    "indications",
    "sections",
    "atc",
    "editions",
    "meetings",
    "figures",
    "data",
    "api",
)
_FEW: dict[str, Callable[[], Iterable[Entry]]] = {"pages": _pages, "sections": _sections}


# Writing


def _document(name: str, lines: Iterable[str]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<{name} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
    for line in lines:
        yield f"{line}\n"
    yield f"</{name}>\n"


def _urls(request: HttpRequest, entry: Entry) -> Iterator[str]:
    addresses = {
        language_tag(code): _absolute(request, in_language(entry.path, code)) for code, _name in settings.LANGUAGES
    }
    all_of_them = [*addresses.items(), ("x-default", addresses[settings.LANGUAGE_CODE])]
    links = "".join(f'<xhtml:link rel="alternate" hreflang="{tag}" href="{address}"/>' for tag, address in all_of_them)
    for address in addresses.values():
        yield f"<url><loc>{address}</loc>{_lastmod(entry.changed)}{links}</url>"


def _lastmod(changed: datetime | None) -> str:
    return f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod>" if changed else ""


def _absolute(request: HttpRequest, path: str) -> str:
    return escape(request.build_absolute_uri(path))
