"""What the pages of the committee room say besides their own words."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.conf import settings
from django.utils.translation import get_language_info

from medicines.templatetags.site import language_tag

register = template.Library()


@dataclass(frozen=True)
class OwnLanguage:
    code: str
    tag: str
    name: str


@register.simple_tag
def own_languages() -> list[OwnLanguage]:
    """The languages that a person can choose, each named in itself."""
    return [
        OwnLanguage(code, language_tag(code), get_language_info(code)["name_local"].capitalize())
        for code, _name in settings.LANGUAGES
    ]


@register.filter
def short_fingerprint(fingerprint: str) -> str:
    """Twelve digits in groups of four: enough to tell two texts apart by eye."""
    return " ".join(fingerprint[start : start + 4] for start in (0, 4, 8))
