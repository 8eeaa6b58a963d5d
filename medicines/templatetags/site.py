"""What every page says of the site: who runs it, whether it is a demonstration, and its other languages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from django import template
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_bidi, get_language_info, gettext

from medicines.documents import words
from medicines.operator import operator

register = template.Library()

ADDRESS = re.compile(r"https?://[^\s<>]+")


@dataclass(frozen=True)
class Tongue:
    """One language of the site: ``tag`` for ``lang``, its name in itself, and this page's address in it."""

    tag: str
    name: str
    path: str
    url: str
    is_current: bool


def language_tag(code: str) -> str:
    """ "zh-hans" as HTML writes it: "zh-Hans"."""
    language, _dash, script = code.partition("-")
    return f"{language}-{script.title()}" if script else language


def in_language(path: str, code: str) -> str:
    """A public path in another language: only its prefix differs, and English has none."""
    first = path.lstrip("/").partition("/")[0]
    if first in dict(settings.LANGUAGES) and first != settings.LANGUAGE_CODE:
        path = path.removeprefix(f"/{first}")
    return path if code == settings.LANGUAGE_CODE else f"/{code}{path}"


@register.filter
def with_addresses_apart(words: str) -> SafeString:
    """Words with each web address in them isolated: in a line from right to left its last slash would stand first."""
    apart = ADDRESS.sub(lambda found: f'<bdi dir="ltr">{found[0]}</bdi>', conditional_escape(words))
    return mark_safe(apart)  # noqa: S308  escaped before


@register.simple_tag(takes_context=True)
def tongues(context: Context) -> list[Tongue]:
    """This page in each language of the site, the query kept; nothing where no address is known.

    The page for what is not found stands at no address: its links lead to the front page.
    """
    request: HttpRequest | None = context.get("request")
    if request is None or not _has_host(request):
        return []
    is_found = "request_path" not in context  # Django's own view for 404 gives it.
    here = request.path if is_found else "/"
    query = f"?{request.META['QUERY_STRING']}" if is_found and request.META.get("QUERY_STRING") else ""
    found = []
    for code, _name in settings.LANGUAGES:
        path = quote(in_language(here, code)) + query
        found.append(
            Tongue(
                tag=language_tag(code),
                name=get_language_info(code)["name_local"].capitalize(),
                path=path,
                url=request.build_absolute_uri(path),
                is_current=code == get_language(),
            )
        )
    return found


def _has_host(request: HttpRequest) -> bool:
    """Whether the request names this site. The page that refuses another name has no address to give."""
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return True


@dataclass(frozen=True)
class Way:
    """One of the ways into the record, in the masthead of every public page."""

    name: str
    path: str
    is_current: bool


@register.simple_tag(takes_context=True)
def ways(context: Context) -> list[Way]:
    """The ways into the record; the one that the page stands on is marked."""
    request: HttpRequest | None = context.get("request")
    here = request.path if request else ""
    named = (
        ("search", gettext("The List")),
        ("medicines", gettext("Medicines A–Z")),
        ("indications", gettext("Indications")),
        ("sections", gettext("Sections")),
        ("editions", gettext("Editions")),
        ("meetings", gettext("Meetings")),
        ("figures", gettext("Figures")),
        ("data", gettext("Data")),
    )
    found = ((words, reverse(f"public:{name}")) for name, words in named)
    return [Way(words, path, here.startswith(path)) for words, path in found]


register.simple_tag(words.labelled_html, name="labelled")


@register.simple_tag
def page_language() -> str:
    """The language of the page as ``<html lang>`` wants it."""
    return language_tag(get_language() or settings.LANGUAGE_CODE)


@register.simple_tag
def page_direction() -> str:
    return "rtl" if get_language_bidi() else "ltr"


@register.simple_tag
def is_demo() -> bool:
    return settings.DEMO


register.simple_tag(operator)


@register.filter
def day(value: date) -> str:
    """A day as the reader's language writes it."""
    return words.day(value)
