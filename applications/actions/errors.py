"""Why an action was refused. Nothing was written; each message can be shown to the person who asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from applications.states import State

if TYPE_CHECKING:
    from applications.models import Revision
    from medicines.content.merge import Merge


class ActionRefused(Exception):
    """The base of all refusals."""


class NotAllowed(ActionRefused):
    """This person may not do this."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or _("You may not do this."))


@dataclass(frozen=True)
class Missing:
    """One thing that stands in the way. ``code`` is for programs, ``words`` for people."""

    code: str
    words: str


class NotYet(ActionRefused):
    """Something is missing; ``missing`` lists all of it."""

    def __init__(self, missing: Sequence[Missing]) -> None:
        self.missing = tuple(missing)
        super().__init__(" ".join(entry.words for entry in missing))


class NoSuchMove(ActionRefused):
    """The workflow has no way from the item's state to the one that was asked for."""

    def __init__(self, *, source: str, target: str) -> None:
        self.source, self.target = State(source), State(target)
        message = _("This item cannot go from “%(source)s” to “%(target)s”.")
        super().__init__(message % {"source": self.source.label, "target": self.target.label})


class HeadHasMoved(ActionRefused):
    """The text on the screen is no longer the newest one."""

    def __init__(self) -> None:
        super().__init__(_("The text has changed since you opened it. Read the newest text, then try again."))


class EditConflict(ActionRefused):
    """Somebody else changed the same block. ``merge`` holds both texts; ``head`` is the newest revision."""

    def __init__(self, *, merge: Merge, head: Revision) -> None:
        self.merge, self.head = merge, head
        super().__init__(
            _("Somebody else changed the same words since you opened the draft. Both texts are shown: choose for each.")
        )


class BadInput(ActionRefused):
    """A value cannot be used; ``field`` names it."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)
