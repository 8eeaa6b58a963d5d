"""What the import of a list did, or in a preview would do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .base_report import BaseReport, Told
from .export import Export
from .findings import Finding
from .plan import ACTIONS, Action, Step, counted
from .table import Table

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


@dataclass(frozen=True, kw_only=True)
class Report(BaseReport):
    source: Table
    edition: int
    export: Export
    steps: Sequence[Step]
    missing: Sequence[Missing]
    entries: int
    written: bool
    refused: Sequence[Finding]
    warnings: Sequence[Finding]

    def counts(self) -> dict[str, int]:
        """The figures of the report by name."""
        facts = [entry.facts for entry in self.export.entries]
        listed = [entry.facts for entry in self.export.entries if entry.is_listed]
        current = [sum(placement.is_listed for placement in each.placements) for each in facts]
        return {
            "rows": len(self.source.rows),
            "recommendations": len(facts),
            "medicines": len({each.medicine.casefold() for each in facts}),
            "listed recommendations": len(listed),
            "listed medicines": len({each.medicine.casefold() for each in listed}),
            "in several sections at once": sum(count > 1 for count in current),
            **{str(action): count for action, count in counted(self.steps).items()},
            "missing": len(self.missing),
            "rows merged": self.export.merged,
            "rows repeated": sum(len(rows) - 1 for rows in self.export.duplicates),
            "rows refused": len({row for finding in self.refused for row in finding.rows}),
            "warnings": len(self.warnings),
            "edition entries": self.entries,
        }

    @property
    def strengths_parsed(self) -> float:
        """The share of strengths that the grammar reads, in per cent; a line that it cannot read counts as one."""
        return 100 * self.export.parsed / self.export.strengths if self.export.strengths else 100.0

    def details(self) -> dict[str, Any]:
        return {
            "edition": self.edition,
            "strengths": {"found": self.export.strengths, "parsed": self.export.parsed},
            "recommendations": {
                action: [_step(step) for step in self.steps if step.action == action]
                for action in ACTIONS
                if action != "unchanged"
            },
            "missing": [vars(each) for each in self.missing],
            "repeated": [list(rows) for rows in self.export.duplicates],
        }

    def figures(self) -> Iterator[str]:
        yield from super().figures()
        yield f"{self.strengths_parsed:>6.1f}%  of {self.export.strengths:,} strengths read"

    def told(self) -> Sequence[Told]:
        """What happens to recommendations, by what it is; then what the file does not name."""
        return [
            *(self._steps(action, heading) for action, heading in HEADINGS.items()),
            Told(
                "missing",
                "Listed in the record and not in the file; left as they are",
                [f"{each.number}  {each.medicine} / {each.indication}" for each in self.missing],
                [vars(each) for each in self.missing],
            ),
        ]

    def _steps(self, action: Action, heading: str) -> Told:
        steps = [step for step in self.steps if step.action == action]
        return Told(action, heading, [_words(step) for step in steps], [_step(step) for step in steps])


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
