"""Stored renderings: a public page is made once, and given out as it was made until something that it shows changes.

A rendering is kept under its address and holds for one state of the whole record (``RecordState``), one release of the
software, one site and one day, since an edition may come into force at midnight. All of these are read before the page
is made: what changes meanwhile makes the stored page too new for its key, never too old, and it is not found again.

A page is kept only where it can be the same for everybody: at the one address that the site itself gives it, without a
query, found, and made without a look at who asks.
"""

from __future__ import annotations

import functools
import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date

from medicines.conditional import ASK_EACH_TIME, kept_while_unchanged, stamp
from medicines.models import Rendering

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponseBase]

LONGEST_PATH = 500
"""In characters: pages at longer addresses are made anew each time."""

_ACCEPTS_GZIP = re.compile(r"(?:^|[,\s])(?:gzip|\*)\s*(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))(?=[;,\s]|$)", re.IGNORECASE)


def stored(view: View[Arguments]) -> View[Arguments]:
    """Answer with the stored rendering of a page, which ``view`` makes where there is none; one query where there is.

    For views whose answer depends on nothing but the record, the path, the release and the day, and is the same for
    everybody. What has a query string is not stored, and is answered with 304 to whoever has it already. The answer
    carries ETag and Last-Modified; any cache may keep it, and asks whether it still holds before it gives it out.
    """
    unstored = kept_while_unchanged(view)

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponseBase:
        if settings.DEBUG or request.META.get("QUERY_STRING") or request.method not in ("GET", "HEAD"):
            return unstored(request, *args, **kwargs)
        key = _Key.of(request)
        page = _find(key)
        if page.tag is None:
            response = view(request, *args, **kwargs)
            if not (response.status_code == 200 and _is_for_everybody(request, response) and _is_at_home(request)):
                return response
            page = _keep(key, page, response)
        return _given(request, page)

    return answer


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
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [key.path, key.site, key.stamp])
        return _Page(*cursor.fetchone())


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
    if len(key.path) <= LONGEST_PATH:
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
