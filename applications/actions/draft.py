"""The draft: starting it, saving revisions, keeping what is typed."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Draft, Item, Person, Proposal, Revision, WorkingCopy
from applications.permissions import may_edit, may_propose
from applications.states import State
from medicines.content.cleaning import cleaned
from medicines.content.fingerprint import canonical, fingerprint, salted, same_words
from medicines.content.merge import merge
from medicines.content.schema import DraftContent, Facts, ProposalFacts
from medicines.models import Version

from .errors import BadInput, EditConflict, NotAllowed
from .events import record
from .item import carry, locked_item, new_key, to_be_signed


@transaction.atomic
def start_draft(*, item: Item, content: DraftContent, by: Person, note: str = "") -> Draft:
    """Begin the draft of an item with its first revision. Raises ``NotAllowed`` and ``BadInput``."""
    item = locked_item(item)
    if not may_edit(by, item):
        raise NotAllowed
    if Draft.objects.filter(item=item).exists():
        raise BadInput("item", _("The item has a draft already."))
    _refuse_other_proposals(item, content)
    draft = Draft.objects.create(item=item)
    add_revision(draft=draft, content=cleaned(content), by=by, note=note)
    return draft


@transaction.atomic
def propose(*, item: Item, asks: str, facts: Facts, by: Person, base: Version | None = None) -> Proposal:
    """Add a change that the item asks for, with its facts: the draft is begun with them, or gets a new revision.

    Raises ``NotAllowed``, also once the committee has decided.
    """
    item = locked_item(item)
    if not may_propose(by, item):
        raise NotAllowed
    proposal = Proposal.objects.create(item=item, key=new_key(), asks=asks, base=base)
    entry = ProposalFacts(key=proposal.key, facts=facts)
    draft = Draft.objects.select_for_update(of=("self",)).select_related("head").filter(item=item).first()
    if draft is None:
        start_draft(item=item, content=DraftContent(proposals=(entry,)), by=by)
    else:
        content = draft.newest.content
        content = content.model_copy(update={"proposals": (*content.proposals, entry)})
        add_revision(draft=draft, content=cleaned(content), by=by, note=_("A proposal was added"))
    return proposal


@transaction.atomic
def save_revision(*, draft: Draft, base: Revision, content: DraftContent, by: Person, note: str = "") -> Revision:
    """Save a new state of a draft that was edited from ``base``, and return the head as it then is.

    Where nothing was changed no revision is made. Where others have saved since ``base`` the words are merged by
    blocks, and a proposal that came after ``base`` keeps its facts; a text that was signed or cleared goes back to be
    signed again.

    Raises ``NotAllowed``, ``BadInput``, and ``EditConflict`` where both changed the same block: nothing is written
    and both texts are in the error.
    """
    item = locked_item(draft.item)
    if not may_edit(by, item):
        raise NotAllowed
    if base.draft_id != draft.pk:
        raise BadInput("base", _("That revision belongs to another draft."))
    draft = Draft.objects.select_for_update(of=("self",)).select_related("head").get(pk=draft.pk)
    head = draft.newest
    mine = cleaned(content)
    if same_words(mine, base.content) or same_words(mine, head.content):
        drop_working_copy(draft=draft, by=by)
        return head
    if head.pk != base.pk:
        merged = merge(base.content, mine, head.content)
        if merged.conflicts:
            raise EditConflict(merge=merged, head=head)
        mine = cleaned(merged.content)
    _refuse_other_proposals(item, mine)
    revision = add_revision(draft=draft, content=mine, by=by, note=note)
    drop_working_copy(draft=draft, by=by)
    back_to_be_signed(item=item, by=by)
    return revision


def keep_working_copy(*, draft: Draft, base: Revision, fields: dict[str, Any], by: Person) -> WorkingCopy:
    """Keep what somebody has typed so far, one copy for each person and draft. Raises ``NotAllowed``."""
    if not may_edit(by, draft.item):
        raise NotAllowed
    copy, _made = WorkingCopy.objects.update_or_create(
        draft=draft, person=by, defaults={"base": base, "fields": fields}
    )
    return copy


def drop_working_copy(*, draft: Draft, by: Person) -> None:
    """Forget what somebody has typed and not saved."""
    WorkingCopy.objects.filter(draft=draft, person=by).delete()


def add_revision(*, draft: Draft, content: DraftContent, by: Person, note: str) -> Revision:
    """Make cleaned content the new head, even where no word of it is new: what was signed before counts no more.

    For the other actions, which hold the lock of the item and have checked who asks.
    """
    body = canonical(salted(content).to_dict())
    revision = Revision.objects.create(
        draft=draft,
        number=draft.head.number + 1 if draft.head else 1,
        parent=draft.head,
        body=body,
        fingerprint=fingerprint(body),
        note=note,
        author=by,
    )
    draft.head = revision
    draft.save(update_fields=["head"])
    record(item=draft.item, by=by, action="revised", words=note)
    return revision


def _refuse_other_proposals(item: Item, content: DraftContent) -> None:
    known = set(item.proposals.values_list("key", flat=True))
    found = {proposal.key for proposal in content.proposals}
    if known != found:
        raise BadInput("proposals", _("The facts of the draft do not belong to the proposals of the item."))


def back_to_be_signed(*, item: Item, by: Person) -> None:
    """Take an item whose text has changed back to where it waits for signatures. For the other actions."""
    if item.state in (State.SIGNED, State.CLEARED):
        carry(item=item, to=to_be_signed(item), by=by, action="reopened", words=_("The text was changed."))
