"""A vocabulary of drugs: one row a drug, with a common name and synonyms separated by " | "."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from medicines.sorting import folded

from .findings import Finding
from .table import Row, Table

COLUMNS = ("Common name", "Synonyms")

LONGEST = 500

JOINED = (" + ", " - ")
"""What joins the ingredients of a combination in the names of the lists: nobody's synonyms are guessed for those."""

_TWO_NAMES = re.compile(r"(?P<name>[^()]+) \((?P<other>[^()]+)\)")


@dataclass(frozen=True)
class Drug:
    row: int
    name: str
    synonyms: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.synonyms)


@dataclass
class Vocabulary:
    """The drugs of a file, found by folded common name and by folded synonym."""

    drugs: list[Drug] = field(default_factory=list)
    refused: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    _by_name: dict[str, list[Drug]] = field(default_factory=lambda: defaultdict(list))
    _by_any: dict[str, list[Drug]] = field(default_factory=lambda: defaultdict(list))

    def add(self, drug: Drug) -> None:
        self.drugs.append(drug)
        self._by_name[folded(drug.name)].append(drug)
        for key in {folded(name) for name in drug.names}:
            self._by_any[key].append(drug)

    def meant_by(self, key: str) -> Sequence[Drug]:
        """The drugs that a folded name may mean: those with it as their common name, else those with it as synonym.

        A name with another in brackets, "exemplin (helpin)", means what both of them mean.
        """
        if found := self._by_name.get(key) or self._by_any.get(key):
            return found
        if two := _TWO_NAMES.fullmatch(key):
            others = self.meant_by(two["other"])
            return [drug for drug in self.meant_by(two["name"]) if drug in others]
        return ()

    def with_name(self, key: str) -> Sequence[Drug]:
        """The drugs that have a folded name, as common name or as synonym."""
        return self._by_any.get(key, ())


@dataclass(frozen=True)
class Match:
    """What the vocabulary says of a medicine. ``shared``: names that another drug or medicine has too, not taken."""

    key: str
    drug: Drug
    synonyms: tuple[str, ...]
    shared: Mapping[str, tuple[str, ...]]


def read_vocabulary(table: Table) -> Vocabulary:
    """Read the drugs. A row without a common name is refused."""
    vocabulary = Vocabulary()
    for row in table.rows:
        if drug := _drug(row, vocabulary):
            vocabulary.add(drug)
    return vocabulary


def is_combination(key: str) -> bool:
    return any(joint in key for joint in JOINED)


def match(vocabulary: Vocabulary, key: str, *, medicines: Collection[str]) -> Match | None:
    """The synonyms of the medicine with this folded name, if one drug alone is meant. ``medicines``: all folded names.

    A name that means another drug too, or is the name of another medicine of the record, is no synonym.
    """
    meant = vocabulary.meant_by(key)
    if len(meant) != 1:
        return None
    (drug,) = meant
    synonyms: dict[str, str] = {}
    shared: dict[str, tuple[str, ...]] = {}
    for name in drug.names:
        other = folded(name)
        if other == key:
            continue
        if others := [each.name for each in vocabulary.with_name(other) if each is not drug]:
            shared[name] = tuple(sorted(others))
        elif other in medicines:
            shared[name] = (name,)
        elif other not in synonyms or (name.isascii() and not synonyms[other].isascii()):
            synonyms[other] = name  # Of spellings that differ by accents, the plain one.
    return Match(key, drug, tuple(synonyms.values()), shared)


def new_names(names: Iterable[str], *, known: Iterable[str]) -> list[str]:
    """Those names that are not known, blanks, case and accents folded."""
    keys = {folded(name) for name in known}
    return [name for name in names if folded(name) not in keys]


def _drug(row: Row, vocabulary: Vocabulary) -> Drug | None:
    name = " ".join(row.cells[COLUMNS[0]].split())
    if not name:
        vocabulary.refused.append(Finding.of((row.number,), COLUMNS[0], "empty"))
        return None
    synonyms = []
    for words in row.cells[COLUMNS[1]].split(" | "):
        synonym = " ".join(words.split())
        if len(synonym) > LONGEST:
            vocabulary.warnings.append(Finding.of((row.number,), COLUMNS[1], "synonym_too_long", count=LONGEST))
        elif synonym:
            synonyms.append(synonym)
    return Drug(row.number, name, tuple(synonyms))
