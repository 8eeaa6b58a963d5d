"""Who may see and do what: one gate, on querysets, recusal included.

Every request of a person reads confidential rows through ``Model.objects.visible_to(person)``. What that leaves out
answers as an id that never existed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.aggregates import ArrayAgg
from django.db import models
from django.db.models import Q

from .states import BEFORE_DECIDED, FINAL, READABLE_BY_MEMBERS, State

if TYPE_CHECKING:
    from .models import Item, Member, Person

ALL, READERS, STAFF, OWN = "all", "readers", "staff", "own"
"""Who sees rows besides the staff: everybody who takes part; those, once the draft is open to them; nobody; nobody
but the person that the row belongs to, staff or not."""

GATE = {
    # model: (how its rows lead to their item, who sees them)
    "Item": ("", ALL),
    "Application": ("item", ALL),
    "Document": ("item", ALL),
    "Proposal": ("item", ALL),
    "Recusal": ("item", STAFF),
    "Event": ("item", STAFF),
    "Draft": ("item", READERS),
    "Revision": ("draft__item", READERS),
    "WorkingCopy": ("draft__item", OWN),
    "Thread": ("draft__item", READERS),
    "Comment": ("thread__draft__item", READERS),
    "Reading": ("revision__draft__item", READERS),
    "Decision": ("proposal__item", READERS),
    "Dissent": ("decision__proposal__item", READERS),
    "Approval": ("revision__draft__item", READERS),
    "Clearance": ("revision__draft__item", READERS),
}


class GatedQuerySet(models.QuerySet[Any]):
    def visible_to(self, person: Person | AnonymousUser) -> Self:
        """The rows that this person may know of."""
        path, audience = GATE[self.model.__name__]
        return self.filter(_visible(person, path, audience))

    def on_agenda_of(self, person: Person) -> Self:
        """Items of the meetings at which this person sits, recused ones included: code and public title only."""
        if self.model.__name__ != "Item":
            raise TypeError("Only items stand on an agenda.")
        return self.filter(meeting__members__person=person) if person.is_active else self.none()


class GatedManager(models.Manager.from_queryset(GatedQuerySet)):  # type: ignore[misc]
    """The default manager of every confidential model."""


def _visible(person: Person | AnonymousUser, path: str, audience: str) -> Q:
    nothing = Q(pk__in=[])
    if not person.is_authenticated or not person.is_active:
        return nothing

    def at(lookup: str) -> str:
        return f"{path}__{lookup}" if path else lookup

    takes_part = ~Q(**{at("recusals__person"): person})
    seated = Q(**{at("meeting__members__person"): person})
    if audience == OWN:
        return Q(person=person) & takes_part & (Q() if person.is_staff else nothing)
    if person.is_staff:
        return takes_part
    if audience == STAFF:
        return nothing
    if audience == READERS:
        return takes_part & seated & Q(**{at("state__in"): READABLE_BY_MEMBERS})
    return takes_part & seated


def takes_part(person: Person, item: Item) -> bool:
    """Whether the item is open to this person at all."""
    return type(item).objects.visible_to(person).filter(pk=item.pk).exists()


def seat_of(person: Person, item: Item) -> Member | None:
    """The person's seat at the item's meeting, ``None`` where they have none or are recused."""
    if not takes_part(person, item):
        return None
    return item.meeting.members.filter(person=person).first()


def may_edit(person: Person, item: Item) -> bool:
    """Staff change the text and the agenda line of an item that has not come to its end."""
    return person.is_staff and item.state not in FINAL and takes_part(person, item)


def may_propose(person: Person, item: Item) -> bool:
    """Staff add what an item asks for until the committee has decided."""
    return may_edit(person, item) and item.state in BEFORE_DECIDED


def may_read_draft(person: Person, item: Item) -> bool:
    return takes_part(person, item) and (person.is_staff or item.state in READABLE_BY_MEMBERS)


def may_comment(person: Person, item: Item) -> bool:
    """Members and staff talk about a draft that is open to the committee and not yet at its end."""
    return may_read_draft(person, item) and item.state not in FINAL


def may_give_verdict(person: Person, item: Item) -> bool:
    """Reading verdicts are for the members of the meeting."""
    return may_comment(person, item) and seat_of(person, item) is not None


def may_decide(person: Person, item: Item) -> bool:
    """Staff record what the committee decided, at the meeting and until the item is published."""
    return (
        may_edit(person, item)
        and not item.is_correction
        and item.state
        in (
            State.AT_MEETING,
            State.DECIDED,
            State.SIGNED,
            State.CLEARED,
        )
    )


def signing_seats(item: Item) -> tuple[str, ...]:
    """The seats whose signatures the item needs: those that the meeting agreed on; for a correction its delegate.

    Where the chair or the rapporteur is recused, the vice-chair signs in their place.
    """
    seats = item.meeting.members.filter(person__recusals__item=item).values_list("seat", flat=True)
    return _signing_seats(item, recused=seats)


def _signing_seats(item: Item, *, recused: Iterable[str]) -> tuple[str, ...]:
    rules = item.meeting.agreed
    seats = (rules.delegate,) if item.is_correction else rules.signatures
    replaced = {"chair", "rapporteur"}.intersection(recused)
    return tuple(dict.fromkeys("vice_chair" if seat in replaced else seat for seat in seats))


def awaits_signatures(item: Item) -> bool:
    return item.state == (State.DRAFTED if item.is_correction else State.DECIDED)


def may_sign(person: Person, item: Item) -> bool:
    seat = seat_of(person, item)
    return seat is not None and seat.seat in signing_seats(item) and awaits_signatures(item)


def items_to_sign(items: GatedQuerySet, person: Person) -> list[Item]:
    """Those of the items that ``may_sign`` lets the person sign, with their meetings, however many in two queries."""
    seats = dict(person.seats.values_list("meeting_id", "seat"))
    at_meeting = Q(recusals__person__seats__meeting=models.F("meeting"))
    found = (
        items.visible_to(person)
        .filter(meeting__in=seats, state__in=(State.DECIDED, State.DRAFTED))
        .annotate(recused_seats=ArrayAgg("recusals__person__seats__seat", filter=at_meeting, default=[]))
        .select_related("meeting")
    )
    return [
        item
        for item in found
        if awaits_signatures(item) and seats[item.meeting_id] in _signing_seats(item, recused=item.recused_seats)
    ]


def may_clear(person: Person, item: Item) -> bool:
    return may_edit(person, item) and item.state == State.SIGNED and not item.is_correction


def may_publish(person: Person, item: Item) -> bool:
    """A publisher who takes part and wrote none of the revisions."""
    return person.may_publish and may_edit(person, item) and not item.draft.revisions.filter(author=person).exists()


def may_record(person: Person) -> bool:
    """Staff take in applications, open items and record recusals."""
    return bool(person.is_authenticated and person.is_active and person.is_staff)
