"""What people settle for themselves."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from applications.models import Person

from .errors import BadInput


def choose_language(*, language: str, by: Person) -> Person:
    """Set the language in which somebody reads the committee room. Raises ``BadInput`` for one the site lacks."""
    if language not in dict(settings.LANGUAGES):
        raise BadInput("language", _("The site does not have that language."))
    by.language = language
    by.save(update_fields=["language"])
    return by
