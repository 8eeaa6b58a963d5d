"""Figures as lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median


def lines(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table: the first column to the left, the others to the right."""
    table = [head, *rows]
    widths = [max(len(row[column]) for row in table) for column in range(len(head))]
    told = ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip() for row in table]
    return [told[0], "-" * len(told[0]), *told[1:]]


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def spread(values: Sequence[float], *, form: str = "{:.2f}") -> str:
    """``0.61 (0.58 to 0.66)``: the median, the least and the most."""
    return f"{form} ({form} to {form})".format(median(values), min(values), max(values))
