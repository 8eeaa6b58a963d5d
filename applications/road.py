"""The way of an item through its states, as the desk and the committee room show it."""

from __future__ import annotations

from dataclasses import dataclass

from applications.models import Event, Item
from applications.states import State

APPLICATION = (
    State.RECEIVED,
    State.SCREENED,
    State.IN_REVIEW,
    State.AT_MEETING,
    State.DECIDED,
    State.SIGNED,
    State.CLEARED,
    State.PUBLISHED,
)
CORRECTION = (State.DRAFTED, State.SIGNED, State.PUBLISHED)


@dataclass(frozen=True)
class Step:
    """One state on the way of an item: ``is_past``, ``is_current``, or still to come."""

    state: State
    is_current: bool
    is_past: bool


def road(item: Item) -> list[Step]:
    """The states that an item passes, with where it stands; an end off the way is the last step of what it passed."""
    states: tuple[State, ...] = CORRECTION if item.is_correction else APPLICATION
    if not item.meeting.agreed.clearance:
        states = tuple(state for state in states if state != State.CLEARED)
    if item.state not in states:
        passed = set(Event.objects.filter(item=item).values_list("target", flat=True))
        states = (*(state for state in states if state in passed), State(item.state))
    here = states.index(State(item.state))
    return [Step(state, place == here, place < here) for place, state in enumerate(states)]
