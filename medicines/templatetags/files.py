"""Links to a list as files, for the pages that show the list."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

from medicines.exports import FORMATS

register = template.Library()


@register.inclusion_tag("public/parts/downloads.html")
def downloads(route: str, *args: Any, feed: str = "") -> dict[str, Any]:
    """A link for each format; ``route`` and its arguments without the format, which comes last.

    ``feed`` is the address of the feed of what changes in the list, where there is one.
    """
    files = [(extension, reverse(f"public:{route}", args=[*args, extension])) for extension in FORMATS]
    return {"files": files, "feed": feed}
