"""The report of an import as a workbook, in the language of the reader."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import openpyxl
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from .shown import figures, form, parts

LONGEST_CELL = 32_767
"""Characters that a cell of Excel can hold."""

LONGEST_TITLE = 31
"""Characters that the title of a sheet can have."""

_FORBIDDEN = re.compile(r"[\\/*?:\[\]]")


def report_workbook(report: Mapping[str, Any]) -> bytes:
    """A report that is kept as an .xlsx: the figures, the recommendations, the rows with what is said of them, and
    the rest on a sheet each. What looks like a formula stays text.
    """
    book = openpyxl.Workbook(write_only=True)
    _sheet(book, _("Figures"), (_("Figure"), _("Value")), _figures(report))
    found = parts(report)
    mentions = [(part, each) for part in found if part.form == "recommendations" for each in part.rows]
    _sheet(book, _("Recommendations"), _heads(), (_recommendation(part.heading, each) for part, each in mentions))
    _sheet(book, _("Rows"), (_("Kind"), _("Rows"), _("Field"), _("What is said")), _rows(found))
    for part in found:
        if part.form == "table":
            _sheet(book, str(part.heading), [str(label) for label in part.columns], part.rows)
        elif part.form == "lines":
            _sheet(book, str(part.heading), (str(part.heading),), ((line,) for line in part.rows))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _figures(report: Mapping[str, Any]) -> Iterable[Sequence[Any]]:
    yield _("File"), report.get("file", "")
    yield "SHA-256", report.get("sha256", "")
    yield _("Form"), form(report.get("form", ""))
    yield _("Edition"), report.get("edition") or report.get("release") or ""
    yield _("Written"), pgettext("answer", "Yes") if report.get("written") else pgettext("answer", "No")
    found = figures(report)
    for figure in (*found.done, *found.read):
        yield str(figure.label), figure.count


def _heads() -> Sequence[str]:
    return (
        _("What is done"),
        _("Number"),
        _("Medicine"),
        _("Indication"),
        _("Combined with"),
        _("Rows"),
        _("What is new"),
        _("Settled"),
    )


def _recommendation(heading: Any, each: Mapping[str, Any]) -> Sequence[Any]:
    partners, rows = " + ".join(each.get("partners", ())), _numbers(each.get("rows", ()))
    names = each["medicine"], each["indication"]
    return str(heading), each["number"], *names, partners, rows, each["fields"], each["holds"]


def _rows(found: Iterable[Any]) -> Iterable[Sequence[Any]]:
    for part in found:
        if part.form == "findings":
            for each in part.rows:
                yield str(part.heading), _numbers(each.rows), each.field, each.message
        elif part.form == "repeated":
            for rows in part.rows:
                yield str(part.heading), _numbers(rows), "", ""


def _numbers(rows: Iterable[int]) -> str:
    return ", ".join(map(str, rows))


def _sheet(book: Any, title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    sheet = book.create_sheet(_title(title))
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, head, bold=True) for head in heads])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])


def _title(words: str) -> str:
    """Words as the title of a sheet: cut where a word ends, where they are too long for it."""
    words = _FORBIDDEN.sub(" ", words)
    if len(words) <= LONGEST_TITLE:
        return words
    whole, blank, _rest = words[:LONGEST_TITLE].rpartition(" ")
    return f"{whole if blank else words[: LONGEST_TITLE - 1]}…"


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value[:LONGEST_CELL] if isinstance(value, str) else value)
    if isinstance(value, str):
        cell.data_type = "s"  # Text, whatever it begins with.
        cell.quotePrefix = value[:1] in "=+-@\t\r"
    if bold:
        cell.font = Font(bold=True)
    return cell
