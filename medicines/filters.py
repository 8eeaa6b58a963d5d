"""The filters of the List: what a reader narrows it by, the same for the page, the downloads and the API.

A filter that is given several values finds what has any of them; several filters find what fits all. Every value
stands in the address; one that says nothing (``status=no-such``) is left out and told in ``ignored``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from medicines.content.formulations import ROUTES
from medicines.facet_index import FacetIndex, facet_index
from medicines.facets import facet_key, is_atc
from medicines.models import AwareEntry, Listing
from medicines.models.recommendation import OutcomeChoices, StatusChoices
from medicines.search.find import Matches, find, question

LONGEST_QUERY = 200
MOST_VALUES = 50
"""Further values of one filter are left out: nobody chooses so many."""

SORTS = ("relevance", "name", "newest", "number", "section")

Reading = Callable[[str], str]
"""Reads a value as it stands in an address; "" where it says nothing."""


def _one_of(values: Iterable[str]) -> Reading:
    known = frozenset(values)
    return lambda value: value if value in known else ""


def _number(value: str) -> str:
    return str(int(value)) if re.fullmatch(r"[0-9]{1,6}", value) else ""


def _section(value: str) -> str:
    """``5.1`` of the newest edition, or ``24:5.1``."""
    return value if re.fullmatch(r"(?:[0-9]{1,4}:)?[0-9A-Za-z]{1,8}(?:\.[0-9A-Za-z]{1,8}){0,9}", value) else ""


def _atc(value: str) -> str:
    code = value.upper()
    return code if is_atc(code) else ""


READINGS: Mapping[str, Reading] = {
    "status": _one_of(StatusChoices.values),
    "list": _one_of(["eml", "emlc", "unnamed"]),
    "tier": _one_of(["core", "complementary"]),
    "section": _section,
    "aware": _one_of(AwareEntry.Group.values),
    "atc": _atc,
    "route": _one_of(ROUTES),
    "type": _one_of(["chemical", "biological"]),
    "edition": _number,
    "year": _number,
    "meeting": _number,
    "outcome": _one_of(OutcomeChoices.values),
    "evidence": _one_of(["text", "figures"]),
}

LABELS: Mapping[str, str | Promise] = {
    "status": gettext_lazy("Status"),
    "list": gettext_lazy("List"),
    "tier": gettext_lazy("Core or complementary"),
    "section": gettext_lazy("Section"),
    "aware": gettext_lazy("Antibiotic group (AWaRe)"),
    "atc": gettext_lazy("ATC class"),
    "route": gettext_lazy("Route"),
    "type": gettext_lazy("Medicine type"),
    "edition": gettext_lazy("Edition"),
    "year": gettext_lazy("Year"),
    "meeting": gettext_lazy("Meeting"),
    "outcome": pgettext_lazy("of a decision", "Outcome"),
    "evidence": gettext_lazy("Evidence"),
}


class Values(forms.SelectMultiple):
    """Values of one name, from an address (``?status=a&status=b``) or from plain data (``{"status": ["a", "b"]}``)."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        given = data.getlist(name) if hasattr(data, "getlist") else data.get(name)
        many = given if isinstance(given, list | tuple) else [given]
        return [str(value).strip() for value in many if value not in (None, "")]


class FacetField(forms.Field):
    """The values of one facet that say something, without repeats. It refuses nothing."""

    widget = Values

    def __init__(self, *, facet: str, **options: Any) -> None:
        super().__init__(**options)
        self.facet = facet

    def clean(self, value: list[str]) -> tuple[str, ...]:
        read = READINGS[self.facet]
        return tuple(dict.fromkeys(found for each in value[:MOST_VALUES] if (found := read(each))))


class FacetFilter(django_filters.Filter):
    field_class = FacetField

    def __init__(self, facet: str) -> None:
        super().__init__(field_name="facets", label=LABELS[facet], facet=facet)
        self.facet = facet

    def filter(self, qs: QuerySet[Listing], value: tuple[str, ...]) -> QuerySet[Listing]:
        if not value:
            return qs
        values = self.parent.index.values_meant(self.facet, value)
        return qs.filter(facets__overlap=[facet_key(self.facet, each) for each in values])


class QueryField(forms.Field):
    """What a reader typed, in one line and not too long. It refuses nothing."""

    widget = forms.TextInput

    def clean(self, value: Any) -> str:
        return " ".join(str(value or "")[:LONGEST_QUERY].replace("\0", " ").split())


class QueryFilter(django_filters.Filter):
    field_class = QueryField


class ExactlyField(forms.Field):
    """Whether mistyped words are to be looked for as they are."""

    def clean(self, value: Any) -> bool:
        return bool(value)


class ExactlyFilter(django_filters.Filter):
    field_class = ExactlyField


class SortField(forms.Field):
    """One of ``SORTS``, "" where none is named."""

    def clean(self, value: Any) -> str:
        return value if value in SORTS else ""


class SortFilter(django_filters.Filter):
    field_class = SortField


class ListFilter(django_filters.FilterSet):
    """Listings that fit what is asked.

    ``ListFilter(request.GET).qs``; ``queryset`` narrows what is looked through. Any data give a result, never an error.
    """

    q = QueryFilter(method="find", label=gettext_lazy("Medicine, indication or code"))
    status = FacetFilter("status")
    list = FacetFilter("list")
    tier = FacetFilter("tier")
    section = FacetFilter("section")
    aware = FacetFilter("aware")
    atc = FacetFilter("atc")
    route = FacetFilter("route")
    type = FacetFilter("type")
    edition = FacetFilter("edition")
    year = FacetFilter("year")
    meeting = FacetFilter("meeting")
    outcome = FacetFilter("outcome")
    evidence = FacetFilter("evidence")
    exactly = ExactlyFilter(method="leave", label=gettext_lazy("Only as typed"))
    sort = SortFilter(method="leave", label=gettext_lazy("Sort by"))

    class Meta:
        model = Listing
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any = None, queryset: QuerySet[Listing] | None = None, **options: Any) -> None:
        super().__init__({} if data is None else data, queryset, **options)

    @cached_property
    def asked(self) -> dict[str, Any]:
        """What is asked, by name, in a form that every part understands."""
        assert self.form.is_valid()  # No field refuses anything.
        return self.form.cleaned_data

    @property
    def query(self) -> str:
        """What was typed, in one line."""
        return self.asked["q"]

    @property
    def order(self) -> str:
        """How the results stand: as asked for, else by relevance where words were typed, else by name."""
        asked = self.asked["sort"]
        if asked and (asked != "relevance" or self.query):
            return asked
        return "relevance" if self.query else "name"

    @cached_property
    def chosen(self) -> dict[str, tuple[str, ...]]:
        """The values chosen of each facet, as they stand in an address; facets of which none is chosen are left out."""
        return {name: self.asked[name] for name in READINGS if self.asked[name]}

    @property
    def ignored(self) -> tuple[tuple[str, str], ...]:
        """The values that say nothing, each after the name of its filter."""
        given = {name: self.form[name].data for name in READINGS}
        return tuple((name, value) for name, values in given.items() for value in values if not READINGS[name](value))

    @cached_property
    def index(self) -> FacetIndex:
        return facet_index()

    @cached_property
    def matches(self) -> Matches:
        """What the typed words find, before anything else narrows it."""
        return find(self.query, self.index, exactly=self.asked["exactly"])

    def find(self, queryset: QuerySet[Listing], name: str, value: str) -> QuerySet[Listing]:
        words = self.matches.words
        return queryset.filter(text__lexemes__holds=question(words)) if words else queryset

    def leave(self, queryset: QuerySet[Listing], name: str, value: Any) -> QuerySet[Listing]:
        """What is asked does not narrow: ``Results`` reads it."""
        return queryset
