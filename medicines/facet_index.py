"""The facets of all listings in memory, as bits: how often each value is found is then a matter of microseconds.

Every listing has a place, in the order of names; a set of listings is an integer with a bit for each place. Choosing
values is "and" and "or", counting is counting bits. A process keeps one index, together with the state of the record
that it was read in (``RecordState``), and reads it anew when the record has moved. 100,000 listings take some 50 MB.
"""

from __future__ import annotations

import re
import threading
from array import array
from bisect import bisect_left, bisect_right
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Literal

from django.db import connection
from django.db.models import F, Func, TextField, Value

from medicines.facets import ATC_LEVELS, atc_words, facet_key
from medicines.models import AtcCode, Edition, Listing, RecordState, Section
from medicines.search.titles import Titles
from medicines.sorting import sort_key

ORDERS = ("newest", "number", "section")
"""The orders in which a set can be had besides that of names."""

MOST_KEPT = 1500
"""Sets that the search asked for and that are kept at hand: at most 20 MB at 100,000 listings."""

RARE = 200
"""A set of fewer than one listing in so many is kept as its places, which take less memory than bits."""

_FILLED = re.compile(rb"[^\0]+")

_BETWEEN = "\x1f"
"""Stands between the facets of a row, and in none of them."""

Kind = Literal["medicine", "indication"]
State = tuple[str, int, datetime]

_lock = threading.Lock()
_index: FacetIndex | None = None


def facet_index() -> FacetIndex:
    """The index of the record as it is now. One query where the record has not moved."""
    global _index
    state = _state()
    held = _index
    if held is None or held.state != state:
        with _lock:  # Others wait for the one who reads.
            held = _index
            if held is None or held.state != state:
                held = _index = FacetIndex(state)
    return held


def _state() -> State:
    """The state of the record. The hour belongs to it: a number that was rolled back is given again."""
    number, changed_at = RecordState.objects.values_list("number", "changed_at").get()
    return str(connection.settings_dict["NAME"]), number, changed_at


class FacetIndex:
    """The listings in the order of names, and what they are narrowed by.

    Of what is read, orders, trees and the like are made when somebody first asks for them.
    """

    def __init__(self, state: State) -> None:
        self.state = state
        self.keys = array("q")  # of the recommendation at each place
        self.medicines = array("q")
        self.indications = array("q")
        places: dict[str, array[int]] = defaultdict(lambda: array("I"))
        self._dates = array("I")
        self._numbers = array("Q")
        for place, (key, number, medicine, indication, date, facets) in enumerate(_rows()):
            self.keys.append(key)
            self.medicines.append(medicine)
            self.indications.append(indication)
            self._numbers.append(number)
            self._dates.append(date.toordinal())
            for facet in facets.split(_BETWEEN):
                places[facet].append(place)
        self._place = {key: place for place, key in enumerate(self.keys)}
        self._sets = {key: self._small(at) for key, at in places.items()}
        self.everything = (1 << len(self.keys)) - 1
        self.editions: dict[int, Edition] = {edition.number: edition for edition in Edition.objects.all()}
        self.section_edition = max((int(e) for e in self._section_editions() if e.isdecimal()), default=0)
        self.section_titles = _section_titles()
        self._atc_codes = sorted(key.removeprefix("atc:") for key in self._sets if key.startswith("atc:"))
        named = AtcCode.objects.filter(code__any_of=self._atc_codes).values_list("code", "name")
        self.atc_names: dict[str, str] = {code: atc_words(name) for code, name in named}
        self._kept: OrderedDict[str, int] = OrderedDict()
        self._keeping = threading.Lock()

    # Sets

    def bits(self, facet: str, value: object) -> int:
        """The listings that have this value of a facet."""
        kept = self._sets.get(facet_key(facet, value), 0)
        return kept if isinstance(kept, int) else self._set(kept)

    def any_of(self, facet: str, values: Iterable[str]) -> int:
        """The listings that have one of these values, as they stand in an address."""
        found = 0
        for value in self.values_meant(facet, values):
            found |= self.bits(facet, value)
        return found

    def of(self, kind: Kind, key: int) -> int:
        """The listings of a medicine or an indication (the key of its row)."""
        return self._set(self.places_of(kind, key))

    def places_of(self, kind: Kind, key: int) -> array[int]:
        """The places of the listings of a medicine or an indication (the key of its row)."""
        keys = self.medicines if kind == "medicine" else self.indications
        order = self._by_medicine if kind == "medicine" else self._by_indication
        return order[bisect_left(order, key, key=keys.__getitem__) : bisect_right(order, key, key=keys.__getitem__)]

    @cached_property
    def _by_medicine(self) -> array[int]:
        return _order(self.medicines)

    @cached_property
    def _by_indication(self) -> array[int]:
        return _order(self.indications)

    @cached_property
    def statuses(self) -> list[str]:
        """The status of the listing at each place."""
        found = [""] * len(self.keys)
        for status in self.values("status"):
            for place in self.in_order(self.bits("status", status), "name"):
                found[place] = status
        return found

    def values_meant(self, facet: str, values: Iterable[str]) -> list[str]:
        """Values as listings hold them: a section without an edition is one of the newest."""
        return [self.section(value) for value in values] if facet == "section" else list(values)

    def set_of(self, keys: Sequence[int]) -> int:
        """The listings of these recommendations (keys of rows); what the index does not have yet is left out."""
        place = self._place
        try:
            return self._set(list(map(place.__getitem__, keys)))
        except KeyError:
            return self._set([place[key] for key in keys if key in place])

    def values(self, facet: str) -> list[str]:
        """The values of a facet that any listing has, in their order."""
        return self._trees[0].get(facet, [])

    def atc_beginning(self, start: str) -> list[str]:
        """The codes of ATC that begin so, in their order."""
        codes = self._atc_codes
        return codes[bisect_left(codes, start) : bisect_left(codes, f"{start}\uffff")]

    def below(self, facet: str, value: str) -> list[str]:
        """The values next below one of a tree, or at its top for ""; in their order."""
        return self._trees[1].get((facet, value), [])

    @cached_property
    def _trees(self) -> tuple[dict[str, list[str]], dict[tuple[str, str], list[str]]]:
        """The values by their facets, and those of trees by what they stand below."""
        values: dict[str, list[str]] = defaultdict(list)
        below: dict[tuple[str, str], list[str]] = defaultdict(list)
        for facet, value in sorted((key.split(":", 1) for key in self._sets), key=_by_value):
            values[facet].append(value)
            below[facet, ["", *above(facet, value)][-1]].append(value)
        return dict(values), dict(below)

    def kept(self, questions: Sequence[str], answers: Callable[[Sequence[str]], Mapping[str, int]]) -> dict[str, int]:
        """The set that each question finds: those at hand, others as ``answers`` finds them; these are kept."""
        with self._keeping:
            found = {question: self._kept[question] for question in questions if question in self._kept}
        missing = [question for question in dict.fromkeys(questions) if question not in found]
        if missing:
            new = answers(missing)
            found |= new
            with self._keeping:
                self._kept.update(new)
                while len(self._kept) > MOST_KEPT:
                    self._kept.popitem(last=False)
        return found

    def _small(self, places: array[int]) -> int | array[int]:
        """A set as it is kept: of rare values, of which there can be many thousands, the places alone."""
        return places if len(places) * RARE < len(self.keys) else self._set(places)

    def _set(self, places: Sequence[int]) -> int:
        if len(places) > len(self.keys) // 32:
            # Of many, a digit for each place is quicker to write than a bit in a byte.
            digits, last = bytearray(b"0") * len(self.keys), len(self.keys) - 1
            for place in places:
                digits[last - place] = 49  # "1"
            return int(digits, 2)
        field = bytearray(len(self.keys) // 8 + 1)
        for place in places:
            field[place >> 3] |= 1 << (place & 7)
        return int.from_bytes(field, "little")

    # Order

    def in_order(self, found: int, order: str) -> Iterator[int]:
        """The places of a set, one after the other."""
        field = found.to_bytes(len(self.keys) // 8 + 1, "little")
        if order in ORDERS:
            yield from (place for place in self._orders[order] if field[place >> 3] >> (place & 7) & 1)
            return
        for filled in _FILLED.finditer(field):
            for start in range(*filled.span()):
                byte = field[start]
                yield from (start * 8 + bit for bit in range(8) if byte >> bit & 1)

    @cached_property
    def _orders(self) -> dict[str, array[int]]:
        return {
            "newest": _order(self._dates, reverse=True),
            "number": _order(self._numbers),
            "section": _order(self._ranks()),
        }

    def _ranks(self) -> list[int]:
        """The rank of each listing by the sections that it stands in, those of the newest edition before others."""
        numbers = [value for value in self.values("section") if value.startswith(f"{self.section_edition}:")]
        standing: list[tuple[int, ...]] = [()] * len(self.keys)
        for number, section in enumerate(numbers):
            for place in self.in_order(self.bits("section", section), "name"):
                standing[place] += (number,)
        ranks = {each: rank for rank, each in enumerate(sorted(set(standing), key=lambda each: (not each, each)))}
        return [ranks[each] for each in standing]

    # Titles

    @cached_property
    def titles_of_sections(self) -> Titles:
        """The sections of the newest edition that any listing stands in, by their numbers and titles."""
        start = f"{self.section_edition}:"
        there = [value for value in self.values("section") if value.startswith(start)]
        return Titles(
            {
                value: f"{value.removeprefix(start)} {title}"
                for value in there
                if (title := self.section_titles.get(value))
            }
        )

    @cached_property
    def titles_of_classes(self) -> Titles:
        """The classes of ATC, without the substances, that have a name."""
        classes = (code for code in self._atc_codes if len(code) < ATC_LEVELS[-1])
        return Titles({code: name for code in classes if (name := self.atc_names.get(code))})

    # Sections

    def section(self, value: str) -> str:
        """A section with its edition: ``5.1`` is of the newest edition, ``24:5.1`` of the one that it names."""
        return value if ":" in value else f"{self.section_edition}:{value}"

    def _section_editions(self) -> set[str]:
        return {key.split(":")[1] for key in self._sets if key.startswith("section:")}


def _rows() -> Iterator[tuple]:
    # One text is read in half the time of an array of them.
    facets = Func(F("facets"), Value(_BETWEEN), function="array_to_string", output_field=TextField())
    rows = Listing.objects.order_by("sort_key", "recommendation_id").values_list(
        "recommendation_id", "recommendation__number", "medicine_id", "indication_id", "effective_date", facets
    )
    return rows.iterator(chunk_size=2000)


def above(facet: str, value: str) -> list[str]:
    """The values above one of a tree (a section with its edition, a class of ATC), outermost first."""
    if facet == "atc":
        return [value[:level] for level in ATC_LEVELS if level < len(value)]
    if facet != "section":
        return []
    edition, _colon, number = value.partition(":")
    steps = number.split(".")
    return [f"{edition}:{'.'.join(steps[:length])}" for length in range(1, len(steps))]


def _by_value(key: Sequence[str]) -> str:
    """By what a value sorts among those of its facet. Codes of ATC, of which there are most, sort as they are."""
    facet, value = key
    return value if facet == "atc" else sort_key(value)


def _section_titles() -> dict[str, str]:
    rows = Section.objects.values_list("edition__number", "number", "title")
    return {f"{edition}:{number}": title for edition, number, title in rows}


def _order(values: Sequence[int], *, reverse: bool = False) -> array[int]:
    """The places by their values; where these are equal, in the order of names."""
    return array("I", sorted(range(len(values)), key=values.__getitem__, reverse=reverse))
