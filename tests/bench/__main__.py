"""Runs the bench: `make bench`, or `python -m tests.bench --size 10000 --parts rates,times`."""

from __future__ import annotations

import argparse
import http.client
import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from statistics import median

from emlreview.embedded import data

from . import client
from .files import write_export
from .site import ROOT, Cost, Failed, Server, Site
from .table import lines, percentile, spread

SMALL = 1000
"""How many recommendations the site has with which the grown one is compared."""

REAL_ROWS = 1738
"""How many rows the official export of the 24th list has."""

PARTS = ("rates", "times", "exports", "imports")

ROUNDS = 5
ROUND = 1.2
"""Each round asks every kind for so many seconds."""

MOST_TIMES = 40
MOST_SECONDS = 3.0
"""So many answers of a kind are timed, but not longer than that."""

RATED = (
    *("decision page", "list", "filter", "search, common words", "search, rare words"),
    *("API, one", "API, list"),
)

EXPORTS = ("csv", "json", "xlsx", "docx")


Addresses = dict[str, list[str]]


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description="How fast the site is, small and grown.")
    parser.add_argument("--size", type=int, default=int(os.environ.get("BENCH_SIZE") or 100_000))
    parser.add_argument("--parts", type=lambda words: words.split(","), default=list(PARTS), help=", ".join(PARTS))
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"There is no part {', '.join(unknown)}: {', '.join(PARTS)}.")
    began = time.monotonic()
    tell(f"{os.cpu_count()} cores serve and ask at once; load before the start {os.getloadavg()[0]:.1f}.")
    if {"rates", "times", "exports"} & set(asked.parts):
        measure_serving(asked.size, asked.parts)
    if "imports" in asked.parts:
        measure_imports(asked.size)
    tell(f"\nAll this took {time.monotonic() - began:.0f} s.")


def measure_serving(size: int, parts: Sequence[str]) -> None:
    small, grown = filled(SMALL), filled(size)
    addresses = grown.ask("tests.bench.addresses")
    with grown.served() as server:
        if "times" in parts:
            with small.served() as other:
                tell_times(timed(other, small.ask("tests.bench.addresses"), server, addresses), size)
        if "rates" in parts:
            tell_rates(server, addresses, size)
        if {"times", "rates"} & set(parts):
            tell(f"The larger worker of the server has {server.memory:.0f} MB after this.")
        if "exports" in parts:
            tell_exports(server, size)


def filled(size: int) -> Site:
    site = Site(folder(f"{size}"))
    cost = site.filled(size)
    when = "in an earlier run" if cost["earlier"] else "now"
    tell(f"Filled with {size:,} recommendations {when}: {cost['seconds']:.0f} s, {cost['memory']:.0f} MB.")
    return site


def folder(name: str) -> Path:
    """Beside the folder of the demonstration, which is not touched."""
    own = data.folder(ROOT)
    return own.with_name(f"{own.name}-bench-{name}")


# Requests a second


def tell_rates(server: Server, addresses: Addresses, size: int) -> None:
    """Rounds of all kinds in turn, each against the empty view of its round, so that other work weighs on both."""
    client.visit(server.port, addresses["decision page"])  # They are stored from here on.
    empty: list[float] = []
    found: dict[str, list[float]] = {kind: [] for kind in RATED}
    for number in range(ROUNDS + 1):
        against = client.rate(server.port, ["/bench/empty/"], seconds=ROUND)
        rates = {kind: client.rate(server.port, addresses[kind], seconds=ROUND) for kind in RATED}
        if number:  # The first fills what is kept in memory.
            empty.append(against)
            for kind, value in rates.items():
                found[kind].append(value)
    rows = [["empty view", f"{median(empty):.0f}", "1"]]
    for kind, values in found.items():
        ratios = [value / against for value, against in zip(values, empty, strict=True)]
        rows.append([kind, f"{median(values):.0f}", spread(ratios)])
    title = f"Requests a second with {size:,}"
    tell_table([title, "median", f"of the empty view ({ROUNDS} rounds)"], rows)


# Times


Times = dict[str, tuple[list[float], list[float]]]


def timed(small: Server, few: Addresses, grown: Server, many: Addresses) -> Times:
    """How long each kind takes on both sites, asked in turn, so that other work weighs on both.

    Pages are made anew, since a query in the address passes the store; one kind is taken from the store too.
    """
    found: Times = {}
    for kind, paths in many.items():
        pairs = zip(cycle(map(anew, few[kind])), cycle(map(anew, paths)), strict=False)
        found[kind] = client.times(small.port, grown.port, pairs, count=MOST_TIMES, seconds=MOST_SECONDS)
        if kind == "decision page":
            client.visit(small.port, few[kind])
            client.visit(grown.port, paths)
            pairs = zip(cycle(few[kind]), cycle(paths), strict=False)
            times = client.times(small.port, grown.port, pairs, count=MOST_TIMES, seconds=MOST_SECONDS)
            found["decision page, stored"] = times
    return found


def anew(path: str) -> str:
    return path if "?" in path or path.startswith("/api/") else f"{path}?bench=1"


def tell_times(found: Times, size: int) -> None:
    rows = []
    for kind, both in found.items():
        figures = [f"{figure:.1f}" for times in both for figure in (median(times), percentile(times, 0.95))]
        small, grown = map(median, both)
        rows.append([kind, *figures, f"{grown / small:.2f}"])
    tell_table(["Times in ms", f"p50 {SMALL:,}", "p95", f"p50 {size:,}", "p95", "p50 / p50"], rows)


# Files


def tell_exports(server: Server, size: int) -> None:
    rows = []
    for extension in EXPORTS:
        seconds, length, memory = fetched(server, f"/search/list.{extension}")
        rows.append([extension, f"{seconds:.1f} s", f"{length / 1e6:.1f} MB", f"{memory:.0f} MB"])
    tell_table([f"The whole list of {size:,}", "time", "length", "memory of the worker, at most"], rows)


def fetched(server: Server, path: str) -> tuple[float, int, float]:
    """Seconds, bytes, and the most memory that a worker had meanwhile, in MB."""
    started = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=600)
    with watched(server) as most:
        connection.request("GET", path)
        answer = connection.getresponse()
        if answer.status != 200:
            raise client.Unexpected(f"{path}: {answer.status}")
        length = 0
        while part := answer.read(1 << 20):
            length += len(part)
    connection.close()
    return time.monotonic() - started, length, max(most)


@contextmanager
def watched(server: Server) -> Iterator[list[float]]:
    most = [server.memory]
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.2):
            most.append(server.memory)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield most
    finally:
        over.set()
        watcher.join()


# Imports


def measure_imports(size: int) -> None:
    site = Site(folder("imports"))
    site.folder.mkdir(parents=True, exist_ok=True)
    real = ROOT.parent / "shared" / "data" / "eeml-24th-list-2025.xlsx"
    files = {"the 24th list": real} if real.exists() else {}
    files |= {f"{rows:,} invented rows": export(site, rows) for rows in (REAL_ROWS, size)}
    told: list[list[str]] = []
    for name, file in files.items():
        site.begin_anew()
        told += imported(site, name, file)
    tell_table(["Imports", "time", "memory at most"], told)


def imported(site: Site, name: str, file: Path) -> list[list[str]]:
    steps = [("preview", ["--preview"]), ("import", []), ("again", [])]
    costs: list[tuple[str, Cost]] = [
        (step, site.manage("import_list", str(file), "--edition", "24", *options)) for step, options in steps
    ]
    return [[f"{name}: {step}", f"{cost.seconds:.1f} s", f"{cost.memory:.0f} MB"] for step, cost in costs]


def export(site: Site, rows: int) -> Path:
    file = site.folder / f"export-{rows}.csv"
    write_export(file, rows=rows)
    return file


def tell_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    tell("")
    for line in lines(head, rows):
        tell(line)


def tell(words: str) -> None:
    print(words, flush=True)  # noqa: T201  the bench is a program that prints


if __name__ == "__main__":
    try:
        main()
    except (Failed, client.Unexpected) as problem:
        sys.exit(str(problem))
