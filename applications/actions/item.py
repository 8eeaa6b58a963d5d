"""Items of the agenda: opening, moving, recusing."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Application, Document, Draft, Item, Meeting, Person, Proposal, Recusal
from applications.permissions import may_edit, may_record, takes_part
from applications.states import Kind, State, find, first_state
from medicines.models import Version

from .errors import BadInput, NoSuchMove, NotAllowed, NotYet
from .events import record
from .guards import missing_for


@transaction.atomic
def open_item(
    *, meeting: Meeting, code: str, title: str, by: Person, kind: str = Kind.APPLICATION, public_note: str = ""
) -> Item:
    """Put an item on the agenda of a meeting, in its first state. Raises ``NotAllowed`` and ``BadInput``."""
    if not may_record(by):
        raise NotAllowed
    Meeting.objects.select_for_update().get(pk=meeting.pk)  # of two at once, the second sees the first one's code
    if not title.strip():
        raise BadInput("title", _("Give the item a public title."))
    if Item.objects.filter(meeting=meeting, code=code).exists():
        raise BadInput("code", _("The meeting has an item %(code)s already. Choose another code.") % {"code": code})
    item = Item.objects.create(
        meeting=meeting, code=code, title=title, kind=kind, state=first_state(kind), public_note=public_note
    )
    record(item=item, by=by, action="opened", target=item.state)
    return item


@transaction.atomic
def amend(*, item: Item, code: str, title: str, public_note: str, by: Person) -> Item:
    """Change how an item stands on the agenda, and return it. Its history keeps the line as it was.

    ``public_note`` is for corrections alone. Raises ``NotAllowed`` and ``BadInput``.
    """
    item = locked_item(item)
    if not may_edit(by, item):
        raise NotAllowed
    if not title.strip():
        raise BadInput("title", _("Give the item a public title."))
    if Item.objects.filter(meeting=item.meeting, code=code).exclude(pk=item.pk).exists():
        raise BadInput("code", _("The meeting has an item %(code)s already. Choose another code.") % {"code": code})
    if item.is_correction and not public_note.strip():
        raise BadInput("public_note", _("Say what is wrong and why: it is printed with the correction."))
    if item.public_note != public_note and item.state == State.SIGNED:
        raise BadInput("public_note", _("The note was signed with the text. Change the text first, to be signed anew."))
    if (item.code, item.title, item.public_note) == (code, title, public_note):
        return item
    record(item=item, by=by, action="amended", words=f"{item.code} {item.title}")
    item.code, item.title, item.public_note = code, title, public_note
    item.save(update_fields=["code", "title", "public_note"])
    return item


@transaction.atomic
def add_application(*, item: Item, title: str, applicant: str, received_on: date, by: Person) -> Application:
    """Add a submission to an item. Raises ``NotAllowed``."""
    if not may_edit(by, locked_item(item)):
        raise NotAllowed
    application = Application.objects.create(item=item, title=title, applicant=applicant, received_on=received_on)
    record(item=item, by=by, action="application_added", words=title)
    return application


@transaction.atomic
def add_proposal(*, item: Item, asks: str, by: Person, base: Version | None = None, key: str = "") -> Proposal:
    """Add a change that the item asks for, before its draft is begun with the facts under ``proposal.key``.

    Once there is a draft, ``actions.draft.propose`` adds both. Raises ``NotAllowed`` and ``BadInput``.
    """
    if not may_edit(by, locked_item(item)):
        raise NotAllowed
    if Draft.objects.filter(item=item).exists():
        raise BadInput("item", _("The item has a draft already."))
    return Proposal.objects.create(item=item, key=key or new_key(), asks=asks, base=base)


def new_key() -> str:
    """A key for a proposal, which ties it to its facts in the draft."""
    return secrets.token_hex(4)


@transaction.atomic
def add_document(*, item: Item, name: str, data: bytes, by: Person, report: dict[str, Any] | None = None) -> Document:
    """Keep a file as it came, with its checksum. ``report`` is what the intake said of it. Raises ``NotAllowed``."""
    if not may_edit(by, locked_item(item)):
        raise NotAllowed
    document = Document(
        item=item, name=name, sha256=hashlib.sha256(data).hexdigest(), size=len(data), report=report, added_by=by
    )
    document.file.save(f"{secrets.token_hex(16)}.bin", ContentFile(data), save=False)
    document.save(force_insert=True)
    record(item=item, by=by, action="document_added", words=name)
    return document


@transaction.atomic
def recuse(*, item: Item, person: Person, reason: str, by: Person) -> Recusal:
    """Close an item to somebody, from now on and for good. Recusing twice is one recusal.

    Where a signature counted that counts no more, the text goes back to be signed by whoever signs instead.
    Raises ``NotAllowed`` and ``BadInput``.
    """
    item = locked_item(item)
    if not may_record(by) or not takes_part(by, item):
        raise NotAllowed
    if not reason.strip():
        raise BadInput("reason", _("Say why: the register of interests needs it."))
    recusal, made = Recusal.objects.get_or_create(
        item=item, person=person, defaults={"reason": reason, "recorded_by": by}
    )
    if made:
        record(item=item, by=by, action="recused", words=person.name)
        if item.state in (State.SIGNED, State.CLEARED) and missing_for(item=item, guards=("signatures",), words=""):
            carry(item=item, to=to_be_signed(item), by=by, action="reopened", words=_("A signature was withdrawn."))
    return recusal


@transaction.atomic
def move(*, item: Item, to: str, by: Person, words: str = "") -> Item:
    """Move an item by hand, as staff do, and return it as it then is.

    Raises ``NotAllowed``, ``NoSuchMove`` (also for moves that only a decision, a signature or an edit makes) and
    ``NotYet``, which lists all that is missing.
    """
    item = locked_item(item)
    if not may_edit(by, item):
        raise NotAllowed
    way = find(item.kind, item.state, to)
    if way and not way.by_hand:
        raise NoSuchMove(source=item.state, target=to)
    return carry(item=item, to=to, by=by, words=words)


@transaction.atomic
def carry(*, item: Item, to: str, by: Person, words: str = "", action: str = "moved") -> Item:
    """Move an item: lock the row, check the table and the guards inside the lock, save, write the event.

    For the other actions, which have checked who asks. Raises ``NoSuchMove`` and ``NotYet``.
    """
    locked = locked_item(item)
    way = find(locked.kind, locked.state, to)
    if way is None:
        raise NoSuchMove(source=locked.state, target=to)
    missing = missing_for(item=locked, guards=way.guards, words=words)
    if missing:
        raise NotYet(missing)
    source, locked.state = locked.state, to
    locked.save(update_fields=["state"])
    record(item=locked, by=by, action=action, words=words, source=source, target=to)
    return locked


def locked_item(item: Item) -> Item:
    """The item as it is now, locked until the transaction ends."""
    return Item.objects.select_for_update(of=("self",)).select_related("meeting").get(pk=item.pk)


def to_be_signed(item: Item) -> State:
    """The state in which the text of an item waits for its signatures."""
    return State.DRAFTED if item.is_correction else State.DECIDED


def ways_on(*, item: Item) -> Sequence[State]:
    """The states that staff can move the item to by hand."""
    return [target for target in State if (way := find(item.kind, item.state, target)) and way.by_hand]
