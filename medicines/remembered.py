"""Remembering what a short text was read as: names, titles and lines come again in every part of a long list."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

SHORT = 300
"""Up to how many characters a text is likely to come again, and small enough to be kept."""

MOST = 8192
"""How many texts are kept: those of a few parts of an import, some megabytes at most."""

_Read = TypeVar("_Read")


def remembered(read: Callable[[str], _Read]) -> Callable[[str], _Read]:
    """``read`` with a memory for short texts. What it returns must depend on the text alone and never be changed."""
    known = lru_cache(maxsize=MOST)(read)

    @wraps(read)
    def recalled(text: str) -> _Read:
        return known(text) if len(text) <= SHORT else read(text)

    return recalled
