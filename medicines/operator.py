"""Who runs the site and is cited as the publisher of what stands on it."""

from django.conf import settings
from django.utils.translation import gettext


def operator() -> str:
    """The operator's name, which the setting EMLREVIEW_OPERATOR gives; empty where nobody runs it in earnest."""
    return settings.OPERATOR


def publisher() -> str:
    """The operator as citations name it; a demonstration says what it is."""
    return operator() or gettext("Demonstration of emlreview")
