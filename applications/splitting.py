"""Parting a paragraph where intake offers it: a heading that runs into its text, bullets within a line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from applications.intake.report import Split
from medicines.content.richtext import Block, blocks, replace_block
from medicines.content.schema import Narrative

TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)[^>]*>")
OPENING = re.compile(r"^<p data-block=\"[^\"]*\">|</p>$")


def still_offered(narrative: Narrative, splits: Iterable[Split]) -> list[Split]:
    """The splits whose words still stand within a paragraph of their section, as the source wrote them."""
    return [split for split in splits if _find(narrative, split)]


def with_splits(narrative: Narrative, splits: Sequence[Split]) -> Narrative:
    """Apply splits one by one; those whose words are no longer there are passed over. No word is lost."""
    for split in splits:
        if found := _find(narrative, split):
            block, at = found
            sections = tuple(
                section.model_copy(update={"html": replace_block(section.html, block.id, _parted(block, split, at))})
                if section.key == split.section
                else section
                for section in narrative.sections
            )
            narrative = narrative.model_copy(update={"sections": sections})
    return narrative


def _find(narrative: Narrative, split: Split) -> tuple[Block, int] | None:
    """The paragraph and the place in its inner HTML where the words begin: their own block, else the only one."""
    found = []
    for block in blocks(narrative.section(split.section)):
        if block.tag != "p" or block.path:
            continue
        inner = OPENING.sub("", block.html)
        words = escape(split.words, quote=False)
        if inner.count(words) == 1 and (at := inner.index(words)) > 0:
            found.append((block, at))
    own = [entry for entry in found if entry[0].id == split.block]
    return own[0] if own else found[0] if len(found) == 1 else None


def _parted(block: Block, split: Split, at: int) -> str:
    inner = OPENING.sub("", block.html)
    before, rest = inner[:at], inner[at:]
    marks = _open_marks(before)
    close = "".join(f"</{tag}>" for tag in reversed(marks))
    opened = "".join(f"<{tag}>" for tag in marks)
    head = f'<p data-block="{block.id}">{before}{close}</p>'
    if split.kind == "list":
        item = re.sub(r"^[•▪◦‣]\s*", "", rest)
        return f"{head}<ul><li><p>{opened}{item}</p></li></ul>"
    words = escape(split.words, quote=False)
    return f"{head}<h3>{words}</h3><p>{opened}{rest[len(words) :].lstrip()}</p>"


def _open_marks(html: str) -> list[str]:
    """The marks that are open where a stretch of sanitised HTML ends; a link is not one of them."""
    opened: list[str] = []
    for closing, name in TAG.findall(html):
        if name not in ("strong", "em", "sub", "sup"):
            continue
        if closing:
            opened.pop()
        else:
            opened.append(name)
    return opened
