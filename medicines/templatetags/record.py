"""Listings as rows of a page."""

from datetime import date

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from medicines.documents import words
from medicines.documents.html import Badge, list_badges, status_badge
from medicines.models import AwareEntry, EditionListing, Listing
from medicines.models.recommendation import StatusChoices
from medicines.panel import Value

register = template.Library()


@register.filter
def badges(listing: Listing) -> tuple[Badge, ...]:
    """The status and the lists of a listing as marks."""
    return (status_badge(listing.status, listing.outcome), *list_badges(listing.eml, listing.emlc))


register.simple_tag(words.content_marks)


@register.simple_tag
def value_words(value: Value) -> SafeString:
    """The name of a value of a filter, in the reader's language or as the record has it."""
    if value.words:
        return format_html("<span>{}</span>", value.words)
    return format_html('<span class="num">{}</span> <bdi{}>{}</bdi>', value.code, words.content_marks(), value.name)


@register.simple_tag
def listed_since(year: int) -> str:
    return gettext("Listed since {year}").format(year=year)


@register.filter
def entry_badges(entry: EditionListing) -> tuple[Badge, ...]:
    """The status and the lists of what an edition said, as marks."""
    return (status_badge(entry.status), *list_badges(entry.eml, entry.emlc))


@register.filter
def status_mark(status: str) -> Badge:
    """A status alone as a mark."""
    return status_badge(status)


@register.filter
def status_name(status: str) -> str:
    return str(StatusChoices(status).label)


@register.filter
def aware_name(group: str) -> str:
    return str(AwareEntry.Group(group).label)


@register.filter
def figure(number: int) -> str:
    """A whole number as the reader's language writes it."""
    return number_format(number, force_grouping=True)


@register.filter
def iso_day(day: str) -> str:
    """A day as the reader's language writes it; what is no day stays as it stands."""
    try:
        return words.day(date.fromisoformat(day))
    except ValueError:
        return day
