"""Blocks as the small HTML of ``medicines.content.richtext``, each with an id of its own from the start."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby

from medicines.content import richtext

from .blocks import MARKS, Block, Run, Runs, merged


def html_of(blocks: Iterable[Block], lines: dict[str, int]) -> str:
    """Return sanitised HTML, and note in ``lines`` which line of the source each block id came from."""
    parts: list[str] = []
    for is_item, group in groupby(_with_honest_numbers(blocks), key=lambda block: block.kind == "item"):
        members = list(group)
        if is_item:
            parts.append(_list(members, lines))
        else:
            parts += [_block(block, lines) for block in members]
    return richtext.sanitise("".join(parts))


def _with_honest_numbers(blocks: Iterable[Block]) -> list[Block]:
    """A list counts from 1 when it is shown. An item with another number becomes a paragraph that says its own."""
    found: list[Block] = []
    counted: dict[int, int] = {}
    for block in blocks:
        if block.kind != "item":
            counted.clear()
            found.append(block)
            continue
        counted = {level: count for level, count in counted.items() if level <= block.level}
        if block.number is None:
            counted.pop(block.level, None)
        elif block.number == counted.get(block.level, 0) + 1:
            counted[block.level] = block.number
        else:
            counted.clear()
            runs = merged((Run(f"{block.number}. "), *block.runs))
            block = Block("paragraph", runs, block.line)
        found.append(block)
    return found


def _block(block: Block, lines: dict[str, int]) -> str:
    if block.kind == "table":
        return _table(block, lines)
    tag = "p" if block.kind == "paragraph" else "h3" if block.level <= 3 else "h4"
    return f"<{tag}{_identity(block, lines)}>{inline(block.runs)}</{tag}>"


def _list(items: Sequence[Block], lines: dict[str, int]) -> str:
    """Items of one or several lists, the deeper ones within the item above them."""
    out: list[str] = []
    at = 0
    level = items[0].level
    while at < len(items):
        tag = "ul" if items[at].number is None else "ol"
        out.append(f"<{tag}>")
        while at < len(items) and (items[at].number is None) == (tag == "ul"):
            item = items[at]
            end = at + 1
            while end < len(items) and items[end].level > level:
                end += 1
            inner = _list(items[at + 1 : end], lines) if end > at + 1 else ""
            out.append(f"<li><p{_identity(item, lines)}>{inline(item.runs)}</p>{inner}</li>")
            at = end
        out.append(f"</{tag}>")
    return "".join(out)


def _table(block: Block, lines: dict[str, int]) -> str:
    rows = []
    for number, row in enumerate(block.rows):
        tag = "th" if block.has_header and number == 0 else "td"
        rows.append("<tr>" + "".join(f"<{tag}><p>{inline(cell)}</p></{tag}>" for cell in row) + "</tr>")
    return f"<table{_identity(block, lines)}>{''.join(rows)}</table>"


def _identity(block: Block, lines: dict[str, int]) -> str:
    block_id = richtext.new_id()
    lines[block_id] = block.line
    return f' data-block="{block_id}"'


def inline(runs: Runs) -> str:
    return "".join(map(_run, runs))


def _run(run: Run) -> str:
    if run.cite:
        return f'<cite data-ref="{escape(run.cite)}"></cite>'
    html = escape(run.text, quote=False)
    for mark in reversed(MARKS):
        if mark in run.marks:
            html = f"<{mark}>{html}</{mark}>"
    return f'<a href="{escape(run.href)}">{html}</a>' if run.href else html
