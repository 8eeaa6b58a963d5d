"""Finding listings by what a reader typed."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import and_, or_
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import connection
from django.db.models import Lookup

from medicines.facet_index import FacetIndex

from .lexemes import Place, sought
from .spelling import forms, is_spelt, nearest
from .words import Word, asked, whole

MOST_WORDS = 12
"""Further words of a query are not looked for: nobody types so many, and each costs the database work."""

PLACES = (Place.MEDICINE, Place.USE, Place.CODE, Place.SECTION, Place.TEXT)

TIERS: tuple[tuple[Place, ...], ...] = (
    (Place.MEDICINE,),
    (Place.MEDICINE, Place.USE, Place.CODE),
    (Place.MEDICINE, Place.USE, Place.CODE, Place.SECTION),
    PLACES,
)
"""Where all words have to stand, better tiers first."""

Stands = Mapping[str, int]
"""In which listings a word stands, by place."""


@dataclass(frozen=True)
class Matches:
    """The listings that have all words of a query.

    ``tiers`` are sets without a common listing, the best first. ``meant`` tells for mistyped words what was looked for
    instead; ``alone`` how many listings each word finds by itself. ``uses`` and ``codes`` are the listings in which
    all words stand in the indication, or in the codes and their titles.
    """

    tiers: tuple[int, ...]
    words: tuple[Word, ...] = ()
    meant: Mapping[str, str] = field(default_factory=dict)
    alone: Mapping[str, int] = field(default_factory=dict)
    uses: int = 0
    codes: int = 0

    @property
    def found(self) -> int:
        return reduce(or_, self.tiers, 0)

    @property
    def named(self) -> tuple[int, ...]:
        """The tiers in which the medicine itself is named by the words."""
        return self.tiers[:3] if self.words else ()


def find(query: str, index: FacetIndex, *, exactly: bool = False) -> Matches:
    """The listings in which every word of ``query`` stands: the medicine itself first, then by where the words stand.

    A word that stands nowhere is taken for a mistyped one, unless ``exactly`` is asked. A query without words finds
    everything, without better or worse. Three queries at most.
    """
    words = asked(query, most=MOST_WORDS)
    if not words:
        return Matches((index.everything,))
    name = whole(query)
    stands = index.kept([*words, _Name(name)], _look_up(index))
    meant = {} if exactly else _meant(words, stands, index)
    if meant:
        words = tuple(replace(word, text=meant.get(word.text, word.text)) for word in words)
        name = " ".join(meant.get(part, part) for part in name.split())
        stands = index.kept([*words, _Name(name)], _look_up(index))
    named = stands[_Name(name)]
    tiers = [named["same"], named["begins"], *(_all_stand(words, stands, places) for places in TIERS)]
    everywhere = tiers[-1]
    return Matches(
        tiers=_disjoint([tier & everywhere for tier in tiers]),
        words=words,
        meant=meant,
        alone={word.text: _anywhere(stands[word]).bit_count() for word in words},
        uses=_all_stand(words, stands, [Place.USE]),
        codes=_all_stand(words, stands, [Place.CODE]),
    )


@dataclass(frozen=True)
class _Name:
    """A whole name, or the beginning of one."""

    text: str


def _look_up(index: FacetIndex) -> Callable[[Sequence[Word | _Name]], Mapping[Any, Stands]]:
    def look_up(names: Sequence[Word | _Name]) -> Mapping[Any, Stands]:
        questions = [(name, place, question) for name in names for place, question in _questions(name)]
        answers = _ask([question for _name, _place, question in questions])
        found: dict[Any, dict[str, int]] = {name: {} for name in names}
        for (name, place, _question), keys in zip(questions, answers, strict=True):
            found[name][place] = index.set_of(keys)
        return found

    return look_up


def _questions(name: Word | _Name) -> list[tuple[str, str]]:
    if isinstance(name, _Name):
        return [("same", f"'{Place.NAME}{name.text}'"), ("begins", f"'{Place.NAME}{name.text}':*")]
    return [(place, sought(name, [place])) for place in PLACES]


def _ask(questions: Sequence[str]) -> list[Sequence[int]]:
    """The recommendations (keys of rows) that each question finds. One query."""
    # As bytes: a common word stands in 100,000 listings, and reading that many numbers from words takes its time.
    each = (
        "SELECT %s AS number, string_agg(int8send(listing_id), ''::bytea) "
        "FROM medicines_listingtext WHERE lexemes @@ %s::tsquery"
    )
    sql = " UNION ALL ".join([each] * len(questions)) + " ORDER BY number"
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for number, question in enumerate(questions) for value in (number, question)])
        return [_numbers(found) for _number, found in cursor.fetchall()]


def _numbers(sent: bytes | None) -> array[int]:
    numbers = array("q", sent or b"")
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers


def _all_stand(words: Sequence[Word], stands: Mapping[Word, Stands], places: Sequence[Place]) -> int:
    return reduce(and_, (reduce(or_, (stands[word][place] for place in places)) for word in words))


def _anywhere(stands: Stands) -> int:
    return reduce(or_, stands.values(), 0)


def _disjoint(tiers: Sequence[int]) -> tuple[int, ...]:
    seen, apart = 0, []
    for tier in tiers:
        apart.append(tier & ~seen)
        seen |= tier
    return tuple(apart)


def _meant(words: Sequence[Word], stands: Mapping[Any, Stands], index: FacetIndex) -> dict[str, str]:
    """What was meant by the words that stand nowhere: the nearest of the words that stand somewhere."""
    unknown = [word for word in words if is_spelt(word.text) and not _anywhere(stands[word])]
    if not unknown:
        return {}
    near = nearest_words([word.text for word in unknown])
    candidates = [Word(text) for texts in near.values() for text in texts]
    found = index.kept(candidates, _look_up(index)) if candidates else {}
    meant = {}
    for typed, texts in near.items():
        if standing := [text for text in texts if _anywhere(found[Word(text)])]:
            meant[typed] = standing[0]
    return meant


def nearest_words(typed: Sequence[str]) -> dict[str, list[str]]:
    """The words of the record that are like those typed, nearest first. One query."""
    every = sorted({form for word in typed for form in forms(word)})
    # One look-up a form: asked for any of them at once, the database thinks that they are many and reads the table.
    sql = "SELECT DISTINCT word FROM unnest(%s::varchar[]) AS form JOIN medicines_searchword ON keys @> ARRAY[form]"
    with connection.cursor() as cursor:
        cursor.execute(sql, [every])
        rows = [word for (word,) in cursor.fetchall()]
    return {word: nearest(word, rows) for word in typed}


@SearchVectorField.register_lookup
class Holds(Lookup):
    """``lexemes__holds="'mbaclofen':*"``: a question as PostgreSQL reads a ``tsquery``, taken as it is."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sql(self, compiler, connection):  # type: ignore[no-untyped-def]
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} @@ {right}::tsquery", (*left_params, *right_params)


def question(words: Sequence[Word]) -> str:
    """The question whether all these words stand anywhere, for ``holds``."""
    return " & ".join(f"({sought(word, PLACES)})" for word in words)
