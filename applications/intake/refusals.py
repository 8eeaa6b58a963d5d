"""Why a file is not taken in: one class a reason, each with a code and a sentence for people."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class IntakeRefused(Exception):
    """The file is not taken in, and nothing was created. ``code`` is for programs, ``message`` for people."""

    code = "refused"
    template: str | Promise = _("The file cannot be taken in.")

    def __init__(self, **detail: str | int) -> None:
        self.detail = detail
        super().__init__(self.code)

    @property
    def message(self) -> str:
        """The reason and what to do, in the language of the reader."""
        return str(self.template) % self.detail if self.detail else str(self.template)

    def __str__(self) -> str:
        return self.message


class EmptyFile(IntakeRefused):
    code = "empty"
    template = _("The file is empty. Check that it was saved, and send it again.")


class TooLarge(IntakeRefused):
    code = "too_large"
    template = _(
        "The file is %(size)s MB; the most that can be taken in is %(limit)s MB. Make its pictures smaller or leave "
        "them out."
    )


class CorruptFile(IntakeRefused):
    code = "corrupt"
    template = _(
        "The file is damaged and cannot be read. Open it in its own program, save it anew, and send that copy."
    )


class EncryptedFile(IntakeRefused):
    code = "encrypted"
    template = _("The file is protected by a password. Save a copy without the password, and send that copy.")


class UnknownEnding(IntakeRefused):
    code = "unknown_ending"
    template = _("Files ending in “%(ending)s” cannot be read. Send one of these: %(endings)s.")


class WrongEnding(IntakeRefused):
    code = "wrong_ending"
    template = _(
        "The name of the file ends in “%(ending)s”, but its content is something else. Save it anew in its own "
        "program, and send that copy."
    )


class ZipBomb(IntakeRefused):
    code = "zip_bomb"
    template = _("The file unpacks to far more than a document holds, and was not opened. Save it anew as Word.")


class ExternalEntities(IntakeRefused):
    code = "external_entities"
    template = _("The file carries a document type or entities, which no Word file needs, and was not opened.")


class TookTooLong(IntakeRefused):
    code = "took_too_long"
    template = _("Reading the file took too much time or memory. Save it anew as Word, with fewer pictures and tables.")


class NoSectionFound(IntakeRefused):
    code = "no_section"
    template = _(
        "No section was found in the file. Give each section a heading of its own line, such as “Background”, "
        "“Benefits” or “Harms”."
    )
