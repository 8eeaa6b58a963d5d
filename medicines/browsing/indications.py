"""An indication with the medicines for it."""

from __future__ import annotations

from functools import cached_property
from itertools import groupby

from django.core.paginator import Page

from medicines.facet_index import facet_index
from medicines.models import Icd11Entity, Indication, Listing
from medicines.models.recommendation import StatusChoices

from .counts import listings_of, page_of


class IndicationPage:
    """Everything that the page of one indication shows; a constant number of queries."""

    def __init__(self, indication: Indication, *, page: str | None = None) -> None:
        self.indication = indication
        self._page = page

    @cached_property
    def listings(self) -> Page[Listing]:
        """The recommendations for it, the essential medicines first."""
        index = facet_index()
        found = index.of("indication", self.indication.pk)
        sets = [found & index.bits("status", status) for status in StatusChoices.values]
        return page_of(listings_of(index, *sets), self._page)

    @cached_property
    def groups(self) -> list[tuple[str, list[Listing]]]:
        """(status in the reader's language, the recommendations with it)."""
        return [
            (str(StatusChoices(status).label), list(each))
            for status, each in groupby(self.listings, key=lambda listing: listing.status)
        ]

    @cached_property
    def codes(self) -> list[tuple[str, str]]:
        """(ICD-11 code, its title where the classification is imported)."""
        codes = sorted({code for listing in self.listings for code in listing.icd11} | set(self.indication.icd11))
        titles = dict(Icd11Entity.objects.filter(code__in=codes).order_by("release").values_list("code", "title"))
        return [(code, titles.get(code, "")) for code in codes]
