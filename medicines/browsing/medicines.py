"""A medicine with all that the record says of it, and the medicines of one letter."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, F, Func, JSONField, Q, Value
from django.utils.translation import ngettext

from medicines.alternatives import meant_by
from medicines.content import labels
from medicines.content.schema import Alternatives, StatusEvent
from medicines.facet_index import Kind, facet_index
from medicines.models import AwareEntry, EditionListing, Listing, Medicine, Version
from medicines.models.recommendation import StatusChoices
from medicines.sorting import folded

from .atc import atc_names
from .counts import as_results, page_of

PAGE = 100
"""Recommendations of one medicine on a page; few have as many."""

MOST_LINKED = 60
"""How many recommendations that name the medicine as an alternative a page shows."""

MOST_VERSIONS = 200
"""How many decisions and corrections the timeline goes back."""


@dataclass(frozen=True)
class Row:
    """A name of an A–Z with the statuses that its recommendations have: ``{"essential": 4, "removed": 1}``."""

    subject: Any
    statuses: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.statuses.values())

    @property
    def status(self) -> str:
        """The status that says most: essential if it is for any use."""
        return next((status for status in StatusChoices.values if status in self.statuses), "")


def rows_of(kind: Kind, subjects: Iterable[Any]) -> list[Row]:
    """Medicines or indications as rows of an A–Z."""
    index = facet_index()
    status_at = index.statuses.__getitem__
    return [Row(subject, Counter(map(status_at, index.places_of(kind, subject.pk)))) for subject in subjects]


@dataclass(frozen=True)
class Alternative:
    """What one recommendation of the medicine stands for, with the medicines of the record that it names."""

    listing: Listing
    found: Alternatives
    medicines: tuple[tuple[str, int | None], ...]


@dataclass(frozen=True)
class Event:
    """One line of the timeline. ``kind``: edition, decision, correction or history."""

    kind: str
    when: date | None
    words: str = ""
    uses: tuple[str, ...] = ()
    version: Version | None = None
    edition: int | None = None
    report: str = ""


@dataclass(frozen=True)
class Year:
    year: int
    events: list[Event] = field(default_factory=list)


class MedicinePage:
    """Everything that the page of one medicine shows; a constant number of queries."""

    def __init__(self, medicine: Medicine, *, page: str | None = None) -> None:
        self.medicine = medicine
        self._page = page

    @cached_property
    def listings(self) -> Page[Listing]:
        """Its recommendations in the order of their indications, with the facts that the projection does not hold."""
        listings = as_results(Listing.objects.filter(medicine=self.medicine)).annotate(
            named_alternatives=_fact("alternatives"), events=_fact("history")
        )
        return page_of(listings.order_by("indication__sort_key", "recommendation"), self._page, size=PAGE)

    @cached_property
    def groups(self) -> list[tuple[Any, list[Listing]]]:
        """(indication, its recommendations): with different partners there may be several."""
        found: dict[Any, list[Listing]] = {}
        for listing in self.listings:
            found.setdefault(listing.indication, []).append(listing)
        return list(found.items())

    @cached_property
    def other_names(self) -> list[str]:
        """Its synonyms, the short ones first: a systematic name tells few readers anything."""
        return sorted(self.medicine.synonyms, key=lambda name: (len(name), name))

    @cached_property
    def codes(self) -> list[tuple[str, str, bool]]:
        """(ATC code, its name where the classification is imported, whether the imported one lacks it)."""
        names = atc_names()
        codes = sorted({code for listing in self.listings for code in listing.atc})
        return [(code, names.get(code, ""), bool(names) and code not in names) for code in codes]

    @cached_property
    def aware(self) -> list[AwareEntry]:
        """Its group in each dated AWaRe classification, the newest first."""
        return list(AwareEntry.objects.filter(key=self.medicine.key).order_by("-edition"))

    @cached_property
    def partners(self) -> list[tuple[str, int | None]]:
        """Medicines given alongside, with the page of each that has one."""
        names = dict.fromkeys(listing.recommendation.partners for listing in self.listings)
        return [(name, self._pages.get(folded(name))) for name in names if name]

    @cached_property
    def alternatives(self) -> list[Alternative]:
        """What its own recommendations name as alternatives, or that they name none."""
        return [
            Alternative(listing, found, tuple((name, self._pages.get(folded(name))) for name in found.medicines))
            for listing, found in self._named
        ]

    @cached_property
    def _named(self) -> list[tuple[Listing, Alternatives]]:
        return [
            (listing, Alternatives.from_dict(listing.named_alternatives))  # type: ignore[attr-defined]
            for listing in self.listings
            if listing.named_alternatives  # type: ignore[attr-defined]
        ]

    @cached_property
    def _pages(self) -> dict[str, int]:
        """The medicines that partners and alternatives name, by their folded names."""
        names = {name for _listing, found in self._named for name in found.medicines}
        names |= {listing.recommendation.partners for listing in self.listings}
        rows = Medicine.objects.filter(key__in={folded(name) for name in names if name}, listings__isnull=False)
        return dict(rows.values_list("key", "pk"))

    @cached_property
    def meant_by(self) -> list[Listing]:
        """The recommendations of other medicines to which this one is an alternative, by name or by its class."""
        keys = meant_by(
            (self.medicine.name, *self.medicine.former_names), {code for found in self.listings for code in found.atc}
        )
        rows = Listing.objects.filter(alternatives__overlap=keys).exclude(medicine=self.medicine)
        return list(as_results(rows).order_by("sort_key", "recommendation")[:MOST_LINKED])

    # Through the years

    @cached_property
    def years(self) -> list[Year]:
        """What happened, newest first: editions, decisions, corrections, and what the status histories tell."""
        events = [*self._decisions, *self._in_editions]
        told: dict[int, Year] = {}
        for event in events:
            if event.when:
                told.setdefault(event.when.year, Year(event.when.year)).events.append(event)
        for year, event in self._history:
            told.setdefault(year, Year(year)).events.append(event)
        return sorted(told.values(), key=lambda each: -each.year)

    @cached_property
    def _decisions(self) -> list[Event]:
        rows = (
            Version.objects.filter(recommendation__medicine=self.medicine, kind__in=("decision", "correction"))
            .select_related("recommendation__indication")
            .defer("body", "chain")
            .order_by("-effective_date", "-position")[:MOST_VERSIONS]
        )
        return [
            Event(row.kind, row.effective_date, uses=(row.recommendation.indication.name,), version=row) for row in rows
        ]

    @cached_property
    def _in_editions(self) -> list[Event]:
        """What each edition held: how many uses, how many of them essential."""
        rows = (
            EditionListing.objects.filter(recommendation__medicine=self.medicine)
            .values_list("edition__number", "edition__effective_date", "edition__report")
            .annotate(total=Count("pk"), essential=Count("pk", filter=Q(status="essential")))
            .order_by("-edition__number")
        )
        return [
            Event("edition", when, words=_in_edition(total, essential), edition=number, report=report)
            for number, when, report, total, essential in rows
        ]

    @property
    def _history(self) -> Iterable[tuple[int, Event]]:
        """Events of the status histories, those that several indications share told once."""
        decided = {event.when.year for event in self._decisions if event.when}
        told: dict[tuple[int, str, str], list[str]] = defaultdict(list)
        for listing in self.listings:
            for entry in map(StatusEvent.from_dict, listing.events or ()):  # type: ignore[attr-defined]
                if entry.year not in decided:
                    told[entry.year, entry.event, entry.report].append(listing.indication.name)
        for (year, event, report), uses in sorted(told.items(), reverse=True):
            words = str(labels.HISTORY[event] % {"year": year})
            yield year, Event("history", None, words=words, uses=tuple(dict.fromkeys(uses)), report=report)


def _fact(name: str) -> Func:
    """One field of the facts of a listing's version, read by the database: the narrative stays where it is."""
    body = Func(F("version__body"), template="(%(expressions)s)::jsonb")
    return Func(
        body, Value(f"{{facts,{name}}}"), template="%(expressions)s", arg_joiner=" #> ", output_field=JSONField()
    )


def _in_edition(total: int, essential: int) -> str:
    words = ngettext("%(total)s recommendation", "%(total)s recommendations", total) % {"total": total}
    if essential == total:
        return words
    return ngettext(
        "%(total)s recommendation, of which essential: %(essential)s",
        "%(total)s recommendations, of which essential: %(essential)s",
        total,
    ) % {"total": total, "essential": essential}
