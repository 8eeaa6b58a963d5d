"""Why the public record refuses a publication. Each message can be shown to the person who asked."""

from django.utils.translation import gettext as _


class PublicationRefused(Exception):
    """The record was not changed; the message says why."""


class BaseHasMoved(PublicationRefused):
    """The recommendation has a newer version than the one that the text was made from."""

    def __init__(self, *, medicine: str, expected: int | None, found: int | None) -> None:
        self.medicine, self.expected, self.found = medicine, expected, found
        if expected is None:
            message = _("%(medicine)s already has a published recommendation for this use (version %(found)s).")
        else:
            message = _(
                "%(medicine)s has moved on: the text was made from version %(expected)s, and version %(found)s "
                "is published now."
            )
        super().__init__(message % {"medicine": medicine, "expected": expected, "found": found})


class NothingToPublish(PublicationRefused):
    """No content was given."""

    def __init__(self) -> None:
        super().__init__(_("There is nothing to publish."))


class NotPublishable(PublicationRefused):
    """The content holds something that must not be public, or lacks something that must be."""
