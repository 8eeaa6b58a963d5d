"""Starting anew from what is published now, where the record has moved on since a proposal was made."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Decision, Draft, Item, Person, Proposal, Revision
from applications.permissions import may_edit
from medicines.content.cleaning import cleaned
from medicines.content.merge import merge, resolve
from medicines.content.schema import DraftContent, Facts, ProposalFacts
from medicines.models import Recommendation, Version

from .agreement import decided_facts
from .draft import add_revision, back_to_be_signed
from .errors import BadInput, NotAllowed
from .item import locked_item


@transaction.atomic
def renew(*, item: Item, by: Person) -> Revision:
    """Let every proposal start from the newest published version of what it is about, and return the new revision.

    What was published since is merged into the facts; where both changed the same fact the draft's stays. A decision
    that stands is written into them anew, and the text waits for signatures again. The text of the draft stays.

    Raises ``NotAllowed``, also for a correction, which is opened anew instead, and ``BadInput`` where nothing newer is
    published.
    """
    item = locked_item(item)
    if not may_edit(by, item) or item.is_correction:
        raise NotAllowed
    draft = Draft.objects.select_for_update(of=("self",)).select_related("head").filter(item=item).first()
    moved = newer_versions(item=item)
    if draft is None or not moved:
        raise BadInput("item", _("Nothing newer is published than what the item started from."))
    content = draft.newest.content
    facts = {entry.key: entry.facts for entry in content.proposals}
    for proposal, newest in moved:
        facts[proposal.key] = _renewed(proposal, facts[proposal.key], newest)
        proposal.base = newest
        proposal.save(update_fields=["base"])
    entries = tuple(ProposalFacts(key=entry.key, facts=facts[entry.key]) for entry in content.proposals)
    content = cleaned(content.model_copy(update={"proposals": entries}))
    revision = add_revision(draft=draft, content=content, by=by, note=_("Starts from what is published now"))
    back_to_be_signed(item=item, by=by)
    return revision


def newer_versions(*, item: Item) -> list[tuple[Proposal, Version]]:
    """The proposals whose recommendation has a newer version than the one they started from, with that version."""
    draft = Draft.objects.select_related("head").filter(item=item).first()
    if draft is None or item.is_final:
        return []
    facts = {entry.key: entry.facts for entry in draft.newest.content.proposals}
    found = []
    for proposal in item.proposals.select_related("base__recommendation"):
        base = proposal.base
        about = Recommendation.objects.about(facts[proposal.key]) if proposal.key in facts else None
        recommendation = base.recommendation if base else about.first() if about is not None else None
        newest = recommendation.versions.newest_first().first() if recommendation else None
        if newest and newest != base:
            found.append((proposal, newest))
    return found


def _renewed(proposal: Proposal, mine: Facts, newest: Version) -> Facts:
    published = newest.content.facts
    start = proposal.base.content.facts if proposal.base else Facts(medicine="", indication="")
    merged = merge(*(_alone(proposal, facts) for facts in (start, mine, published)))
    settled = resolve(merged, {conflict.key: "mine" for conflict in merged.conflicts})
    facts = settled.content.facts_of(proposal.key)
    decision = Decision.objects.filter(proposal=proposal).order_by("-pk").first()
    if decision is None:
        return facts
    return decided_facts(decision=decision, facts=facts, base=published, meeting=proposal.item.meeting)


def _alone(proposal: Proposal, facts: Facts) -> DraftContent:
    return DraftContent(proposals=(ProposalFacts(key=proposal.key, facts=facts),))
