"""Finding the numbered section that a title means. Exports name sections by title, without their numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from medicines.content.schema import SectionPath, SectionStep
from medicines.remembered import remembered
from medicines.sorting import folded

_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_CHILDREN_MARK = re.compile(r"\s*\[c\]$", re.IGNORECASE)


@remembered
def title_key(title: str) -> str:
    """A title for comparing: blanks, case and accents folded, one kind of dash, without the printed mark "[c]"."""
    return _CHILDREN_MARK.sub("", folded(_DASHES.sub("-", title)))


@remembered
def words_key(words: str) -> str:
    """``Title`` or ``Parent > Title`` for comparing."""
    return " > ".join(title_key(step) for step in words.split(">"))


@dataclass(frozen=True)
class Found:
    """``path`` has numbers where ``how`` is "matched"; else it has the title as given. ``numbers``: which it may be.
    "none": a person has said that the title means no section of the edition.
    """

    path: SectionPath
    how: Literal["matched", "ambiguous", "unmatched", "none"]
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Doubt:
    """A title of a file that means no section of the edition, or more than one (``numbers``), and its rows.

    ``chosen``: what a person has said for this import, "" for no section.
    """

    title: str
    numbers: tuple[str, ...]
    rows: tuple[int, ...]
    chosen: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "title": self.title,
            "numbers": list(self.numbers),
            "rows": list(self.rows),
            "chosen": self.chosen,
        }


class SectionIndex:
    """The sections of one edition by their titles.

    ``settled``: titles (``words_key``) and the numbers of the sections that they mean by the word of a person, "" for
    none. ``chosen``: the same, by what is chosen for this import alone.
    """

    def __init__(
        self,
        *,
        edition: int,
        paths: Iterable[SectionPath],
        settled: Mapping[str, str] | None = None,
        chosen: Mapping[str, str] | None = None,
    ) -> None:
        self.edition = str(edition)
        self._settled, self._chosen = settled or {}, chosen or {}
        self._by_leaf: dict[str, list[SectionPath]] = defaultdict(list)
        self._by_number: dict[str, SectionPath] = {}
        self._found: dict[str, Found] = {}
        for path in paths:
            self._by_leaf[title_key(path.leaf.title)].append(path)
            self._by_number[path.leaf.number] = path

    @property
    def is_empty(self) -> bool:
        return not self._by_leaf

    def __contains__(self, number: str) -> bool:
        return number in self._by_number

    def find(self, words: str) -> Found:
        """The section that ``Title`` or ``Parent > Title`` means. A parent may stand anywhere above its section."""
        if words not in self._found:
            self._found[words] = self._find(words, {**self._settled, **self._chosen})
        return self._found[words]

    def doubt(self, words: str, *, rows: Iterable[int]) -> Doubt | None:
        """What is asked of a person about a title: nothing where it means one section, or was settled before."""
        found = self._find(words, self._settled)
        if found.how in ("matched", "none"):
            return None
        return Doubt(words, found.numbers, tuple(sorted(rows)), self._chosen.get(words_key(words)))

    def _find(self, words: str, settled: Mapping[str, str]) -> Found:
        titles = [" ".join(step.split()) for step in words.split(">")]
        as_given = SectionPath(edition=self.edition, steps=tuple(SectionStep(title=title) for title in titles))
        meant = settled.get(words_key(words))
        if meant in self._by_number:
            return Found(self._by_number[meant], "matched", (meant,))
        if meant is not None:
            return Found(as_given, "none")
        *above, leaf = (title_key(title) for title in titles)
        fitting = [
            path
            for path in self._by_leaf.get(leaf, ())
            if set(above) <= {title_key(step.title) for step in path.steps[:-1]}
        ]
        if len(fitting) == 1:
            return Found(fitting[0], "matched", (fitting[0].leaf.number,))
        numbers = tuple(path.leaf.number for path in fitting)
        return Found(as_given, "ambiguous" if fitting else "unmatched", numbers)
