"""What is found in the List by what is asked: how many, which, in which order, and how many more by another choice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from medicines.facet_index import FacetIndex
from medicines.filters import ListFilter
from medicines.models import Listing
from medicines.search.find import Matches


class Results:
    """The listings that a ``ListFilter`` finds, in its order.

    It counts in memory; what it asks the database does not depend on how much is found: the state of the record, the
    words that nobody looked for lately, and the rows of a page.
    """

    def __init__(self, asked: ListFilter) -> None:
        self.asked = asked
        self.index: FacetIndex = asked.index
        self.matches: Matches = asked.matches
        self._fitting = {facet: self.index.any_of(facet, values) for facet, values in asked.chosen.items()}
        self.found = self._narrowed(self.matches.found)
        self.count = self.found.bit_count()

    def page(self, *, start: int, size: int) -> list[Listing]:
        """Some of the results, with what a row of them shows. One query."""
        keys = list(islice(self.keys(), start, start + size))
        rows = Listing.objects.select_related("recommendation", "medicine", "indication").in_bulk(keys)
        return [rows[key] for key in keys if key in rows]

    def keys(self) -> Iterator[int]:
        """The recommendations (keys of rows) of all results, in order. No query."""
        order = self.asked.order
        sets = self.matches.tiers if order == "relevance" else (self.found,)
        for each in sets:
            for place in self.index.in_order(each & self.found, order):
                yield self.index.keys[place]

    def counts(self, facet: str, values: Iterable[str]) -> dict[str, int]:
        """How many listings each value (as listings hold it) would find, whatever else of this facet is chosen."""
        others = self._narrowed(self.matches.found, but=facet)
        return {value: (others & self.index.bits(facet, value)).bit_count() for value in values}

    def count_without(self, facet: str, value: str) -> int:
        """How many would be found if this value were not chosen."""
        left = [each for each in self.asked.chosen[facet] if each != value]
        others = self._narrowed(self.matches.found, but=facet)
        return (others & self.index.any_of(facet, left) if left else others).bit_count()

    def _narrowed(self, found: int, *, but: str = "") -> int:
        for facet, fitting in self._fitting.items():
            if facet != but:
                found &= fitting
        return found
