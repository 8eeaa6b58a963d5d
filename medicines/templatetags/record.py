"""Listings as rows of a page."""

from datetime import date

from django import template
from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from medicines.documents import words
from medicines.documents.html import list_badges, status_badge
from medicines.facets import is_atc
from medicines.models import AwareEntry, EditionListing, Listing
from medicines.models.recommendation import StatusChoices
from medicines.panel import Value
from medicines.remembered import by_language

register = template.Library()


@register.filter
def marks(listing: Listing) -> SafeString:
    """The status and the lists of a listing as marks."""
    return _marks(listing.status, listing.outcome, listing.eml, listing.emlc)


@register.filter
def entry_marks(entry: EditionListing) -> SafeString:
    """The status and the lists of what an edition said, as marks."""
    return _marks(entry.status, "", entry.eml, entry.emlc)


@by_language
def _marks(status: str, outcome: str, eml: str, emlc: str) -> SafeString:
    badges = (status_badge(status, outcome), *list_badges(eml, emlc))
    return render_to_string("public/parts/marks.html", {"badges": badges})


register.simple_tag(words.content_marks)
register.filter(is_atc)


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
@by_language
def status_sign(status: str) -> SafeString:
    """A status alone, without a frame."""
    return render_to_string("public/parts/status.html", {"badge": status_badge(status)})


@register.filter
@by_language
def recommendations(count: int) -> str:
    """How many recommendations there are, in words."""
    words = ngettext("%(total)s recommendation", "%(total)s recommendations", count)
    return words % {"total": figure(count)}


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
