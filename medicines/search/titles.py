"""Titles by the beginnings of their words, in memory: there are thousands, and every letter typed asks for them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from .words import Word, words

_LAST = chr(0x10FFFF)


class Titles:
    """``Titles({"24:5.1": "5.1 Antiepileptics"}).having(asked)``: the keys of the titles that have all the words."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        self._keys = list(titles)
        self._words = sorted((word, place) for place, title in enumerate(titles.values()) for word in set(words(title)))

    def having(self, asked: Sequence[Word]) -> list[str]:
        """In the order in which they were given; none where nothing is asked."""
        each = [self._places(word) for word in asked]
        found = set.intersection(*each) if each else set()
        return [self._keys[place] for place in sorted(found)]

    def _places(self, word: Word) -> set[int]:
        start = bisect_left(self._words, (word.text, 0))
        end = bisect_left(self._words, (word.text + ("\0" if word.is_whole else _LAST), 0))
        return {place for _word, place in self._words[start:end]}
