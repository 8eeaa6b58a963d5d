"""Words: how a text and what a reader types are taken apart, alike on every database.

Accents and case are folded. A word is a run of letters and digits. Chinese, Japanese and Korean are written without
blanks: their runs are taken as overlapping pairs, and as single signs. Codes and numbers with dots (8D20.1, 5.1.4)
stay whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from medicines.remembered import remembered
from medicines.sorting import folded

LONGEST_WORD = 60
"""Further characters of a word are cut off: no name is that long, and a database has a limit for words."""

_SIGN = (
    "[\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)
SIGN = re.compile(_SIGN)
"""A Chinese, Japanese or Korean character."""

_RUN = re.compile(rf"(?P<signs>{_SIGN}+)|(?P<word>(?:(?!{_SIGN})[^\W_])+(?:[.\-\u2010](?:(?!{_SIGN})[^\W_])+)*)")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_PARTS = re.compile(r"[.\-\u2010]")


@remembered
def words(text: str) -> tuple[str, ...]:
    """Every form by which a reader may ask for the words of ``text``. Forms repeat where words do."""
    return tuple(_words(text))


def _words(text: str) -> Iterator[str]:
    for run in _RUN.finditer(_plain(text)):
        if signs := run["signs"]:
            yield from signs
            yield from _pairs(signs)
        else:
            yield from _forms(run["word"])


@dataclass(frozen=True)
class Word:
    """A word that a reader asks for: exactly, or as the beginning of a word."""

    text: str
    is_whole: bool = False


def asked(query: str, *, most: int) -> tuple[Word, ...]:
    """The words of a query, each once, at most ``most``. Whole: numbers, Chinese pairs, single letters among others."""
    found: list[Word] = []
    for run in _RUN.finditer(_plain(query)):
        if signs := run["signs"]:
            found += [Word(pair, is_whole=True) for pair in (_pairs(signs) or [signs])]
        else:
            found += [Word(piece[:LONGEST_WORD]) for piece in _pieces(run["word"])]
    alone = len(found) == 1
    kept = [
        Word(word.text, word.is_whole or bool(_NUMBER.fullmatch(word.text)) or (len(word.text) == 1 and not alone))
        for word in found
    ]
    return tuple(dict.fromkeys(kept))[:most]


def whole(text: str) -> str:
    """A name as one: its words with single blanks, nothing else, and not too long."""
    return " ".join(re.findall(r"[^\W_]+", _plain(text)))[: 3 * LONGEST_WORD].strip()


def _plain(text: str) -> str:
    bare = folded(text)
    # Korean syllables, which folding takes apart, are put together again.
    return bare if bare.isascii() else unicodedata.normalize("NFC", bare)


def _pairs(signs: str) -> list[str]:
    return [first + second for first, second in pairwise(signs)]


def _pieces(word: str) -> list[str]:
    """A word at its hyphens, and at its dots unless it is a code or a number."""
    pieces: list[str] = []
    for piece in re.split(r"[\-\u2010]", word):
        is_code = any(char.isdigit() for char in piece)
        pieces += [piece] if is_code else piece.split(".")
    return pieces


def _forms(word: str) -> Iterator[str]:
    pieces = _pieces(word)
    for piece in pieces:
        yield piece[:LONGEST_WORD]
        if "." in piece and not _NUMBER.fullmatch(piece):
            yield piece.replace(".", "")[:LONGEST_WORD]
            yield from (part[:LONGEST_WORD] for part in piece.split(".") if len(part) > 1)
    if len(pieces) > 1:
        yield _PARTS.sub("", word)[:LONGEST_WORD]
