"""What is shown of a report that is kept: its figures and its parts, in the language of the reader.

Reports of earlier releases hold sentences in English where those of now hold codes. They are shown as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, overload

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .plan import ACTIONS
from .wording import COLUMNS, FIGURES, HEADINGS, said, worded

SHOWN = 10
"""How many rows of a part stand on the page of the report."""


@dataclass(frozen=True)
class Figure:
    """``part``: the part that tells what is counted, if there is one."""

    label: Any
    count: int
    part: str = ""


@dataclass(frozen=True)
class Figures:
    """``done``: what is done; ``read``: what the file holds; ``strengths``: the share that is read, in per cent."""

    done: Sequence[Figure]
    read: Sequence[Figure]
    strengths: float | None


class Rows(Sequence[Any]):
    """Rows that are worded when they are looked at: a report may have a hundred thousand."""

    def __init__(self, rows: Sequence[Any], worded: Callable[[Any], Any]) -> None:
        self._rows, self._worded = rows, worded

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> Rows: ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return Rows(self._rows[index], self._worded)
        return self._worded(self._rows[index])


@dataclass(frozen=True)
class Part:
    """Something that a report tells of at length. ``form`` says what its rows are: recommendations, findings, numbers
    of rows (repeated), cells by ``columns`` (table), or lines of an earlier release.
    """

    name: str
    heading: Any
    form: str
    rows: Sequence[Any]
    columns: Sequence[Any] = ()

    @property
    def first(self) -> Sequence[Any]:
        return self.rows[:SHOWN]

    @property
    def is_long(self) -> bool:
        return len(self.rows) > SHOWN


@dataclass(frozen=True)
class Said:
    """A finding in words. ``language`` is that of the words where it is known not to be the reader's."""

    rows: Sequence[int]
    field: str
    message: str
    language: str = ""


def figures(report: Mapping[str, Any]) -> Figures:
    """The figures of a report; those of what is done lead to their parts."""
    counts: Mapping[str, int] = report.get("counts", {})
    there = {part.name for part in parts(report)}
    names = sorted(counts, key=_place)
    told = [Figure(FIGURES.get(name, name), counts[name], name if name in there else "") for name in names]
    is_done = [name in ACTIONS or name == "gone" for name in names]
    strengths = report.get("strengths") or {}
    share = 100 * strengths["parsed"] / strengths["found"] if strengths.get("found") else None
    return Figures(
        done=[figure for figure, done in zip(told, is_done, strict=True) if done and figure.count],
        read=[figure for figure, done in zip(told, is_done, strict=True) if not done],
        strengths=share,
    )


def parts(report: Mapping[str, Any]) -> list[Part]:
    """All that a report tells of at length, without what is empty: what needs a person first."""
    found = [
        Part("refused", _("Refused rows"), "findings", Rows(report.get("refused", ()), finding)),
        Part("warnings", _("Warnings"), "findings", Rows(report.get("warnings", ()), finding)),
        *(_of_list(report) if "recommendations" in report else _told(report)),
    ]
    return [part for part in found if part.rows]


def _of_list(report: Mapping[str, Any]) -> Iterator[Part]:
    for name in sorted(report["recommendations"], key=_place):
        yield Part(name, FIGURES.get(name, name), "recommendations", Rows(report["recommendations"][name], _mention))
    yield Part("missing", FIGURES["missing"], "recommendations", Rows(report.get("missing", ()), _mention))
    yield Part("repeated", _("Repeated rows"), "repeated", report.get("repeated", ()))


def _told(report: Mapping[str, Any]) -> Iterator[Part]:
    for told in report.get("told", ()):
        name, heading = told["name"], told["heading"]
        if "lines" in told:
            yield Part(name, heading, "lines", told["lines"])
        elif report[name] and {"number", "medicine"} <= set(report[name][0]):
            yield Part(name, HEADINGS[heading], "recommendations", Rows(report[name], _mention))
        else:
            there = {column for row in report[name] for column in row}
            columns = [column for column in COLUMNS if column in there]
            labels = [COLUMNS[column] for column in columns]
            yield Part(name, HEADINGS[heading], "table", Rows(report[name], _cells(columns)), labels)


def finding(stored: Mapping[str, Any]) -> Said:
    """A finding as it is kept, in the language of the reader; one of an earlier release in English, as it is."""
    if "code" in stored:
        return Said(stored["rows"], stored["field"], said(stored["code"], stored["values"]))
    return Said(stored["rows"], stored["field"], stored["message"], "en")


def in_words(report: Mapping[str, Any]) -> dict[str, Any]:
    """The report for programs and people: all that is kept, and each finding with its words, in the reader's language.

    Its keys and codes are the same in every language.
    """
    findings = {
        level: [{**stored, "message": finding(stored).message} for stored in report.get(level, ())]
        for level in ("refused", "warnings")
    }
    return {**{name: value for name, value in report.items() if name != "told"}, "language": get_language(), **findings}


def _mention(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**row, "fields": worded("fields", row.get("fields", ())), "holds": worded("holds", row.get("holds"))}


def _cells(columns: Sequence[str]) -> Callable[[Mapping[str, Any]], list[str]]:
    return lambda row: [worded(column, row.get(column)) for column in columns]


def _place(name: str) -> tuple[int, str]:
    """Where a figure stands: the database keeps the names of a report in no order."""
    known = list(FIGURES)
    return (known.index(name) if name in known else len(known)), name
