"""Listings as rows of a page."""

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from medicines.documents.html import Badge, list_badges, status_badge
from medicines.models import Listing

register = template.Library()


@register.filter
def badges(listing: Listing) -> tuple[Badge, ...]:
    """The status and the lists of a listing as marks."""
    return (status_badge(listing.status, listing.outcome), *list_badges(listing.eml, listing.emlc))


@register.simple_tag
def content_marks() -> SafeString:
    """The language of names in the record, which are kept in English, where the page speaks another."""
    return mark_safe("" if get_language() == "en" else ' lang="en" dir="ltr"')  # noqa: S308  no foreign words


@register.simple_tag
def listed_since(year: int) -> str:
    return gettext("Listed since {year}").format(year=year)
