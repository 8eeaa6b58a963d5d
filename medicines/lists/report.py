"""What the import of a list did, or in a preview would do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from medicines.content.schema import Facts

from .base_report import BaseReport, Told
from .choices import Holds
from .export import Export
from .findings import Finding
from .names import Rename
from .plan import ACTIONS, Action, Step
from .table import Origin

TOLD: tuple[Action, ...] = ("changed", "renamed", "moved", "removed", "conflict", "upheld")
"""What is told of at length on a screen; the JSON has all."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One recommendation in a report. ``number`` is ``None`` for one that the record does not have yet."""

    action: Action
    number: int | None
    medicine: str
    indication: str
    partners: tuple[str, ...]
    rows: tuple[int, ...]
    fields: tuple[str, ...]
    holds: Holds | None

    @classmethod
    def of(cls, step: Step) -> Mention:
        facts = step.facts
        rows, fields = step.entry.rows, step.fields
        return cls(step.action, step.number, facts.medicine, facts.indication, facts.partners, rows, fields, step.holds)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        words = {
            "number": self.number,
            "medicine": self.medicine,
            "indication": self.indication,
            "partners": list(self.partners),
            "rows": list(self.rows),
            "fields": list(self.fields),
        }
        return words | ({"holds": self.holds} if self.holds else {})


@dataclass(frozen=True)
class Contradiction:
    """A decision and a list that say otherwise: for each its status, and the sections in which it lists."""

    number: int
    medicine: str
    indication: str
    decision: tuple[str, tuple[str, ...]]
    list: tuple[str, tuple[str, ...]]
    chosen: Holds | None = None

    @classmethod
    def of(cls, step: Step) -> Contradiction:
        said, stated = _says(step.held or step.facts), _says(step.entry.facts)
        return cls(step.number or 0, step.facts.medicine, step.facts.indication, said, stated, step.holds)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        sides = {"decision": self.decision, "list": self.list}
        return {
            "number": self.number,
            "medicine": self.medicine,
            "indication": self.indication,
            **{side: {"status": status, "sections": [*sections]} for side, (status, sections) in sides.items()},
            "chosen": self.chosen,
        }


@dataclass(frozen=True)
class Missing:
    """A recommendation that is listed in the record and that the file does not name. Nothing is done about it."""

    number: int
    medicine: str
    indication: str


@dataclass(frozen=True, kw_only=True)
class Report(BaseReport):
    """``created``: what is known of the edition, where the import makes it. ``steps``: all recommendations of the file
    but those that stay as they are. ``plan``: a checksum of everything that would be written, whatever the moment: two
    plans with the same one do the same.
    """

    source: Origin
    edition: int
    created: Mapping[str, Any] | None = None
    export: Export
    steps: Sequence[Mention]
    actions: Counter[Action]
    missing: Sequence[Missing]
    renames: Sequence[Rename] = ()
    contradictions: Sequence[Contradiction] = ()
    plan: str
    entries: int
    written: bool
    refused: Sequence[Finding]
    warnings: Sequence[Finding]

    def counts(self) -> dict[str, int]:
        """The figures of the report by name."""
        found = self.export.counts
        return {
            "rows": self.export.rows,
            "recommendations": found["recommendations"],
            "medicines": found["medicines"],
            "listed recommendations": found["listed recommendations"],
            "listed medicines": found["listed medicines"],
            "in several sections at once": found["in several sections at once"],
            **{str(action): self.actions[action] for action in ACTIONS},
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

    @property
    def open_renames(self) -> list[Rename]:
        """Those of which nobody has said anything."""
        return [rename for rename in self.renames if rename.chosen is None]

    def questions(self) -> dict[str, Any]:
        """What a person may settle, as plain JSON values: see ``medicines.lists.choices``."""
        return {
            "renames": [rename.to_dict() for rename in self.renames],
            "sections": [doubt.to_dict() for doubt in self.export.doubts],
            "conflicts": [each.to_dict() for each in self.contradictions],
        }

    def details(self) -> dict[str, Any]:
        by_action: dict[str, list[dict[str, Any]]] = {action: [] for action in ACTIONS if action != "unchanged"}
        for mention in self.steps:
            by_action[mention.action].append(mention.to_dict())
        return {
            "edition": self.edition,
            "edition_created": self.created,
            "plan": self.plan,
            "strengths": {"found": self.export.strengths, "parsed": self.export.parsed},
            "recommendations": by_action,
            "missing": [vars(each) for each in self.missing],
            "repeated": [list(rows) for rows in self.export.duplicates],
            "questions": self.questions(),
        }

    def figures(self) -> Iterator[str]:
        yield from super().figures()
        yield f"{self.strengths_parsed:>6.1f}%  of {self.export.strengths:,} strengths read"

    def told(self) -> Sequence[Told]:
        """What happens to recommendations, by what it is; then what the file does not name, and under which name it
        may have it."""
        return [
            *(self._mentions(action) for action in TOLD),
            Told("missing", "missing", [vars(each) for each in self.missing]),
            Told("renames", "renames", [rename.to_dict() for rename in self.open_renames]),
        ]

    def _mentions(self, action: Action) -> Told:
        return Told(action, action, [mention.to_dict() for mention in self.steps if mention.action == action])


def _says(facts: Facts) -> tuple[str, tuple[str, ...]]:
    places = (p.section.leaf for p in facts.placements if p.is_listed and p.section)
    return facts.status, tuple(f"{place.number} {place.title}".strip() for place in places)
