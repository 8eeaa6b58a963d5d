"""Decisions and facts: writing the one into the other, and telling where they disagree."""

from __future__ import annotations

from django.utils.translation import gettext as _

from applications.models import Decision, Meeting
from medicines.content.schema import LISTED, Facts, HistoryEvent, ListName, Placement, StatusEvent

from .errors import Missing

LISTING_OUTCOMES = ("added", "indication_added", "formulation_added", "changed")
"""Outcomes after which the recommendation stands on a list as the decision says."""


def decided_facts(*, decision: Decision, facts: Facts, base: Facts | None, meeting: Meeting) -> Facts:
    """Return the facts as they hold after the decision: statuses, and an entry in the status history.

    A rejected, deferred or kept proposal on a published recommendation leaves its published facts as they were.
    """
    if decision.outcome in LISTING_OUTCOMES:
        placements = tuple(_with_lists(p, decision) for p in facts.placements or (Placement(),))
        return _with_event(facts.model_copy(update={"placements": placements}), decision, base, meeting)
    if decision.outcome == "removed":
        placements = tuple(_removed(p) for p in facts.placements)
        return _with_event(facts.model_copy(update={"placements": placements}), decision, base, meeting)
    if base is not None:
        return base
    placements = tuple(p.model_copy(update={"eml": "not_listed", "emlc": "not_listed"}) for p in facts.placements)
    return _with_event(facts.model_copy(update={"placements": placements}), decision, base, meeting)


def disagreements(*, decision: Decision, facts: Facts, base: Facts | None) -> list[Missing]:
    """Where the facts of the draft say something else than the decision; empty where they agree."""
    if decision.outcome in LISTING_OUTCOMES:
        found = _list_disagreements(decision, facts)
        if facts.status != "essential":
            found.append(_disagreement(facts, _("The decision lists %(medicine)s; the facts of the draft do not.")))
        return found
    if decision.outcome == "removed":
        if facts.status == "removed":
            return []
        return [_disagreement(facts, _("The decision removes %(medicine)s; the facts of the draft still list it."))]
    if base is not None:
        if facts.placements == base.placements:
            return []
        message = _("The decision leaves %(medicine)s where it was on the lists; the facts of the draft do not.")
        return [_disagreement(facts, message)]
    if facts.status in ("not_recommended", "not_listed"):
        return []
    return [_disagreement(facts, _("The decision does not list %(medicine)s; the facts of the draft do."))]


def _with_lists(placement: Placement, decision: Decision) -> Placement:
    changes: dict[str, str | None] = {"unnamed_list": None} if decision.eml or decision.emlc else {}
    if decision.eml:
        changes["eml"] = decision.eml
    if decision.emlc:
        changes["emlc"] = decision.emlc
    return placement.model_copy(update=changes)


def _removed(placement: Placement) -> Placement:
    listed = {name: "removed" for name in ("eml", "emlc", "unnamed_list") if getattr(placement, name) in LISTED}
    return placement.model_copy(update=listed)


def _with_event(facts: Facts, decision: Decision, base: Facts | None, meeting: Meeting) -> Facts:
    # What is published stays, and what was typed of other years; of this year the decision alone tells.
    published = base.history if base else ()
    typed = (entry for entry in facts.history if entry.year != meeting.year and entry not in published)
    known = tuple(sorted((*published, *typed), key=lambda entry: entry.year))
    entry = StatusEvent(event=_event(decision, known), year=meeting.year, report=meeting.report)
    return facts.model_copy(update={"history": (*known, entry)})


def _event(decision: Decision, known: tuple[StatusEvent, ...]) -> HistoryEvent:
    match decision.outcome:
        case "added" | "indication_added":
            return "added" if any(e.event == "first_added" for e in known) else "first_added"
        case "formulation_added" | "changed":
            return "changed"
        case "removed":
            return "removed"
        case "deferred":
            return "deferred"
        case _:
            return "not_recommended"


def _list_disagreements(decision: Decision, facts: Facts) -> list[Missing]:
    message = _("The decision puts %(medicine)s on %(list)s as “%(decided)s”; the facts of the draft do not.")
    lists: tuple[tuple[ListName, str, str], ...] = (
        ("EML", decision.eml, decision.get_eml_display()),
        ("EMLc", decision.emlc, decision.get_emlc_display()),
    )
    return [
        Missing("facts_disagree", message % {"medicine": facts.medicine, "list": name, "decided": words})
        for name, decided, words in lists
        if decided and facts.list_status(name) != decided
    ]


def _disagreement(facts: Facts, message: str) -> Missing:
    return Missing("facts_disagree", message % {"medicine": facts.medicine})
