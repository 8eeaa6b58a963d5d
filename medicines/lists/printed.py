"""The printed list as somebody has parsed it: names by section, core or complementary, square boxes, choices.

It enriches what the export of the same edition says and is never the list of medicines: the remains of parsing stand
among its names. What is taken, and what is not:

- The list type is taken for the placement that stands in the entry's section: by the number of the section; by its
  title, where the record has no number for it; or where the entry's section is one of those above.
- The mark for children is not read. It limits a form or an age in print, and is not membership of the EMLc.
- A square box makes the medicine a representative one, with the alternatives that can be read. A class is taken for a
  single medicine alone: of a combination it stands for one ingredient. Where a medicine stands in sections that the
  file has no entry for, nobody knows whose box it is: a person may say in which of them it stands, and else it is not
  taken. No box is not "this medicine only".
- A choice is taken where the entry names the indication as the record does. First and second at once is neither.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from django.utils.translation import gettext as _

from medicines.content.schema import Alternatives, Facts, Placement
from medicines.sorting import folded, sort_key

from .findings import Finding
from .names import alike
from .sections import title_key
from .table import Origin, TableUnreadable, origin_of

LIST_TYPES: dict[str, Literal["core", "complementary"]] = {"core": "core", "complementary": "complementary"}
CHOICES: dict[str, Literal["first", "second"]] = {"first": "first", "second": "second"}

LARGEST = 50 * 1024 * 1024
"""In bytes; a printed list takes a fifth of a megabyte."""

_SECTION = re.compile(r"(?P<number>\d+(?:\.\d+)*)\.?\s+(?P<title>\S.*)")
_CLASS = re.compile(r"4th level ATC chemical subgroup\s*\((?P<code>[A-Z]\d\d[A-Z]{2})\b", re.IGNORECASE)
_ANY_CLASS = re.compile(r"\bATC\b|\bsubgroup\b", re.IGNORECASE)
_MARKS = re.compile(r"\*+|\[[a-z]\]", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*\([^()]*(?:\([^()]*\)[^()]*)*\)")


@dataclass(frozen=True)
class PrintedEntry:
    """One name in one section. ``row`` counts the entries of the file from 1; ``alternatives`` are as they stand there.

    ``choices``: the words of an indication, with "first", "second" or something that is neither.
    """

    row: int
    name: str
    number: str
    title: str
    list_type: Literal["core", "complementary"]
    is_representative: bool = False
    alternatives: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        return folded(self.name)

    @property
    def section(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def place(self) -> str:
        """What tells it from other entries, whatever their order in the file."""
        return f"{self.number} {self.key}"


@dataclass
class PrintedList:
    origin: Origin
    entries: list[PrintedEntry] = field(default_factory=list)
    refused: list[Finding] = field(default_factory=list)


def read_printed(path: Path) -> PrintedList:
    """Read the file, JSON with a list of ``entries``. Raises ``TableUnreadable``."""
    found = PrintedList(origin_of(path, form="JSON"))
    for row, given in enumerate(_entries(path), 1):
        entry = _entry(row, given if isinstance(given, dict) else {}, found.refused)
        if entry:
            found.entries.append(entry)
    rows: dict[tuple[str, str], list[int]] = defaultdict(list)
    for entry in found.entries:
        rows[entry.key, entry.number].append(entry.row)
    for (_key, number), same in rows.items():
        if len(same) > 1:
            found.refused.append(Finding.of(same, "name", "name_repeated", number=number))
    return found


def _entries(path: Path) -> list[Any]:
    if path.stat().st_size > LARGEST:
        raise TableUnreadable(_("The file is too large to be a printed list."))
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise TableUnreadable(
            _("The file cannot be read as JSON. Take a file of JSON with a list of “entries”.")
        ) from error
    entries = data.get("entries") if isinstance(data, dict) else None
    if not isinstance(entries, list):
        raise TableUnreadable(_("The file has no list of entries. Take a file of JSON with a list of “entries”."))
    return entries


def _entry(row: int, given: Mapping[str, Any], refused: list[Finding]) -> PrintedEntry | None:
    name, section = (_words(given.get(each)) for each in ("name", "section"))
    place = _SECTION.fullmatch(section)
    list_type = LIST_TYPES.get(_words(given.get("list")).casefold())
    findings = []
    if not name:
        findings.append(Finding.of((row,), "name", "empty"))
    if place is None:
        findings.append(Finding.of((row,), "section", "section_form", section=section))
    if list_type is None:
        findings.append(Finding.of((row,), "list", "list_unknown"))
    refused += findings
    if findings or place is None or list_type is None:
        return None
    choices = [each for each in _list(given.get("indications")) if isinstance(each, dict)]
    return PrintedEntry(
        row,
        name,
        place["number"],
        place["title"],
        list_type,
        given.get("square_box") is True,
        tuple(filter(None, (_words(each) for each in _list(given.get("therapeutic_alternatives"))))),
        tuple((_words(each.get("text")), _words(each.get("choice")).casefold()) for each in choices),
    )


def _words(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def read_alternatives(entry: PrintedEntry) -> tuple[Alternatives, list[str]]:
    """What the square box of an entry stands for, and the words of it that cannot be taken.

    Names lose their marks; what stands in brackets after a name is kept as a limit.
    """
    classes: dict[str, str] = {}
    names: list[str] = []
    limits: list[str] = []
    unread: list[str] = []
    for words in entry.alternatives:
        whole = " ".join(_MARKS.sub(" ", words).split())
        name = " ".join(_BRACKETS.sub("", whole).split())
        if found := _CLASS.match(whole):
            classes[found["code"].upper()] = words
        elif _ANY_CLASS.search(whole) or not name or "(" in name or ")" in name:
            unread.append(words)
        else:
            names.append(name)
            limits += [whole] if whole != name else []
    if len(classes) == 1 and not names and " + " not in entry.name:
        return Alternatives(kind="atc_class", atc=next(iter(classes))), unread
    unread += classes.values()
    return Alternatives(kind="named", medicines=tuple(dict.fromkeys(names)), limits="; ".join(limits)), unread


How = Literal["number", "title", "above"]
HOWS: tuple[How, ...] = get_args(How)
"""How an entry's section was found to be that of a placement, the surest first."""

Action = Literal["changed", "unchanged", "conflict"]


@dataclass(frozen=True)
class Entered:
    """A recommendation of the edition as it held on its day. ``decided``: a decision or a correction is behind it."""

    number: int
    key: str
    facts: Facts
    decided: bool = False


@dataclass(frozen=True)
class Enrichment:
    """What happens to one recommendation. ``facts`` hold afterwards, ``fields`` are those that are new or contested."""

    action: Action
    entered: Entered
    facts: Facts
    fields: tuple[str, ...]
    rows: tuple[int, ...]

    @property
    def writes(self) -> bool:
        return self.action == "changed"

    @property
    def is_representative(self) -> bool:
        return self.facts.alternatives is not None and self.facts.alternatives.kind != "specific"


@dataclass(frozen=True)
class Box:
    """What the square box of an entry stands for.

    ``sections``: those in which it stands by the word of a person; ``None`` where that of the entry is the only one.
    """

    row: int
    alternatives: Alternatives
    sections: frozenset[str] | None = None

    def is_of(self, facts: Facts, *, entries: Collection[int]) -> bool:
        """Whether it is the box of a recommendation to which these entries (rows) belong."""
        if self.sections is None:
            return self.row in entries
        return any(placement.is_listed and _where(placement) in self.sections for placement in facts.placements)


@dataclass(frozen=True)
class BoxDoubt:
    """A box of which nobody knows in which of the ``sections`` of the medicine it stands.

    ``chosen``: what a person has said for this import.
    """

    entry: PrintedEntry
    sections: tuple[str, ...]
    chosen: tuple[str, ...] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "place": self.entry.place,
            "row": self.entry.row,
            "medicine": self.entry.name,
            "section": self.entry.section,
            "alternatives": list(self.entry.alternatives),
            "sections": list(self.sections),
            "chosen": None if self.chosen is None else list(self.chosen),
        }


@dataclass(frozen=True)
class NameDoubt:
    """A name that no medicine of the edition has, and those of the edition that may be meant.

    ``chosen``: what a person has said for this import, "" for none of them.
    """

    name: str
    sections: tuple[str, ...]
    offered: tuple[str, ...]
    chosen: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "name": self.name,
            "sections": list(self.sections),
            "offered": list(self.offered),
            "chosen": self.chosen,
        }


def doubtful_names(
    entries: Iterable[PrintedEntry], *, among: Mapping[str, str], chosen: Mapping[str, str]
) -> list[NameDoubt]:
    """Names of entries that no medicine of the edition has, where one may be meant. ``among``: the names of the
    edition by folded name; ``chosen``: folded names of entries, and what a person has said.
    """
    sections: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        if entry.key not in among:
            sections[entry.name].append(entry.section)
    likely = alike(sections, among.values())
    return [
        NameDoubt(name, tuple(sections[name]), likely[name], chosen.get(folded(name)))
        for name in sorted(likely, key=sort_key)
    ]


@dataclass
class PrintedPlan:
    """What the printed list would do. ``sections``: how entries were matched to sections, by row.

    ``no_name``: entries whose name no medicine of the edition has; ``elsewhere``: those whose medicine is listed in
    other sections, with their numbers; ``doubts``: boxes of which a person may say where they stand; ``findings``:
    boxes and choices that are not taken, or want a look.
    """

    steps: list[Enrichment] = field(default_factory=list)
    named: list[PrintedEntry] = field(default_factory=list)
    no_name: list[PrintedEntry] = field(default_factory=list)
    elsewhere: list[tuple[PrintedEntry, tuple[str, ...]]] = field(default_factory=list)
    sections: dict[int, How] = field(default_factory=dict)
    doubts: list[BoxDoubt] = field(default_factory=list)
    choices: int = 0
    findings: list[Finding] = field(default_factory=list)


def plan_printed(
    entries: Iterable[PrintedEntry],
    *,
    entered: Iterable[Entered],
    settled: Mapping[str, Sequence[str]] | None = None,
    names: Mapping[str, str] | None = None,
) -> PrintedPlan:
    """One step for every recommendation that stands in the section of an entry with the name of its medicine, or in
    that of a box. ``settled``: the places of entries, and the sections in which their boxes stand. ``names``: folded
    names of entries, and those of the medicines that are meant.
    """
    plan = PrintedPlan()
    by_name: dict[str, list[PrintedEntry]] = defaultdict(list)
    of_medicine: dict[str, list[Entered]] = defaultdict(list)
    for entry in sorted(entries, key=lambda entry: entry.row):
        by_name[(names or {}).get(entry.key, entry.key)].append(entry)
    for each in sorted(entered, key=lambda each: each.number):
        of_medicine[each.key].append(each)
    for key, same in by_name.items():
        if key in of_medicine:
            plan.named += same
            _enrich(same, of_medicine[key], plan, settled or {})
        else:
            plan.no_name += same
    plan.findings.sort()
    return plan


def _enrich(
    entries: Sequence[PrintedEntry],
    entered: Sequence[Entered],
    plan: PrintedPlan,
    settled: Mapping[str, Sequence[str]],
) -> None:
    """Everything that the file says of one medicine."""
    listed = [placement for each in entered for placement in each.facts.placements if placement.is_listed]
    for entry in entries:
        hows = {how for placement in listed if (how := _how(entry, placement))}
        if hows:
            plan.sections[entry.row] = min(hows, key=HOWS.index)
        else:
            plan.elsewhere.append((entry, tuple(sorted({_where(placement) for placement in listed}))))
    whole = all(any(_how(entry, placement) for entry in entries) for placement in listed)
    boxes = []
    for entry in entries:
        if entry.is_representative and (whole or _is_settled(entry, entered, listed, plan, settled)):
            boxes.append(_box(entry, None if whole else frozenset(settled[entry.place]), plan))
    taken: set[tuple[int, str]] = set()
    for each in entered:
        if step := _step(each, entries, boxes, taken):
            plan.steps.append(step)
    plan.choices += len(taken)
    plan.findings += [finding for entry in entries for finding in _choices_left(entry, taken)]


def _choices_left(entry: PrintedEntry, taken: Collection[tuple[int, str]]) -> Iterator[Finding]:
    left = [(words, choice) for words, choice in entry.choices if (entry.row, words) not in taken]
    if nowhere := tuple(words for words, choice in left if choice in CHOICES):
        yield Finding.of((entry.row,), "indications", "choice_without_use", name=entry.name, words=nowhere)
    if unclear := tuple(words for words, choice in left if choice not in CHOICES):
        yield Finding.of((entry.row,), "indications", "choice_unclear", name=entry.name, words=unclear)


def _is_settled(
    entry: PrintedEntry,
    entered: Iterable[Entered],
    listed: Iterable[Placement],
    plan: PrintedPlan,
    settled: Mapping[str, Sequence[str]],
) -> bool:
    """Whether a person has said where the box of the entry stands. Nobody is asked once its words are in the record."""
    alternatives, _unread = read_alternatives(entry)
    if any(each.facts.alternatives == alternatives for each in entered) and entry.place not in settled:
        return False
    sections = tuple(sorted({_where(placement) for placement in listed}, key=sort_key))
    chosen = settled.get(entry.place)
    plan.doubts.append(BoxDoubt(entry, sections, None if chosen is None else tuple(chosen)))
    if not chosen:
        plan.findings.append(Finding.of((entry.row,), "square_box", "box_not_taken", name=entry.name))
    return bool(chosen)


def _box(entry: PrintedEntry, sections: frozenset[str] | None, plan: PrintedPlan) -> Box:
    """What the box stands for; its words that cannot be taken, or want a look, are told."""
    alternatives, unread = read_alternatives(entry)
    row, column, name = (entry.row,), "therapeutic_alternatives", entry.name
    for words in unread:
        plan.findings.append(Finding.of(row, column, "alternative_not_taken", name=name, words=words))
    for words in entry.alternatives:
        if "*" in words:
            plan.findings.append(Finding.of(row, column, "footnote", name=name, words=words))
    return Box(entry.row, alternatives, sections)


def _step(
    entered: Entered,
    entries: Sequence[PrintedEntry],
    boxes: Sequence[Box],
    taken: set[tuple[int, str]],
) -> Enrichment | None:
    """What becomes of one recommendation, or ``None`` where no entry stands in a section of it."""
    facts = entered.facts
    matched = [(placement, _entry_of(placement, entries)) for placement in facts.placements]
    used = [entry for _placement, entry in matched if entry]
    boxed = [box for box in boxes if box.is_of(facts, entries={entry.row for entry in used})]
    if not used and not boxed:
        return None
    placements = tuple(_typed(placement, entry) for placement, entry in matched)
    stands_for = {box.alternatives for box in boxed}
    stated: dict[str, Any] = {"placements": placements}
    if len(stands_for) == 1 and (alternatives := next(iter(stands_for))) and _says_more(alternatives, facts):
        stated["alternatives"] = alternatives
    for entry in used:
        for words, choice in entry.choices:
            if folded(words) == folded(facts.indication) and choice in CHOICES:
                stated["choice"] = CHOICES[choice]
                taken.add((entry.row, words))
    fields = tuple(WORDS[name] for name, value in stated.items() if getattr(facts, name) != value)
    rows = tuple(sorted({entry.row for entry in used} | {box.row for box in boxed}))
    if not fields:
        return Enrichment("unchanged", entered, facts, (), rows)
    if entered.decided and (contested := tuple(WORDS[name] for name in stated if _contests(name, facts, stated))):
        return Enrichment("conflict", entered, facts, contested, rows)
    return Enrichment("changed", entered, facts.model_copy(update=stated), fields, rows)


WORDS = {"placements": "list type", "alternatives": "alternatives", "choice": "choice"}


def _contests(name: str, facts: Facts, stated: Mapping[str, Any]) -> bool:
    """Whether the facts state something that would be overwritten."""
    if name == "placements":
        pairs = zip(facts.placements, stated[name], strict=True)
        return any(before.eml is not None and before.eml != now.eml for before, now in pairs)
    return getattr(facts, name) not in (None, stated[name])


def _says_more(alternatives: Alternatives, facts: Facts) -> bool:
    """A box without anything that can be read says no more than facts that name alternatives already."""
    known = facts.alternatives
    return known is None or known.kind == "specific" or bool(alternatives.medicines or alternatives.atc)


def _typed(placement: Placement, entry: PrintedEntry | None) -> Placement:
    """The placement with the list type that the entry states, which says all that "listed" on some list said."""
    if entry is None:
        return placement
    return placement.model_copy(update={"eml": entry.list_type, "unnamed_list": None})


def _entry_of(placement: Placement, entries: Sequence[PrintedEntry]) -> PrintedEntry | None:
    """The entry whose section the placement stands in: by the surest match, of those above by the nearest."""
    found = [(HOWS.index(how), -len(entry.number), entry) for entry in entries if (how := _how(entry, placement))]
    return min(found, key=lambda each: each[:2])[2] if placement.is_listed and found else None


def _how(entry: PrintedEntry, placement: Placement) -> How | None:
    section = placement.section
    if section is None:
        return None
    if section.leaf.number:
        if section.leaf.number == entry.number:
            return "number"
        return "above" if entry.number in {step.number for step in section.steps} else None
    return "title" if title_key(section.leaf.title) == title_key(entry.title) else None


def _where(placement: Placement) -> str:
    if placement.section is None:
        return "no section"
    leaf = placement.section.leaf
    return f"{leaf.number} {leaf.title}".strip()
