"""Answering "it has not changed": ETag and Last-Modified from the state of the record.

Whatever is made from the record alone is the same as long as ``RecordState.number`` is, at one address, by one release
of the software and on one day. So one short query answers whoever holds a copy already.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from medicines.models import RecordState

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponseBase]

ASK_EACH_TIME = "public, no-cache"
"""Any cache may keep the answer, and asks whether it still holds before it gives it out."""


def kept_while_unchanged(view: View[Arguments]) -> View[Arguments]:
    """Give the answers of ``view`` an ETag and Last-Modified; who has the newest already gets 304 and no work is done.

    For views whose answer depends on nothing but the record, the address, the language in it, the release and the day,
    since an edition may come into force at midnight. The state is read before the record is, so a change in between
    makes the answer too new for its tag, never too old.
    An answer that says in ``Cache-Control`` how long it may be kept is left with it.
    """

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponseBase:
        state = RecordState.objects.get()
        etag = entity_tag(request, state)
        since = max(state.changed_at.replace(microsecond=0), _midnight())
        # Dates count seconds: one that is not over yet may still see another change, so it is not told.
        modified = int(since.timestamp()) if timezone.now() - since > timedelta(seconds=1) else None
        response: HttpResponseBase | None = get_conditional_response(request, etag=etag, last_modified=modified)
        if response is None:
            response = view(request, *args, **kwargs)
            if response.status_code != 200:
                return response
        response.headers["ETag"] = etag
        if modified is not None:
            response.headers["Last-Modified"] = http_date(modified)
        response.headers.setdefault("Cache-Control", ASK_EACH_TIME)
        return response

    return answer


def entity_tag(request: HttpRequest, state: RecordState) -> str:
    """The tag of what stands at the address of a request in this state. It is weak: a proxy may compress the bytes."""
    # The hour too: a record that was restored from a copy counts from an earlier number again.
    words = f"{state.number} {state.changed_at} {request.build_absolute_uri()} {stamp()}"
    return f'W/"{sha256(words.encode()).hexdigest()[:32]}"'


def stamp() -> str:
    """A fingerprint of all that answers are made by beside the record: the release, who runs the site, the day."""
    told = (settings.OPERATOR, settings.DEMO, settings.LICENCE, settings.LICENCE_URL)
    return sha256(f"{release()} {told} {timezone.localdate()}".encode()).hexdigest()


def _midnight() -> datetime:
    return timezone.make_aware(datetime.combine(timezone.localdate(), time.min))


@functools.cache
def release() -> str:
    """A fingerprint of the software: its code, templates, translations, style sheets and scripts."""
    digest = sha256(getattr(staticfiles_storage, "manifest_hash", "").encode())
    for folder, pattern in (
        (settings.BASE_DIR / "medicines", "**/*.py"),
        (settings.BASE_DIR / "templates", "**/*"),
        *((Path(folder), "**/*.mo") for folder in settings.LOCALE_PATHS),
    ):
        for path in sorted(folder.glob(pattern)):
            if path.is_file():
                digest.update(str(path.relative_to(folder)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()
