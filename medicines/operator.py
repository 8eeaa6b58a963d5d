"""Who runs the site, is cited as the publisher of what stands on it, and under which licence that may be used."""

from django.conf import settings
from django.utils.translation import gettext


def operator() -> str:
    """The operator's name, which the setting EMLREVIEW_OPERATOR gives; empty where nobody runs it in earnest."""
    return settings.OPERATOR


def publisher() -> str:
    """The operator as citations name it; a demonstration says what it is."""
    return operator() or gettext("Demonstration of emlreview")


def licence() -> tuple[str, str]:
    """The licence of what stands on the site, as its name and its address; the software has one of its own.

    The settings EMLREVIEW_LICENCE and EMLREVIEW_LICENCE_URL give them. Nothing may be assumed where they do not.
    """
    return settings.LICENCE or gettext("Licence not stated"), settings.LICENCE_URL
