"""An indication with the medicines for it."""

from __future__ import annotations

from functools import cached_property
from itertools import groupby

from django.core.paginator import Page
from django.db.models import Case, IntegerField, Value, When

from medicines.models import Icd11Entity, Indication, Listing
from medicines.models.recommendation import StatusChoices

from .counts import in_order, page_of

PAGE = 100


class IndicationPage:
    """Everything that the page of one indication shows; a constant number of queries."""

    def __init__(self, indication: Indication, *, page: str | None = None) -> None:
        self.indication = indication
        self._page = page

    @cached_property
    def listings(self) -> Page[Listing]:
        """The recommendations for it, the essential medicines first."""
        rank = Case(
            *(When(status=status, then=Value(place)) for place, status in enumerate(StatusChoices.values)),
            output_field=IntegerField(),
        )
        listings = in_order(Listing.objects.filter(indication=self.indication)).order_by(rank, "sort_key", "pk")
        return page_of(listings, self._page, size=PAGE)

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
