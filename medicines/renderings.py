"""Stored renderings: a public page is made once, and given out as it was made until something that it shows changes.

A rendering is kept under its address and holds for one state of the whole record (``RecordState``), one release of the
software, one site and one day, since an edition may come into force at midnight. All of these are read before the page
is made: what changes meanwhile makes the stored page too new for its key, never too old, and it is not found again.

A page is kept only where it can be the same for everybody: at the one address that the site itself gives it, without a
query, found, and made without a look at who asks. So it is given out before anything looks at that (``StoredPages``).
"""

from __future__ import annotations

import functools
import gzip
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Concatenate, ParamSpec

import psycopg
from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver, get_urlconf, reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from django.views.decorators.gzip import gzip_page

from medicines.conditional import ASK_EACH_TIME, kept_while_unchanged, release, stamp
from medicines.models import Rendering

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponseBase]

LONGEST_PATH = 500
LONGEST_SITE = 300
"""In characters: pages at longer addresses are made anew each time. A port that is asked for can have any length."""

_ACCEPTS_GZIP = re.compile(r"(?:^|[,\s])(?:gzip|\*)\s*(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))(?=[;,\s]|$)", re.IGNORECASE)


def stored(view: View[Arguments]) -> View[Arguments]:
    """Store what ``view`` makes, and answer with that as long as it holds.

    For views whose answer depends on nothing but the record, the path, the release and the day, and is the same for
    everybody. What has a query string is not stored, and is answered with 304 to whoever has it already. The answer
    carries ETag and Last-Modified; any cache may keep it, and asks whether it still holds before it gives it out.
    """
    unstored = kept_while_unchanged(gzip_page(view))

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponseBase:
        if not _can_be_stored(request):
            return unstored(request, *args, **kwargs)
        key = _Key.of(request)
        page = getattr(request, "stored_page", None) or _find(key)
        if page.tag is None:
            response = view(request, *args, **kwargs)
            if not (response.status_code == 200 and _is_for_everybody(request, response) and _is_at_home(request)):
                return response
            page = _keep(key, page, response)
        return _given(request, page)

    answer.is_stored = True  # type: ignore[attr-defined]
    return answer


class StoredPages:
    """Middleware that gives out stored pages; a view that is marked ``stored`` makes what is not there.

    It stands before whatever opens a session or looks an address up: a stored page needs neither.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        release()  # Now, when the server starts: files that are changed later are not what makes its pages.

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not (_can_be_stored(request) and _is_among_stored(request.path_info)):
            return self.get_response(request)
        page = _find(_Key.of(request))
        if page.tag is None:
            request.stored_page = page  # type: ignore[attr-defined]
            return self.get_response(request)
        response = _given(request, page)
        response.headers["Content-Language"] = _language(request.path_info)
        return response


def _can_be_stored(request: HttpRequest) -> bool:
    return request.method in ("GET", "HEAD") and not request.META.get("QUERY_STRING") and not settings.DEBUG


def _is_among_stored(path: str) -> bool:
    """Whether an address begins as those of stored pages do; it spares the others a query."""
    _root, first, *rest = path.split("/", 2)
    if first in _PREFIXES and rest:
        first = rest[0].partition("/")[0]
    return path.endswith("/") and first in _beginnings(get_urlconf())


_PREFIXES = frozenset(code for code, _name in settings.LANGUAGES) - {settings.LANGUAGE_CODE}


def _language(path: str) -> str:
    first = path.split("/", 2)[1]
    return first if first in _PREFIXES else settings.LANGUAGE_CODE


@functools.cache
def _beginnings(urlconf: str | None) -> frozenset[str]:
    """The first parts of the routes, after the language, that lead to views that are marked ``stored``."""
    return frozenset(
        str(pattern.pattern).partition("/")[0]
        for pattern in _patterns(get_resolver(urlconf))
        if getattr(pattern.callback, "is_stored", False)
    )


def _patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from _patterns(each)
        else:
            yield each


@dataclass(frozen=True)
class _Key:
    """Under what a rendering is kept, besides the state of the record."""

    path: str
    site: str
    stamp: str

    @classmethod
    def of(cls, request: HttpRequest) -> _Key:
        site = f"{request.scheme}://{request.get_host()}"
        return cls(request.get_full_path(), site, stamp())


@dataclass(frozen=True)
class _Page:
    """The state of the record, and the rendering that holds in it. Without one, ``tag`` is ``None``."""

    state: int
    state_at: datetime
    tag: str | None = None
    made_at: datetime | None = None
    content_type: str = ""
    body: bytes = b""


_FIND = """
    SELECT state.number, state.changed_at, page.tag, page.made_at, page.content_type, page.body
    FROM medicines_recordstate state LEFT JOIN medicines_rendering page
    ON page.path = %s AND page.site = %s AND page.stamp = %s
        AND page.state = state.number AND page.state_at = state.changed_at
"""


def _find(key: _Key) -> _Page:
    """The state of the record with the page that holds in it, in one query. It is on the way of every reader."""
    with _prepared_cursor() as cursor:
        cursor.execute(_FIND, [key.path, key.site, key.stamp])
        return _Page(*cursor.fetchone())


def _prepared_cursor() -> CursorWrapper:
    """A cursor whose statements the database keeps prepared, and whose bytes come as they are.

    Django's own writes every query out anew, and the planning then takes longer than the finding.
    """
    if connection.queries_logged:  # Only Django's own tells the log what it asked.
        return connection.cursor()
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    assert connection.connection is not None
    cursor: Any = psycopg.Cursor(connection.connection)
    cursor.format = psycopg.pq.Format.BINARY
    return connection.make_cursor(cursor)


def _keep(key: _Key, state: _Page, response: HttpResponseBase) -> _Page:
    """Store the page in place of the one that was stored for this address: there is never more than one."""
    assert isinstance(response, HttpResponse)
    page = _Page(
        state=state.state,
        state_at=state.state_at,
        tag=sha256(response.content).hexdigest()[:32],
        made_at=timezone.now(),
        content_type=response.headers["Content-Type"],
        body=gzip.compress(response.content, mtime=0),
    )
    if len(key.path) <= LONGEST_PATH and len(key.site) <= LONGEST_SITE:
        row = Rendering(path=key.path, site=key.site, stamp=key.stamp, **vars(page))
        Rendering.objects.bulk_create([row], update_conflicts=True, unique_fields=["path"], update_fields=_WRITTEN)
    return page


_WRITTEN = [field.name for field in Rendering._meta.concrete_fields if not field.primary_key]


def _given(request: HttpRequest, page: _Page) -> HttpResponseBase:
    """The answer: compressed for whoever takes that, and 304 for whoever has it.

    The tag is weak, because both forms share it.
    """
    etag = f'W/"{page.tag}"'
    modified = _modified(page)
    response: Any = get_conditional_response(request, etag=etag, last_modified=modified)
    if response is None:
        response = HttpResponse(page.body, content_type=page.content_type)
        if _ACCEPTS_GZIP.search(request.headers.get("Accept-Encoding", "")):
            response.headers["Content-Encoding"] = "gzip"
        else:
            response.content = gzip.decompress(page.body)
        response.headers["Content-Length"] = str(len(response.content))
    response.headers["ETag"] = etag
    if modified is not None:
        response.headers["Last-Modified"] = http_date(modified)
    response.headers["Cache-Control"] = ASK_EACH_TIME
    patch_vary_headers(response, ("Accept-Encoding",))
    return response


def _modified(page: _Page) -> int | None:
    """When the page was made, in the seconds of the web; nothing within that second, which may still see another."""
    assert page.made_at is not None
    made = page.made_at.replace(microsecond=0)
    return int(made.timestamp()) if timezone.now() - made > timedelta(seconds=1) else None


def _is_for_everybody(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether nothing in the making looked at who asks: no session, no cookie, no token, no nonce."""
    session = getattr(request, "session", None)
    return not (
        (session is not None and session.accessed)
        or response.cookies
        or response.streaming
        or request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
        or getattr(request, "_csp_nonce", None)
    )


def _is_at_home(request: HttpRequest) -> bool:
    """Whether this is the address that the site gives the page: /recommendations/007/ shows one that has another."""
    match = request.resolver_match
    return match is not None and request.get_full_path() == reverse(
        match.view_name, args=match.args, kwargs=match.kwargs or None
    )
