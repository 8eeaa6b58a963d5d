"""Citation numbers, computed when a text is shown: none is ever stored.

References are numbered in reading order: through the sections in the order of the page, then the tables of findings
and of costs, and last those that nothing cites. A citation of a reference that does not exist is shown as missing;
it is never dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from medicines.content.richtext import cited
from medicines.content.schema import SECTION_KEYS, Cost, Finding, Narrative, NarrativeSection, Reference

_ONE = r'<cite data-ref="([^"]*)"></cite>'
_RUN = re.compile(rf"{_ONE}(?:[,;]? ?{_ONE})*")
_CITE = re.compile(_ONE)
_INLINE_END = re.compile(r"</(?:a|strong|em|sub|sup)>$|</data>$")


@dataclass(frozen=True)
class Group:
    """Neighbouring citations that are shown as one: "(4, 5)" or "(1–3)".

    ``start`` and ``end`` are offsets in the HTML; ``refs`` are the ids as they stand there, repeats included.
    ``numbers`` are sorted, each once; ``missing`` are the ids that no reference has.
    """

    start: int
    end: int
    refs: tuple[str, ...]
    numbers: tuple[int, ...]
    missing: tuple[str, ...]

    @property
    def runs(self) -> tuple[tuple[int, int], ...]:
        """First and last number of each stretch; two neighbours stay apart, three or more become a range."""
        stretches: list[list[int]] = []
        for number in self.numbers:
            if stretches and number == stretches[-1][-1] + 1:
                stretches[-1].append(number)
            else:
                stretches.append([number])
        found: list[tuple[int, int]] = []
        for stretch in stretches:
            found.extend([(stretch[0], stretch[-1])] if len(stretch) > 2 else ((number, number) for number in stretch))
        return tuple(found)

    @property
    def text(self) -> str:
        """The group as words: "(4, 5)", "(1–3)", "(2, reference missing)"."""
        words = [str(first) if first == last else f"{first}–{last}" for first, last in self.runs]
        if self.missing:
            words.append(gettext("reference missing"))
        return f"({', '.join(words)})"


@dataclass(frozen=True)
class Place:
    """Where a reference is cited: a section key, ``findings`` or ``costs``, and the anchor to go back to."""

    where: str
    anchor: str
    letter: str


@dataclass(frozen=True)
class Entry:
    """A reference with its number and the places that cite it."""

    number: int
    reference: Reference
    places: tuple[Place, ...] = ()

    @property
    def anchor(self) -> str:
        return f"ref-{self.number}"

    @property
    def is_cited(self) -> bool:
        return bool(self.places)


class Numbering:
    """The citation numbers of one narrative.

    ``entries`` is the list of references as it is printed, cited ones first; ``dangling`` the cited ids that no
    reference has, in reading order, each once.
    """

    def __init__(self, narrative: Narrative):
        self._references: dict[str, Reference] = {}
        for reference in narrative.references:
            self._references.setdefault(reference.id, reference)
        self._sections = {section.key: section for section in reversed(_in_reading_order(narrative))}
        self._numbers: dict[str, int] = {}
        self._places: dict[str, list[Place]] = {}
        self._row_anchors: dict[tuple[str, str], str] = {}
        dangling: dict[str, None] = {}
        for where, ref, row in _citations(narrative):
            if ref not in self._references:
                dangling[ref] = None
                continue
            number = self._numbers.setdefault(ref, len(self._numbers) + 1)
            places = self._places.setdefault(ref, [])
            letter = _letter(len(places))
            places.append(Place(where, f"cite-{number}{letter}", letter))
            if row:
                self._row_anchors.setdefault((where, row), places[-1].anchor)
        for ref in self._references:
            self._numbers.setdefault(ref, len(self._numbers) + 1)
        self.dangling = tuple(dangling)
        self.entries = tuple(
            Entry(number, self._references[ref], tuple(self._places.get(ref, ())))
            for ref, number in self._numbers.items()
        )

    @property
    def ordered(self) -> tuple[Reference, ...]:
        """The references in the order of their numbers."""
        return tuple(entry.reference for entry in self.entries)

    @property
    def uncited(self) -> tuple[Reference, ...]:
        return tuple(entry.reference for entry in self.entries if not entry.is_cited)

    def number(self, ref_id: str) -> int | None:
        """The number of a reference, or ``None`` where there is no such reference."""
        return self._numbers.get(ref_id)

    def groups(self, html: str) -> list[Group]:
        """The citations of a sanitised text, neighbours together, in reading order."""
        found = []
        for run in _RUN.finditer(html):
            refs = tuple(_CITE.findall(run[0]))
            numbers = {self._numbers[ref] for ref in refs if ref in self._numbers}
            missing = tuple(dict.fromkeys(ref for ref in refs if ref not in self._numbers))
            found.append(Group(run.start(), run.end(), refs, tuple(sorted(numbers)), missing))
        return found

    def written(self, html: str) -> str:
        """A sanitised text with its citations as words, for files and comparisons: "… twice as often (4, 5)."."""
        return self._replaced(html, lambda group: escape(group.text))

    def linked(self, key: str) -> SafeString:
        """One section with its citations as links to the references, and anchors for the way back."""
        section = self._sections.get(key)  # type: ignore[call-overload]
        if section is None:
            return mark_safe("")
        anchors: dict[str, Iterator[str]] = {
            ref: (place.anchor for place in places if place.where == key) for ref, places in self._places.items()
        }
        html = self._replaced(section.html, lambda group: self._links(group, anchors))
        return mark_safe(html)  # noqa: S308  sanitised when stored; the links are ours

    def linked_row(self, row: Finding | Cost) -> SafeString:
        """The citation of a row of findings or costs as a link; empty where the row names no reference."""
        if not row.reference:
            return mark_safe("")
        number = self.number(row.reference)
        if number is None:
            return mark_safe(f'<span class="cite">({_missing()})</span>')  # noqa: S308  no foreign words
        where = "findings" if isinstance(row, Finding) else "costs"
        anchor = self._row_anchors.get((where, row.id), "")
        return mark_safe(f'<span class="cite">({_link(number, anchor)})</span>')  # noqa: S308  no foreign words

    def _replaced(self, html: str, shown: Callable[[Group], str]) -> str:
        out, position = [], 0
        for group in self.groups(html):
            before = html[position : group.start]
            out.append(before)
            if _wants_space(before):
                out.append(" ")
            out.append(shown(group))
            position = group.end
        out.append(html[position:])
        return "".join(out)

    def _links(self, group: Group, anchors: dict[str, Iterator[str]]) -> str:
        own: dict[int, list[str]] = {}
        for ref in group.refs:
            number = self._numbers.get(ref)
            if number is not None:
                own.setdefault(number, []).append(next(anchors[ref], ""))
        parts = []
        for first, last in group.runs:
            if first == last:
                parts.append(_links_of(first, own[first]))
                continue
            # A range shows its ends; those between keep an anchor, so that the way back finds them.
            between = "".join(_anchor(anchor) for number in range(first + 1, last) for anchor in own[number])
            parts.append(f"{_links_of(first, own[first])}–{between}{_links_of(last, own[last])}")
        if group.missing:
            parts.append(_missing())
        return f'<span class="cite">({", ".join(parts)})</span>'


def _in_reading_order(narrative: Narrative) -> list[NarrativeSection]:
    order = {key: index for index, key in enumerate(SECTION_KEYS)}
    return sorted(narrative.sections, key=lambda section: order.get(section.key, len(order)))


def _citations(narrative: Narrative) -> Iterator[tuple[str, str, str]]:
    """Each citation as (where, reference id, row id), in reading order."""
    for section in _in_reading_order(narrative):
        for ref in cited(section.html):
            yield section.key, ref, ""
    tables: Sequence[tuple[str, Sequence[Finding | Cost]]] = (
        ("findings", narrative.findings),
        ("costs", narrative.costs),
    )
    for where, rows in tables:
        for row in rows:
            if row.reference:
                yield where, row.reference, row.id


def _letter(index: int) -> str:
    """0 is "a", 25 is "z", 26 is "aa"."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def _wants_space(before: str) -> bool:
    if not before or before[-1] in " \u00a0(（[“«" or (before[-1] == ">" and not _INLINE_END.search(before)):
        return False
    return not "\u3000" <= before[-1] <= "\u9fff"


def _link(number: int, anchor: str) -> str:
    identity = f' id="{anchor}"' if anchor else ""
    return f'<a href="#ref-{number}"{identity}>{number}</a>'


def _links_of(number: int, anchors: Sequence[str]) -> str:
    first, *others = anchors
    return "".join(_anchor(anchor) for anchor in others) + _link(number, first)


def _anchor(anchor: str) -> str:
    return f'<span id="{anchor}"></span>' if anchor else ""


def _missing() -> str:
    return f'<strong class="cite-missing">{escape(gettext("reference missing"))}</strong>'
