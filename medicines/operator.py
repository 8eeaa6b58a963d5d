"""Who runs the site and is cited as the publisher of what stands on it."""

from django.conf import settings
from django.utils.translation import gettext


def publisher() -> str:
    """The operator's name, which the setting EMLREVIEW_OPERATOR gives; a demonstration has none of its own."""
    return settings.OPERATOR or gettext("a demonstration of emlreview")
