"""The margin of a draft: which talk stands at which block, and which talk has lost its block."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from applications.models import Comment, Person, Revision, Thread
from medicines.content.anchors import Lost, locate


@dataclass(frozen=True)
class Note:
    """A thread as it stands beside a text.

    ``is_lost``: its block is no longer there. ``is_changed``: the block is there and no longer says what was quoted.
    """

    thread: Thread
    comments: tuple[Comment, ...]
    is_lost: bool
    is_changed: bool
    may_resolve: bool

    @property
    def anchor(self) -> str:
        return f"thread-{self.thread.pk}"

    @property
    def opener(self) -> Person:
        return self.comments[0].author


@dataclass(frozen=True)
class Margin:
    """All talk on a draft, as it stands beside one of its revisions."""

    notes: tuple[Note, ...]

    def at(self, block: str) -> tuple[Note, ...]:
        """The talk that hangs on a block, oldest first."""
        return tuple(note for note in self.notes if note.thread.block == block and not note.is_lost)

    @property
    def lost(self) -> tuple[Note, ...]:
        return tuple(note for note in self.notes if note.is_lost)

    @property
    def open(self) -> tuple[Note, ...]:
        return tuple(note for note in self.notes if not note.thread.is_resolved)


def margin(*, threads: Iterable[Thread], revision: Revision, reader: Person, may_comment: bool) -> Margin:
    """Place threads, whose comments and authors are at hand, beside a revision of their draft."""
    narrative = revision.content.narrative
    notes = []
    for thread in threads:
        comments = tuple(thread.comments.all())
        place = locate(thread.block, thread.quotation, narrative)
        notes.append(
            Note(
                thread=thread,
                comments=comments,
                is_lost=isinstance(place, Lost),
                is_changed=not isinstance(place, Lost) and not place.is_quoted,
                may_resolve=may_comment and (reader.is_staff or comments[0].author_id == reader.pk),
            )
        )
    return Margin(tuple(notes))
