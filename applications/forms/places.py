"""Where on the page of a draft a problem is mended."""

from __future__ import annotations

from collections.abc import Sequence

from medicines.content.schema import DraftContent

ROWS = ("references", "findings", "costs")


def place_of(where: str, content: DraftContent) -> str:
    """The id of the part of the page that holds the field at ``where`` (see ``medicines.content.checks.Problem``).

    The place is as near as the page has one: a row, a section, the facts of a proposal, else the part of the draft.
    """
    part, _slash, rest = where.partition("/")
    key, _slash, rest = rest.partition("/")
    if part == "sections" and key:
        return f"section-{key}"
    if part == "proposals" and any(proposal.key == key for proposal in content.proposals):
        return f"row-facts-{key}-{'-'.join(rest.split('/')[:2])}" if rest.startswith("placements/") else f"facts-{key}"
    if part in ROWS:
        rows: Sequence[object] = getattr(content.narrative, part)
        index = next((index for index, row in enumerate(rows) if getattr(row, "id", None) == key), None)
        return part if index is None else f"row-{part}-{index}"
    return "facts" if part == "proposals" else "text"
