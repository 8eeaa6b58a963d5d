"""What the pages of an import show of its report, in the words of the desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LABELS = {
    "rows": _("rows"),
    "recommendations": _("recommendations"),
    "medicines": _("medicines"),
    "listed recommendations": _("listed recommendations"),
    "listed medicines": _("listed medicines"),
    "in several sections at once": _("in several sections at once"),
    "created": pgettext_lazy("import", "Created"),
    "filled": pgettext_lazy("import", "Filled in for an earlier edition"),
    "changed": pgettext_lazy("import", "Changed"),
    "renamed": pgettext_lazy("import", "Renamed"),
    "renumbered": pgettext_lazy("import", "Only renumbered"),
    "moved": pgettext_lazy("import", "Moved to other sections"),
    "removed": pgettext_lazy("import", "Removed"),
    "unchanged": pgettext_lazy("import", "Unchanged"),
    "conflict": pgettext_lazy("import", "In conflict with a decision"),
    "upheld": pgettext_lazy("import", "Left as decided"),
    "missing": pgettext_lazy("import", "In the record and not in the file"),
    "rows merged": _("rows merged"),
    "rows repeated": _("rows repeated"),
    "rows refused": _("rows refused"),
    "warnings": _("warnings"),
    "edition entries": _("entries of the edition"),
}

ACTIONS = (
    "created",
    "filled",
    "changed",
    "renamed",
    "renumbered",
    "moved",
    "removed",
    "unchanged",
    "conflict",
    "upheld",
)

SHOWN = 10
"""How many rows of a part stand on the page of the report."""


@dataclass(frozen=True)
class Figure:
    label: Any
    count: int
    part: str = ""


@dataclass(frozen=True)
class Part:
    """Something that a report tells of at length. ``form`` says what its rows are: mentions, findings or lines."""

    name: str
    heading: Any
    form: str
    rows: Sequence[Any]

    @property
    def first(self) -> Sequence[Any]:
        return self.rows[:SHOWN]

    @property
    def is_long(self) -> bool:
        return len(self.rows) > SHOWN


@dataclass(frozen=True)
class Figures:
    """``done``: what is done; ``read``: what the file holds; ``strengths``: the share that is read, in per cent."""

    done: Sequence[Figure]
    read: Sequence[Figure]
    strengths: float | None


def figures(report: Mapping[str, Any]) -> Figures:
    """The figures of a report; those of what is done lead to their parts."""
    counts: Mapping[str, int] = report.get("counts", {})
    there = {part.name for part in parts(report)}
    names = sorted(counts, key=_place)
    told = [Figure(LABELS.get(name, name), counts[name], name if name in there else "") for name in names]
    is_action = [name in ACTIONS for name in names]
    strengths = report.get("strengths") or {}
    share = 100 * strengths["parsed"] / strengths["found"] if strengths.get("found") else None
    return Figures(
        done=[figure for figure, action in zip(told, is_action, strict=True) if action and figure.count],
        read=[figure for figure, action in zip(told, is_action, strict=True) if not action],
        strengths=share,
    )


def parts(report: Mapping[str, Any]) -> list[Part]:
    """All that a report tells of at length, without what is empty: what needs a person first."""
    recommendations = report.get("recommendations", {})
    mentions = [
        Part(name, LABELS.get(name, name), "mentions", recommendations[name])
        for name in sorted(recommendations, key=_place)
    ]
    is_list = bool(recommendations)
    beside = ("missing", "renames") if is_list else ()
    lines = [
        Part(told["name"], told["heading"], "lines", told["lines"])
        for told in report.get("told", ())
        if told["name"] not in recommendations and told["name"] not in beside
    ]
    found = [
        Part("refused", _("Refused rows"), "findings", report.get("refused", ())),
        Part("warnings", _("Warnings"), "findings", report.get("warnings", ())),
        *mentions,
        Part("missing", LABELS["missing"], "mentions", report.get("missing", ()) if is_list else ()),
        Part("repeated", _("Repeated rows"), "repeated", report.get("repeated", ())),
        *lines,
    ]
    return [part for part in found if part.rows]


def _place(name: str) -> tuple[int, str]:
    """Where a figure stands: the database keeps the names of a report in no order."""
    known = list(LABELS)
    return (known.index(name) if name in known else len(known)), name
