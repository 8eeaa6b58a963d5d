"""What an import did, or in a preview would do: as text for a screen and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .export import Export
from .findings import Finding
from .plan import ACTIONS, Action, Step, counted
from .table import Table

SHOWN = 20
"""How many lines of a kind the screen shows; the JSON has all."""

HEADINGS: dict[Action, str] = {
    "changed": "Changed",
    "moved": "Moved to other sections",
    "removed": "Removed",
    "conflict": "Left alone, because a decision says otherwise; a person has to look",
}


@dataclass(frozen=True)
class Missing:
    """A recommendation that is listed in the record and that the file does not name. Nothing is done about it."""

    number: int
    medicine: str
    indication: str


@dataclass(frozen=True)
class Report:
    """``written`` is ``False`` for a preview, and where rows were refused: then nothing at all is written."""

    table: Table
    edition: int
    export: Export
    steps: Sequence[Step]
    missing: Sequence[Missing]
    notes: Sequence[Finding]
    entries: int
    written: bool

    @property
    def refused(self) -> Sequence[Finding]:
        return self.export.refused

    def counts(self) -> dict[str, int]:
        """The figures of the report by name."""
        facts = [entry.facts for entry in self.export.entries]
        listed = [entry.facts for entry in self.export.entries if entry.is_listed]
        current = [sum(placement.is_listed for placement in each.placements) for each in facts]
        return {
            "rows": len(self.table.rows),
            "recommendations": len(facts),
            "medicines": len({each.medicine.casefold() for each in facts}),
            "listed recommendations": len(listed),
            "listed medicines": len({each.medicine.casefold() for each in listed}),
            "in several sections at once": sum(count > 1 for count in current),
            **{str(action): count for action, count in counted(self.steps).items()},
            "missing": len(self.missing),
            "rows merged": self.export.merged,
            "rows repeated": sum(len(rows) - 1 for rows in self.export.duplicates),
            "rows refused": len({row for finding in self.export.refused for row in finding.rows}),
            "warnings": len(self.warnings),
            "edition entries": self.entries,
        }

    @property
    def warnings(self) -> list[Finding]:
        return [*self.notes, *self.export.warnings]

    @property
    def strengths_parsed(self) -> float:
        """The share of strengths that the grammar reads, in per cent; a line that it cannot read counts as one."""
        return 100 * self.export.parsed / self.export.strengths if self.export.strengths else 100.0

    def to_dict(self) -> dict[str, Any]:
        """The whole report as plain JSON values."""
        return {
            "file": self.table.name,
            "sha256": self.table.sha256,
            "form": self.table.form,
            "edition": self.edition,
            "written": self.written,
            "counts": self.counts(),
            "strengths": {"found": self.export.strengths, "parsed": self.export.parsed},
            "recommendations": {
                action: [_step(step) for step in self.steps if step.action == action]
                for action in ACTIONS
                if action != "unchanged"
            },
            "missing": [vars(each) for each in self.missing],
            "repeated": [list(rows) for rows in self.export.duplicates],
            "refused": [finding.to_dict() for finding in self.export.refused],
            "warnings": [finding.to_dict() for finding in self.warnings],
        }

    def lines(self) -> Iterator[str]:
        """The report for a screen, a line at a time."""
        yield f"{self.table.name}: {self.table.form}, SHA-256 {self.table.sha256}"
        for name, count in self.counts().items():
            yield f"{count:>7,}  {name}"
        yield f"{self.strengths_parsed:>6.1f}%  of {self.export.strengths:,} strengths read"
        for action, heading in HEADINGS.items():
            steps = [step for step in self.steps if step.action == action]
            yield from _some(heading, [_words(step) for step in steps])
        yield from _some(
            "Listed in the record and not in the file; left as they are",
            [f"{each.number}  {each.medicine} / {each.indication}" for each in self.missing],
        )
        yield from _some("Refused", [str(finding) for finding in self.export.refused], every=True)
        yield from _some("Warnings", [str(finding) for finding in self.warnings], every=True)


def _some(heading: str, lines: Sequence[str], *, every: bool = False) -> Iterator[str]:
    if not lines:
        return
    yield ""
    yield f"{heading} ({len(lines)})"
    shown = len(lines) if every else SHOWN
    for line in lines[:shown]:
        yield f"  {line}"
    if len(lines) > shown:
        yield f"  and {len(lines) - shown} more: --report writes them all"


def _words(step: Step) -> str:
    facts = step.facts
    partners = f" with {' + '.join(facts.partners)}" if facts.partners else ""
    return f"{step.number}  {facts.medicine} / {facts.indication}{partners}: {', '.join(step.fields)}"


def _step(step: Step) -> dict[str, Any]:
    return {
        "number": step.number,
        "medicine": step.facts.medicine,
        "indication": step.facts.indication,
        "partners": list(step.facts.partners),
        "rows": list(step.entry.rows),
        "fields": list(step.fields),
    }
