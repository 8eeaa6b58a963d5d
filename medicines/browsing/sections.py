"""The numbered sections of an edition as a tree with counts, and one of them with what stands in it.

In the newest edition a section shows what holds now. In an older one it shows what stood there then, from the entries
of that edition, which never change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Page
from django.db.models import Count, F, Func, Q, QuerySet

from medicines.kept import kept
from medicines.models import Edition, EditionListing, Listing, Section

from .counts import Tally, facet_tallies, listings_with, page_of


@dataclass(frozen=True)
class Node:
    """A section with the tally of all recommendations in it and below it."""

    pk: int
    number: str
    title: str
    parent: int | None
    tally: Tally


@kept(most=1)
def newest_edition() -> int | None:
    """The number of the newest edition of the record."""
    return Edition.objects.order_by("-number").values_list("number", flat=True).first()


@kept()
def section_tree(edition: int) -> tuple[Node, ...]:
    """The sections of an edition in the order of their numbers, with their tallies."""
    tallies = _current(edition) if edition == newest_edition() else section_tallies(edition)
    rows = Section.objects.filter(edition__number=edition).order_by("sort_key")
    return tuple(
        Node(pk, number, title, parent, tallies.get(number, Tally()))
        for pk, number, title, parent in rows.values_list("pk", "number", "title", "parent")
    )


def children_of(parent: int | None, *, edition: int) -> list[Node]:
    return [node for node in section_tree(edition) if node.parent == parent]


@kept()
def section_tallies(edition: int) -> Mapping[str, Tally]:
    """What an edition held in each of its sections, by number, from its own entries."""
    rows = (
        EditionListing.objects.filter(edition__number=edition)
        .annotate(number=Func(F("sections"), function="unnest"))
        .values_list("number")
        .annotate(total=Count("pk"), essential=Count("pk", filter=Q(status="essential")))
        .order_by()
    )
    return {number: Tally(total, essential) for number, total, essential in rows}


def _current(edition: int) -> Mapping[str, Tally]:
    prefix = f"section:{edition}:"
    return {key.removeprefix(prefix): tally for key, tally in facet_tallies().items() if key.startswith(prefix)}


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
        key = f"section:{self.edition.number}:{self.section.number}"
        return page_of(listings_with(key), self._page, count=self.node.tally.total)

    @cached_property
    def entries(self) -> Page[EditionListing]:
        """What stood in a section of an older edition."""
        rows = entries_of(self.edition).filter(sections__contains=[self.section.number])
        return page_of(rows, self._page, count=self.node.tally.total)


def entries_of(edition: Edition) -> QuerySet[EditionListing]:
    """The entries of an edition in their order, ready to be shown as rows."""
    rows = EditionListing.objects.filter(edition=edition).select_related("recommendation", "version")
    return rows.defer("version__body", "version__chain").order_by("sort_key", "pk")
