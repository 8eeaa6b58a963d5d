"""Finding the numbered section that a title means. Exports name sections by title, without their numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from medicines.content.schema import SectionPath, SectionStep
from medicines.sorting import folded

_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_CHILDREN_MARK = re.compile(r"\s*\[c\]$", re.IGNORECASE)


def title_key(title: str) -> str:
    """A title for comparing: blanks, case and accents folded, one kind of dash, without the printed mark "[c]"."""
    return _CHILDREN_MARK.sub("", folded(_DASHES.sub("-", title)))


@dataclass(frozen=True)
class Found:
    """``path`` has numbers where ``how`` is "matched"; else it has the title as given. ``numbers``: which it may be."""

    path: SectionPath
    how: Literal["matched", "ambiguous", "unmatched"]
    numbers: tuple[str, ...] = ()


class SectionIndex:
    """The sections of one edition by their titles."""

    def __init__(self, *, edition: int, paths: Iterable[SectionPath]) -> None:
        self.edition = str(edition)
        self._by_leaf: dict[str, list[SectionPath]] = defaultdict(list)
        for path in paths:
            self._by_leaf[title_key(path.leaf.title)].append(path)

    @property
    def is_empty(self) -> bool:
        return not self._by_leaf

    def find(self, words: str) -> Found:
        """The section that ``Title`` or ``Parent > Title`` means. A parent may stand anywhere above its section."""
        titles = [" ".join(step.split()) for step in words.split(">")]
        *above, leaf = (title_key(title) for title in titles)
        fitting = [
            path
            for path in self._by_leaf.get(leaf, ())
            if set(above) <= {title_key(step.title) for step in path.steps[:-1]}
        ]
        if len(fitting) == 1:
            return Found(fitting[0], "matched", (fitting[0].leaf.number,))
        as_given = SectionPath(edition=self.edition, steps=tuple(SectionStep(title=title) for title in titles))
        numbers = tuple(path.leaf.number for path in fitting)
        return Found(as_given, "ambiguous" if fitting else "unmatched", numbers)
