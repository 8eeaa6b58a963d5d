"""The record in figures: the size of the lists by edition, outcomes by meeting, antibiotics by group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from medicines.content.schema import LISTED
from medicines.kept import kept
from medicines.models import AwareEntry, EditionListing, Listing


@dataclass(frozen=True)
class Size:
    """The lists in numbers of medicines: as an edition stood, or as they are now where ``edition`` is ``None``.

    ``unnamed``: on a list, but no source says on which.
    """

    edition: int | None
    year: int | None
    medicines: int
    recommendations: int
    eml: int
    emlc: int
    unnamed: int


@kept(most=1)
def sizes() -> tuple[Size, ...]:
    """The editions whose entries the record holds, the oldest first. Each medicine counts once, however many uses."""
    rows = (
        EditionListing.objects.filter(status="essential")
        .values_list("edition__number", "edition__year")
        .annotate(**_counts("recommendation__medicine"))
        .order_by("edition__number")
    )
    return tuple(Size(*row) for row in rows)


@kept(most=1)
def size_now() -> Size | None:
    """What holds now, decisions and lists since the newest edition included; ``None`` where nothing is listed."""
    found = Listing.objects.filter(status="essential").aggregate(**_counts("medicine"))
    return Size(None, None, *found.values()) if found["recommendations"] else None


def _counts(medicine: str) -> dict[str, Any]:
    on_eml, on_emlc = Q(eml__in=LISTED), Q(emlc__in=LISTED)
    return {
        "medicines": Count(medicine, distinct=True),
        "recommendations": Count("pk"),
        "on_eml": Count(medicine, distinct=True, filter=on_eml),
        "on_emlc": Count(medicine, distinct=True, filter=on_emlc),
        "unnamed": Count(medicine, distinct=True) - Count(medicine, distinct=True, filter=on_eml | on_emlc),
    }


@kept(most=1)
def aware_groups() -> Mapping[str, int]:
    """How many medicines that are essential for some use are in each AWaRe group."""
    rows = (
        Listing.objects.filter(status="essential")
        .exclude(aware="")
        .values_list("aware")
        .annotate(medicines=Count("medicine", distinct=True))
        .order_by()
    )
    return dict(rows)


@kept(most=1)
def aware_edition() -> str:
    """The newest AWaRe classification of the record, "" where none is imported."""
    return AwareEntry.objects.order_by("-edition").values_list("edition", flat=True).first() or ""
