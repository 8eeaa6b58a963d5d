"""Workbooks: what is written is read again, and leaves while it is written."""

from __future__ import annotations

import io
import random
import warnings
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from medicines.documents import sheets
from medicines.documents.sheets import Column, Properties, Sheet, Value, workbook
from medicines.documents.xml import xml_words

ODD = st.text(alphabet="_x0041 \n\r\t\0\x0b\x85\xa0\ufffe=#<&>'\"é漢💊", max_size=30)


def book(*tables: Sheet, read_only: bool = False) -> Any:
    """The workbook as openpyxl reads it, without a warning."""
    file = io.BytesIO(b"".join(workbook(Properties("A title"), tables)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return openpyxl.load_workbook(file, read_only=read_only)


def rows_of(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


@settings(max_examples=25)
@given(st.lists(st.text() | ODD, min_size=1, max_size=20), st.booleans())
@example(["_x0041_", "_x0041_x0042_", "_x005F_x0041_", " _x0020_ ", "=1+1", "#N/A", " ", "\r\n", "\ud800a"], False)
def test_any_text_comes_back_as_it_was_but_for_what_no_xml_can_hold(texts: list[str], read_only: bool):
    found = book(Sheet("Texts", [Column()] * (len(texts) + 1), [["a row", *texts]]), read_only=read_only)
    cells = next(found.worksheets[0].iter_rows(max_col=len(texts) + 1))[1:]
    assert [cell.value or "" for cell in cells] == [xml_words(text) for text in texts]
    assert {cell.data_type for cell in cells if cell.value} <= {"s"}


def test_numbers_and_days_come_back_as_such():
    values = [0, -1, 10**9, date(1977, 10, 17), date(2025, 9, 5), None, "", "5.10"]
    row = book(Sheet("Values", [Column()] * len(values), [values])).worksheets[0][1]
    days = [cell.value.date() if cell.is_date else cell.value for cell in row]
    assert days == [0, -1, 10**9, date(1977, 10, 17), date(2025, 9, 5), None, None, "5.10"]


def test_rows_leave_before_the_last_is_made():
    asked: list[int] = []

    def rows() -> Iterator[Sequence[Value]]:
        for number in range(500):
            asked.append(number)
            yield number, random.randbytes(2_000).hex()

    pieces = workbook(Properties("Long"), [Sheet("Rows", [Column("Number"), Column("Words")], rows())])
    first = next(pieces)
    assert (first[:4], len(asked) < 100) == (b"PK\x03\x04", True)
    rest = list(pieces)
    assert len(asked) == 500
    assert max(map(len, [first, *rest])) < 200_000


def test_what_finds_no_room_in_a_sheet_goes_on_in_another(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    numbers = Sheet("Numbers", [Column("Number")], [[number] for number in range(4)], columns_in_view=1)
    found = book(numbers, Sheet("Full", [Column("Number")], [[8], [9]]))
    assert {sheet.title: (rows_of(sheet), sheet.auto_filter.ref, sheet.freeze_panes) for sheet in found.worksheets} == {
        "Numbers": ([["Number"], [0], [1]], "A1:A3", "B2"),
        "Numbers 2": ([["Number"], [2], [3]], "A1:A3", "B2"),
        "Full": ([["Number"], [8], [9]], "A1:A3", "A2"),
    }


def test_titles_of_sheets_are_such_as_excel_takes():
    words = ["Rows", "rows", "What is [this]/that?", "Where a title is too long for Excel", "漢" * 40, "'quoted'"]
    assert book(*(Sheet(each, [Column("A heading")], []) for each in words)).sheetnames == [
        "Rows",
        "rows 2",
        "What is  this  that ",
        "Where a title is too long for…",
        "漢" * 30 + "…",
        " quoted ",
    ]
