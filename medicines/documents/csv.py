"""A list as CSV for programs: English keys, one row a placement, and on every row where it comes from.

UTF-8 with a byte order mark, without which Excel reads it wrongly. Several values in a cell are divided by " | ".
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date

from .formulas import inert
from .tables import About, Entry, Row

CONTENT_TYPE = "text/csv; charset=utf-8"

ABOUT = ("licence", "licence_url", "publisher", "notice", "source", "record_state", "record_changed_at")
"""What a row says of the file: a row that was cut out of it and pasted elsewhere still says whose it is."""

COLUMNS = (*Row.model_fields, *ABOUT)

BETWEEN = " | "

ROWS_A_CHUNK = 200


def lines(about: About, entries: Iterable[Entry]) -> Iterator[bytes]:
    """The file in pieces of some rows each."""
    told = [_cell(getattr(about, name)) for name in ABOUT[:-1]] + [about.record_changed_at.isoformat()]
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow(COLUMNS)
    for count, entry in enumerate(entries, 1):
        writer.writerow([*(_cell(getattr(entry.row, name)) for name in Row.model_fields), *told])
        if count % ROWS_A_CHUNK == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _cell(value: object) -> str | int:
    if value is None:
        return ""
    if isinstance(value, int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    return str(inert(BETWEEN.join(value) if isinstance(value, tuple) else str(value)))


def _taken(buffer: io.StringIO) -> bytes:
    words = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return words.encode()
