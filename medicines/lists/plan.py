"""What an import would do: the entries of a file against what the record holds. Nothing is written here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from medicines.content.schema import Content, Facts, Formulation, Placement
from medicines.sorting import folded

from .choices import Holds
from .export import Entry
from .names import Identity
from .sections import title_key

Action = Literal[
    "created", "filled", "changed", "renamed", "renumbered", "moved", "removed", "unchanged", "conflict", "upheld"
]
ACTIONS: tuple[Action, ...] = get_args(Action)
"""``filled``: the record has the recommendation, but nothing of it from so early. ``renamed``: nothing is new but the
name of the medicine; ``renumbered``: but the numbers and the titles above its sections. ``conflict``: a decision says
otherwise about its lists; nothing is written, a person has to look. ``upheld``: a person has, and the decision holds.
"""


@dataclass(frozen=True)
class Known:
    """A recommendation of the record as it held on the day of the edition.

    ``content`` is ``None`` where it has no version from so early. ``decided``: a decision or a correction of one is
    among what held until that day. ``entered``: the edition has an entry for it, of the version that held. ``entry``:
    what the edition's entry says, asked for entries that state all facts.
    """

    number: int
    content: Content | None = None
    decided: bool = False
    entered: bool = False
    entry: Facts | None = None


@dataclass(frozen=True)
class Step:
    """What happens to one recommendation. ``facts`` are what holds afterwards, ``fields`` what of them is new.

    Where a decision says otherwise, ``holds`` is what a person has said of it, ``held`` what the decision says, and
    ``asked`` whether the person is to say it for this import.
    """

    action: Action
    entry: Entry
    facts: Facts
    fields: tuple[str, ...] = ()
    number: int | None = None
    holds: Holds | None = None
    held: Facts | None = None
    asked: bool = False

    @property
    def key(self) -> Identity:
        return self.entry.key

    @property
    def writes(self) -> bool:
        return self.action not in ("unchanged", "conflict", "upheld")

    @property
    def enters(self) -> bool:
        """Whether the edition gets an entry for it, unless it has one."""
        return self.action != "conflict"


def plan(
    entries: Iterable[Entry], *, known: Mapping[Identity, Known], holds: Mapping[int, Holds] | None = None
) -> list[Step]:
    """One step for every entry, in their order. ``holds``: numbers of recommendations, and what a person settled."""
    return [_step(entry, known.get(entry.key), holds or {}) for entry in entries]


def _step(entry: Entry, known: Known | None, settled: Mapping[int, Holds]) -> Step:
    if known is None:
        return Step("created", entry, entry.facts)
    if known.content is None:
        return Step("filled", entry, entry.facts, number=known.number)
    held = known.content.facts
    if entry.whole and entry.facts in (held, known.entry):
        return Step("unchanged", entry, held, number=known.number)
    holds, asked = None, False
    if known.decided and (fields := _contradictions(held, entry.facts)):
        asked = not known.entered or known.number in settled
        holds = settled.get(known.number, "decision" if known.entered else None)
        if holds != "list":
            action: Action = "upheld" if holds else "conflict"
            return Step(action, entry, held, fields, known.number, holds, held, asked)
    facts = _named_as(held, entry.facts) if entry.whole else carried(held, entry.facts)
    if entry.goes_by_it and folded(held.medicine) != folded(entry.facts.medicine):
        facts = facts.model_copy(update={"medicine": entry.facts.medicine})
    fields = _changed(held, facts)
    return Step(_action(held, facts, fields), entry, facts, fields, known.number, holds, held, asked)


def _action(held: Facts, facts: Facts, fields: tuple[str, ...]) -> Action:
    if facts == held:
        return "unchanged"
    if held.status == "essential" and facts.status != "essential":
        return "removed"
    if "section" in fields:
        return "moved"
    if "name" in fields and set(fields) <= {"name", "section number"}:
        return "renamed"
    if fields == ("section number",):
        return "renumbered"
    return "changed"


def _named_as(held: Facts, stated: Facts) -> Facts:
    """All that is stated, under the names as the record writes them."""
    names = {"medicine": held.medicine, "indication": held.indication, "partners": held.partners}
    return stated.model_copy(update=names)


def carried(held: Facts, stated: Facts) -> Facts:
    """What holds once the export is believed: what it states is taken, what it cannot state stays as it was.

    Names stay as the record writes them. A list that was named (EML core) stays named while the export agrees that
    the medicine is listed there. A section that another edition called the same is the same.
    """
    left = list(held.placements)
    placed: list[tuple[int, Placement]] = []
    for placement in stated.placements:
        before = _same_place(placement, left)
        if before is None:
            placed.append((len(held.placements), placement))
        else:
            left.remove(before)
            placed.append((held.placements.index(before), _carried_placement(before, placement)))
    # Those that were there keep their order; those that are new follow.
    placements = tuple(placement for _index, placement in sorted(placed, key=lambda pair: pair[0]))
    same_codes = not stated.atc or set(stated.atc) == set(held.atc)
    return held.model_copy(update={"atc": held.atc if same_codes else stated.atc, "placements": placements})


def _carried_placement(before: Placement, now: Placement) -> Placement:
    named = before.eml is not None or before.emlc is not None
    if named and before.is_listed == now.is_listed:
        lists = {"eml": before.eml, "emlc": before.emlc, "unnamed_list": before.unnamed_list}
    else:
        lists = {"eml": None, "emlc": None, "unnamed_list": now.unnamed_list}
    section = before.section if _says_no_more(before, now) else now.section
    formulations = _carried_formulations(before.formulations, now.formulations)
    return Placement.model_validate({**lists, "section": section, "formulations": formulations})


def _says_no_more(before: Placement, now: Placement) -> bool:
    """Whether the section as it was says all that the section as it is stated says."""
    if before.section is None or now.section is None:
        return before.section == now.section
    if before.section.steps == now.section.steps:
        return True
    numbered = any(step.number for step in now.section.steps)
    return before.section.edition == now.section.edition and not numbered


def _carried_formulations(before: tuple[Formulation, ...], now: tuple[Formulation, ...]) -> tuple[Formulation, ...]:
    """The formulations as stated; those that were known keep their lists, and nothing stated changes nothing."""
    known = {_formulation_key(formulation): formulation for formulation in before}
    if not now or {_formulation_key(formulation) for formulation in now} == set(known):
        return before
    return tuple(known.get(_formulation_key(formulation), formulation) for formulation in now)


def _formulation_key(formulation: Formulation) -> tuple[tuple[str, ...], frozenset[str]]:
    if not formulation.route:
        return (), frozenset([folded(formulation.original)])
    return tuple(map(folded, formulation.route)), frozenset(map(folded, formulation.strengths))


def _same_place(placement: Placement, among: Iterable[Placement]) -> Placement | None:
    found = [other for other in among if _place(other) == _place(placement)]
    return max(found, key=lambda other: other.section == placement.section, default=None)


def _place(placement: Placement) -> str:
    return title_key(placement.section.leaf.title) if placement.section else ""


NOT_IN_EXPORT = tuple(
    name for name in Facts.model_fields if name not in ("medicine", "indication", "partners", "atc", "placements")
)
"""Facts that the official export has no column for."""


def _changed(held: Facts, facts: Facts) -> tuple[str, ...]:
    """Which fields are new, in words of the report."""
    reads: dict[str, Callable[[Facts], object]] = {
        "name": lambda facts: facts.medicine,
        "status": lambda facts: facts.status,
        "section": lambda facts: {_place(p) for p in facts.placements},
        "status in a section": lambda facts: {(_place(p), p.is_listed) for p in facts.placements},
        "section number": lambda facts: [p.section.steps if p.section else () for p in facts.placements],
        "formulations": lambda facts: [p.formulations for p in facts.placements],
        "ATC codes": lambda facts: facts.atc,
        "lists": lambda facts: [p.statuses for p in facts.placements],
    }
    found = [name for name, read in reads.items() if read(held) != read(facts)]
    found += [name.replace("_", " ") for name in NOT_IN_EXPORT if getattr(held, name) != getattr(facts, name)]
    told = {
        "status in a section": {"status", "section"},
        "section number": {"section"},
        "lists": {"status", "section", "status in a section"},
    }
    return tuple(name for name in found if not told.get(name, set()) & set(found))


def _contradictions(held: Facts, stated: Facts) -> tuple[str, ...]:
    """Where a decision says otherwise than the export: about being listed, or about where."""
    if any(p.is_listed for p in held.placements) != any(p.is_listed for p in stated.placements):
        return ("status",)
    listed = [{_place(p) for p in each.placements if p.is_listed} for each in (held, stated)]
    if listed[0] != listed[1]:
        return ("section",)
    return ()
