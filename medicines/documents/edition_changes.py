"""What changed between two editions, as files: one row a change.

CSV and JSON are for programs and in English. The workbook is for people, in the language that is active. Every file
says whose it is and under which licence; what a spreadsheet would take for a formula leaves as text.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from medicines.browsing.comparison import KINDS, Change, EditionComparison
from medicines.content import labels
from medicines.content.labels import Words
from medicines.content.schema import SectionPath
from medicines.lists.comparison import ChangeKind
from medicines.models import EditionListing
from medicines.models.recommendation import StatusChoices

from . import sheets
from .formulas import inert
from .office import Properties
from .sheets import Column, Look, Sheet, Value, workbook

ROWS_A_CHUNK = 200


@dataclass(frozen=True)
class About:
    """What a file says of itself."""

    title: str
    publisher: str
    licence: str
    licence_url: str
    notice: str
    source: str


@dataclass(frozen=True)
class Row:
    """One change. ``before`` and ``after`` are of the field that changed; a change of several has a row for each."""

    change: str
    number: int
    medicine: str
    indication: str
    combined_with: str
    older_edition: int
    older_status: str
    older_address: str
    newer_edition: int
    newer_status: str
    newer_address: str
    field: str = ""
    before: str = ""
    after: str = ""


HEADINGS: Mapping[str, Words] = {
    "change": pgettext_lazy("heading of a column", "Change"),
    "number": gettext_lazy("Recommendation"),
    "medicine": gettext_lazy("Medicine"),
    "indication": gettext_lazy("Indication"),
    "combined_with": gettext_lazy("Combined with"),
    "older_edition": gettext_lazy("Older edition"),
    "older_status": gettext_lazy("Status in the older edition"),
    "older_address": gettext_lazy("Address in the older edition"),
    "newer_edition": gettext_lazy("Newer edition"),
    "newer_status": gettext_lazy("Status in the newer edition"),
    "newer_address": gettext_lazy("Address in the newer edition"),
    "field": gettext_lazy("Field"),
    "before": gettext_lazy("Before"),
    "after": gettext_lazy("After"),
}

WIDTHS = {"medicine": 32, "indication": 36, "before": 48, "after": 48, "older_address": 40, "newer_address": 40}

Address = Callable[[int, int], str]
"""Gives the address of a version: (number of the recommendation, number of the version)."""


def rows(comparison: EditionComparison, *, address: Address) -> Iterator[Row]:
    """The changes of all kinds in the order in which the page tells them, read in parts.

    The names of fields and values are in the language that is active when a row is asked for.
    """
    for kind, change in comparison.all_rows():
        for name, before, after in [*_fields(kind, change)] or [("", "", "")]:
            newest = change.newest
            number = change.recommendation.number
            yield Row(
                change=kind,
                number=number,
                medicine=newest.medicine,
                indication=newest.indication,
                combined_with=newest.partners,
                older_edition=comparison.older.number,
                older_status=change.then.status if change.then else "",
                older_address=_address(change.then, number, address),
                newer_edition=comparison.newer.number,
                newer_status=change.now.status if change.now else "",
                newer_address=_address(change.now, number, address),
                field=name,
                before=before,
                after=after,
            )


def csv_lines(about: About, found: Iterable[Row]) -> Iterator[bytes]:
    """The file in pieces of some rows each, in UTF-8 with a byte order mark."""
    told = list(asdict(about).items())[1:]
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([*(field.name for field in fields(Row)), *(name for name, _words in told)])
    for count, row in enumerate(found, 1):
        writer.writerow([inert(cell) for cell in (*asdict(row).values(), *(words for _name, words in told))])
        if count % ROWS_A_CHUNK == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def json_lines(about: About, found: Iterable[Row]) -> Iterator[bytes]:
    """The file in pieces of some rows each: ``{"about": {…}, "changes": [{…}, …]}``."""
    pieces = [f'{{"about": {_json(asdict(about))},\n"changes": [']
    for count, row in enumerate(found):
        pieces.append(f"{',' if count else ''}\n{_json(asdict(row))}")
        if len(pieces) >= ROWS_A_CHUNK:
            yield "".join(pieces).encode()
            pieces.clear()
    pieces.append("\n]}\n")
    yield "".join(pieces).encode()


def xlsx_lines(about: About, found: Iterable[Row]) -> Iterator[bytes]:
    """The workbook in pieces: the changes, and a sheet that says whose it is."""
    words = " ".join(filter(None, (about.notice, about.licence, about.licence_url, about.source)))
    return workbook(Properties(about.title, about.publisher, words), _sheets(about, found))


def _sheets(about: About, found: Iterable[Row]) -> Iterator[Sheet]:
    columns = [Column(str(words), WIDTHS.get(name, 16)) for name, words in HEADINGS.items()]
    yield Sheet(gettext("Changes"), columns, map(_told, found), footer=about.notice)
    terms = Column(width=24, look=Look.HEADING), Column(width=100)
    yield Sheet(gettext("About this file"), terms, _about_lines(about), footer=about.notice)


FORMATS: Mapping[str, tuple[str, Callable[[About, Iterable[Row]], Iterator[bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", csv_lines),
    "json": ("application/json", json_lines),
    "xlsx": (sheets.CONTENT_TYPE, xlsx_lines),
}
"""What can be had: its content type, and what writes it."""


def _fields(kind: ChangeKind, change: Change) -> Iterator[tuple[str, str, str]]:
    """(field, before, after) of what a change of this kind consists of."""
    if kind == "changed":
        for field in change.fields:
            yield str(field.label), field.before or "", field.after or ""
        if change.text_changed:
            yield gettext("Text of the decision"), "", ""
    elif kind == "moved":
        then, now = change.sections
        yield str(labels.FACTS["section"]), _sections(then), _sections(now)
    elif kind == "renamed" and change.then and change.now:
        yield str(labels.FACTS["medicine"]), change.then.medicine, change.now.medicine


def _sections(paths: Iterable[SectionPath]) -> str:
    return "; ".join(" > ".join(f"{step.number} {step.title}".strip() for step in path.steps) for path in paths)


def _address(listing: EditionListing | None, number: int, address: Address) -> str:
    return address(number, listing.version.number) if listing else ""


def _told(row: Row) -> Sequence[Value]:
    """A row in the reader's language."""
    values = asdict(row)
    values["change"] = str(KINDS[row.change][0])  # type: ignore[index]
    for name in ("older_status", "newer_status"):
        values[name] = str(StatusChoices(values[name]).label) if values[name] else gettext("Not named")
    return [*values.values()]


def _about_lines(about: About) -> Iterator[tuple[str, str]]:
    yield gettext("Title"), about.title
    yield gettext("Run by"), about.publisher
    yield gettext("Notice"), about.notice
    yield gettext("Licence of the content"), " ".join(filter(None, (about.licence, about.licence_url)))
    yield gettext("Address"), about.source


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _taken(buffer: io.StringIO) -> bytes:
    words = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return words.encode()
