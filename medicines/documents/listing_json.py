"""A list as one JSON document: what it is, then its rows. Its form is ``tables.ListFile``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .tables import About, Entry

CONTENT_TYPE = "application/json"

ROWS_A_CHUNK = 200


def lines(about: About, entries: Iterable[Entry]) -> Iterator[bytes]:
    """The file in pieces of some rows each; every row is a line of its own."""
    pieces = [f'{{"about":{about.model_dump_json()},\n"rows":[']
    for count, entry in enumerate(entries):
        pieces.append(f"{',' if count else ''}\n{entry.row.model_dump_json()}")
        if len(pieces) >= ROWS_A_CHUNK:
            yield "".join(pieces).encode()
            pieces.clear()
    pieces.append("\n]}\n")
    yield "".join(pieces).encode()
