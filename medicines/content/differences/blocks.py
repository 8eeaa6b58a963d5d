"""Blocks that belong together: by their id, wherever they stand, else by their words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from medicines.content import labels, richtext
from medicines.content.labels import Words
from medicines.content.merge import moved_keys
from medicines.content.schema import SECTION_KEYS

from .changes import BlockChange, Kind, SectionChange
from .tables import table_change
from .words import NarrativeSide, runs_between, whole_run

SIMILAR = 0.5
"""Blocks without a common id are taken for one text, edited, when at least this share of their words is the same."""


FORMS: dict[str, Words] = {
    "p": gettext_lazy("Paragraph"),
    "h3": gettext_lazy("Heading"),
    "h4": gettext_lazy("Sub-heading"),
    "ul": gettext_lazy("Bulleted list"),
    "ol": gettext_lazy("Numbered list"),
    "blockquote": gettext_lazy("Quotation"),
    "table": gettext_lazy("Table"),
}


class _Pair(NamedTuple):
    old: richtext.Block | None
    new: richtext.Block | None
    is_moved: bool = False
    moved_from: Words = ""


def section_changes(before: NarrativeSide, after: NarrativeSide) -> Iterator[SectionChange]:
    partners = _partners(before, after)
    old_home = {block.id: key for key, blocks in before.blocks.items() for block in blocks}
    old_block = {block.id: block for blocks in before.blocks.values() for block in blocks}
    gone = set(old_home) - set(partners.values())
    for key in (*SECTION_KEYS, "unplaced"):
        old, new = before.blocks.get(key, []), after.blocks.get(key, [])
        if not old and not new:
            continue
        old_ids = [block.id for block in old]
        moved = moved_keys(old_ids, [partners[block.id] for block in new if block.id in partners])
        pairs: list[_Pair] = []
        places: dict[str, int] = {}
        for block in new:
            partner = partners.get(block.id)
            if partner is None:
                pairs.append(_Pair(None, block))
            elif old_home[partner] != key:
                pairs.append(_Pair(old_block[partner], block, True, labels.SECTIONS[old_home[partner]]))
            else:
                pairs.append(_Pair(old_block[partner], block, partner in moved))
        # What is gone is shown behind what stood before it.
        for index, block in enumerate(old):
            if block.id in gone:
                places = {pair.old.id: at for at, pair in enumerate(pairs) if pair.old and not pair.is_moved}
                at = next((places[i] + 1 for i in reversed(old_ids[:index]) if i in places), 0)
                pairs.insert(at, _Pair(block, None))
        yield SectionChange(key, labels.SECTIONS[key], tuple(block_change(before, after, pair) for pair in pairs))


def _partners(before: NarrativeSide, after: NarrativeSide) -> dict[str, str]:
    """For each block of the new text the id of the old block that it was: by id, else by its words."""
    old = {block.id: block for blocks in before.blocks.values() for block in blocks}
    new = {block.id: block for blocks in after.blocks.values() for block in blocks}
    partners = {block_id: block_id for block_id in new if block_id in old}
    for key, blocks in after.blocks.items():
        left = [block for block in before.blocks.get(key, []) if block.id not in new]
        for block in blocks:
            if block.id in partners or not left:
                continue
            likeness = [_likeness(before, candidate, after, block) for candidate in left]
            best = max(likeness)
            if best >= SIMILAR:
                partners[block.id] = left.pop(likeness.index(best)).id
    return partners


def _likeness(before: NarrativeSide, old: richtext.Block, after: NarrativeSide, new: richtext.Block) -> float:
    """The share of words, and of neighbouring pairs of words, that two blocks have in common: from 0 to 1."""
    if (old.tag == "table") != (new.tag == "table"):
        return 0
    a, b = before.shape(old), after.shape(new)
    total = a.total() + b.total()
    return 2 * (a & b).total() / total if total else float(old.tag == new.tag)


def block_change(before: NarrativeSide, after: NarrativeSide, pair: _Pair) -> BlockChange:
    block = pair.new or pair.old
    if block is None:
        raise ValueError("a pair without blocks")
    old, new = pair.old, pair.new
    form = (FORMS[_form(old)], FORMS[_form(new)]) if old and new and _form(old) != _form(new) else None
    table: SafeString | None = None
    if "table" in ((old.tag if old else ""), (new.tag if new else "")):
        runs, table = table_change(before, old, after, new)
    elif old is None or new is None:
        side = after if new else before
        runs = whole_run(side, side.tokens(block.html), "added" if new else "removed")
    else:
        runs = runs_between(before, before.tokens(old.html), after, after.tokens(new.html))
    kind: Kind = "removed" if new is None else "added" if old is None else "changed"
    if old and new and form is None and all(run.side == "same" for run in runs):
        kind = "same"
    return BlockChange(
        kind=kind,
        id=block.id,
        tag=block.tag,
        runs=runs,
        table=table,
        is_moved=pair.is_moved,
        moved_from=pair.moved_from,
        form=form,
        depth=sum(tag == "li" for tag, _ in block.path),
    )


def _form(block: richtext.Block) -> str:
    tags = [tag for tag, _ in block.path]
    return next((tag for tag in reversed(tags) if tag in ("ul", "ol", "blockquote")), block.tag)
