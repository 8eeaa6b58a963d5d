"""How many recommendations each facet has: for trees and classes that show a number at every entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Func, Q, QuerySet

from medicines.kept import kept
from medicines.models import Listing

PAGE = 50
"""Recommendations on a page of results."""


@dataclass(frozen=True)
class Tally:
    """Recommendations, and how many of them hold as essential."""

    total: int = 0
    essential: int = 0


@kept()
def facet_tallies() -> Mapping[str, Tally]:
    """The tally of every facet key (see ``medicines.facets``), in one pass over the listings."""
    rows = (
        Listing.objects.annotate(key=Func(F("facets"), function="unnest"))
        .values_list("key")
        .annotate(total=Count("pk"), essential=Count("pk", filter=Q(status="essential")))
        .order_by()
    )
    return {key: Tally(total, essential) for key, total, essential in rows}


def listings_with(*keys: str) -> QuerySet[Listing]:
    """The listings that have all these facets, in their order, ready to be shown as results."""
    return in_order(Listing.objects.filter(facets__contains=list(keys)))


def in_order(listings: QuerySet[Listing]) -> QuerySet[Listing]:
    """Listings as results need them; what only filters read stays where it is, so that sorting many stays cheap."""
    return (
        listings.defer("facets", "alternatives", "sections")
        .select_related("recommendation", "medicine", "indication")
        .order_by("sort_key", "recommendation")
    )


def page_of(
    rows: QuerySet[Any] | Iterable[Any], number: str | None, *, count: int | None = None, size: int = PAGE
) -> Page[Any]:
    """One page of rows. Whoever knows the ``count`` spares the database the counting."""
    paginator: Paginator[Any] = Paginator(rows, size)  # type: ignore[arg-type]
    if count is not None:
        paginator.count = count  # type: ignore[misc]
    return paginator.get_page(number)
