"""A list as CSV for programs: English keys, one row a placement, and on every row where it comes from.

UTF-8 with a byte order mark, without which Excel reads it wrongly. Several values in a cell are divided by " | ".
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from operator import attrgetter

from .formulas import inert
from .tables import About, Entry, Row

CONTENT_TYPE = "text/csv; charset=utf-8"

ABOUT = ("licence", "licence_url", "publisher", "notice", "source", "record_state", "record_changed_at")
"""What a row says of the file: a row that was cut out of it and pasted elsewhere still says whose it is."""

COLUMNS = (*Row.model_fields, *ABOUT)

BETWEEN = " | "

INCOMPLETE = "INCOMPLETE: an error ended this file while it was made. Fetch it again."
"""The last line of a file that broke off. Files of other forms cannot be read then; a table would look whole."""

ROWS_A_CHUNK = 200


def lines(about: About, entries: Iterable[Entry]) -> Iterator[bytes]:
    """The file in pieces of some rows each. Where an entry fails, the file says so and the error goes on."""
    told = [_cell(getattr(about, name)) for name in ABOUT[:-1]] + [about.record_changed_at.isoformat()]
    values = attrgetter(*Row.model_fields)
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow(COLUMNS)
    try:
        for count, entry in enumerate(entries, 1):
            writer.writerow([_cell(value) for value in values(entry.row)] + told)
            if count % ROWS_A_CHUNK == 0:
                yield _taken(buffer)
    except Exception:
        writer.writerow([INCOMPLETE])
        yield _taken(buffer)
        raise
    yield _taken(buffer)


def _cell(value: object) -> object:
    """What the writer is given: text, a number, or ``None`` for an empty cell."""
    if isinstance(value, str):
        return inert(value)
    if isinstance(value, tuple):
        return inert(BETWEEN.join(value))
    return value.isoformat() if isinstance(value, date) else value


def _taken(buffer: io.StringIO) -> bytes:
    words = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return words.encode()
