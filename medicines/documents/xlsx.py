"""A list as a workbook that comes back: the official columns first, then ours, then the facts whole.

The first sheet is the table and nothing else, so that programs and the import read it; the second says where it comes
from. Headings and values are in the language that is active, but for the official columns.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, BinaryIO

import openpyxl
from django.utils.translation import get_language_bidi, gettext
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from medicines.lists.own_export import facts_cell, official_cells

from .archive import DatedArchive
from .formulas import FORMULA
from .tables import (
    COLUMNS,
    OFFICIAL_WIDTHS,
    About,
    Entry,
    about_lines,
    headings,
)
from .xml import xml_words

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

LONGEST_CELL = 32_767
"""Characters that a cell of Excel can hold."""

CUT = " […]"
"""What ends a cell that was cut. A row with such a cell is not read back from its facts."""

HEADING = PatternFill("solid", fgColor="E4F0F4")
FACTS_WIDTH = 12
TITLE_FORBIDS = str.maketrans("[]:*?/\\", "       ")


def write(file: BinaryIO, about: About, entries: Iterable[Entry]) -> None:
    """Write the workbook. Rows go to disk as they come, so memory does not grow with them."""
    book = openpyxl.Workbook(write_only=True)
    _properties(book, about)
    _list(book, about, entries)
    _about(book, about)
    # As openpyxl saves a book, but for the hour, which would make another file of the same list.
    ExcelWriter(book, DatedArchive(file, date=about.record_changed_at)).save()


def _list(book: Any, about: About, entries: Iterable[Entry]) -> None:
    names = headings()
    sheet = _sheet(book, gettext("List"))
    sheet.freeze_panes = "B2"
    widths = (*OFFICIAL_WIDTHS, *(column.width for column in COLUMNS), FACTS_WIDTH)
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.page_setup.orientation = "landscape"
    sheet.oddFooter.left.text = about.notice.replace("&", "&&")
    sheet.oddFooter.right.text = "&P / &N"
    sheet.print_title_rows = "1:1"
    sheet.append([_heading(sheet, name) for name in names])
    pens = [_Pen(sheet, wraps=place < len(names) - 1) for place in range(len(names))]
    last = 1
    for entry in entries:
        values = (
            *official_cells(entry.facts, entry.placement),
            *(column.value(entry.row) for column in COLUMNS),
            facts_cell(entry.facts),
        )
        sheet.append([pen.cell(value) for pen, value in zip(pens, values, strict=True)])
        last += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(names))}{last}"


def _about(book: Any, about: About) -> None:
    sheet = _sheet(book, gettext("About this file"))
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 100
    pen = _Pen(sheet, wraps=True)
    for term, words in about_lines(about):
        sheet.append([_heading(sheet, term), pen.cell(words)])


def _sheet(book: Any, title: str) -> Any:
    sheet = book.create_sheet(title.translate(TITLE_FORBIDS)[:31])
    sheet.sheet_view.rightToLeft = get_language_bidi()
    return sheet


def _properties(book: Any, about: About) -> None:
    book.properties.created = book.properties.modified = about.record_changed_at.replace(tzinfo=None, microsecond=0)
    book.properties.title = about.title
    book.properties.creator = about.publisher
    book.properties.description = f"{about.notice} {about.licence} {about.licence_url} {about.source}"


def _heading(sheet: Any, words: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, words)
    cell.font = Font(bold=True)
    cell.fill = HEADING
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell


class _Pen:
    """Writes the cells of one column, one at a time: what is text stays text, whatever it begins with."""

    def __init__(self, sheet: Any, *, wraps: bool) -> None:
        self._plain = self._made(sheet, wraps)
        self._quoted = self._made(sheet, wraps)
        self._quoted.quotePrefix = True  # Excel keeps it text when somebody edits the cell.

    @staticmethod
    def _made(sheet: Any, wraps: bool) -> WriteOnlyCell:
        cell = WriteOnlyCell(sheet)
        cell.alignment = Alignment(vertical="top", wrap_text=wraps)
        return cell

    def cell(self, value: str | int | date | None) -> WriteOnlyCell | None:
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            self._plain.value = value
            return self._plain
        value = xml_words(value)
        if len(value) > LONGEST_CELL:
            value = value[: LONGEST_CELL - len(CUT)] + CUT
        cell = self._quoted if FORMULA.match(value) or value in ERROR_CODES else self._plain
        cell.value = value
        cell.data_type = "s"
        return cell
