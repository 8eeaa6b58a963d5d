"""What needs the secretariat's attention, in the same few queries however much there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from applications.models import Item, Person
from applications.states import FINAL, State

OPEN_THREADS = Count("draft__threads", filter=Q(draft__threads__resolved_at=None), distinct=True)


@dataclass(frozen=True)
class Attention:
    """``states``: how many items stand in each, in the order of the road. ``to_publish``: signed or cleared ones.

    ``to_decide``: items at the meeting. ``talked_about``: items with open comments, as ``open_threads``.
    """

    states: Sequence[tuple[State, int]]
    to_publish: Sequence[Item]
    to_decide: Sequence[Item]
    talked_about: Sequence[Item]


def attention(person: Person) -> Attention:
    """What the items that are open to this person need next."""
    items = Item.objects.visible_to(person)
    counts = dict(items.order_by().values_list("state").annotate(Count("pk")))
    waiting = list(
        items.exclude(state__in=FINAL)
        .annotate(open_threads=OPEN_THREADS)
        .filter(Q(open_threads__gt=0) | Q(state__in=(State.SIGNED, State.CLEARED, State.AT_MEETING)))
        .select_related("meeting")
        .order_by("-meeting__number", "code")
    )
    return Attention(
        states=[(state, counts[state]) for state in State if counts.get(state)],
        to_publish=[item for item in waiting if item.state in (State.SIGNED, State.CLEARED)],
        to_decide=[item for item in waiting if item.state == State.AT_MEETING],
        talked_about=[item for item in waiting if item.open_threads],
    )
