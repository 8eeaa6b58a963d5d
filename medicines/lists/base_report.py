"""What every import says of itself afterwards, or in a preview beforehand: as text for a screen and as JSON."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .findings import Finding
from .table import Origin
from .wording import COLUMNS, HEADINGS, file_form, worded

SHOWN = 20
"""How many lines of a kind the screen shows; the JSON has all."""


@dataclass(frozen=True)
class Told:
    """One thing that a report tells of at length. ``name`` is its key in the JSON, ``code`` its heading
    (``wording.HEADINGS``); ``rows`` are plain JSON values by column (``wording.COLUMNS``)."""

    name: str
    code: str
    rows: Sequence[Mapping[str, Any]]

    @property
    def heading(self) -> str:
        return str(HEADINGS[self.code])

    def lines(self) -> Iterator[str]:
        """The rows for a screen, a line each. Where they stand in the file is in the JSON."""
        for row in self.rows:
            cells = (worded(column, row.get(column)) for column in COLUMNS if column != "rows")
            yield " · ".join(filter(None, cells))


class BaseReport(ABC):
    """The report of an import. ``written`` is ``False`` for a preview, and where rows were refused: then nothing at
    all is written.
    """

    source: Origin
    written: bool
    refused: Sequence[Finding]
    warnings: Sequence[Finding]

    @abstractmethod
    def counts(self) -> dict[str, int]:
        """The figures of the report by name."""

    @abstractmethod
    def told(self) -> Sequence[Told]:
        """What the report tells of at length, in its order."""

    def details(self) -> dict[str, Any]:
        """What the JSON says beside the figures and the findings."""
        return {each.name: [dict(row) for row in each.rows] for each in self.told()}

    def figures(self) -> Iterator[str]:
        """The figures for a screen, a line at a time."""
        for name, count in self.counts().items():
            yield f"{count:>7,}  {name}"

    def to_dict(self) -> dict[str, Any]:
        """The whole report as plain JSON values, the same in every language."""
        return {
            "file": self.source.name,
            "sha256": self.source.sha256,
            "form": self.source.form,
            "written": self.written,
            "counts": self.counts(),
            **self.details(),
            "refused": [finding.to_dict() for finding in self.refused],
            "warnings": [finding.to_dict() for finding in self.warnings],
        }

    def lines(self) -> Iterator[str]:
        """The report for a screen, a line at a time."""
        yield f"{self.source.name}: {file_form(self.source.form)}, SHA-256 {self.source.sha256}"
        yield from self.figures()
        for each in self.told():
            yield from _some(each.heading, each.lines(), count=len(each.rows), shown=SHOWN)
        yield from _some(_("Refused rows"), map(str, self.refused), count=len(self.refused))
        yield from _some(_("Warnings"), map(str, self.warnings), count=len(self.warnings))


@dataclass(frozen=True, kw_only=True)
class ImportReport(BaseReport):
    """The report of an import that has only figures and lists to tell of."""

    source: Origin
    written: bool
    figures_by_name: Mapping[str, int]
    about: Mapping[str, Any] = field(default_factory=dict)
    telling: Sequence[Told] = ()
    refused: Sequence[Finding] = ()
    warnings: Sequence[Finding] = ()

    def counts(self) -> dict[str, int]:
        return {**self.figures_by_name, "rows refused": len({row for each in self.refused for row in each.rows})}

    def told(self) -> Sequence[Told]:
        return [each for each in self.telling if each.rows]

    def details(self) -> dict[str, Any]:
        return {**self.about, **super().details()}


def _some(heading: str, lines: Iterator[str], *, count: int, shown: int | None = None) -> Iterator[str]:
    if not count:
        return
    yield ""
    yield f"{heading} ({count})"
    for line in islice(lines, shown):
        yield f"  {line}"
    if shown is not None and count > shown:
        more = ngettext(
            "and %(count)s more: --report writes it too",
            "and %(count)s more: --report writes them all",
            count - shown,
        )
        yield f"  {more % {'count': count - shown}}"
