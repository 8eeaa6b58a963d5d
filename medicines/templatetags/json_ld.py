"""Data of schema.org inside a page."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString

from medicines.documents.json_ld import script

register = template.Library()


@register.simple_tag
def json_ld(data: Mapping[str, Any] | None) -> SafeString | str:
    """``{% json_ld data %}``: see ``medicines.documents.json_ld``; nothing where there are no data."""
    return script(data) if data else ""
