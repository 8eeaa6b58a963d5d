"""What changed between two editions, as files: one row a change.

CSV and JSON are for programs and in English. The workbook is for people, in the language that is active. Every file
says whose it is and under which licence; what a spreadsheet would take for a formula leaves as text.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, BinaryIO

import openpyxl
from django.utils.translation import get_language_bidi, gettext, gettext_lazy, override, pgettext_lazy
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from medicines.browsing.comparison import KINDS, Change, EditionComparison
from medicines.content import labels
from medicines.content.labels import Words
from medicines.content.schema import SectionPath
from medicines.lists.comparison import ChangeKind
from medicines.models import EditionListing
from medicines.models.recommendation import StatusChoices

from .formulas import inert

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

ROWS_A_CHUNK = 200

LONGEST_CELL = 32_000


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


def rows(comparison: EditionComparison, *, address: Address, language: str) -> Iterator[Row]:
    """The changes of all kinds in the order in which the page tells them, read in parts.

    The names of fields and values are in ``language``, whichever is active when a row is asked for.
    """
    for kind, change in comparison.all_rows():
        with override(language):
            said = list(_fields(kind, change)) or [("", "", "")]
        for name, before, after in said:
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
    """The file in pieces: ``{"about": {…}, "changes": [{…}, …]}``."""
    yield f'{{"about": {_json(asdict(about))},\n"changes": ['.encode()
    for count, row in enumerate(found):
        yield f"{',' if count else ''}\n{_json(asdict(row))}".encode()
    yield b"\n]}\n"


def write_xlsx(file: BinaryIO, about: About, found: Iterable[Row]) -> None:
    """Write the workbook; rows go to disk as they come."""
    book = openpyxl.Workbook(write_only=True)
    book.properties.title, book.properties.creator = about.title, about.publisher
    sheet = _sheet(book, gettext("Changes"))
    sheet.freeze_panes = "A2"
    for place, name in enumerate(HEADINGS):
        sheet.column_dimensions[openpyxl.utils.get_column_letter(place + 1)].width = WIDTHS.get(name, 16)
    sheet.append([_cell(sheet, str(words), bold=True) for words in HEADINGS.values()])
    for row in found:
        sheet.append([_cell(sheet, value) for value in _told(row).values()])
    beside = _sheet(book, gettext("About this file"))
    beside.column_dimensions["B"].width = 100
    for words in _about_lines(about):
        beside.append([_cell(beside, each) for each in words])
    book.save(file)


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


def _told(row: Row) -> dict[str, Any]:
    """A row in the reader's language."""
    values = asdict(row)
    values["change"] = str(KINDS[row.change][0])  # type: ignore[index]
    for name in ("older_status", "newer_status"):
        values[name] = str(StatusChoices(values[name]).label) if values[name] else gettext("Not named")
    return values


def _about_lines(about: About) -> Iterator[tuple[str, str]]:
    yield gettext("Title"), about.title
    yield gettext("Run by"), about.publisher
    yield gettext("Notice"), about.notice
    yield gettext("Licence of the content"), " ".join(filter(None, (about.licence, about.licence_url)))
    yield gettext("Address"), about.source


def _sheet(book: Any, title: str) -> Any:
    sheet = book.create_sheet(title[:31])
    sheet.sheet_view.rightToLeft = get_language_bidi()
    return sheet


def _cell(sheet: Any, value: str | int, *, bold: bool = False) -> WriteOnlyCell:
    """A cell in which text stays text, whatever it begins with."""
    words = openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_CELL] if isinstance(value, str) else value
    cell = WriteOnlyCell(sheet, words)
    if isinstance(words, str) and words:
        cell.data_type = "s"
        cell.quotePrefix = inert(words) != words
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    cell.font = Font(bold=bold)
    return cell


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _taken(buffer: io.StringIO) -> bytes:
    words = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return words.encode()
