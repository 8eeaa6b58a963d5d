"""The report of an import as a workbook."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

LONGEST_CELL = 32_767
"""Characters that a cell of Excel can hold."""


def report_workbook(report: Mapping[str, Any]) -> bytes:
    """A report, as its JSON has it, as an .xlsx: the figures, the recommendations, the rows with what is said of them.

    What looks like a formula stays text.
    """
    book = openpyxl.Workbook(write_only=True)
    about = [(name, report.get(name)) for name in ("file", "sha256", "form", "edition", "written")]
    _sheet(book, "Figures", ("figure", "value"), [*about, *sorted(report.get("counts", {}).items())])
    _sheet(book, "Recommendations", RECOMMENDATIONS, _recommendations(report))
    _sheet(book, "Rows", ("level", "rows", "field", "message"), _findings(report))
    for told in report.get("told", ()):
        if told["name"] not in report.get("recommendations", {}):
            _sheet(book, told["name"], (told["heading"],), ((line,) for line in told["lines"]))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


RECOMMENDATIONS = ("action", "number", "medicine", "indication", "combined with", "rows", "fields", "settled")


def _recommendations(report: Mapping[str, Any]) -> Iterable[Sequence[Any]]:
    for action, mentions in report.get("recommendations", {}).items():
        for each in mentions:
            partners, rows = " + ".join(each["partners"]), ", ".join(map(str, each["rows"]))
            fields, holds = ", ".join(each["fields"]), each.get("holds", "")
            yield action, each["number"], each["medicine"], each["indication"], partners, rows, fields, holds


def _findings(report: Mapping[str, Any]) -> Iterable[Sequence[Any]]:
    for level in ("refused", "warnings"):
        for finding in report.get(level, ()):
            yield level, ", ".join(map(str, finding["rows"])), finding["field"], finding["message"]
    for rows in report.get("repeated", ()):
        yield "repeated", ", ".join(map(str, rows)), "", ""


def _sheet(book: Any, title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, head, bold=True) for head in heads])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value[:LONGEST_CELL] if isinstance(value, str) else value)
    if isinstance(value, str):
        cell.data_type = "s"  # Text, whatever it begins with.
        cell.quotePrefix = value[:1] in "=+-@\t\r"
    if bold:
        cell.font = Font(bold=True)
    return cell
