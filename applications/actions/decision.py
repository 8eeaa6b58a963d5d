"""What the committee decides, signs and has cleared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Approval, Clearance, Decision, Dissent, Draft, Item, Member, Person, Proposal
from applications.permissions import may_clear, may_decide, may_sign, seat_of, signing_seats
from applications.states import State
from medicines.content.cleaning import cleaned
from medicines.content.schema import LISTED, DraftContent, ProposalFacts

from .agreement import LISTING_OUTCOMES, decided_facts
from .draft import add_revision
from .errors import BadInput, HeadHasMoved, NotAllowed
from .events import record
from .item import carry, locked_item, to_be_signed

ON_PUBLISHED_ONLY = ("formulation_added", "changed", "kept", "removed")
"""Outcomes that change or keep something: they need a published version to start from."""

ADDING_OUTCOMES = ("added", "indication_added", "formulation_added")
"""Outcomes that put something on a list; a change can also take it off one of two."""


@dataclass(frozen=True)
class Opinion:
    """A dissenting opinion; it is printed with the name."""

    member: Member
    opinion: str


@dataclass(frozen=True)
class Verdict:
    """The outcome for one proposal. ``eml`` and ``emlc``: list statuses, empty where the decision does not touch them.

    ``votes``: for, against, abstentions; given exactly where ``method`` is ``poll``.
    """

    proposal: Proposal
    outcome: str
    eml: str = ""
    emlc: str = ""
    method: str = Decision.Method.CONSENSUS
    votes: tuple[int, int, int] | None = None
    note: str = ""
    asked: str = ""
    dissents: Sequence[Opinion] = ()


@transaction.atomic
def record_decisions(*, item: Item, verdicts: Sequence[Verdict], by: Person) -> list[Decision]:
    """Record the committee's decisions on proposals of one item, and write them into the facts of a new revision.

    Once every proposal has a decision the item is decided. Recording again replaces what holds, and what was signed
    must be signed again, even where the words stay. Raises ``NotAllowed`` and ``BadInput``.
    """
    item = locked_item(item)
    if not may_decide(by, item):
        raise NotAllowed
    for verdict in verdicts:
        refuse_unsound(item=item, verdict=verdict)
    decisions = [_record_one(verdict, by=by) for verdict in verdicts]
    _write_into_draft(item, decisions, by=by)
    if item.state == State.AT_MEETING and not item.proposals.filter(decisions=None).exists():
        carry(item=item, to=State.DECIDED, by=by, action="decided")
    elif item.state in (State.SIGNED, State.CLEARED):
        carry(item=item, to=to_be_signed(item), by=by, action="reopened", words=_("A decision was recorded again."))
    return decisions


@transaction.atomic
def sign(*, item: Item, fingerprint: str, by: Person) -> Approval:
    """Sign the newest text, which must be the one with this fingerprint: the one on the signer's screen.

    With the last signature that the meeting asks for, the item is signed. Raises ``NotAllowed``, ``HeadHasMoved``
    and ``BadInput``.
    """
    item = locked_item(item)
    seat = seat_of(by, item)
    if seat is None or not may_sign(by, item):
        raise NotAllowed
    head = Draft.objects.select_for_update(of=("self",)).select_related("head").get(item=item).newest
    if head.fingerprint != fingerprint:
        raise HeadHasMoved
    approval, made = Approval.objects.get_or_create(
        revision=head, member=seat, defaults={"fingerprint": head.fingerprint, "seat": seat.seat}
    )
    if made:
        record(item=item, by=by, action="approved", words=fingerprint)
    signed = set(Approval.objects.filter(revision=head).values_list("seat", flat=True))
    if signed >= set(signing_seats(item)):
        carry(item=item, to=State.SIGNED, by=by, action="signed")
    return approval


@transaction.atomic
def clear(*, item: Item, fingerprint: str, words: str, by: Person) -> Clearance:
    """Record that the head of the organization has cleared the signed text with this fingerprint.

    ``words`` say who, when and under which reference. Raises ``NotAllowed``, ``HeadHasMoved`` and ``BadInput``.
    """
    item = locked_item(item)
    if not may_clear(by, item):
        raise NotAllowed
    head = item.draft.newest
    if head.fingerprint != fingerprint:
        raise HeadHasMoved
    if not words.strip():
        raise BadInput("words", _("Say who gave the clearance, when, and under which reference."))
    # A text that was signed anew without a new word has been cleared before: the event keeps these words too.
    clearance, _made = Clearance.objects.get_or_create(
        revision=head, defaults={"words": words.strip(), "recorded_by": by}
    )
    carry(item=item, to=State.CLEARED, by=by, action="cleared", words=words.strip())
    return clearance


def standing_decision(proposal: Proposal) -> Decision:
    """The decision that holds for a proposal: the newest one. Raises ``Decision.DoesNotExist`` where it has none."""
    return Decision.objects.filter(proposal=proposal).latest()


def refuse_unsound(*, item: Item, verdict: Verdict) -> None:
    """Raise ``BadInput`` where an outcome cannot be recorded as it is; a form asks this before it calls the action."""
    proposal = verdict.proposal
    if proposal.item_id != item.pk:
        raise BadInput("proposal", _("That proposal belongs to another item."))
    if verdict.outcome in ON_PUBLISHED_ONLY and proposal.base is None:
        raise BadInput("outcome", _("Nothing is published yet that this outcome could change or keep."))
    if verdict.outcome in LISTING_OUTCOMES and not (verdict.eml or verdict.emlc):
        raise BadInput("eml", _("Say on which list, core or complementary."))
    if verdict.outcome in ADDING_OUTCOMES and not {verdict.eml, verdict.emlc} & LISTED:
        raise BadInput("eml", _("Say on which list, core or complementary."))
    if verdict.outcome == "deferred" and not verdict.asked.strip():
        raise BadInput("asked", _("Say what is asked for next time."))
    if (verdict.method == Decision.Method.POLL) != (verdict.votes is not None):
        raise BadInput("votes", _("A poll needs its three counts; a consensus has none."))
    _refuse_unsound_poll(item, verdict)
    for dissent in verdict.dissents:
        if dissent.member.meeting_id != item.meeting_id or not seat_of(dissent.member.person, item):
            raise BadInput("dissents", _("A dissent is of a member of this meeting who takes part in the item."))
        if not dissent.opinion.strip():
            raise BadInput("dissents", _("Write the dissenting opinion."))


def _refuse_unsound_poll(item: Item, verdict: Verdict) -> None:
    if verdict.votes is None:
        return
    in_favour, against, _abstentions = verdict.votes
    seats = item.meeting.members.exclude(seat="adviser").exclude(person__recusals__item=item).count()
    if sum(verdict.votes) > seats:
        raise BadInput("votes", _("More votes are counted than members take part."))
    accepted = verdict.outcome not in ("not_recommended", "deferred", "kept")
    if item.meeting.agreed.binding_poll and accepted and in_favour <= against:
        raise BadInput("votes", _("The meeting's polls are binding, and this one has no majority for the outcome."))


def _record_one(verdict: Verdict, *, by: Person) -> Decision:
    in_favour, against, abstentions = verdict.votes or (None, None, None)
    decision = Decision.objects.create(
        proposal=verdict.proposal,
        outcome=verdict.outcome,
        eml=verdict.eml,
        emlc=verdict.emlc,
        method=verdict.method,
        votes_for=in_favour,
        votes_against=against,
        abstentions=abstentions,
        note=verdict.note.strip(),
        asked=verdict.asked.strip(),
        recorded_by=by,
    )
    for dissent in verdict.dissents:
        Dissent.objects.create(decision=decision, member=dissent.member, opinion=dissent.opinion.strip())
    record(item=verdict.proposal.item, by=by, action="decision_recorded", words=str(decision))
    return decision


def _write_into_draft(item: Item, decisions: Sequence[Decision], *, by: Person) -> None:
    draft = Draft.objects.select_for_update(of=("self",)).select_related("head").get(item=item)
    content = _decided_content(item, draft.newest.content, decisions)
    add_revision(draft=draft, content=cleaned(content), by=by, note=_("Decision of the committee"))


def _decided_content(item: Item, content: DraftContent, decisions: Sequence[Decision]) -> DraftContent:
    by_key = {decision.proposal.key: decision for decision in decisions}
    proposals = []
    for entry in content.proposals:
        facts = entry.facts
        if decision := by_key.get(entry.key):
            base = decision.proposal.base.content.facts if decision.proposal.base else None
            facts = decided_facts(decision=decision, facts=facts, base=base, meeting=item.meeting)
        proposals.append(ProposalFacts(key=entry.key, facts=facts))
    return content.model_copy(update={"proposals": tuple(proposals)})
