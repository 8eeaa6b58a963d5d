"""Asking a server: as fast as it answers, or one question after another. Plain sockets cost the machine least."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterable, Sequence
from itertools import cycle, islice

CONNECTIONS = 4
"""How many ask at once: enough to keep two workers busy."""


class Unexpected(Exception):
    """An answer that is no page."""


class Connection:
    """One that stays open."""

    def __init__(self, port: int) -> None:
        self._host = f"127.0.0.1:{port}"
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._rest = b""

    def request(self, path: str) -> bytes:
        return f"GET {path} HTTP/1.1\r\nHost: {self._host}\r\nAccept-Encoding: gzip\r\n\r\n".encode()

    def ask(self, request: bytes) -> int:
        """Send a request and read the answer to its end; return its length. Raises ``Unexpected``."""
        self._socket.sendall(request)
        data = self._rest
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more(request)
        head = data[:end].lower()
        if not head.startswith(b"http/1.1 200"):
            raise Unexpected(f"{request.split()[1].decode()}: {head.split(maxsplit=1)[1][:60]!r}")
        _before, found, after = head.partition(b"content-length:")
        if not found:
            raise Unexpected(f"{request.split()[1].decode()} tells no length.")
        length = int(after.split(b"\r\n", 1)[0])
        data = data[end + 4 :]
        while len(data) < length:
            data += self._more(request)
        self._rest = data[length:]
        return length

    def _more(self, request: bytes) -> bytes:
        got = self._socket.recv(1 << 16)
        if not got:
            raise Unexpected(f"{request.split()[1].decode()}: the server hung up.")
        return got

    def close(self) -> None:
        self._socket.close()


def visit(port: int, paths: Iterable[str]) -> None:
    """Ask for each once."""
    connection = Connection(port)
    for path in paths:
        connection.ask(connection.request(path))
    connection.close()


def rate(port: int, paths: Sequence[str], *, seconds: float) -> float:
    """Requests a second, from several who ask all the time."""
    answered = [0] * CONNECTIONS
    problems: list[Exception] = []
    deadline = time.monotonic() + seconds

    def work(place: int) -> None:
        connection = Connection(port)
        requests = cycle([connection.request(path) for path in [*paths[place:], *paths[:place]]])
        try:
            while time.monotonic() < deadline:
                connection.ask(next(requests))
                answered[place] += 1
        except Exception as problem:  # noqa: BLE001  told by the thread that waits
            problems.append(problem)
        finally:
            connection.close()

    started = time.monotonic()
    workers = [threading.Thread(target=work, args=(place,)) for place in range(CONNECTIONS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if problems:
        raise problems[0]
    return sum(answered) / (time.monotonic() - started)


def times(
    port: int, other: int, paths: Iterable[tuple[str, str]], *, count: int, seconds: float
) -> tuple[list[float], list[float]]:
    """How long the answers of two servers took, in ms, one question after another and each of both in turn.

    ``count`` of each, fewer where that takes more than so many seconds.
    """
    connections = Connection(port), Connection(other)
    found: tuple[list[float], list[float]] = [], []
    deadline = 0.0
    for number, pair in enumerate(islice(paths, count + 1)):
        for connection, path, kept in zip(connections, pair, found, strict=True):
            request = connection.request(path)
            started = time.monotonic()
            connection.ask(request)
            if number:
                kept.append((time.monotonic() - started) * 1000)
        if not number:  # Whoever comes first pays for what is kept in memory.
            deadline = time.monotonic() + seconds
        elif time.monotonic() > deadline:
            break
    for connection in connections:
        connection.close()
    return found
