"""The editions of the lists: what each one held, from its own entries, which never change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

from django.core.paginator import Page
from django.db.models import Count

from medicines.kept import kept
from medicines.models import Edition, EditionListing
from medicines.models.recommendation import StatusChoices

from .counts import page_of
from .sections import Node, children_of, entries_of, held_in_sections, newest_edition


@dataclass(frozen=True)
class EditionRow:
    """An edition with how many of its entries have which status. Without entries it is known by its number alone.

    ``previous`` is the edition before it, where the record holds the lists of both.
    """

    number: int
    children_number: int | None
    year: int
    report: str
    effective_date: date
    closed_on: date | None
    statuses: Mapping[str, int]
    previous: int | None

    @property
    def total(self) -> int:
        return sum(self.statuses.values())

    @property
    def essential(self) -> int:
        return self.statuses.get("essential", 0)

    @property
    def told(self) -> list[tuple[str, str, int]]:
        """(status, its word, how many), in the order in which statuses are told."""
        return [
            (value, str(StatusChoices(value).label), self.statuses[value])
            for value in StatusChoices.values
            if value in self.statuses
        ]


@kept(most=1)
def editions() -> tuple[EditionRow, ...]:
    """All editions of the record, the newest first."""
    statuses: dict[int, Counter[str]] = {}
    counted = EditionListing.objects.values_list("edition", "status").annotate(Count("pk")).order_by()
    for edition, status, count in counted:
        statuses.setdefault(edition, Counter())[status] = count
    found = list(Edition.objects.order_by("-number"))
    held = [edition.number for edition in found if edition.pk in statuses]
    before = dict(pairwise(held))
    return tuple(
        EditionRow(
            edition.number,
            edition.children_number,
            edition.year,
            edition.report,
            edition.effective_date,
            edition.closed_on,
            statuses.get(edition.pk, Counter()),
            before.get(edition.number),
        )
        for edition in found
    )


class EditionPage:
    """Everything that the page of one edition shows; a constant number of queries."""

    def __init__(self, edition: Edition, *, status: str = "", page: str | None = None) -> None:
        self.edition = edition
        self.row = next(row for row in editions() if row.number == edition.number)
        self.status = status if status in self.row.statuses else ""
        self._page = page

    @property
    def is_newest(self) -> bool:
        return self.edition.number == newest_edition()

    @cached_property
    def others(self) -> list[EditionRow]:
        """The editions that it can be compared with: those that the record holds entries of."""
        return [row for row in editions() if row.number != self.edition.number and row.total] if self.row.total else []

    @cached_property
    def sections(self) -> list[tuple[Node, int]]:
        """(main section, how many entries stand in it)."""
        held = held_in_sections(self.edition.number)
        roots = children_of(None, edition=self.edition.number)
        return [(node, held[node.number]) for node in roots if node.number in held]

    @cached_property
    def entries(self) -> Page[EditionListing]:
        rows = entries_of(self.edition)
        if self.status:
            rows = rows.filter(status=self.status)
        return page_of(rows, self._page, count=self.row.statuses[self.status] if self.status else self.row.total)
