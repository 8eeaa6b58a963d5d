"""The whole workflow of an item on one screen.

Whoever moves an item calls ``applications.actions.item.move``. The same table is made into a trigger, so the
database refuses what it does not allow.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    RECEIVED = "received", pgettext_lazy("state", "Received")
    SCREENED = "screened", pgettext_lazy("state", "Screened")
    IN_REVIEW = "in_review", pgettext_lazy("state", "In review")
    AT_MEETING = "at_meeting", pgettext_lazy("state", "At the meeting")
    DECIDED = "decided", pgettext_lazy("state", "Decided")
    SIGNED = "signed", pgettext_lazy("state", "Signed")
    CLEARED = "cleared", pgettext_lazy("state", "Cleared")
    PUBLISHED = "published", pgettext_lazy("state", "Published")
    NOT_PROCEEDING = "not_proceeding", pgettext_lazy("state", "Not proceeding")
    WITHDRAWN = "withdrawn", pgettext_lazy("state", "Withdrawn")
    DRAFTED = "drafted", pgettext_lazy("state", "Correction drafted")


class Kind(models.TextChoices):
    APPLICATION = "application", _("Application")
    JOINT = "joint", _("Several applications considered together")
    MATTER = "matter", _("Matter raised by the committee")
    CORRECTION = "correction", _("Correction")


@dataclass(frozen=True)
class Move:
    """``sources`` → ``target``. ``by_hand``: staff choose it; the others follow from a decision, signature or edit."""

    sources: tuple[State, ...]
    target: State
    guards: tuple[str, ...] = ()
    by_hand: bool = False


_S = State
BEFORE_DECIDED = (_S.RECEIVED, _S.SCREENED, _S.IN_REVIEW, _S.AT_MEETING)

REVIEW = (
    Move((_S.RECEIVED,), _S.SCREENED, guards=("has_proposals", "has_draft"), by_hand=True),
    Move((_S.RECEIVED,), _S.NOT_PROCEEDING, guards=("has_reason",), by_hand=True),
    Move((_S.SCREENED,), _S.IN_REVIEW, by_hand=True),
    Move((_S.IN_REVIEW,), _S.AT_MEETING, by_hand=True),
    Move((_S.AT_MEETING,), _S.DECIDED, guards=("all_decided",)),
    Move((_S.DECIDED,), _S.SIGNED, guards=("signatures",)),
    Move((_S.SIGNED,), _S.CLEARED, guards=("clearance",)),
    Move((_S.SIGNED, _S.CLEARED), _S.DECIDED),
    Move((_S.SIGNED, _S.CLEARED), _S.PUBLISHED, guards=("publication",)),
    Move(BEFORE_DECIDED, _S.WITHDRAWN, guards=("has_reason",), by_hand=True),
)
CORRECTION = (
    Move((_S.DRAFTED,), _S.SIGNED, guards=("signatures",)),
    Move((_S.SIGNED,), _S.DRAFTED),
    Move((_S.SIGNED,), _S.PUBLISHED, guards=("publication",)),
    Move((_S.DRAFTED, _S.SIGNED), _S.WITHDRAWN, guards=("has_reason",), by_hand=True),
)

FINAL = (_S.PUBLISHED, _S.NOT_PROCEEDING, _S.WITHDRAWN)
READABLE_BY_MEMBERS = (_S.IN_REVIEW, _S.AT_MEETING, _S.DECIDED, _S.SIGNED, _S.CLEARED, _S.PUBLISHED, _S.DRAFTED)
"""The states in which the members of the meeting read the draft; before, only the secretariat does."""


def moves(kind: str) -> tuple[Move, ...]:
    """The table for a kind of item."""
    return CORRECTION if kind == Kind.CORRECTION else REVIEW


def first_state(kind: str) -> State:
    return State.DRAFTED if kind == Kind.CORRECTION else State.RECEIVED


def find(kind: str, source: str, target: str) -> Move | None:
    """The move from one state to another, or ``None`` where the table has none."""
    return next((move for move in moves(kind) if source in move.sources and move.target == target), None)


def trigger_condition() -> str:
    """The table as SQL over OLD and NEW: true where a change of state is one that it does not allow."""
    allowed = " OR ".join(
        f"({'OLD.kind = ' if table is CORRECTION else 'OLD.kind <> '}'{Kind.CORRECTION.value}'"
        f" AND OLD.state = '{source.value}' AND NEW.state = '{move.target.value}')"
        for table in (REVIEW, CORRECTION)
        for move in table
        for source in move.sources
    )
    return f"OLD.state IS DISTINCT FROM NEW.state AND NOT ({allowed})"
