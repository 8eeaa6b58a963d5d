"""Reading a table that people send: .xlsx, or .csv with any delimiter, in UTF-8 or Windows-1252."""

from __future__ import annotations

import codecs
import csv
import hashlib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

from medicines.sorting import folded

from .wording import listed, quoted

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}

UNPACKED = 500 * 1024 * 1024
"""In bytes, how large the parts of a workbook may be together once they are unpacked."""

PIECE = 1024 * 1024
"""In bytes, how much of a file is looked at in one go."""

DAMAGED = (
    *(BadZipFile, InvalidFileException, zlib.error, SyntaxError, KeyError, IndexError),
    *(ValueError, TypeError, RuntimeError),
)
"""How a workbook that is damaged, locked or made by hand fails."""

MOST_ROWS = 1_048_576
"""The rows that a worksheet of Excel has. A file may name one far below, and all between would be read as empty."""


class TableUnreadable(Exception):
    """The file is no table that can be read, or lacks a column; the message says what to do."""


@dataclass(frozen=True)
class Row:
    """``number`` is the row's number in a spreadsheet: the header is 1. ``cells`` are as the file has them."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Origin:
    """What is told of a file. ``form`` says in words how it was read; ``lossy`` whether its encoding may have lost
    characters."""

    name: str
    sha256: str
    form: str
    lossy: bool


@dataclass(frozen=True)
class Table(Origin):
    """A whole table."""

    rows: tuple[Row, ...]


def read_table(path: Path, *, columns: Sequence[str], optional: Sequence[str] = ()) -> Table:
    """Read the columns asked for from a file, whatever their order; others are left out, and rows without a word.

    Names of columns are compared with blanks and case folded. Raises ``TableUnreadable``.
    """
    with opened_table(path, columns=columns, optional=optional) as (origin, rows):
        return Table(origin.name, origin.sha256, origin.form, origin.lossy, tuple(rows))


@contextmanager
def opened_table(
    path: Path, *, columns: Sequence[str], optional: Sequence[str] = ()
) -> Iterator[tuple[Origin, Iterator[Row]]]:
    """As ``read_table``, a row at a time, each of them once: the table may be larger than the memory.

    Raises ``TableUnreadable`` on opening, and while the rows are read.
    """
    wanted = [*columns, *optional]
    with _readable(path):
        sha256, is_workbook = _looked_at(path)
        if is_workbook:
            form, lossy, records = "Excel workbook", False, _workbook(path)
        else:
            encoding = _encoding(path)
            delimiter = _delimiter(path, encoding, wanted)
            lossy = encoding != UTF_8
            form = f"CSV, {DELIMITERS[delimiter]}-separated, {'Windows-1252' if lossy else 'UTF-8'}"
            records = _records(path, encoding, delimiter)
        header = next(records, [])
        places = _places(header, wanted)
        if missing := [column for column in columns if column not in places]:
            raise TableUnreadable(_without_columns(missing, header))
        yield Origin(path.name, sha256, form, lossy), _rows(records, places)


def _without_columns(missing: Sequence[str], header: Sequence[str]) -> str:
    if found := [cell for cell in header if cell]:
        return _("The first row has no column %(missing)s. It has %(found)s. The first row must name the columns.") % {
            "missing": listed(map(quoted, missing)),
            "found": listed(map(quoted, found)),
        }
    return _("The first row has no column %(missing)s. It has nothing. The first row must name the columns.") % {
        "missing": listed(map(quoted, missing))
    }


def _rows(records: Iterator[list[str]], places: dict[str, int]) -> Iterator[Row]:
    for number, record in enumerate(records, 2):
        if any("\0" in cell for cell in record):
            raise TableUnreadable(
                _("Row %(number)s has a character that no text has. Save the file as “CSV UTF-8”.") % {"number": number}
            )
        if any(cell.strip() for cell in record):
            yield Row(
                number, {column: record[place] if place < len(record) else "" for column, place in places.items()}
            )


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        words = _("%(path)s cannot be read (%(error)s).") % {"path": path, "error": error.strerror}
        raise TableUnreadable(words) from error


def _looked_at(path: Path) -> tuple[str, bool]:
    """The SHA-256 of a file, and whether it is packed as workbooks are."""
    digest, opening = hashlib.sha256(), b""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            opening = opening or piece[:2]
            digest.update(piece)
    return digest.hexdigest(), opening == b"PK"


def _workbook(path: Path) -> Iterator[list[str]]:
    """The rows of the first worksheet. Formulas come as the values that were last computed."""
    with opened_workbook(path) as book:
        yield from sheet_rows(book.worksheets[0])


@contextmanager
def opened_workbook(path: Path, *, formulas: bool = False) -> Iterator[openpyxl.Workbook]:
    """An Excel workbook to be read a row at a time; ``formulas``: as they are written, instead of their values.

    Raises ``TableUnreadable`` on opening, and while it is read.
    """
    with _readable(path):
        try:
            with ZipFile(path) as packed:
                if sum(part.file_size for part in packed.infolist()) > UNPACKED:
                    raise TableUnreadable(_("The workbook is too large to be read. Save the sheet as “CSV UTF-8”."))
            book = openpyxl.load_workbook(path, read_only=True, data_only=not formulas)
            try:
                yield book
            finally:
                book.close()
        except DAMAGED as error:
            raise TableUnreadable(
                _("The file is no Excel workbook that can be read. Save it again as .xlsx.")
            ) from error


def sheet_rows(sheet: Any) -> Iterator[list[str]]:
    """The cells of each row of a worksheet, as text. Raises ``TableUnreadable`` where its rows have no end."""
    sheet.reset_dimensions()  # Some programs write a size that is not the sheet's.
    for number, record in enumerate(sheet.iter_rows(values_only=True), 1):
        if number > MOST_ROWS:
            raise TableUnreadable(
                _("The sheet names a row below %(last)s, the last one of Excel. Save it again.") % {"last": MOST_ROWS}
            )
        yield ["" if cell is None else str(cell) for cell in record]


def origin_of(path: Path, *, form: str) -> Origin:
    """What is told of a file that is no table of text. Raises ``TableUnreadable``."""
    with _readable(path):
        return Origin(path.name, _looked_at(path)[0], form, lossy=False)


UTF_8, WINDOWS_1252 = "utf-8-sig", "cp1252"


def _encoding(path: Path) -> str:
    """The encoding in which all of the file can be read."""
    if _first_undecodable(path, UTF_8) is None:
        return UTF_8
    line = _first_undecodable(path, WINDOWS_1252)
    if line is None:
        return WINDOWS_1252
    raise TableUnreadable(
        _("Line %(line)s is neither UTF-8 nor Windows-1252. Save the file as “CSV UTF-8” or as .xlsx.") % {"line": line}
    )


def _first_undecodable(path: Path, encoding: str) -> int | None:
    """The number of the first line that the encoding cannot read."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            try:
                decoder.decode(piece)
            except UnicodeDecodeError as error:
                return line + piece.count(b"\n", 0, error.start)
            line += piece.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return line
    return None


def _delimiter(path: Path, encoding: str, wanted: Sequence[str]) -> str:
    """The delimiter that finds most of the wanted columns in the first row."""
    return max(DELIMITERS, key=lambda each: len(_places(next(_records(path, encoding, each), []), wanted)))


def _records(path: Path, encoding: str, delimiter: str) -> Iterator[list[str]]:
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        try:
            yield from reader
        except csv.Error as error:
            words = _("Line %(line)s cannot be read as CSV (%(error)s).")
            raise TableUnreadable(words % {"line": reader.line_num, "error": error}) from error


def _places(header: Iterable[str], wanted: Sequence[str]) -> dict[str, int]:
    """Where each wanted column stands; of two with the same name, the first."""
    found: dict[str, int] = {}
    for place, cell in enumerate(header):
        found.setdefault(folded(cell), place)
    return {column: found[folded(column)] for column in wanted if folded(column) in found}
