"""Talk about a draft: threads on blocks, and the verdicts of those who have read it.

Each action holds the item while it writes: no comment slips in behind a publication that found all comments answered.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Comment, Draft, Person, Reading, Revision, Thread
from applications.permissions import may_comment, may_give_verdict
from medicines.content.richtext import blocks

from .errors import BadInput, HeadHasMoved, NotAllowed
from .events import record
from .item import locked_item


@transaction.atomic
def open_thread(*, revision: Revision, block: str, text: str, by: Person) -> Thread:
    """Open a thread on one block of a revision with its first comment; the block's words are kept as quotation.

    Raises ``NotAllowed``, and ``BadInput`` where the text is empty or the revision has no such block.
    """
    draft = revision.draft
    if not may_comment(by, locked_item(draft.item)):
        raise NotAllowed
    quotation = block_text(revision=revision, block=block)
    if quotation is None:
        raise BadInput("block", _("That paragraph is not in the text any more. Choose another one."))
    _refuse_empty(text)
    thread = Thread.objects.create(draft=draft, revision=revision, block=block, quotation=quotation)
    Comment.objects.create(thread=thread, author=by, text=text)
    return thread


@transaction.atomic
def reply(*, thread: Thread, text: str, by: Person) -> Comment:
    """Add a comment to a thread. A resolved thread is open again after it. Raises ``NotAllowed`` and ``BadInput``."""
    if not may_comment(by, locked_item(thread.draft.item)):
        raise NotAllowed
    _refuse_empty(text)
    Thread.objects.filter(pk=thread.pk).update(resolved_by=None, resolved_at=None)
    return Comment.objects.create(thread=thread, author=by, text=text)


@transaction.atomic
def resolve(*, thread: Thread, by: Person) -> Thread:
    """Mark a thread as dealt with: staff, or the member who opened it. Raises ``NotAllowed``."""
    opener = thread.comments.order_by("pk").first()
    is_theirs = by.is_staff or (opener is not None and opener.author_id == by.pk)
    if not is_theirs or not may_comment(by, locked_item(thread.draft.item)):
        raise NotAllowed
    locked = Thread.objects.select_for_update(of=("self",)).get(pk=thread.pk)
    if not locked.is_resolved:
        locked.resolved_by, locked.resolved_at = by, timezone.now()
        locked.save(update_fields=["resolved_by", "resolved_at"])
    return locked


@transaction.atomic
def give_verdict(*, revision: Revision, verdict: str, why: str, by: Person) -> Reading:
    """Say of the newest text that it is ready or needs changes, and why.

    Raises ``NotAllowed``, ``HeadHasMoved`` where the text is not the newest, and ``BadInput``.
    """
    if not may_give_verdict(by, locked_item(revision.draft.item)):
        raise NotAllowed
    draft = Draft.objects.select_for_update(of=("self",)).get(pk=revision.draft_id)
    if draft.head_id != revision.pk:
        raise HeadHasMoved
    if verdict not in Reading.Verdict:
        raise BadInput("verdict", _("Choose a verdict."))
    if verdict == Reading.Verdict.NEEDS_CHANGES and not why.strip():
        raise BadInput("why", _("Say what needs to change."))
    reading = Reading.objects.create(revision=revision, person=by, verdict=verdict, why=why.strip())
    record(item=draft.item, by=by, action="read", words=verdict)
    return reading


def block_text(*, revision: Revision, block: str) -> str | None:
    """The words of one block of a revision, ``None`` where it has no such block."""
    for section in revision.content.narrative.sections:
        for found in blocks(section.html):
            if found.id == block:
                return found.text
    return None


def _refuse_empty(text: str) -> None:
    if not text.strip():
        raise BadInput("text", _("Write a comment first."))
