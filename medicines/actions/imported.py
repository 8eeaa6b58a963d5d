"""What imports share that make versions of an edition: what held on its day, and how a version is made from there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from medicines.content.schema import Content, Facts, Narrative
from medicines.lists.table import Origin
from medicines.models import Edition, Version
from medicines.models.recommendation import VersionQuerySet

from .publish import Publication

PART = 1000
"""How many recommendations are looked up and published at a time."""

DECIDED = ("decision", "correction")

_T = TypeVar("_T")


def versions_until(*, edition: Edition, recommendations: Iterable[int]) -> VersionQuerySet:
    """The versions of these recommendations (keys of rows) that were in force on the day of the edition, or before."""
    return Version.objects.filter(recommendation__any_of=recommendations, effective_date__lte=edition.effective_date)


def decided_in(*, versions: VersionQuerySet) -> set[int]:
    """The recommendations (keys of rows) of which a decision or a correction of one is among the versions."""
    return set(versions.filter(kind__in=DECIDED).values_list("recommendation", flat=True))


def holding_in(*, versions: VersionQuerySet) -> dict[int, Version]:
    """The version that holds of those given, by the key of its recommendation."""
    found = versions.order_by("recommendation_id", "-effective_date", "-number").distinct("recommendation_id")
    return {version.recommendation_id: version for version in found}


def newest_of(*, recommendations: Iterable[int]) -> dict[int, Version]:
    """The version with the highest number, whenever it holds: what a publication starts from. Number and keys alone."""
    versions = Version.objects.filter(recommendation__any_of=recommendations).only("recommendation_id", "number")
    found = versions.order_by("recommendation_id", "-number").distinct("recommendation_id")
    return {version.recommendation_id: version for version in found}


def imported_publication(
    *, facts: Facts, edition: Edition, rows: Sequence[int], held: Version | None, newest: Version | None
) -> Publication:
    """A version of the kind "imported", of the day of the edition, which carries forward the narrative that held.

    It carries the outcome too, which is what the narrative tells of. ``rows``: where in the file the facts stand.
    """
    narrative = held.content.narrative if held else Narrative()
    carries = held is not None and not narrative.is_empty
    details: dict[str, Any] = {"rows": list(rows)}
    if held and carries:
        details["carries"] = held.number
    return Publication(
        content=Content(facts=facts, narrative=narrative),
        kind="imported",
        outcome=held.outcome if held and carries else "",
        effective_date=edition.effective_date,
        base=newest,
        details=details,
    )


def provenance(*, edition: Edition, file: Origin) -> dict[str, str]:
    """Where imported versions come from, as words that may be printed."""
    source = {"source": f"EML {edition.number}", "file": file.name, "sha256": file.sha256}
    return {**source, "report": edition.report} if edition.report else source


def in_parts(sequence: Iterable[_T], *, size: int = PART) -> Iterator[list[_T]]:
    """The sequence in parts of at most ``size``."""
    waiting = iter(sequence)
    while part := list(islice(waiting, size)):
        yield part
