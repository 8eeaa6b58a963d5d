"""Links to a list as files, for the pages that show the list."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.http import urlencode

from medicines.exports import FORMATS

register = template.Library()


@register.inclusion_tag("public/parts/downloads.html")
def downloads(route: str, *args: Any, feed: str = "", **filters: str) -> dict[str, Any]:
    """A link for each format; ``route`` and its arguments without the format, which comes last.

    ``feed`` is the address of the feed of what changes, where there is one. ``filters`` find the same in the List,
    where it can be narrowed further; files of the List are made with them.
    """
    query = urlencode(filters)
    asked = f"?{query}" if query and route == "search_download" else ""
    files = [(extension, reverse(f"public:{route}", args=[*args, extension]) + asked) for extension in FORMATS]
    return {"files": files, "query": query, "feed": feed}
