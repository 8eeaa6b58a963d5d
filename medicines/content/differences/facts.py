"""The facts of two documents, field by field."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext

from medicines.content import labels
from medicines.content.labels import Words
from medicines.content.merge import words_of
from medicines.content.schema import Content, DraftContent, Facts, Formulation, Placement

from .changes import FactsChange, FieldChange, Kind
from .words import field_change

Document = DraftContent | Content

Cells = Mapping[Any, tuple[Words, str]]


def facts_changes(old: Document, new: Document) -> Iterator[FactsChange]:
    before, after = _facts_by_key(old), _facts_by_key(new)
    for key in dict.fromkeys([*after, *before]):
        of_old, of_new = before.get(key), after.get(key)
        fields = tuple(changed_fields(*_facts_cells(of_old, of_new)))
        facts = of_new or of_old
        if fields and facts:
            kind: Kind = "added" if of_old is None else "removed" if of_new is None else "changed"
            title = " – ".join(filter(None, (facts.medicine, facts.indication)))
            yield FactsChange(kind, key, title, fields)


def _facts_by_key(document: Document) -> dict[str, Facts]:
    if isinstance(document, DraftContent):
        return {proposal.key: proposal.facts for proposal in document.proposals}
    return {"": document.facts}


ROW_IDENTITY: dict[str, Callable[[Any], Any]] = {
    "links": lambda link: (link.site, link.title),
    "history": lambda entry: (entry.event, entry.year),
}


def _facts_cells(old: Facts | None, new: Facts | None) -> tuple[Cells, Cells]:
    """Both sets of facts as labelled words, under keys that match where the two speak of the same thing."""
    cells: tuple[dict[Any, tuple[Words, str]], dict[Any, tuple[Words, str]]] = ({}, {})
    sides = [(facts, found) for facts, found in zip((old, new), cells, strict=True) if facts]
    for name in Facts.model_fields:
        for facts, found in sides:
            value = getattr(facts, name)
            if name not in ("placements", "links", "history"):
                found[name] = (labels.FACTS[name], words_of(value, name))
        if name == "placements":
            _placement_cells(old.placements if old else (), new.placements if new else (), *cells)
        elif name in ("links", "history"):
            rows = [getattr(facts, name) if facts else () for facts in (old, new)]
            for side, key, row in _matched(*rows, identity=ROW_IDENTITY[name]):
                cells[side][(name, key)] = (labels.FACTS[name], words_of(row))
    return cells


def _placement_cells(
    old: Sequence[Placement], new: Sequence[Placement], before: dict[Any, Any], after: dict[Any, Any]
) -> None:
    several = len(old) > 1 or len(new) > 1
    by_key: dict[Any, list[tuple[Formulation, ...]]] = {}
    for side, key, placement in _matched(old, new, identity=lambda placement: placement.section):
        found = (before, after)[side]
        where = _section_name(placement) if several else ""
        found[("placements", key, "section")] = (labels.FACTS["section"], _section_words(placement))
        for name in ("eml", "emlc", "unnamed_list"):
            label = _in_section(labels.FACTS[name], where)
            found[("placements", key, name)] = (label, words_of(getattr(placement, name), name))
        by_key.setdefault(key, [(), ()])[side] = placement.formulations
    for key, (gone, come) in by_key.items():
        matched = _matched(gone, come, identity=lambda formulation: formulation, alike=lambda f: f.route)
        for side, line, formulation in matched:
            (before, after)[side][("placements", key, "formulations", line)] = (
                labels.FACTS["formulations"],
                formulation_words(formulation),
            )


def _matched(
    old: Sequence[Any],
    new: Sequence[Any],
    *,
    identity: Callable[[Any], Any],
    alike: Callable[[Any], Any] = lambda row: None,
) -> Iterator[tuple[int, Any, Any]]:
    """Each row as (side, key, row): rows of one identity share a key, and so do those left over that are alike, in
    their order.
    """
    keys: list[list[Any]] = [[], []]
    for side, rows in enumerate((old, new)):
        for row in rows:
            key = (repr(identity(row)), 1)
            while key in keys[side]:
                key = (key[0], key[1] + 1)
            keys[side].append(key)
    left: list[dict[Any, list[Any]]] = [{}, {}]
    for side, rows in enumerate((old, new)):
        for key, row in zip(keys[side], rows, strict=True):
            if key not in keys[1 - side]:
                left[side].setdefault(alike(row), []).append(key)
    same = {
        come: gone
        for sort, keys_left in left[1].items()
        for come, gone in zip(keys_left, left[0].get(sort, ()), strict=False)
    }
    for side, rows in enumerate((old, new)):
        for key, row in zip(keys[side], rows, strict=True):
            yield side, same.get(key, key) if side else key, row


def _section_name(placement: Placement) -> str:
    if not placement.section or not placement.section.steps:
        return ""
    leaf = placement.section.leaf
    return leaf.number or leaf.title


def _section_words(placement: Placement) -> str:
    if not placement.section:
        return ""
    steps = " › ".join(" ".join(filter(None, (step.number, step.title))) for step in placement.section.steps)
    return f"{steps} ({placement.section.edition})" if placement.section.edition else steps


def _in_section(label: Words, section: str) -> Words:
    if not section:
        return label
    return lazy(lambda: gettext("%(field)s, section %(section)s") % {"field": label, "section": section}, str)()


def formulation_words(formulation: Formulation) -> str:
    """One formulation as a line: "Oral > solid > tablet: 10 mg; 25 mg (EML, EMLc)"."""
    line = formulation.original
    if formulation.route or formulation.strengths:
        line = ": ".join(filter(None, (" > ".join(formulation.route), "; ".join(formulation.strengths))))
    return f"{line} ({', '.join(formulation.lists)})" if formulation.lists else line


def changed_fields(before: Cells, after: Cells) -> Iterator[FieldChange]:
    for key in dict.fromkeys([*after, *before]):
        label = (after.get(key) or before[key])[0]
        change = field_change(label, before[key][1] if key in before else None, after[key][1] if key in after else None)
        if change.kind != "same" and (change.before or change.after):
            yield change
