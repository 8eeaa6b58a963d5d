"""A document as every reader gives it: a flat row of blocks, each of runs of text with their marks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
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


def slice_runs(runs: Sequence[Run], start: int, end: int) -> Runs:
    """The part of the runs between two offsets of their text. A citation at ``start`` belongs to it, at ``end`` not."""
    found: list[Run] = []
    place = 0
    for run in runs:
        length = len(run.text)
        if run.cite:
            if start <= place < end:
                found.append(run)
            continue
        cut = run.text[max(start - place, 0) : max(end - place, 0)]
        if cut:
            found.append(replace(run, text=cut))
        place += length
    return tuple(found)


def joined(first: Runs, second: Runs, between: str = " ") -> Runs:
    return merged((*first, Run(between), *second))


def merged(runs: Iterable[Run]) -> Runs:
    """The same runs with neighbours of one kind made one."""
    found: list[Run] = []
    for run in runs:
        if not run.text and not run.cite:
            continue
        last = found[-1] if found else None
        if last and not last.cite and not run.cite and (last.marks, last.href) == (run.marks, run.href):
            found[-1] = replace(last, text=last.text + run.text)
        else:
            found.append(run)
    return tuple(found)


def stripped(runs: Runs) -> Runs:
    text = text_of(runs)
    if not text.strip():
        return tuple(run for run in runs if run.cite)
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    trailing = tuple(run for run in slice_runs((*runs, Run("\0")), end, len(text) + 1) if run.cite)
    return (*slice_runs(runs, start, end), *trailing)


def in_one_line(runs: Runs) -> Runs:
    """Line breaks of the source become blanks, and runs of blanks one."""
    return stripped(merged(replace(run, text=re.sub(r"[ \t\r\n\f\v\u2028\u2029]+", " ", run.text)) for run in runs))


def lines_of(block: Block) -> list[Block]:
    """A paragraph cut at its line breaks. Other blocks come back whole."""
    if block.kind == "table" or "\n" not in block.text:
        return [block]
    text, found, start = block.text, [], 0
    for count, line in enumerate(text.split("\n")):
        runs = stripped(slice_runs(block.runs, start, start + len(line)))
        if runs:
            found.append(replace(block, runs=runs, line=block.line + count))
        start += len(line) + 1
    return found


def is_all_bold(block: Block) -> bool:
    return bool(block.text.strip()) and all("strong" in run.marks for run in block.runs if run.text.strip())


def fold(text: str) -> str:
    """Text for comparing: no case, accents or tatweel; whatever is no letter or digit is one blank."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("ـ", ""))
    kept = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join("".join(c if c.isalnum() else " " for c in kept).split())
