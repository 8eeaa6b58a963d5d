"""The official export: one row a placement of a recommendation, merged into one entry a recommendation.

Rows belong together by medicine, indication and partners, blanks and case folded, under whichever name the medicine
has had. The order of rows never matters. What the export does not state (core or complementary, EMLc, age, sex,
patents, type) stays not stated.

A file may be larger than what the schema's objects of it would leave of the memory: rows are kept as plain texts, and
entries are made of them one after the other.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal, NamedTuple, TypeVar

from medicines.content.checks import LONGEST_CODE, unkeepable
from medicines.content.formulations import parse_cell
from medicines.content.identity import identity, too_long
from medicines.content.schema import Facts, Formulation, Placement
from medicines.content.strengths import parse_strength
from medicines.sorting import folded, sort_key

from .findings import Finding
from .names import Identity, Names, Used
from .own_export import FACTS, NEVER, facts_of_cell, whole_facts
from .sections import Doubt, SectionIndex, words_key
from .table import Row

COLUMNS = ("Medicine name", "EML section", "Formulations", "Indication", "ATC codes", "Combined with", "Status")

STATUSES: dict[str, Literal["listed", "removed"]] = {"added": "listed", "removed": "removed"}

_T = TypeVar("_T", str, tuple[str, ...])

_ATC = re.compile(r"[A-Z]\d\d(?:[A-Z](?:[A-Z](?:\d\d)?)?)?")


@dataclass(frozen=True)
class Entry:
    """What the export says of one recommendation, and the numbers of the rows that say it.

    ``key`` has the name by which the medicine goes now; ``goes_by_it`` says whether the facts name it so. ``whole``:
    the file states all facts, as a workbook of our own does, not only those of which the official export has columns.
    """

    facts: Facts
    rows: tuple[int, ...]
    key: Identity
    goes_by_it: bool = True
    whole: bool = False

    @property
    def is_listed(self) -> bool:
        return any(placement.is_listed for placement in self.facts.placements)


class _Line(NamedTuple):
    """One row, read. The first fields are what rows are sorted and put together by."""

    order: str
    key: Identity
    number: int
    medicine: str
    indication: str
    partners: str
    atc: tuple[str, ...]
    section: str
    formulations: str
    status: Literal["listed", "removed", "never"]
    whole: str
    """The cell with all facts, where there is one and it counts."""


@dataclass
class Export:
    """The rows of a file, and what is to be said of them.

    The figures of ``merged``, ``duplicates``, ``strengths``, ``parsed`` and ``counts`` are of the entries that have
    been made so far. ``merged``: rows that say nothing that another row of their recommendation and section does not
    say. ``strengths`` and ``parsed``: how many strengths the file has, and how many the grammar reads.
    """

    sections: SectionIndex
    names: Names
    rows: int = 0
    refused: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    duplicates: list[tuple[int, ...]] = field(default_factory=list)
    merged: int = 0
    strengths: int = 0
    parsed: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    _lines: list[_Line] = field(default_factory=list)

    def entries(self) -> Iterator[Entry]:
        """One entry for each recommendation, in the order of the names of medicines."""
        for _key, of_medicine in groupby(self._lines, lambda line: line.key[0]):
            listed = False
            for _key, lines in groupby(of_medicine, lambda line: line.key):
                entry = _entry(list(lines), self)
                listed = listed or entry.is_listed
                self._count(entry)
                yield entry
            self.counts["medicines"] += 1
            self.counts["listed medicines"] += listed

    def identities(self) -> set[Identity]:
        """What the file names."""
        return {line.key for line in self._lines}

    def medicines(self) -> set[str]:
        """The medicines that the file names, by the names that they go by."""
        return {line.key[0] for line in self._lines}

    def written(self) -> set[str]:
        """The medicines that the file names, by the names that it writes, folded."""
        return {folded(name) for name in {line.medicine for line in self._lines}}

    def used(self, written: set[str]) -> list[Used]:
        """What the file says of the medicines that it writes so."""
        lines: dict[str, list[_Line]] = defaultdict(list)
        for line in self._lines:
            if (name := folded(line.medicine)) in written:
                lines[name].append(line)
        return [
            Used(
                _usual(line.medicine for line in group),
                frozenset(line.key[1] for line in group),
                frozenset(code for line in group for code in line.atc),
            )
            for group in lines.values()
        ]

    def _count(self, entry: Entry) -> None:
        self.counts["recommendations"] += 1
        self.counts["listed recommendations"] += entry.is_listed
        self.counts["in several sections at once"] += sum(p.is_listed for p in entry.facts.placements) > 1


def read_export(rows: Iterable[Row], *, lossy: bool, sections: SectionIndex, names: Names | None = None) -> Export:
    """Read the rows of the export. Rows that cannot be kept are in ``refused``, with the field and the reason."""
    export = Export(sections=sections, names=names or Names())
    titles: dict[str, list[int]] = defaultdict(list)
    shared: dict[str, str] = {}  # Names repeat: each is in memory once.
    for row in rows:
        export.rows += 1
        export.warnings.extend(_doubts(row, lossy=lossy))
        line = _line(row, export, shared)
        if line:
            export._lines.append(line)
            if line.section and not line.whole:
                titles[line.section].append(line.number)
    export._lines.sort()
    export.refused.extend(_disagreeing(export._lines))
    export.warnings.extend(_section_findings(titles, export))
    export.warnings.sort()
    return export


def _line(row: Row, export: Export, shared: dict[str, str]) -> _Line | None:
    cells = {column: " ".join(row.cells[column].split()) for column in COLUMNS}
    status: Literal["listed", "removed", "never"] | None = STATUSES.get(cells["Status"].casefold())
    whole = _whole(row, export)
    if whole and cells["Status"].casefold() in NEVER:
        status = "never"
    refusals = [
        Finding.of((row.number,), column, "empty") for column in ("Medicine name", "Indication") if not cells[column]
    ]
    if status is None:
        refusals.append(_unknown_status(row.number, cells["Status"]))
    codes = tuple(filter(None, re.split(r"[,;\s]+", cells["ATC codes"])))
    for code in codes:
        if len(code) > LONGEST_CODE["atc"]:
            refusals.append(Finding.of((row.number,), "ATC codes", "code_too_long", code=code))
        elif not _ATC.fullmatch(code):
            export.warnings.append(Finding.of((row.number,), "ATC codes", "code_form_kept", code=code))
    facts = Facts(
        medicine=cells["Medicine name"],
        indication=cells["Indication"],
        partners=tuple(filter(None, [cells["Combined with"]])),
    )
    names = {"medicine": "Medicine name", "indication": "Indication", "partners": "Combined with"}
    refusals += [Finding.of((row.number,), names[name], "too_long") for name in too_long(facts)]
    if not cells["EML section"] and not whole:
        export.warnings.append(Finding.of((row.number,), "EML section", "section_empty"))
    if refusals or status is None:
        export.refused.extend(refusals)
        return None
    medicine, indication, partners = identity(facts)
    medicine = export.names.key(medicine)

    def once(text: str) -> str:
        return shared.setdefault(text, text)

    return _Line(
        order=once(sort_key(medicine)),
        key=(once(medicine), once(indication), once(partners)),
        number=row.number,
        medicine=once(facts.medicine),
        indication=once(facts.indication),
        partners=once(cells["Combined with"]),
        atc=tuple(once(code) for code in codes),
        section=once(cells["EML section"]),
        formulations=once(row.cells["Formulations"].strip()),
        status=status,
        whole=once(whole),
    )


def _unknown_status(row: int, status: str) -> Finding:
    if status:
        return Finding.of((row,), "Status", "status_unknown", status=status)
    return Finding.of((row,), "Status", "status_empty")


def _whole(row: Row, export: Export) -> str:
    """The cell with all facts, "" where there is none or somebody changed what stands beside it."""
    cell = row.cells.get(FACTS, "")
    if not cell:
        return ""
    facts = whole_facts([row.cells[column] for column in COLUMNS], cell)
    if facts is None:
        export.warnings.append(Finding.of((row.number,), FACTS, "facts_beside_columns"))
        return ""
    export.refused += [
        Finding.of((row.number,), FACTS, "facts_unkeepable", where=problem.where) for problem in unkeepable(facts)
    ]
    return cell


def _doubts(row: Row, *, lossy: bool) -> Iterable[Finding]:
    """Characters that were lost before the file came here, as far as it can be seen."""
    for column in COLUMNS:
        if "\ufffd" in row.cells[column] or (lossy and "?" in row.cells[column]):
            yield Finding.of((row.number,), column, "lost_character")


def _entry(group: Sequence[_Line], export: Export) -> Entry:
    """One recommendation from its rows. Names are as most rows write them, those of now before those of earlier."""
    if whole := _whole_entry(group, export):
        return whole
    group = [line for line in group if line.status != "never"]  # Somebody has put a row beside them.
    if len(group) > 1:
        export.duplicates += _repeated(group)
    by_section: dict[str, list[_Line]] = defaultdict(list)
    for line in group:
        by_section[words_key(line.section)].append(line)
    export.merged += len(group) - len(by_section)
    placements = tuple(_placement(by_section[key], export) for key in sorted(by_section))
    names = export.names
    current = [line.medicine for line in group if not names.former or not names.is_former(folded(line.medicine))]
    facts = Facts(
        medicine=_usual(current or [line.medicine for line in group]),
        indication=_usual(line.indication for line in group),
        partners=tuple(filter(None, [_usual(line.partners for line in group)])),
        atc=tuple(sorted({code for line in group for code in line.atc})),
        placements=placements,
    )
    return Entry(facts, tuple(line.number for line in group), group[0].key, bool(current))


def _disagreeing(lines: Iterable[_Line]) -> Iterable[Finding]:
    """Recommendations of which rows bring different facts along, as those of two files do that were put together."""
    for _key, group in groupby(lines, lambda line: line.key):
        rows = [line for line in group if line.whole]
        if len({line.whole for line in rows}) > 1:
            yield Finding.of(sorted(line.number for line in rows), FACTS, "facts_disagree")


def _whole_entry(group: Sequence[_Line], export: Export) -> Entry | None:
    """The entry of rows that all bring the same facts along; ``None`` where they do not."""
    first = group[0]
    if not first.whole or any(line.whole != first.whole for line in group):
        return None
    facts = facts_of_cell(first.whole)
    assert facts is not None, "It was read once already."
    for placement in facts.placements:
        _count_strengths(placement.formulations, export)
    current = not export.names.is_former(folded(facts.medicine))
    return Entry(facts, tuple(line.number for line in group), first.key, current, whole=True)


def _repeated(group: Sequence[_Line]) -> list[tuple[int, ...]]:
    """The numbers of rows that say the same word for word."""
    numbers: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for line in group:
        numbers[line[3:]].append(line.number)
    return [tuple(same) for same in numbers.values() if len(same) > 1]


def _placement(lines: Sequence[_Line], export: Export) -> Placement:
    """One section. Where rows say both Added and Removed, Added holds, with the formulations of its rows."""
    status: Literal["listed", "removed"] = "listed" if any(line.status == "listed" for line in lines) else "removed"
    holding = [line for line in lines if line.status == status]
    formulations = _merged({line.formulations for line in holding})
    _count_strengths(formulations, export)
    title = _usual(line.section for line in lines)
    return Placement(
        section=export.sections.find(title).path if title else None,
        unnamed_list=status,
        formulations=formulations,
    )


def _count_strengths(formulations: Iterable[Formulation], export: Export) -> None:
    for formulation in formulations:
        export.strengths += len(formulation.strengths) or 1
        export.parsed += sum(parse_strength(strength) is not None for strength in formulation.strengths)


def _merged(cells: set[str]) -> tuple[Formulation, ...]:
    """The formulations of several cells without repeats: those of the fullest cell first, in its order."""
    found: dict[tuple[str, ...], Formulation] = {}
    for cell in sorted(cells, key=lambda cell: (-len(cell), cell)):
        for formulation in parse_cell(cell):
            found.setdefault(tuple(formulation.original.split()), formulation)
    return tuple(found.values())


def _section_findings(titles: dict[str, list[int]], export: Export) -> Iterable[Finding]:
    """What is to be said of titles that mean no section, or more than one: once for each title, with its rows."""
    if export.sections.is_empty:
        yield Finding.of((), "EML section", "no_sections")
        return
    for title, numbers in titles.items():
        doubt = export.sections.doubt(title, rows=numbers)
        if doubt is None:
            continue
        export.doubts.append(doubt)
        if doubt.chosen is None and doubt.numbers:
            yield Finding.of(doubt.rows, "EML section", "section_ambiguous", title=title, numbers=doubt.numbers)
        elif doubt.chosen is None:
            yield Finding.of(doubt.rows, "EML section", "section_unknown", title=title)


def _usual(values: Iterable[_T]) -> _T:
    """The value that most rows have; of several, the least, whatever the order of the rows."""
    counted = Counter(values)
    if len(counted) == 1:
        return next(iter(counted))
    return min(counted, key=lambda value: (-counted[value], value))
