"""Reading a table that people send: .xlsx, or .csv with any delimiter, in UTF-8 or Windows-1252."""

from __future__ import annotations

import csv
import hashlib
import io
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from medicines.sorting import folded

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


class TableUnreadable(Exception):
    """The file is no table that can be read, or lacks a column; the message says what to do."""


@dataclass(frozen=True)
class Row:
    """``number`` is the row's number in a spreadsheet: the header is 1. ``cells`` are as the file has them."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """``form`` says in words how the file was read; ``lossy`` whether its encoding may have lost characters."""

    name: str
    sha256: str
    form: str
    lossy: bool
    rows: tuple[Row, ...]


def read_table(path: Path, *, columns: Sequence[str], optional: Sequence[str] = ()) -> Table:
    """Read the columns asked for from a file, whatever their order; others are left out, and rows without a word.

    Names of columns are compared with blanks and case folded. Raises ``TableUnreadable``.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TableUnreadable(f"{path} cannot be read: {error.strerror}.") from error
    wanted = [*columns, *optional]
    if data.startswith(b"PK"):
        form, lossy, records = "Excel workbook", False, _workbook(data)
    else:
        text, encoding = _decoded(data)
        delimiter = _delimiter(text, wanted)
        form, lossy = f"CSV, {DELIMITERS[delimiter]}-separated, {encoding}", encoding != "UTF-8"
        records = _records(text, delimiter)
    header = next(records, [])
    places = _places(header, wanted)
    if missing := [column for column in columns if column not in places]:
        found = ", ".join(f"“{cell}”" for cell in header if cell) or "nothing"
        raise TableUnreadable(
            f"The first row has no column {_quoted(missing)}. It has {found}. The first row must name the columns."
        )
    rows = tuple(
        Row(number, {column: record[place] if place < len(record) else "" for column, place in places.items()})
        for number, record in enumerate(records, 2)
        if any(cell.strip() for cell in record)
    )
    return Table(path.name, hashlib.sha256(data).hexdigest(), form, lossy, rows)


def _workbook(data: bytes) -> Iterator[list[str]]:
    """The rows of the first worksheet. Formulas come as the values that were last computed."""
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # Some programs write a size that is not the sheet's.
        for record in sheet.iter_rows(values_only=True):
            yield ["" if cell is None else str(cell) for cell in record]
        book.close()
    except (BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, SyntaxError, zlib.error) as error:
        raise TableUnreadable("The file is no Excel workbook that can be read. Save it again as .xlsx.") from error


def _decoded(data: bytes) -> tuple[str, str]:
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise TableUnreadable(
            f"Line {line} is neither UTF-8 nor Windows-1252. Save the file as “CSV UTF-8” or as .xlsx."
        ) from error


def _delimiter(text: str, wanted: Sequence[str]) -> str:
    """The delimiter that finds most of the wanted columns in the first row."""
    return max(DELIMITERS, key=lambda each: len(_places(next(_records(text, each), []), wanted)))


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from reader
    except csv.Error as error:
        raise TableUnreadable(f"Line {reader.line_num} cannot be read as CSV: {error}.") from error


def _places(header: Iterable[str], wanted: Sequence[str]) -> dict[str, int]:
    """Where each wanted column stands; of two with the same name, the first."""
    found: dict[str, int] = {}
    for place, cell in enumerate(header):
        found.setdefault(folded(cell), place)
    return {column: found[folded(column)] for column in wanted if folded(column) in found}


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)
