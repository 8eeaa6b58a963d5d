"""The workbook that this site gives out, read back: beside the official columns one cell has the facts whole.

The official columns state little of what a record knows, so a row brings the facts of its recommendation along. They
count where the official columns still say what they say; a row that somebody changed is read as the official export.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from medicines.content.identity import partner_names
from medicines.content.schema import Content, Facts, Formulation, Placement

FACTS = "Facts (JSON)"
"""The heading of that column, in every language."""

NEVER = frozenset({"not listed", "not recommended"})
"""What the official column of the status says here of what was never on a list: the official export has none of it."""

_UNSAFE_IN_XML = re.compile(r"[\x7f-\x9f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")

_SURROGATE = re.compile(r"[\ud800-\udfff]")


def official_cells(facts: Facts, placement: Placement | None) -> tuple[str, ...]:
    """What the official export would say in its columns, in their order (``medicines.lists.export.COLUMNS``)."""
    path = placement.section if placement else None
    return (
        facts.medicine,
        " > ".join(step.title for step in path.steps) if path else "",
        "\n".join(formulation_line(each) for each in placement.formulations) if placement else "",
        facts.indication,
        ", ".join(facts.atc),
        partner_names(facts),
        _status(facts, placement),
    )


def formulation_line(formulation: Formulation) -> str:
    """A formulation as a list writes it: as its source did, else ``Route > Subroute: strength; strength``."""
    if formulation.original:
        return formulation.original
    return f"{' > '.join(formulation.route)}: {'; '.join(formulation.strengths)}".strip()


def facts_cell(facts: Facts) -> str:
    """The facts of a recommendation, whole, as JSON in which no program that keeps workbooks changes a character."""
    words = f'{{"schema":1,"facts":{facts.model_dump_json()}}}'
    if words.isprintable() and "_x" not in words:  # Nearly always, and the pattern takes long.
        return words
    return _UNSAFE_IN_XML.sub(lambda found: f"\\u{ord(found.group()):04x}", words)


def facts_of_cell(cell: str) -> Facts | None:
    """The facts that ``facts_cell`` wrote, or ``None`` where the words are none.

    JSON can write characters that no text of the record can hold, and nest deeper than anybody reads: such is none.
    """
    try:
        facts = Content.from_dict(json.loads(cell)).facts
    except (ValueError, RecursionError):
        return None
    words = json.dumps(facts.to_dict(), ensure_ascii=False)
    return None if r"\u0000" in words or _SURROGATE.search(words) else facts


def whole_facts(cells: Sequence[str], cell: str) -> Facts | None:
    """The facts of a row's ``cell``, where its official ``cells`` still say the same, but for blanks; else ``None``."""
    facts = facts_of_cell(cell)
    if facts is None:
        return None
    said = _folded(cells)
    places = facts.placements or (None,)
    return facts if any(_folded(official_cells(facts, placement)) == said for placement in places) else None


def _status(facts: Facts, placement: Placement | None) -> str:
    if placement and placement.is_listed:
        return "Added"
    if (placement and "removed" in placement.statuses) or facts.status == "removed":
        return "Removed"
    return "Not recommended" if facts.status == "not_recommended" else "Not listed"


def _folded(cells: Sequence[str]) -> list[str]:
    return [" ".join(cell.split()) for cell in cells]
