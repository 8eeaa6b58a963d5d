"""The filters of the List as a reader sees them: what can be chosen, how much each choice finds, what is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from medicines.content.labels import LIST_STATUS, VALUES
from medicines.documents.words import labelled, route_word
from medicines.facet_index import above
from medicines.filters import LABELS, ListFilter
from medicines.models import AwareEntry
from medicines.models.recommendation import OutcomeChoices, StatusChoices
from medicines.results import Results
from medicines.sorting import sort_key

ORDER = (
    "status", "list", "tier", "section", "aware", "atc", "route", "type", "outcome", "evidence", "edition", "meeting",
    "year",
)  # fmt: skip

OPEN = frozenset({"status", "list", "tier", "section", "aware"})
"""What is unfolded from the beginning."""

WORDS: Mapping[str, Mapping[str, str | Promise]] = {
    "status": dict(StatusChoices.choices),
    "list": {"eml": "EML", "emlc": "EMLc", "unnamed": gettext_lazy("Listed; which list is not stated")},
    "tier": {"core": LIST_STATUS["core"], "complementary": LIST_STATUS["complementary"]},
    "aware": {**VALUES["aware"], "not_recommended": AwareEntry.Group.NOT_RECOMMENDED.label},
    "type": VALUES["medicine_type"],
    "outcome": dict(OutcomeChoices.choices),
    "evidence": {
        "text": gettext_lazy("Reasons of the decision"),
        "figures": gettext_lazy("Summary of findings"),
    },
}
"""The values that have a word in the reader's language, in their order."""

NEWEST_FIRST = frozenset({"edition", "meeting", "year"})

SORTS: Mapping[str, str | Promise] = {
    "relevance": pgettext_lazy("sort by", "Relevance"),
    "name": pgettext_lazy("sort by", "Name"),
    "newest": pgettext_lazy("sort by", "Newest change"),
    "number": pgettext_lazy("sort by", "Number"),
    "section": pgettext_lazy("sort by", "Section"),
}


@dataclass(frozen=True)
class Value:
    """One value of a filter. ``code`` and ``name`` come from the record and are not translated; ``words`` are.

    ``address`` is that of the list with this value chosen; of a chosen one, without it.
    """

    value: str
    count: int
    is_chosen: bool
    address: str
    words: str = ""
    code: str = ""
    name: str = ""
    depth: int = 1


@dataclass(frozen=True)
class Group:
    """A filter. ``kind``: values to tick, several at once, or a tree of links of which one branch is open.

    ``all`` is the address at which nothing of a tree is chosen, where something is.
    """

    facet: str
    label: str | Promise
    kind: Literal["ticks", "tree"]
    values: tuple[Value, ...]
    is_open: bool
    all: str = ""

    @property
    def is_long(self) -> bool:
        return len(self.values) > 12


@dataclass(frozen=True)
class Chip:
    """Something that narrows the list, and the address without it. ``left``: how many would then be found."""

    label: str | Promise
    value: Value
    address: str
    left: int


@dataclass(frozen=True)
class Sort:
    words: str | Promise
    address: str
    is_current: bool


@dataclass(frozen=True)
class Way:
    """A way out where nothing is found: a word, and how many it finds."""

    words: str
    count: int
    address: str


class Panel:
    """Everything about a list but its rows. No query: labels and counts come from the index of facets."""

    def __init__(self, results: Results) -> None:
        self.results = results
        self.asked: ListFilter = results.asked
        self.index = results.index

    # Addresses

    def address(self, **changes: Any) -> str:
        """The address of this list with changes, from its first page; a change to nothing leaves a part out."""
        asked: dict[str, Any] = {"q": self.asked.query, **self.asked.chosen}
        asked |= {"exactly": "1" if self.asked.asked["exactly"] else "", "sort": self.asked.asked["sort"]} | changes
        pairs = [(name, value) for name, value in asked.items() if value]
        return f"?{urlencode(pairs, doseq=True)}"

    @cached_property
    def without_filters(self) -> str:
        return self.address(**dict.fromkeys(self.asked.chosen, ()))

    @cached_property
    def as_typed(self) -> str:
        return self.address(exactly="1")

    @cached_property
    def file_query(self) -> str:
        """What follows the address of a file of this list."""
        return self.address().rstrip("?")

    # What can be chosen

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        groups = (self._tree(facet) if facet in ("section", "atc") else self._ticks(facet) for facet in ORDER)
        return tuple(group for group in groups if self._is_useful(group))

    @cached_property
    def hidden(self) -> tuple[tuple[str, str], ...]:
        """What the form carries along: choices that are made by links, and the order."""
        trees = [(name, value) for name in ("section", "atc") for value in self.asked.chosen.get(name, ())]
        return (*trees, *([("sort", self.asked.asked["sort"])] if self.asked.asked["sort"] else []))

    @cached_property
    def chips(self) -> tuple[Chip, ...]:
        """What is chosen, in the order of the filters."""
        return tuple(
            Chip(
                label=LABELS[facet],
                value=self._value(facet, meant, 0, chosen=True),
                address=self._without(facet, value),
                left=self.results.count_without(facet, value),
            )
            for facet in ORDER
            for value in self.asked.chosen.get(facet, ())
            for meant in self.index.values_meant(facet, [value])
        )

    @cached_property
    def sorts(self) -> tuple[Sort, ...]:
        names = [name for name in SORTS if name != "relevance" or self.asked.query]
        return tuple(
            Sort(SORTS[name], self.address(sort="" if name == names[0] else name), name == self.asked.order)
            for name in names
        )

    @cached_property
    def ignored(self) -> tuple[tuple[str | Promise, str], ...]:
        return tuple((LABELS[name], value) for name, value in self.asked.ignored)

    @cached_property
    def words_alone(self) -> tuple[Way, ...]:
        """Where several words are found nowhere together: each by itself, whatever else is chosen."""
        matches = self.results.matches
        if matches.found or len(matches.words) < 2:
            return ()
        return tuple(
            Way(word, count, self.address(q=word, **dict.fromkeys(self.asked.chosen, ())))
            for word, count in matches.alone.items()
        )

    @cached_property
    def found_by_words(self) -> int:
        """How many are found when nothing but the words narrows."""
        return self.results.matches.found.bit_count()

    # How it is made

    def _is_useful(self, group: Group) -> bool:
        """One value that all have narrows nothing."""
        if any(value.is_chosen for value in group.values):
            return True
        return bool(group.values) and not (len(group.values) == 1 and group.values[0].count == self.results.count)

    def _ticks(self, facet: str) -> Group:
        there = self.index.values(facet)
        if facet in WORDS:
            values = [value for value in WORDS[facet] if value in there]
        else:
            values = there[::-1] if facet in NEWEST_FIRST else there
        return self._group(facet, "ticks", values)

    def _tree(self, facet: str) -> Group:
        """The values at the top; or the chosen ones, with those above them and the next below, else those beside."""
        chosen = [value for value in self._chosen(facet) if value in self.index.values(facet)]
        shown = {each for value in chosen for each in (*above(facet, value), value)}
        for value in chosen or [""]:
            parent = ["", *above(facet, value)][-1]
            shown |= set(self.index.below(facet, value) or self.index.below(facet, parent))
        if facet == "section":
            shown = {value for value in shown if value.startswith(f"{self.index.section_edition}:")}
        return self._group(facet, "tree", sorted(shown, key=sort_key))

    def _group(self, facet: str, kind: Literal["ticks", "tree"], values: Sequence[str]) -> Group:
        counts = self.results.counts(facet, values)
        chosen = self._chosen(facet)
        shown = [
            self._value(facet, value, counts[value], chosen=value in chosen)
            for value in values
            if counts[value] or value in chosen
        ]
        everything = self.address(**{facet: ()}) if kind == "tree" and chosen else ""
        return Group(facet, LABELS[facet], kind, tuple(shown), is_open=facet in OPEN or bool(chosen), all=everything)

    def _value(self, facet: str, value: str, count: int, *, chosen: bool) -> Value:
        written = self._written(facet, value)
        others = self.asked.chosen.get(facet, ())
        new: Iterable[str] = [written] if facet in ("section", "atc") else [*others, written]
        address = self._without(facet, written) if chosen else self.address(**{facet: list(new)})
        return Value(value, count, chosen, address, depth=_depth(facet, value), **self._labels(facet, value))

    def _without(self, facet: str, value: str) -> str:
        left = [each for each in self.asked.chosen.get(facet, ()) if each != value]
        return self.address(**{facet: left})

    def _chosen(self, facet: str) -> list[str]:
        return self.index.values_meant(facet, self.asked.chosen.get(facet, ()))

    def _written(self, facet: str, value: str) -> str:
        """A value as the address has it, or would have it."""
        given = self.asked.chosen.get(facet, ())
        return next((each for each in given if self.index.values_meant(facet, [each]) == [value]), self._short(value))

    def _short(self, value: str) -> str:
        return value.removeprefix(f"{self.index.section_edition}:")

    def _labels(self, facet: str, value: str) -> dict[str, str]:
        if facet in WORDS:
            return {"words": str(WORDS[facet].get(value, value))}
        if facet == "section":
            edition, _colon, number = value.partition(":")
            of_newest = edition == str(self.index.section_edition)
            code = number if of_newest else labelled(f"EML {edition}", number)
            return {"code": code, "name": self.index.section_titles.get(value, "")}
        if facet == "atc":
            name = self.index.atc_names.get(value, "")
            return {"code": value, "name": name.capitalize() if name.isupper() else capfirst(name)}
        if facet == "route":
            return {"words": capfirst(str(route_word(value) or value))}
        if facet == "edition":
            return {"words": self._edition(value)}
        if facet == "meeting":
            return {"words": gettext("Meeting %(number)s") % {"number": value}}
        return {"words": value}

    def _edition(self, value: str) -> str:
        edition = self.index.editions.get(int(value))
        if edition is None:
            return f"EML {value}"
        names = f"EML {value}, EMLc {edition.children_number}" if edition.children_number else f"EML {value}"
        return f"{names} ({edition.year})"


def _depth(facet: str, value: str) -> int:
    return len(above(facet, value)) + 1
