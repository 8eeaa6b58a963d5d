"""Archives that leave in pieces while they are made, and whose bytes depend on nothing but what is in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zipfile import ZIP_DEFLATED, ZipFile

Part = tuple[str, Iterable[bytes]]
"""The name of a part, and its bytes in pieces, which are asked for once and after those of the part before."""

PIECE = 64 * 1024
"""How many bytes are waited for before they are handed on, unless a part ends."""


def archived(parts: Iterable[Part]) -> Iterator[bytes]:
    """The archive of these parts. Memory holds a piece of it at a time, however long a part is.

    No part may be longer than 2 GiB: what tells of longer ones in advance is taken for damage by Excel.
    """
    sink = _Sink()
    # A part that is named by words alone is of 1980, as in archives that Excel writes.
    with ZipFile(sink, "w", ZIP_DEFLATED) as archive:
        for name, pieces in parts:
            with archive.open(name, "w") as part:
                for piece in pieces:
                    part.write(piece)
                    if sink.waiting >= PIECE:
                        yield sink.taken()
            yield sink.taken()
    yield sink.taken()


class _Sink:
    """What an archive is written to: it keeps the bytes until they are taken, and nobody can go back in it."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.waiting = 0

    def write(self, data: bytes) -> int:
        self._pieces.append(data)
        self.waiting += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """An archive closes what it opened itself alone."""

    def taken(self) -> bytes:
        found = b"".join(self._pieces)
        self._pieces.clear()
        self.waiting = 0
        return found
