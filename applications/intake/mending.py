"""Sentences that a page break has cut in two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from .blocks import Block, joined
from .report import Finding

ENDED = re.compile(r"[.!?:;…。！？؟][\"'”’»)\]]*\s*$")
SHORTEST = 40
"""Shorter lines without a stop are labels and headings, not the first half of a sentence."""


def rejoin(blocks: Sequence[Block]) -> tuple[list[Block], list[Finding]]:
    """Join a paragraph that ends in the middle of a sentence with the next, where that begins in small letters."""
    found: list[Block] = []
    findings: list[Finding] = []
    for block in blocks:
        last = found[-1] if found else None
        if last and is_cut(last, block):
            findings.append(Finding(code="rejoined", line=block.line, words=_seam(last.text, block.text)))
            found[-1] = replace(last, runs=joined(last.runs, block.runs))
        else:
            found.append(block)
    return found, findings


def is_cut(first: Block, second: Block) -> bool:
    """Whether the second block goes on with the first one's sentence. Only scripts with small letters can tell."""
    if first.kind not in ("paragraph", "item") or second.kind != "paragraph":
        return False
    text = first.text
    return len(text) >= SHORTEST and not ENDED.search(text) and second.text[:1].islower()


def _seam(first: str, second: str) -> str:
    return " ".join((*first.split()[-3:], *second.split()[:3]))
