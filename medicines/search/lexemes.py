"""What the database searches: words that carry their place, such as "mbaclofen" for a word of a medicine's name.

The place is a part of the word, so that the index alone can tell in which place it stands. The words are taken apart
here and not by the database, whose idea of a letter depends on how its server was set up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from .words import Word, whole, words

MOST_LEXEMES = 20_000
"""Of one listing; the database takes a megabyte. Words of the decision's text are the last to be taken."""


class Place(StrEnum):
    """Where a word stands. The order is that of the results."""

    NAME = "n"  # a whole name of the medicine: a synonym and a former name too
    MEDICINE = "m"  # a word of such a name
    USE = "u"  # the indication and the medicines given alongside
    CODE = "c"  # codes of ATC and ICD-11, with the titles of their classes
    SECTION = "s"  # numbers and titles
    TEXT = "t"  # the decision's own words


def lexemes(names: Iterable[str], texts: Mapping[Place, Iterable[str]]) -> str:
    """The lexemes of a listing, as PostgreSQL reads a ``tsvector``: its names, and its texts by their places."""
    found = dict.fromkeys(f"{Place.NAME}{name}" for name in map(whole, names) if name)
    for place in Place:
        for text in texts.get(place, ()):
            found |= dict.fromkeys(f"{place}{word}" for word in words(text))
            if len(found) >= MOST_LEXEMES:
                break
    return " ".join(f"'{lexeme}'" for lexeme in list(found)[:MOST_LEXEMES])


def sought(word: Word, places: Iterable[Place]) -> str:
    """The question whether a word stands in one of these places, as PostgreSQL reads a ``tsquery``."""
    end = "" if word.is_whole else ":*"
    return " | ".join(f"'{place}{word.text}'{end}" for place in places)
