"""Two editions side by side: which recommendations differ, and what each of them says in both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page
from django.db.models import F, FilteredRelation, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy, pgettext_lazy

from medicines.content import labels
from medicines.content.differences import FieldChange, compare
from medicines.content.labels import Words
from medicines.content.schema import Content, SectionPath
from medicines.kept import kept
from medicines.lists.comparison import CHANGE_KINDS, ChangeKind, Held, kinds_of_change, placeless
from medicines.lists.sections import title_key
from medicines.models import Edition, EditionListing, Recommendation, Section

from .counts import page_of

PAGE = 30
"""Changes on a page: each of them brings two texts from the database."""

CHUNK = 200
"""Changes read at a time for a file: memory stays bounded, whatever the size of the editions."""

KINDS: Mapping[ChangeKind, tuple[Words, Words]] = {
    "added": (
        pgettext_lazy("edition", "Added"),
        gettext_lazy("Listed in the newer edition, and not in the older one."),
    ),
    "removed": (
        pgettext_lazy("edition", "Removed"),
        gettext_lazy("Listed in the older edition; the newer one says that it is removed."),
    ),
    "unnamed": (
        pgettext_lazy("edition", "No longer named"),
        gettext_lazy("Listed in the older edition; the newer one says nothing of it, often because of a new name."),
    ),
    "changed": (
        pgettext_lazy("edition", "Changed"),
        gettext_lazy("In both editions, in other words."),
    ),
    "moved": (
        pgettext_lazy("edition", "Moved"),
        gettext_lazy("In another section than before. A section with a new number or title is not another one."),
    ),
    "renamed": (
        pgettext_lazy("edition", "Renamed"),
        gettext_lazy("The same recommendation under another name of the medicine."),
    ),
}
"""What each kind of change is called, and what it means."""

Changes = Mapping[ChangeKind, Sequence[int]]


@kept(most=12)
def edition_changes(older: int, newer: int) -> Changes:
    """The recommendations (keys of rows, in the order of their names) that changed between two editions, by kind."""
    renamed = _renamed_sections(older, newer)
    found: dict[ChangeKind, list[int]] = {kind: [] for kind in CHANGE_KINDS}
    for key, then, now in _differing(older, newer):
        for kind in kinds_of_change(then, now, renamed_sections=renamed):
            found[kind].append(key)
    return found


FIELDS = ("status", "says", "medicine", "places")


def _differing(older: int, newer: int) -> Iterator[tuple[int, Held | None, Held | None]]:
    """What the two editions say of each recommendation of which they do not say the same."""
    differs = Q(in_older__isnull=True) | Q(in_newer__isnull=True)
    for name in FIELDS:
        differs |= ~Q(**{f"in_older__{name}": F(f"in_newer__{name}")})
    rows = (
        _in_both(older, newer)
        .filter(Q(in_older__isnull=False) | Q(in_newer__isnull=False), differs)
        .order_by(Coalesce("in_newer__sort_key", "in_older__sort_key"), "pk")
        .values_list("pk", *(f"{side}__{name}" for side in ("in_older", "in_newer") for name in FIELDS))
    )
    for key, *said in rows.iterator(chunk_size=2000):
        yield key, _held(said[: len(FIELDS)]), _held(said[len(FIELDS) :])


def _in_both(older: int, newer: int) -> QuerySet[Recommendation]:
    editions = dict(Edition.objects.filter(number__in=(older, newer)).values_list("number", "pk"))
    return Recommendation.objects.annotate(
        in_older=FilteredRelation("edition_listings", condition=Q(edition_listings__edition=editions.get(older))),
        in_newer=FilteredRelation("edition_listings", condition=Q(edition_listings__edition=editions.get(newer))),
    )


def _held(said: Sequence[object]) -> Held | None:
    status, says, medicine, places = said
    if status is None:
        return None
    return Held(str(status), str(says), str(medicine), tuple(places or ()))  # type: ignore[arg-type]


def _renamed_sections(older: int, newer: int) -> dict[str, str]:
    """Folded titles of sections of the older edition that the newer one carries on under another title."""
    rows = Section.objects.filter(edition__number__gte=older, edition__number__lte=newer)
    sections = {section.pk: section for section in rows.select_related("edition")}
    found = {}
    for section in sections.values():
        if section.edition.number == newer and (first := _carried_since(section, older, sections)):
            found[title_key(first.title)] = title_key(section.title)
    return {before: after for before, after in found.items() if before != after}


def _carried_since(section: Section, older: int, sections: Mapping[int, Section]) -> Section | None:
    """The section of the older edition that this one carries on, edition by edition."""
    step: Section | None = section
    while step and step.edition.number > older:
        before = sections.get(step.continues_id or 0)
        # Whatever is said to go on in its own edition, or in an earlier one, would lead round in a circle.
        step = before if before and before.edition.number < step.edition.number else None
    return step


@dataclass(frozen=True)
class Change:
    """One recommendation in two editions: ``then`` or ``now`` is ``None`` where that edition does not name it."""

    recommendation: Recommendation
    then: EditionListing | None
    now: EditionListing | None

    @property
    def newest(self) -> EditionListing:
        found = self.now or self.then
        assert found is not None
        return found

    @cached_property
    def sections(self) -> tuple[tuple[SectionPath, ...], tuple[SectionPath, ...]]:
        """Where it stood then, and where it stands now."""
        return _paths(self.then), _paths(self.now)

    @cached_property
    def fields(self) -> tuple[FieldChange, ...]:
        """The facts that differ, word by word, but for the sections and the name, which are told apart."""
        if not (self.then and self.now):
            return ()
        before, after = (Content(facts=placeless(side.version.content.facts)) for side in (self.then, self.now))
        return tuple(field for change in compare(before, after).facts for field in change.fields)

    @cached_property
    def reworded(self) -> tuple[FieldChange, ...]:
        """Of these, what the newer edition says otherwise. A formulation that only it has is one, too."""
        return tuple(
            field for field in self.fields if field not in self.newly_stated and not self._is_only_more_exact(field)
        )

    @cached_property
    def newly_stated(self) -> tuple[FieldChange, ...]:
        """What the older edition did not state: its source may have said less, so that nothing need have changed."""
        return tuple(
            field for field in self.fields if not field.before and field.label is not labels.FACTS["formulations"]
        )

    def _is_only_more_exact(self, field: FieldChange) -> bool:
        """Whether "listed" has gone because the newer edition says on which list."""
        lists = (labels.FACTS["eml"], labels.FACTS["emlc"])
        is_named = any(each.label is name for each in self.newly_stated for name in lists)
        return is_named and not field.after and field.label is labels.FACTS["unnamed_list"]

    @cached_property
    def text_changed(self) -> bool:
        """Whether the reasons differ too: their comparison has a page of its own."""
        if not (self.then and self.now):
            return False
        return self.then.version.content.narrative != self.now.version.content.narrative


def _paths(listing: EditionListing | None) -> tuple[SectionPath, ...]:
    if listing is None:
        return ()
    placements = listing.version.content.facts.placements
    return tuple(dict.fromkeys(placement.section for placement in placements if placement.section))


@dataclass(frozen=True)
class Difference:
    """One difference, and the recommendations of a medicine that have it: one for each use that it concerns."""

    changes: tuple[Change, ...]

    @property
    def first(self) -> Change:
        return self.changes[0]

    @property
    def concerns_several(self) -> bool:
        return len(self.changes) > 1


def _together(kind: ChangeKind, changes: Iterable[Change]) -> list[Difference]:
    """Changes of one kind, those together that say the same of the same medicine."""
    found: dict[Any, list[Change]] = {}
    for change in changes:
        found.setdefault((change.newest.medicine, _what(kind, change)), []).append(change)
    return [Difference(tuple(each)) for each in found.values()]


def _what(kind: ChangeKind, change: Change) -> object:
    """What a change consists of, as far as it can be the same for several uses."""
    match kind:
        case "changed":
            return tuple((str(field.label), field.before, field.after) for field in change.fields)
        case "moved":
            return change.sections
        case "renamed":
            return change.then and change.then.medicine
        case _:
            return change.then and change.then.status, change.now and change.now.status


class EditionComparison:
    """Everything that the comparison of two editions shows; a constant number of queries."""

    def __init__(self, older: Edition, newer: Edition, *, kind: str = "", page: str | None = None) -> None:
        self.older, self.newer = older, newer
        self._page = page
        self.changes = edition_changes(older.number, newer.number)
        counted = [each for each in CHANGE_KINDS if self.changes[each]]
        self.kind: ChangeKind = next((each for each in CHANGE_KINDS if each == kind), (counted or CHANGE_KINDS[:1])[0])

    @property
    def told(self) -> list[tuple[ChangeKind, str, int]]:
        """(kind, its name, how many)."""
        return [(kind, str(KINDS[kind][0]), count) for kind, count in self.counts]

    @property
    def explained(self) -> str:
        """What the kind that is shown means."""
        return str(KINDS[self.kind][1])

    @property
    def counts(self) -> list[tuple[ChangeKind, int]]:
        return [(kind, len(self.changes[kind])) for kind in CHANGE_KINDS]

    @property
    def is_empty(self) -> bool:
        return not any(count for _kind, count in self.counts)

    @cached_property
    def page(self) -> Page[int]:
        return page_of(self.changes[self.kind], self._page, size=PAGE)

    @cached_property
    def rows(self) -> list[Change]:
        return self._read(list(self.page))

    @cached_property
    def differences(self) -> list[Difference]:
        """What the page shows: each difference once, with the uses that it concerns."""
        return _together(self.kind, self.rows)

    def all_rows(self) -> Iterator[tuple[ChangeKind, Change]]:
        """Every change of every kind, read in parts."""
        for kind in CHANGE_KINDS:
            for start in range(0, len(self.changes[kind]), CHUNK):
                for change in self._read(self.changes[kind][start : start + CHUNK]):
                    yield kind, change

    def _read(self, keys: Sequence[int]) -> list[Change]:
        listings = EditionListing.objects.filter(
            edition__in=(self.older, self.newer), recommendation__in=keys
        ).select_related("recommendation", "version")
        found = {(listing.recommendation_id, listing.edition_id): listing for listing in listings}
        return list(self._changes(keys, found))

    def _changes(self, keys: Iterable[int], found: Mapping[tuple[int, int], EditionListing]) -> Iterator[Change]:
        for key in keys:
            then, now = found.get((key, self.older.pk)), found.get((key, self.newer.pk))
            if listing := now or then:
                yield Change(listing.recommendation, then, now)
