"""What stands in the way of a move: each guard answers with what is missing, in words for people."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from applications.models import Approval, Clearance, Decision, Item, Thread
from applications.models.meeting import Seat
from applications.permissions import signing_seats
from medicines.content.checks import check
from medicines.content.identity import identity
from medicines.models import Recommendation

from .agreement import disagreements
from .errors import Missing

Guard = Callable[[Item, str], list[Missing]]


def missing_for(*, item: Item, guards: tuple[str, ...], words: str) -> list[Missing]:
    """Everything that the named guards find missing. ``words`` is the reason that the person gave."""
    return [entry for name in guards for entry in GUARDS[name](item, words)]


def _has_proposals(item: Item, words: str) -> list[Missing]:
    if item.proposals.exists():
        return []
    return [Missing("no_proposal", _("The item has no proposal: say what it asks for."))]


def _has_draft(item: Item, words: str) -> list[Missing]:
    if hasattr(item, "draft") and item.draft.head_id:
        return []
    return [Missing("no_draft", _("The item has no draft."))]


def _has_reason(item: Item, words: str) -> list[Missing]:
    return [] if words.strip() else [Missing("no_reason", _("Give the reason: it is told to the committee."))]


def _all_decided(item: Item, words: str) -> list[Missing]:
    return [
        Missing("undecided", _("No decision is recorded for “%(proposal)s”.") % {"proposal": proposal.asks})
        for proposal in item.proposals.all()
        if not proposal.decisions.exists()
    ]


def _signatures(item: Item, words: str) -> list[Missing]:
    head = item.draft.newest
    signed = set(Approval.objects.filter(revision=head, fingerprint=head.fingerprint).values_list("seat", flat=True))
    return [
        Missing("unsigned", _("The newest text lacks this signature: %(seat)s.") % {"seat": Seat(seat).label})
        for seat in signing_seats(item)
        if seat not in signed
    ]


def _clearance(item: Item, words: str) -> list[Missing]:
    if item.is_correction or not item.meeting.agreed.clearance:
        return []
    if Clearance.objects.filter(revision=item.draft.newest).exists():
        return []
    return [Missing("uncleared", _("The newest text has not been cleared."))]


def _publication(item: Item, words: str) -> list[Missing]:
    found = [] if item.is_correction else [*_all_decided(item, words), *_disagreements(item)]
    return [
        *found,
        *_signatures(item, words),
        *_clearance(item, words),
        *_open_threads(item),
        *_check_errors(item),
        *_other_uses(item),
        *_moved_bases(item),
    ]


def _disagreements(item: Item) -> list[Missing]:
    found: list[Missing] = []
    content = item.draft.newest.content
    for proposal in item.proposals.select_related("base"):
        decision = Decision.objects.filter(proposal=proposal).order_by("-pk").first()
        if decision:
            base = proposal.base.content.facts if proposal.base else None
            found += disagreements(decision=decision, facts=content.facts_of(proposal.key), base=base)
    return found


def _open_threads(item: Item) -> list[Missing]:
    count = Thread.objects.filter(draft=item.draft, resolved_at=None).count()
    return (
        [Missing("open_comments", _("Comments are waiting to be resolved: %(count)s.") % {"count": count})]
        if count
        else []
    )


def _check_errors(item: Item) -> list[Missing]:
    return [
        Missing(problem.code, str(problem.message))
        for problem in check(item.draft.newest.content)
        if problem.level == "error"
    ]


def _other_uses(item: Item) -> list[Missing]:
    """Proposals about what another one, or another recommendation than their own, is about already."""
    found: list[Missing] = []
    uses: set[tuple[str, str, str]] = set()
    content = item.draft.newest.content
    for proposal in item.proposals.select_related("base__recommendation"):
        facts = content.facts_of(proposal.key)
        use = identity(facts)
        values = {"proposal": proposal.asks, "medicine": facts.medicine, "indication": facts.indication}
        published = Recommendation.objects.about(facts).first()
        if use in uses:
            message = _("Two proposals of the item are about %(medicine)s for %(indication)s. Keep one of them.")
            found.append(Missing("same_use", message % values))
        elif proposal.base and proposal.base.recommendation != published:
            message = _(
                "“%(proposal)s” started from recommendation %(number)s, whose medicine, indication and partners stay; "
                "the facts of the draft name others."
            )
            found.append(Missing("other_use", message % (values | {"number": proposal.base.recommendation.number})))
        elif published and not proposal.base:
            message = _("%(medicine)s for %(indication)s is published already, as recommendation %(number)s.")
            found.append(Missing("published_already", message % (values | {"number": published.number})))
        uses.add(use)
    return found


def _moved_bases(item: Item) -> list[Missing]:
    found = []
    for proposal in item.proposals.filter(base__isnull=False).select_related("base__recommendation"):
        base = proposal.base
        newest = base.recommendation.versions.newest_first()[0:1].get() if base else None
        if base and newest and newest != base:
            message = _("“%(proposal)s” started from version %(base)s; version %(newest)s is published now.")
            values = {"proposal": proposal.asks, "base": base.number, "newest": newest.number}
            found.append(Missing("base_moved", message % values))
    return found


GUARDS: dict[str, Guard] = {
    "has_proposals": _has_proposals,
    "has_draft": _has_draft,
    "has_reason": _has_reason,
    "all_decided": _all_decided,
    "signatures": _signatures,
    "clearance": _clearance,
    "publication": _publication,
}
