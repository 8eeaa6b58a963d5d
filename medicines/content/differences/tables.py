"""Tables, compared row by row and cell by cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, NamedTuple

from django.utils.safestring import SafeString, mark_safe

from medicines.content import richtext

from .changes import Run, marked_runs
from .words import NarrativeSide, Token, runs_between, whole_run

_ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<(t[dh])([^>]*)>(.*?)</\1>", re.DOTALL)
_CAPTION = re.compile(r"<caption>(.*?)</caption>", re.DOTALL)
_HEAD = re.compile(r"<thead>(.*?)</thead>", re.DOTALL)
_PARTED = re.compile(r"</(?:p|li)>(?:</?(?:ul|ol|li)>)*<(?:p|li)>|</p><[uo]l><li><p>")
_LAID_OUT = re.compile(r"</?(?:p|ul|ol|li)>")


class _Cell(NamedTuple):
    tag: str
    attributes: str
    html: str


def _grid(block: richtext.Block | None) -> tuple[str, list[list[_Cell]], int]:
    """The caption, the rows, and how many of them are the head."""
    if block is None or block.tag != "table":
        rows = [[_Cell("td", "", _inner(block.html))]] if block else []
        return "", rows, 0
    caption, head = _CAPTION.search(block.html), _HEAD.search(block.html)
    rows = [[_Cell(*cell) for cell in _CELL.findall(row)] for row in _ROW.findall(block.html)]
    return (caption[1] if caption else ""), rows, len(_ROW.findall(head[1])) if head else 0


def _inner(html: str) -> str:
    return html[html.index(">") + 1 : html.rindex("</")]


def table_change(
    before: NarrativeSide, old: richtext.Block | None, after: NarrativeSide, new: richtext.Block | None
) -> tuple[tuple[Run, ...], SafeString]:
    """A table with its cells marked, and all its stretches for the counting of words."""
    old_caption, old_rows, old_head = _grid(old)
    new_caption, new_rows, new_head = _grid(new)
    runs: list[Run] = []

    def cell(old_html: str | None, new_html: str | None) -> str:
        a, b = _cell_tokens(before, old_html or ""), _cell_tokens(after, new_html or "")
        if new_html is None:
            found = whole_run(before, a, "removed")
        else:
            found = whole_run(after, b, "added") if old_html is None else runs_between(before, a, after, b)
        runs.extend(found)
        return marked_runs(found)

    caption = cell(old_caption if old else None, new_caption if new else None)
    head: list[str] = []
    body: list[str] = []
    for of_old, of_new in _row_pairs(before, old_rows, after, new_rows):
        shown = of_new if of_new is not None else of_old or []
        cells = []
        for at, entry in enumerate(shown):
            old_html = of_old[at].html if of_old is not None else None
            new_html = of_new[at].html if of_new is not None else None
            cells.append(f"<{entry.tag}{entry.attributes}>{cell(old_html, new_html)}</{entry.tag}>")
        is_head = any(of_new is row for row in new_rows[:new_head]) or (
            of_new is None and any(of_old is row for row in old_rows[:old_head])
        )
        # A table has one head: what follows the first row of the body is body.
        (head if is_head and not body else body).append(f"<tr>{''.join(cells)}</tr>")
    html = (
        "<table>"
        + (f"<caption>{caption}</caption>" if caption else "")
        + (f"<thead>{''.join(head)}</thead>" if head else "")
        + (f"<tbody>{''.join(body)}</tbody>" if body else "")
        + "</table>"
    )
    return tuple(runs), mark_safe(html)  # noqa: S308  cells are escaped, tags come from the sanitised table


def _cell_tokens(side: NarrativeSide, html: str) -> list[Token]:
    return side.tokens(_LAID_OUT.sub("", _PARTED.sub("<br>", html)))


Rows = list[tuple[list[_Cell] | None, list[_Cell] | None]]


def _row_pairs(before: NarrativeSide, old: list[list[_Cell]], after: NarrativeSide, new: list[list[_Cell]]) -> Rows:
    """Rows that belong together. Cells over several rows, and rows of unlike width, are not taken apart."""
    if any("rowspan" in cell.attributes for row in (*old, *new) for cell in row):
        if [len(row) for row in old] == [len(row) for row in new]:
            return list(zip(old, new, strict=True))
        return [*((row, None) for row in old), *((None, row) for row in new)]
    senses_of_old = [_row_sense(before, row) for row in old]
    senses_of_new = [_row_sense(after, row) for row in new]
    pairs: Rows = []
    for i1, i2, j1, j2 in aligned(senses_of_old, senses_of_new):
        # Among changed rows those that begin alike belong together.
        gone, come = senses_of_old[i1:i2], senses_of_new[j1:j2]
        for k1, k2, l1, l2 in aligned([sense[:1] for sense in gone], [sense[:1] for sense in come]):
            for of_old, of_new in zip_longest(old[i1 + k1 : i1 + k2], new[j1 + l1 : j1 + l2]):
                if of_old is not None and of_new is not None and len(of_old) != len(of_new):
                    pairs.extend([(of_old, None), (None, of_new)])
                else:
                    pairs.append((of_old, of_new))
    return pairs


def _row_sense(side: NarrativeSide, row: list[_Cell]) -> tuple[Any, ...]:
    return tuple(tuple(side.sense(token) for token in _cell_tokens(side, cell.html)) for cell in row)


def aligned(old: Sequence[Any], new: Sequence[Any]) -> Iterator[tuple[int, int, int, int]]:
    for _, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield i1, i2, j1, j2
