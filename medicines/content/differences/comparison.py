"""Comparing two drafts, or two published contents."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from .blocks import section_changes
from .changes import Comparison
from .facts import Document, facts_changes
from .rows import cost_cells, finding_cells, reference_cells, row_changes
from .words import NarrativeSide, field_change


def compare(old: Document, new: Document) -> Comparison:
    """Compare two drafts, or two published contents, in the words of the language that is active.

    Blocks are matched by id, wherever they stand, and those left over by their words. A citation counts as changed when
    it points at another reference, not when its number moved.
    """
    before, after = NarrativeSide(old.narrative), NarrativeSide(new.narrative)
    sections = tuple(section_changes(before, after))
    if _said(old) == _said(new):
        return Comparison(is_empty=True, sections=sections)
    facts = tuple(facts_changes(old, new))
    findings = tuple(row_changes(before, after, before.narrative.findings, after.narrative.findings, finding_cells))
    costs = tuple(row_changes(before, after, before.narrative.costs, after.narrative.costs, cost_cells))
    references = tuple(
        row_changes(before, after, before.narrative.references, after.narrative.references, reference_cells)
    )
    language = field_change(gettext_lazy("Language"), old.narrative.language, new.narrative.language)
    runs = [run for section in sections for block in section.blocks for run in block.runs]
    fields = [entry for change in facts for entry in change.fields]
    fields += [entry for change in (*findings, *costs, *references) for entry in change.fields]
    runs += [run for entry in fields for run in entry.runs]
    return Comparison(
        is_empty=False,
        sections=sections,
        facts=facts,
        findings=findings,
        costs=costs,
        references=references,
        language=language if language.kind != "same" else None,
        words_added=sum(run.words for run in runs if run.side == "added"),
        words_removed=sum(run.words for run in runs if run.side == "removed"),
    )


def _said(document: Document) -> dict[str, Any]:
    return {name: value for name, value in document.to_dict().items() if name != "salt"}
