"""Remembering what is made again and again: what a short text was read as, how a row of a long list looks."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

from django.utils.translation import get_language

SHORT = 300
"""Up to how many characters a text is likely to come again, and small enough to be kept."""

MOST = 8192
"""How many texts are kept: those of a few parts of an import, some megabytes at most."""

_Read = TypeVar("_Read")
_Told = ParamSpec("_Told")


def remembered(read: Callable[[str], _Read]) -> Callable[[str], _Read]:
    """``read`` with a memory for short texts. What it returns must depend on the text alone and never be changed."""
    known = lru_cache(maxsize=MOST)(read)

    @wraps(read)
    def recalled(text: str) -> _Read:
        return known(text) if len(text) <= SHORT else read(text)

    return recalled


def by_language(make: Callable[_Told, _Read]) -> Callable[_Told, _Read]:
    """``make`` with a memory for each language. What it returns must depend on its arguments and the language alone."""

    @lru_cache(maxsize=1000)
    def known(language: str | None, *args: _Told.args, **kwargs: _Told.kwargs) -> _Read:
        return make(*args, **kwargs)

    @wraps(make)
    def recalled(*args: _Told.args, **kwargs: _Told.kwargs) -> _Read:
        return known(get_language(), *args, **kwargs)  # type: ignore[arg-type]

    return recalled
