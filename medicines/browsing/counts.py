"""Counting listings by their facets, and paging through what is counted: all from the index in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from medicines.facet_index import FacetIndex
from medicines.models import Listing

PAGE = 50
"""Rows on a page of a list."""

SHOWN = (
    *("status", "outcome", "eml", "emlc", "atc", "icd11", "year"),
    *("recommendation__number", "recommendation__partners", "medicine__name", "indication__name"),
)


def count_of(index: FacetIndex, facet: str, value: str) -> int:
    """How many recommendations have this value of a facet (see ``medicines.facets``)."""
    return index.bits(facet, value).bit_count()


class Rows(Sequence[Any]):
    """Rows known by their keys, ready to be paged: only those of the page are read, in one query."""

    def __init__(self, rows: QuerySet[Any], *, keys: Callable[[], Iterable[int]], count: int) -> None:
        self._rows = rows
        self._keys = keys
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, part: Any) -> Any:
        """Some of the rows; one that is gone by now is left out."""
        keys = list(islice(self._keys(), part.start, part.stop))
        found = self._rows.in_bulk(keys)
        return [found[key] for key in keys if key in found]


def listings_of(index: FacetIndex, *sets: int) -> Rows:
    """The listings of these sets, one set after the other, each in the order of names; ready to be shown as results."""

    def keys() -> Iterator[int]:
        for found in sets:
            for place in index.in_order(found, "name"):
                yield index.keys[place]

    return Rows(as_results(Listing.objects.all()), keys=keys, count=sum(found.bit_count() for found in sets))


def as_results(listings: QuerySet[Listing]) -> QuerySet[Listing]:
    """Listings with what pages show of them."""
    return listings.select_related("recommendation", "medicine", "indication").only(*SHOWN)


def page_of(
    rows: QuerySet[Any] | Iterable[Any], number: str | None, *, count: int | None = None, size: int = PAGE
) -> Page[Any]:
    """One page of rows. Whoever knows the ``count`` spares the database the counting."""
    paginator: Paginator[Any] = Paginator(rows, size)  # type: ignore[arg-type]
    if count is not None:
        paginator.count = count  # type: ignore[misc]
    return paginator.get_page(number)
