"""What the pages of the desk need besides Django's own tags."""

from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def with_nonce(context: Context, media: Any) -> SafeString:
    """Scripts and styles of a form, with the nonce that the policy asks of an import map."""
    nonce = getattr(context.get("request"), "csp_nonce", "")
    return media.with_nonce(str(nonce)).render() if hasattr(media, "with_nonce") else media.render()
