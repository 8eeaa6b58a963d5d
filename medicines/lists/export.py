"""The official export: one row a placement of a recommendation, merged into one entry a recommendation.

Rows belong together by medicine, indication and partners, blanks and case folded. The order of rows never matters.
What the export does not state (core or complementary, EMLc, age, sex, patents, type) stays not stated.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from medicines.content.checks import LONGEST_CODE
from medicines.content.formulations import parse_cell
from medicines.content.identity import identity, too_long
from medicines.content.schema import Facts, Formulation, Placement
from medicines.content.strengths import parse_strength
from medicines.sorting import sort_key

from .findings import Finding
from .sections import SectionIndex, title_key
from .table import Row, Table

COLUMNS = ("Medicine name", "EML section", "Formulations", "Indication", "ATC codes", "Combined with", "Status")

STATUSES: dict[str, Literal["listed", "removed"]] = {"added": "listed", "removed": "removed"}

_T = TypeVar("_T", str, tuple[str, ...])

_ATC = re.compile(r"[A-Z]\d\d(?:[A-Z](?:[A-Z](?:\d\d)?)?)?")


@dataclass(frozen=True)
class Entry:
    """What the export says of one recommendation, and the numbers of the rows that say it."""

    facts: Facts
    rows: tuple[int, ...]

    @property
    def is_listed(self) -> bool:
        return any(placement.is_listed for placement in self.facts.placements)


@dataclass
class Export:
    """The entries of a file in the order of their names, and what is to be said of its rows.

    ``merged``: rows that say nothing that another row of their recommendation and section does not say.
    ``strengths`` and ``parsed``: how many strengths the file has, and how many the grammar reads.
    """

    entries: list[Entry] = field(default_factory=list)
    refused: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    duplicates: list[tuple[int, ...]] = field(default_factory=list)
    merged: int = 0
    strengths: int = 0
    parsed: int = 0


@dataclass(frozen=True)
class _Line:
    """One row, read."""

    number: int
    facts: Facts
    section: str
    formulations: str
    status: Literal["listed", "removed"]


def read_export(table: Table, *, sections: SectionIndex) -> Export:
    """Merge the rows of the export. Rows that cannot be kept are in ``refused``, with the field and the reason."""
    export = Export()
    lines: dict[tuple[str, str, str], list[_Line]] = defaultdict(list)
    for row in table.rows:
        export.warnings.extend(_doubts(row, lossy=table.lossy))
        line = _line(row, export)
        if line:
            lines[identity(line.facts)].append(line)
    for group in lines.values():
        export.entries.append(_entry(group, export, sections))
    export.entries.sort(key=lambda entry: (sort_key(entry.facts.medicine), *identity(entry.facts)))
    export.warnings.extend(_section_findings(lines.values(), sections))
    export.warnings.sort()
    return export


def _line(row: Row, export: Export) -> _Line | None:
    cells = {column: " ".join(row.cells[column].split()) for column in COLUMNS}
    status = STATUSES.get(cells["Status"].casefold())
    refusals = [
        Finding((row.number,), column, "is empty. Every row needs it.")
        for column in ("Medicine name", "Indication")
        if not cells[column]
    ]
    if status is None:
        words = (
            f"“{cells['Status']}” is neither Added nor Removed." if cells["Status"] else "is empty: Added or Removed."
        )
        refusals.append(Finding((row.number,), "Status", words))
    codes = tuple(filter(None, re.split(r"[,;\s]+", cells["ATC codes"])))
    for code in codes:
        if len(code) > LONGEST_CODE["atc"]:
            refusals.append(Finding((row.number,), "ATC codes", f"“{code}” is too long for a code."))
        elif not _ATC.fullmatch(code):
            export.warnings.append(
                Finding((row.number,), "ATC codes", f"“{code}” has not the form of a code. It is kept.")
            )
    facts = Facts(
        medicine=cells["Medicine name"],
        indication=cells["Indication"],
        partners=tuple(filter(None, [cells["Combined with"]])),
        atc=codes,
    )
    names = {"medicine": "Medicine name", "indication": "Indication", "partners": "Combined with"}
    refusals += [Finding((row.number,), names[name], "is too long for the record.") for name in too_long(facts)]
    if not cells["EML section"]:
        export.warnings.append(Finding((row.number,), "EML section", "is empty. The section is not stated."))
    if refusals or status is None:
        export.refused.extend(refusals)
        return None
    return _Line(row.number, facts, cells["EML section"], row.cells["Formulations"].strip(), status)


def _doubts(row: Row, *, lossy: bool) -> Iterable[Finding]:
    """Characters that were lost before the file came here, as far as it can be seen."""
    for column in COLUMNS:
        if "\ufffd" in row.cells[column] or (lossy and "?" in row.cells[column]):
            words = "a question mark may stand for a character that the file has lost, such as ≈ or ≥. Look at it."
            yield Finding((row.number,), column, words)


def _entry(group: list[_Line], export: Export, sections: SectionIndex) -> Entry:
    """One recommendation from its rows. Names are as most rows write them."""
    says = Counter((line.facts, line.section, line.formulations, line.status) for line in group)
    for said, count in says.items():
        if count > 1:
            same = [line for line in group if (line.facts, line.section, line.formulations, line.status) == said]
            export.duplicates.append(tuple(sorted(line.number for line in same)))
    by_section: dict[str, list[_Line]] = defaultdict(list)
    for line in group:
        by_section[" > ".join(title_key(step) for step in line.section.split(">"))].append(line)
    export.merged += len(group) - len(by_section)
    placements = tuple(_placement(by_section[key], export, sections) for key in sorted(by_section))
    codes = {code for line in group for code in line.facts.atc}
    facts = Facts(
        medicine=_usual(line.facts.medicine for line in group),
        indication=_usual(line.facts.indication for line in group),
        partners=_usual(line.facts.partners for line in group),
        atc=tuple(sorted(codes)),
        placements=placements,
    )
    return Entry(facts, tuple(sorted(line.number for line in group)))


def _placement(lines: list[_Line], export: Export, sections: SectionIndex) -> Placement:
    """One section. Where rows say both Added and Removed, Added holds, with the formulations of its rows."""
    status: Literal["listed", "removed"] = "listed" if any(line.status == "listed" for line in lines) else "removed"
    holding = [line for line in lines if line.status == status]
    formulations = _merged({line.formulations for line in holding})
    for formulation in formulations:
        export.strengths += len(formulation.strengths) or 1
        export.parsed += sum(parse_strength(strength) is not None for strength in formulation.strengths)
    title = _usual(line.section for line in lines)
    return Placement(
        section=sections.find(title).path if title else None,
        unnamed_list=status,
        formulations=formulations,
    )


def _merged(cells: set[str]) -> tuple[Formulation, ...]:
    """The formulations of several cells without repeats: those of the fullest cell first, in its order."""
    found: dict[tuple[str, ...], Formulation] = {}
    for cell in sorted(cells, key=lambda cell: (-len(cell), cell)):
        for formulation in parse_cell(cell):
            found.setdefault(tuple(formulation.original.split()), formulation)
    return tuple(found.values())


def _section_findings(groups: Iterable[Sequence[_Line]], sections: SectionIndex) -> Iterable[Finding]:
    """What is to be said of titles that mean no section, or more than one: once for each title, with its rows."""
    rows: dict[str, list[int]] = defaultdict(list)
    for group in groups:
        for line in group:
            if line.section:
                rows[line.section].append(line.number)
    if sections.is_empty:
        yield Finding((), "EML section", "The edition has no sections yet, so none has a number: import them first.")
        return
    for title, numbers in rows.items():
        found = sections.find(title)
        if found.how == "unmatched":
            words = f"“{title}” is no section of the edition. The title is kept without a number."
        elif found.how == "ambiguous":
            words = f"“{title}” may be {' or '.join(found.numbers)}. The title is kept without a number."
        else:
            continue
        yield Finding(tuple(sorted(numbers)), "EML section", words)


def _usual(values: Iterable[_T]) -> _T:
    """The value that most rows have; of several, the least, whatever the order of the rows."""
    counted = Counter(values)
    return min(counted, key=lambda value: (-counted[value], value))
