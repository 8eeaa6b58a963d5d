"""What awaits a person in the committee room: texts to read, talk to answer, texts to sign.

Each question costs the same few queries however long the agenda is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, IntegerField, OuterRef, Q, Subquery

from applications.models import Approval, Comment, Draft, Item, Person, Reading, Thread
from applications.permissions import GatedQuerySet, items_to_sign
from applications.states import FINAL, State

READING = (State.IN_REVIEW, State.AT_MEETING, State.DECIDED, State.DRAFTED)
"""While an item is in one of these, its newest text waits for the verdicts of the members."""


@dataclass(frozen=True)
class Awaiting:
    """``to_read``: drafts, with the number of the revision that was ``last_read``. ``talk``: open threads, with
    ``is_answered`` where somebody else spoke last. ``to_sign``: items."""

    to_read: Sequence[Draft]
    talk: Sequence[Thread]
    to_sign: Sequence[Item]

    def __bool__(self) -> bool:
        return bool(self.to_read or self.talk or self.to_sign)


def awaiting(person: Person) -> Awaiting:
    """All that waits for one person, at every meeting where they sit."""
    return Awaiting(to_read=drafts_to_read(person), talk=open_talk(person), to_sign=texts_to_sign(person))


def drafts_to_read(person: Person) -> list[Draft]:
    """Drafts on whose newest revision the person has given no verdict."""
    mine = Reading.objects.visible_to(person).filter(person=person)
    return list(
        Draft.objects.visible_to(person)
        .filter(item__meeting__members__person=person, item__state__in=READING)
        .exclude(Exists(mine.filter(revision=OuterRef("head"))))
        .annotate(last_read=_number_last_read(mine))
        .select_related("item__meeting", "head")
        .order_by("-item__meeting__number", "item__code")
    )


def open_talk(person: Person) -> list[Thread]:
    """Open threads in which the person has spoken; those with an answer first."""
    comments = Comment.objects.visible_to(person).filter(thread=OuterRef("pk"))
    return list(
        Thread.objects.visible_to(person)
        .filter(Exists(comments.filter(author=person)), resolved_at=None)
        .exclude(draft__item__state__in=FINAL)
        .annotate(spoke_last=Subquery(comments.order_by("-pk").values("author")[:1], output_field=IntegerField()))
        .annotate(is_answered=~Q(spoke_last=person.pk))
        .select_related("draft__item__meeting")
        .order_by("-is_answered", "-draft__item__meeting__number", "draft__item__code", "pk")
    )


def texts_to_sign(person: Person) -> list[Item]:
    """Items whose newest text waits for the person's signature."""
    signed = Approval.objects.filter(revision=OuterRef("draft__head"), member__person=person)
    unsigned = Item.objects.filter(draft__head__isnull=False).exclude(Exists(signed))
    return items_to_sign(unsigned, person)


def _number_last_read(mine: GatedQuerySet) -> Subquery:
    last = mine.filter(revision__draft=OuterRef("pk")).order_by("-revision__number")
    return Subquery(last.annotate(read=F("revision__number")).values("read")[:1], output_field=IntegerField())
