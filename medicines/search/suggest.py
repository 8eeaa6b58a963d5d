"""What a reader may be about to type: medicines, uses, sections and classes that begin like it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Literal

from medicines.facet_index import FacetIndex
from medicines.models import Indication, Medicine
from medicines.sorting import folded

from .find import Matches, Part, find
from .lexemes import Place
from .words import Word, words

MOST = 8
MOST_MEDICINES = 5
MOST_OTHERS = 3
MOST_COUNTED = 5000
"""How many listings are looked at for the uses that most of them have: common beginnings fit very many."""

LONGEST_OTHER_NAME = 40

IN_USE, IN_CODE = (Place.USE,), (Place.CODE,)
PARTS: tuple[Part, ...] = ((Place.MEDICINE,), IN_USE, IN_CODE, (Place.SECTION,), (Place.TEXT,))
"""Uses and codes apart, since it suggests what is found in either."""

Kind = Literal["medicine", "indication", "section", "atc"]


@dataclass(frozen=True)
class Suggestion:
    """``key`` is what the kind is addressed by: the key of a row, a section with its edition, a code.

    ``code`` is a number or code to be shown before the words, ``also`` the name or code by which it was found where
    its own words do not show why.
    """

    kind: Kind
    key: str
    words: str
    code: str = ""
    also: str = ""


def suggest(typed: str, index: FacetIndex) -> list[Suggestion]:
    """At most eight, medicines first. Six queries at most, whatever is typed."""
    matches = find(typed, index, parts=PARTS)
    if not matches.words or not matches.found:
        return list(_classes(matches, index, typed))[:MOST]
    found = list(islice(_medicines(matches, index), MOST_MEDICINES))
    others = chain(_indications(matches, index), _sections(matches, index), _classes(matches, index, typed))
    return [*found, *others][:MOST]


def _medicines(matches: Matches, index: FacetIndex) -> Iterator[Suggestion]:
    named = chain.from_iterable(index.in_order(tier, "name") for tier in matches.named)
    keys = list(islice(dict.fromkeys(index.medicines[place] for place in islice(named, MOST_COUNTED)), 2 * MOST))
    rows = Medicine.objects.in_bulk(keys) if keys else {}
    for key in keys:
        medicine = rows[key]
        if _fits(medicine.name, matches.words):
            yield Suggestion("medicine", str(key), medicine.name)
        elif also := _also(medicine, matches.words):
            yield Suggestion("medicine", str(key), medicine.name, also=also)


def _also(medicine: Medicine, asked: Iterable[Word]) -> str:
    """The other name of a medicine that was typed; chemical formulas, which nobody types, are left out."""
    others = [name for name in (*medicine.former_names, *medicine.synonyms) if len(name) <= LONGEST_OTHER_NAME]
    return next((name for name in others if _fits(name, asked)), "")


def _indications(matches: Matches, index: FacetIndex) -> Iterator[Suggestion]:
    """Those that most listings have, but first those that begin with what was typed."""
    common = _commonest(matches.within[IN_USE], index, MOST_OTHERS * 10)
    codes = _commonest(matches.within[IN_CODE], index, MOST_OTHERS)
    rows = Indication.objects.in_bulk([*common, *codes]) if common or codes else {}
    start = folded(" ".join(word.text for word in matches.words))
    named = sorted((row for key in common if (row := rows.get(key))), key=lambda row: not row.key.startswith(start))
    coded = [(rows[key], code) for key in codes if key in rows for code in _codes(rows[key], matches.words)]
    found = {row.pk: Suggestion("indication", str(row.pk), row.name) for row in named}
    found |= {row.pk: Suggestion("indication", str(row.pk), row.name, code=code) for row, code in coded}
    yield from islice(found.values(), MOST_OTHERS)


def _commonest(found: int, index: FacetIndex, most: int) -> list[int]:
    """The indications (keys of rows) that most of these listings have."""
    places = islice(index.in_order(found, "name"), MOST_COUNTED)
    return [key for key, _count in Counter(index.indications[place] for place in places).most_common(most)]


def _codes(indication: Indication, asked: Iterable[Word]) -> list[str]:
    return [code for code in indication.icd11 if all(code.lower().startswith(word.text) for word in asked)][:1]


def _sections(matches: Matches, index: FacetIndex) -> Iterator[Suggestion]:
    for value in islice(index.titles_of_sections.having(matches.words), MOST_OTHERS):
        _edition, _colon, number = value.partition(":")
        yield Suggestion("section", value, index.section_titles[value], code=number)


def _classes(matches: Matches, index: FacetIndex, typed: str) -> Iterator[Suggestion]:
    """Classes and substances of ATC by the beginning of a code, and classes by the words of a title."""
    code = typed.strip().upper()
    coded = index.atc_beginning(code) if len(code) > 1 else []
    fitting = dict.fromkeys([*coded[:MOST_OTHERS], *index.titles_of_classes.having(matches.words)])
    for value in islice(fitting, MOST_OTHERS):
        yield Suggestion("atc", value, index.atc_names.get(value, ""), code=value)


def _fits(text: str, asked: Iterable[Word]) -> bool:
    """Whether every word that was asked for stands in the text."""
    there = set(words(text))
    return all(
        word.text in there or (not word.is_whole and any(each.startswith(word.text) for each in there))
        for word in asked
    )
