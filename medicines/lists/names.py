"""Which medicine a name means, where medicines have had other names, and which names may be of one medicine."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from medicines.sorting import folded

Identity = tuple[str, str, str]
"""The folded names of a medicine, an indication and partners."""

OFFERED = 5
"""How many names are offered at most for one that the file lacks."""

TELLING = 4
"""How many letters a word of a name has at least, to tell of anything."""

ALIKE = 0.5
"""The share of all their telling words that two names have in common at least, where nothing but names can speak."""


@dataclass(frozen=True)
class Names:
    """Folded names. ``former``: a name of earlier, and the name that the medicine has now, or has once the import is
    carried out. ``coming``: a name that an import brings, and the one that the record has until then."""

    former: Mapping[str, str] = field(default_factory=dict)
    coming: Mapping[str, str] = field(default_factory=dict)

    def key(self, name: str) -> str:
        """The name by which the medicine goes once the import is carried out."""
        return self.former.get(name, name)

    def in_record(self, key: str) -> str:
        """The name by which the record has it until then."""
        return self.coming.get(key, key)

    def is_former(self, name: str) -> bool:
        return name in self.former


@dataclass(frozen=True)
class Used:
    """A name and what it stands for: the folded indications, and the ATC codes."""

    name: str
    indications: frozenset[str]
    atc: frozenset[str]

    @property
    def words(self) -> frozenset[str]:
        return telling_words(self.name)


@dataclass(frozen=True)
class Rename:
    """A name of the record that the file lacks, and the names that the file has anew that may be the same medicine.

    ``former``: the file is older than what the record holds of it, so that the file's name would be the former one.
    ``chosen``: what a person has said for this import, "" for none of them.
    """

    name: str
    offered: tuple[str, ...]
    former: bool = False
    chosen: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"name": self.name, "offered": list(self.offered), "former": self.former, "chosen": self.chosen}


def telling_words(name: str) -> frozenset[str]:
    return frozenset(word for word in re.findall(r"\w+", folded(name)) if len(word) >= TELLING)


def alike(names: Iterable[str], among: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """For every name those that are like it by their words, the likeliest first, where there are any."""
    words = {other: telling_words(other) for other in among}
    with_word: dict[str, set[str]] = defaultdict(set)
    for other, theirs in words.items():
        for word in theirs:
            with_word[word].add(other)
    found = {}
    for name in names:
        mine = telling_words(name)
        others = {other for word in mine for other in with_word.get(word, ())}
        shares = sorted((-len(mine & words[other]) / len(mine | words[other]), other) for other in others)
        if likely := [other for share, other in shares if -share >= ALIKE]:
            found[name] = tuple(likely[:OFFERED])
    return found


def offered(gone: Iterable[Used], new: Iterable[Used]) -> dict[str, tuple[str, ...]]:
    """For every name that is gone the new ones that may be its medicine, the likeliest first, where there are any.

    Two of three must speak for it: a shared indication, a shared code, a shared word of the name. The first is the one
    that fits best of those that fit no other name better.
    """
    by_trait: dict[tuple[str, str], list[Used]] = defaultdict(list)
    for each in new:
        for trait in _traits(each):
            by_trait[trait].append(each)
    likeness: dict[str, dict[str, float]] = {}
    for one in gone:
        others = {other.name: other for trait in _traits(one) for other in by_trait.get(trait, ())}
        likely = {name: _likeness(one, other) for name, other in others.items() if _speak_for_it(one, other) >= 2}
        if likely:
            likeness[one.name] = likely
    first = _matched(likeness)
    return {
        one: tuple(sorted(likely, key=lambda name: (name != first.get(one), -likely[name], name))[:OFFERED])
        for one, likely in likeness.items()
    }


def _matched(likeness: Mapping[str, Mapping[str, float]]) -> dict[str, str]:
    """A name each, none of them twice: the likeliest pairs first."""
    pairs = sorted((-value, one, name) for one, likely in likeness.items() for name, value in likely.items())
    found: dict[str, str] = {}
    taken: set[str] = set()
    for _value, one, name in pairs:
        if one not in found and name not in taken:
            found[one] = name
            taken.add(name)
    return found


def _traits(used: Used) -> Iterable[tuple[str, str]]:
    for kind, values in (("use", used.indications), ("code", used.atc), ("word", used.words)):
        for value in values:
            yield kind, value


def _speak_for_it(one: Used, other: Used) -> int:
    return sum(bool(mine & theirs) for mine, theirs in _pairs(one, other))


def _likeness(one: Used, other: Used) -> float:
    return sum(len(mine & theirs) / (len(mine | theirs) or 1) for mine, theirs in _pairs(one, other))


def _pairs(one: Used, other: Used) -> Iterable[tuple[frozenset[str], frozenset[str]]]:
    return (one.indications, other.indications), (one.atc, other.atc), (one.words, other.words)
