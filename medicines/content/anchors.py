"""Where a comment hangs: a block, found by its id or shown as lost, never guessed."""

from __future__ import annotations

from dataclasses import dataclass

from medicines.content import richtext
from medicines.content.schema import Narrative, SectionKey


@dataclass(frozen=True)
class Found:
    """The block that an anchor names. ``is_quoted``: the words that were commented on still stand in it."""

    section: SectionKey
    block: richtext.Block
    is_quoted: bool


@dataclass(frozen=True)
class Lost:
    """The block is no longer there; what it said is kept with the comment."""

    quotation: str


def locate(anchor_id: str, quotation: str, narrative: Narrative) -> Found | Lost:
    """Find the block ``anchor_id`` in a narrative.

    A block with the same words and another id is another block: the anchor is then ``Lost``, with its quotation.
    """
    for section in narrative.sections:
        for block in richtext.blocks(section.html):
            if block.id == anchor_id:
                return Found(section.key, block, _plain(quotation) in _plain(block.text))
    return Lost(quotation)


def _plain(words: str) -> str:
    return " ".join(words.split())
