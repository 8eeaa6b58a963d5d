"""Forgiving typing mistakes in any script: words that become alike when a letter or two are left out.

A word is kept with every form that its beginning takes when letters are left out ("baclofe", "aclofe", "bclofe" …),
and so is what was typed; words that share a form are near. That is a look-up, whatever the number of words, and knows
nothing of languages. (PostgreSQL's trigrams take letters from its locale: the embedded server's has Latin ones alone.)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import combinations

from .words import SIGN

BEGINNING = 7
"""How many letters of a word its forms are made of."""

SHORTEST = 3
MOST_NEAR = 4
_LETTERS = re.compile(r"[^\W\d_]+")


def is_spelt(word: str) -> bool:
    """Whether the word has letters that can be mistyped: codes and Chinese signs have not."""
    return len(word) >= SHORTEST and bool(_LETTERS.fullmatch(word)) and not SIGN.search(word)


def forms(word: str) -> list[str]:
    """The forms by which words like this one are found."""
    start = word[:BEGINNING]
    most = 1 if len(start) < 6 else 2
    kept = {start}
    for left_out in range(1, most + 1):
        kept |= {"".join(letters) for letters in combinations(start, len(start) - left_out)}
    return sorted(kept)


def mistakes_forgiven(word: str) -> int:
    return 1 if len(word) < 6 else 2 if len(word) < 10 else 3


def nearest(word: str, candidates: Iterable[str]) -> list[str]:
    """The candidates that were most probably meant, nearest first; a candidate may go on after what was typed."""
    measured = []
    for candidate in candidates:
        if _begin_alike(word, candidate):
            begun, through = distances(word, candidate)
            if begun <= mistakes_forgiven(word):
                measured.append((begun, through, candidate))
    return [candidate for _begun, _through, candidate in sorted(measured)[:MOST_NEAR]]


def _begin_alike(typed: str, word: str) -> bool:
    """Whoever mistypes a name gets its first letter right, or leaves it out, or puts one or another before it."""
    return typed[0] == word[0] or typed[0] == word[1:2] or typed[1:2] == word[0]


def distances(typed: str, word: str) -> tuple[int, int]:
    """How many mistakes lead from a beginning of ``word``, and from all of it, to ``typed``.

    A mistake is a letter too many, one too few, a wrong one, or two neighbours the wrong way round.
    """
    before: list[int] = []
    row = list(range(len(word) + 1))
    for i, letter in enumerate(typed, 1):
        earlier, before, row = before, row, [i]
        for j, other in enumerate(word, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == word[j - 2] and typed[i - 2] == other:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return min(row), row[-1]
