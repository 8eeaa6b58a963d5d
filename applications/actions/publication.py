"""The one door: from a signed draft to the public record, as a copy of words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Item, Meeting, Person, Proposal, Recusal
from applications.models.meeting import Seat
from applications.permissions import may_publish, may_record, signing_seats
from applications.states import Kind, State, find
from medicines.actions.publish import Publication, publish
from medicines.content.schema import Content, DraftContent, ProposalFacts
from medicines.models import Version

from .decision import standing_decision
from .draft import start_draft
from .errors import BadInput, Missing, NoSuchMove, NotAllowed
from .guards import missing_for
from .item import add_proposal, carry, locked_item, open_item, recuse


@transaction.atomic
def publish_item(*, item: Item, by: Person) -> list[Version]:
    """Publish every proposal of an item, all or none, and return the versions in the order of the proposals.

    Raises ``NotAllowed`` (no publisher, or one who wrote of the text), ``NoSuchMove`` (published already, or not yet
    signed), ``NotYet`` (with all that is missing), and medicines' ``PublicationRefused``.
    """
    item = locked_item(item)
    if find(item.kind, item.state, State.PUBLISHED) is None:
        raise NoSuchMove(source=item.state, target=State.PUBLISHED)
    if not may_publish(by, item):
        raise NotAllowed(_("Publishing needs somebody who may publish and has written none of the text."))
    carry(item=item, to=State.PUBLISHED, by=by, action="published")
    proposals = list(item.proposals.select_related("base__recommendation"))
    versions = [
        publish(publications=[_publication(item, proposal)], source=provenance(item=item, proposal=proposal))[0]
        for proposal in proposals
    ]
    for proposal, version in zip(proposals, versions, strict=True):
        proposal.published = version
        proposal.save(update_fields=["published"])
    return versions


def missing_for_publication(*, item: Item) -> list[Missing]:
    """All that stands between an item and its publication, apart from who may publish; empty when the gate is open."""
    if find(item.kind, item.state, State.PUBLISHED) is None:
        return [Missing("state", _("The item is not signed yet."))]
    return missing_for(item=item, guards=("publication",), words="")


@transaction.atomic
def open_correction(*, versions: Sequence[Version], code: str, title: str, note: str, by: Person) -> Item:
    """Open a correction of published versions that carry the same text, and return its item with a draft.

    ``note`` says what is wrong and why; it is printed. The item belongs to the meeting of the newest round, whose
    delegate signs. Whoever was recused from what is corrected takes no part in its correction either.

    Raises ``NotAllowed`` and ``BadInput``.
    """
    if not may_record(by):
        raise NotAllowed
    if not note.strip():
        raise BadInput("note", _("Say what is wrong and why: it is printed with the correction."))
    if not versions:
        raise BadInput("versions", _("Choose the version to correct."))
    for version in versions:
        if version != version.recommendation.versions.newest_first().first():
            raise BadInput("versions", _("A newer version is published. Correct that one."))
    recusals = list(Recusal.objects.filter(item__proposals__published__in=versions))
    if any(recusal.person_id == by.pk for recusal in recusals):
        raise NotAllowed
    narrative = versions[0].content.narrative
    if any(version.content.narrative != narrative for version in versions):
        raise BadInput("versions", _("These versions do not carry the same text. Correct them one by one."))
    meeting = Meeting.objects.order_by("-number").first()
    if meeting is None:
        raise BadInput("versions", _("There is no meeting whose delegate could sign. Enter a meeting first."))
    item = open_item(meeting=meeting, code=code, title=title, kind=Kind.CORRECTION, by=by, public_note=note.strip())
    proposals = [add_proposal(item=item, asks=_correction_of(version), base=version, by=by) for version in versions]
    content = DraftContent(
        proposals=tuple(
            ProposalFacts(key=proposal.key, facts=version.content.facts)
            for proposal, version in zip(proposals, versions, strict=True)
        ),
        narrative=narrative,
    )
    start_draft(item=item, content=content, by=by, note=_("The published text"))
    for recusal in recusals:
        recuse(item=item, person=recusal.person, reason=recusal.reason, by=by)
    return item


def provenance(*, item: Item, proposal: Proposal) -> dict[str, Any]:
    """Where a version comes from, as plain words that are printed. No staff names, no notes.

    A correction mends words alone: who decided what, when and how stays as the corrected version says.
    """
    signed = {
        "revision": item.draft.newest.fingerprint,
        "signed_by": [Seat(seat).value for seat in signing_seats(item)],
    }
    if item.is_correction:
        return _corrected(proposal).provenance | signed | {"correction": item.code}
    words: dict[str, Any] = {
        "meeting": item.meeting.name,
        "meeting_number": item.meeting.number,
        "year": item.meeting.year,
        "report": item.meeting.report,
        "edition": item.meeting.edition,
        "children_edition": item.meeting.children_edition,
        "item": item.code,
        **signed,
    }
    decision = standing_decision(proposal)
    words |= {"decided_on": item.meeting.ends_on.isoformat(), "method": decision.method, "asked": decision.asked}
    if decision.method == "poll":
        words["votes"] = [decision.votes_for, decision.votes_against, decision.abstentions]
    words["dissents"] = [
        {"name": dissent.member.person.name, "seat": dissent.member.seat, "opinion": dissent.opinion}
        for dissent in decision.dissents.select_related("member__person").order_by("pk")
    ]
    return words


def _publication(item: Item, proposal: Proposal) -> Publication:
    content: Content = item.draft.newest.content.content_for(proposal.key)
    if item.is_correction:
        base = _corrected(proposal)
        return Publication(
            content=content,
            kind="correction",
            effective_date=base.effective_date,
            outcome=base.outcome,
            base=base,
            corrects=base,
            note=item.public_note,
        )
    decision = standing_decision(proposal)
    return Publication(
        content=content,
        kind="decision",
        effective_date=item.meeting.lists_on,
        outcome=decision.outcome,
        base=proposal.base,
    )


def _corrected(proposal: Proposal) -> Version:
    """The version that a proposal of a correction corrects: it was made from one."""
    if proposal.base is None:
        raise Version.DoesNotExist
    return proposal.base


def _correction_of(version: Version) -> str:
    return _("Correction of recommendation %(number)s, version %(version)s") % {
        "number": version.recommendation.number,
        "version": version.number,
    }
