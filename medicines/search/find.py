"""Finding listings by what a reader typed."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import and_, or_

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

Part = tuple[Place, ...]
"""Places that are looked through at once."""

PARTS: tuple[Part, ...] = ((Place.MEDICINE,), (Place.USE, Place.CODE), (Place.SECTION,), (Place.TEXT,))
"""Where words stand, better parts first: a listing is as good as the last part that its words need."""

Sets = Mapping[str, int]
"""The listings that a question finds, by the question."""


@dataclass(frozen=True)
class Matches:
    """The listings that have all words of a query.

    ``tiers`` are sets without a common listing, the best first. ``meant`` tells for mistyped words what was looked for
    instead; ``alone`` how many listings each word finds by itself; ``within`` in which listings all words stand in one
    part.
    """

    tiers: tuple[int, ...]
    words: tuple[Word, ...] = ()
    meant: Mapping[str, str] = field(default_factory=dict)
    alone: Mapping[str, int] = field(default_factory=dict)
    within: Mapping[Part, int] = field(default_factory=dict)

    @property
    def found(self) -> int:
        return reduce(or_, self.tiers, 0)

    @property
    def named(self) -> tuple[int, ...]:
        """The tiers in which the words name the medicine itself: by its whole name, its beginning, any of its words."""
        return self.tiers[:3] if self.words else ()


def find(query: str, index: FacetIndex, *, exactly: bool = False, parts: Sequence[Part] = PARTS) -> Matches:
    """The listings in which every word of ``query`` stands: the medicine itself first, then by the parts, in order.

    ``parts`` hold all places; the fewer they are, the less the database reads for a common word. A word that stands
    nowhere is taken for a mistyped one, unless ``exactly`` is asked. A query without words finds everything, without
    better or worse. Four queries at most.
    """
    words = asked(query, most=MOST_WORDS)
    if not words:
        return Matches((index.everything,))
    name = whole(query)
    sets = _look_up([*_questions(words, parts), *_whole(name)], index)
    meant = {} if exactly else _meant([word for word in words if not _stands(word, parts, sets)], parts, index)
    if meant:
        words = tuple(replace(word, text=meant.get(word.text, word.text)) for word in words)
        name = " ".join(meant.get(part, part) for part in name.split())
        sets = _look_up([*_questions(words, parts), *_whole(name)], index)
    tiers = [
        *(sets[question] for question in _whole(name)),
        *(_all_stand(words, parts[:length], sets) for length in range(1, len(parts) + 1)),
    ]
    everywhere = tiers[-1]
    return Matches(
        tiers=_disjoint([tier & everywhere for tier in tiers]),
        words=words,
        meant=meant,
        alone={word.text: _stands(word, parts, sets).bit_count() for word in words},
        within={part: _all_stand(words, [part], sets) for part in parts},
    )


def _questions(words: Iterable[Word], parts: Iterable[Part]) -> list[str]:
    return [sought(word, part) for word in words for part in parts]


def _whole(name: str) -> tuple[str, str]:
    """Whether this is a whole name, and whether one begins so."""
    return f"'{Place.NAME}{name}'", f"'{Place.NAME}{name}':*"


def _look_up(questions: Sequence[str], index: FacetIndex) -> Sets:
    def answers(missing: Sequence[str]) -> dict[str, int]:
        return {question: index.set_of(keys) for question, keys in zip(missing, _ask(missing), strict=True)}

    return index.kept(questions, answers)


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


def _stands(word: Word, parts: Iterable[Part], sets: Sets) -> int:
    return reduce(or_, (sets[sought(word, part)] for part in parts))


def _all_stand(words: Iterable[Word], parts: Sequence[Part], sets: Sets) -> int:
    return reduce(and_, (_stands(word, parts, sets) for word in words))


def _disjoint(tiers: Sequence[int]) -> tuple[int, ...]:
    seen, apart = 0, []
    for tier in tiers:
        apart.append(tier & ~seen)
        seen |= tier
    return tuple(apart)


def _meant(unknown: Iterable[Word], parts: Sequence[Part], index: FacetIndex) -> dict[str, str]:
    """What was meant by words that stand nowhere: the nearest of the words that stand somewhere."""
    typed = [word.text for word in unknown if is_spelt(word.text)]
    if not typed:
        return {}
    near = nearest_words(typed)
    candidates = {text: Word(text) for texts in near.values() for text in texts}
    sets = _look_up(_questions(candidates.values(), parts), index)
    standing = {text for text, word in candidates.items() if _stands(word, parts, sets)}
    meant = {word: [text for text in texts if text in standing] for word, texts in near.items()}
    return {word: texts[0] for word, texts in meant.items() if texts}


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
