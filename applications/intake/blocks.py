"""A document as every reader gives it: a flat row of blocks, each of runs of text with their marks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

Mark = Literal["strong", "em", "sup", "sub"]
MARKS: tuple[Mark, ...] = ("strong", "em", "sup", "sub")
"""In the order in which they are nested."""


@dataclass(frozen=True)
class Run:
    """Some text with one set of marks; or, where ``cite`` is set, a citation, which has no text."""

    text: str = ""
    marks: frozenset[Mark] = frozenset()
    href: str = ""
    cite: str = ""


Runs = tuple[Run, ...]


@dataclass(frozen=True)
class Block:
    """A paragraph, a heading, an item of a list or a table; or something ``apart`` from the flow, such as a footnote.

    ``line`` is where it begins: the line of a text file, else the number of the block in the document, from 1.
    ``level`` is a heading's rank or an item's depth, from 1. An ordered item has its ``number``.
    """

    kind: Literal["paragraph", "heading", "item", "table", "apart"]
    runs: Runs = ()
    line: int = 0
    level: int = 1
    number: int | None = None
    rows: tuple[tuple[Runs, ...], ...] = ()
    has_header: bool = False

    @property
    def text(self) -> str:
        if self.kind == "table":
            return "\n".join(" ".join(text_of(cell) for cell in row) for row in self.rows)
        return text_of(self.runs)

    @property
    def words(self) -> str:
        """The text in one line, with its number where it has one, as people would quote it."""
        text = " ".join(self.text.split())
        return f"{self.number}. {text}" if self.number is not None else text


def text_of(runs: Iterable[Run]) -> str:
    return "".join(run.text for run in runs)


def pieces(runs: Iterable[Run], cuts: Iterable[int]) -> list[Runs]:
    """The runs cut at offsets of their text, given in rising order: one piece more than cuts, in one pass.

    A citation at a cut belongs to the piece that begins there.
    """
    found: list[list[Run]] = [[]]
    bounds = iter((*cuts, -1))
    bound = next(bounds)
    begin = 0
    for run in runs:
        end, taken = begin + len(run.text), 0
        while 0 <= bound < end or (run.cite and bound == begin):
            if head := run.text[taken : bound - begin]:
                found[-1].append(replace(run, text=head))
            taken = bound - begin
            found.append([])
            bound = next(bounds)
        if run.cite:
            found[-1].append(run)
        elif rest := run.text[taken:]:
            found[-1].append(replace(run, text=rest))
        begin = end
    while bound >= 0:
        found.append([])
        bound = next(bounds)
    return [tuple(piece) for piece in found]


def slice_runs(runs: Iterable[Run], start: int, end: int) -> Runs:
    """The part of the runs between two offsets of their text."""
    return pieces(runs, (start, end))[1]


def joined(first: Runs, second: Runs, between: str = " ") -> Runs:
    return merged((*first, Run(between), *second))


def merged(runs: Iterable[Run]) -> Runs:
    """The same runs with neighbours of one kind made one."""
    found: list[Run] = []
    for (cite, marks, href), alike in groupby(runs, key=lambda run: (run.cite, run.marks, run.href)):
        if cite:
            found += alike
        elif text := text_of(alike):
            found.append(Run(text, marks, href))
    return tuple(found)


def stripped(runs: Iterable[Run]) -> Runs:
    """The runs without blanks at their ends; citations there stay."""
    runs = tuple(runs)
    text = text_of(runs)
    start = len(text) - len(text.lstrip())
    end = max(len(text.rstrip()), start)
    before, inner, after = pieces(runs, (start, end))
    return (*_citations(before), *inner, *_citations(after))


def _citations(runs: Runs) -> Runs:
    return tuple(run for run in runs if run.cite)


def in_one_line(runs: Runs) -> Runs:
    """Line breaks of the source become blanks, and runs of blanks one."""
    return stripped(merged(replace(run, text=re.sub(r"[ \t\r\n\f\v\u2028\u2029]+", " ", run.text)) for run in runs))


def lines_of(block: Block) -> list[Block]:
    """A paragraph cut at its line breaks. Other blocks come back whole."""
    if block.kind == "table" or "\n" not in block.text:
        return [block]
    breaks = [found.start() for found in re.finditer("\n", block.text)]
    lines = (stripped(piece) for piece in pieces(block.runs, breaks))
    return [replace(block, runs=runs, line=block.line + count) for count, runs in enumerate(lines) if runs]


def is_all_bold(block: Block) -> bool:
    return bool(block.text.strip()) and all("strong" in run.marks for run in block.runs if run.text.strip())


def fold(text: str) -> str:
    """Text for comparing: no case, accents or tatweel; whatever is no letter or digit is one blank."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("ـ", ""))
    kept = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join("".join(c if c.isalnum() else " " for c in kept).split())
