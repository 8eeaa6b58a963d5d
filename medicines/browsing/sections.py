"""The numbered sections of an edition as a tree with counts, and one of them with what stands in it.

In the newest edition a section shows what holds now. In an older one it shows what stood there then, from the entries
of that edition, which never change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Page
from django.db.models import Count, F, Func, QuerySet

from medicines.facet_index import facet_index
from medicines.kept import kept
from medicines.models import Edition, EditionListing, Listing, Section

from .counts import count_of, listings_of, page_of


@dataclass(frozen=True)
class Node:
    """A section with how many recommendations stand in it and below it."""

    pk: int
    number: str
    title: str
    parent: int | None
    total: int


@kept(most=1)
def newest_edition() -> int | None:
    """The number of the newest edition of the record."""
    return Edition.objects.order_by("-number").values_list("number", flat=True).first()


@kept()
def section_tree(edition: int) -> tuple[Node, ...]:
    """The sections of an edition in the order of their numbers, with what they hold."""
    rows = Section.objects.filter(edition__number=edition).order_by("sort_key")
    found = list(rows.values_list("pk", "number", "title", "parent"))
    numbers = [number for _pk, number, _title, _parent in found]
    held = _held_now(edition, numbers) if edition == newest_edition() else held_in_sections(edition)
    return tuple(Node(pk, number, title, parent, held.get(number, 0)) for pk, number, title, parent in found)


def children_of(parent: int | None, *, edition: int) -> list[Node]:
    return [node for node in section_tree(edition) if node.parent == parent]


@kept()
def held_in_sections(edition: int) -> Mapping[str, int]:
    """How many entries an edition held in each of its sections, by number."""
    rows = (
        EditionListing.objects.filter(edition__number=edition)
        .annotate(number=Func(F("sections"), function="unnest"))
        .values_list("number")
        .annotate(total=Count("pk"))
        .order_by()
    )
    return dict(rows)


def _held_now(edition: int, numbers: Iterable[str]) -> Mapping[str, int]:
    index = facet_index()
    return {number: count_of(index, "section", f"{edition}:{number}") for number in numbers}


@dataclass(frozen=True)
class Branch:
    """A node with those below it, for a nested list."""

    node: Node
    branches: tuple[Branch, ...]


def branches(edition: int) -> tuple[Branch, ...]:
    """The tree of an edition from its roots."""
    below: dict[int | None, list[Node]] = {}
    for node in section_tree(edition):
        below.setdefault(node.parent, []).append(node)

    def grow(parent: int | None) -> Iterator[Branch]:
        for node in below.get(parent, ()):
            yield Branch(node, tuple(grow(node.pk)))

    return tuple(grow(None))


class SectionPage:
    """Everything that the page of one section shows; a constant number of queries."""

    def __init__(self, section: Section, *, page: str | None = None) -> None:
        self.section = section
        self.edition = section.edition
        self._page = page
        self._nodes = {node.pk: node for node in section_tree(self.edition.number)}
        self.node = self._nodes[section.pk]

    @property
    def is_newest(self) -> bool:
        return self.edition.number == newest_edition()

    @cached_property
    def above(self) -> list[Node]:
        found: list[Node] = []
        parent = self.node.parent
        while parent is not None:
            found.insert(0, self._nodes[parent])
            parent = self._nodes[parent].parent
        return found

    @cached_property
    def below(self) -> list[Node]:
        return children_of(self.node.pk, edition=self.edition.number)

    @cached_property
    def continued_by(self) -> list[Section]:
        """The sections of later editions that carry this one on."""
        return list(self.section.continued_by.select_related("edition").order_by("edition__number", "sort_key"))

    @cached_property
    def listings(self) -> Page[Listing]:
        """What holds now in a section of the newest edition."""
        index = facet_index()
        there = index.bits("section", f"{self.edition.number}:{self.section.number}")
        return page_of(listings_of(index, there), self._page)

    @cached_property
    def entries(self) -> Page[EditionListing]:
        """What stood in a section of an older edition."""
        rows = entries_of(self.edition).filter(sections__contains=[self.section.number])
        return page_of(rows, self._page, count=self.node.total)


def entries_of(edition: Edition) -> QuerySet[EditionListing]:
    """The entries of an edition in their order, ready to be shown as rows."""
    rows = EditionListing.objects.filter(edition=edition).select_related("recommendation", "version")
    return rows.defer("version__body", "version__chain").order_by("sort_key", "pk")
