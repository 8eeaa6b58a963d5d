"""Findings, costs and references, row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy

from medicines.content import labels
from medicines.content.evidence import typographic
from medicines.content.labels import Words
from medicines.content.merge import words_of
from medicines.content.references import plain_reference
from medicines.content.schema import Cost, Finding, Reference

from .changes import RowChange
from .facts import Cells, changed_fields
from .words import NarrativeSide


def row_changes(
    before: NarrativeSide,
    after: NarrativeSide,
    old: Sequence[Any],
    new: Sequence[Any],
    cells: Callable[[NarrativeSide, Any], Cells],
) -> Iterator[RowChange]:
    """Rows by id; those left over are the same where they read the same."""
    of_old = {row.id: cells(before, row) for row in old}
    of_new = {row.id: cells(after, row) for row in new}
    unmatched = [row_id for row_id in of_old if row_id not in of_new]
    partner: dict[str, str] = {row_id: row_id for row_id in of_new if row_id in of_old}
    for row_id, found in of_new.items():
        if row_id not in partner:
            twin = next((other for other in unmatched if of_old[other] == found), None)
            if twin is not None:
                unmatched.remove(twin)
                partner[row_id] = twin
    for row_id, found in of_new.items():
        fields = tuple(changed_fields(of_old[partner[row_id]] if row_id in partner else {}, found))
        if row_id not in partner:
            yield RowChange("added", row_id, _label(found), fields)
        elif fields:
            yield RowChange("changed", row_id, _label(found), fields)
    for row_id in unmatched:
        yield RowChange("removed", row_id, _label(of_old[row_id]), tuple(changed_fields(of_old[row_id], {})))


def _label(cells: Cells) -> str:
    return next((words for _, words in cells.values() if words), "")


def finding_cells(side: NarrativeSide, finding: Finding) -> Cells:
    cells: dict[str, tuple[Words, str]] = {}
    for name, label in labels.FINDING.items():
        value = getattr(finding, name)
        cells[name] = (label, typographic(value) if name in ("estimate", "low", "high") else words_of(value, name))
    cells["reference"] = (labels.FINDING["reference"], _cited_words(side, finding.reference))
    return cells


def cost_cells(side: NarrativeSide, cost: Cost) -> Cells:
    cells = {name: (label, words_of(getattr(cost, name))) for name, label in labels.COST.items()}
    cells["reference"] = (labels.COST["reference"], _cited_words(side, cost.reference))
    return cells


def _cited_words(side: NarrativeSide, ref: str) -> str:
    reference = side.references.get(ref)
    return plain_reference(reference.csl, reference.original) if reference else ref


_PRINTED = frozenset({"id", "author", "title", "container-title", "issued", "volume", "issue", "page", "DOI", "URL"})


def reference_cells(side: NarrativeSide, reference: Reference) -> Cells:
    """The reference as it is printed, and what of it is not printed."""
    cells: dict[str, tuple[Words, str]] = {
        "printed": (labels.FINDING["reference"], plain_reference(reference.csl, reference.original))
    }
    for name, value in reference.csl.items():
        if name not in _PRINTED:
            cells[name] = (labels.CSL.get(name, name), words_of(value))
    cells["original"] = (labels.FACTS["original"], reference.original)
    cells["guessed"] = (gettext_lazy("Guessed fields"), words_of(reference.guessed))
    return cells
