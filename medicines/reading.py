"""Reading the record for a page: the questions that public pages ask, each in one query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import JSONObject
from django.utils import timezone

from medicines.documents.html import VersionWords
from medicines.models import Edition, Listing, Recommendation, Version

MOST_RELATED = 60
"""How many neighbours one query brings; a page shows those, and search finds the rest."""


@dataclass(frozen=True)
class Record:
    """A recommendation as a page shows it: one version with its text, and all versions without theirs."""

    recommendation: Recommendation
    version: Version
    versions: tuple[Version, ...]

    @property
    def current(self) -> Version:
        return self.versions[0]

    @property
    def is_current(self) -> bool:
        return self.version.pk == self.current.pk

    @property
    def by_number(self) -> list[Version]:
        return sorted(self.versions, key=lambda version: version.number, reverse=True)

    @property
    def steps(self) -> list[tuple[Version, Version | None]]:
        """Each version with the one before it, newest number first."""
        ordered = self.by_number
        return list(zip(ordered, [*ordered[1:], None], strict=True))

    @property
    def about(self) -> VersionWords:
        version = self.version
        return VersionWords(
            number=self.recommendation.number,
            version=version.number,
            kind=version.kind,
            outcome=version.outcome,
            effective_date=version.effective_date,
            published_at=version.published_at,
            provenance=version.provenance,
            note=version.note,
            fingerprint=version.fingerprint,
            corrects=self.corrects.number if self.corrects else None,
            lists=_lists(version.edition_now if self.is_current else version.edition_then),  # type: ignore[attr-defined]
        )

    @property
    def corrects(self) -> Version | None:
        return next((v for v in self.versions if v.pk == self.version.corrects_id), None)


def read_record(*, number: int, version: int | None = None) -> Record | None:
    """Recommendation ``number`` with its current version, or with the one asked for; ``None`` where there is none.

    One query: the rows of all versions, of which only the shown one carries its text.
    """
    versions = Version.objects.filter(recommendation__number=number).current_first()
    current = Version.objects.filter(recommendation=OuterRef("recommendation")).current_first()
    shown = Q(number=version) if version is not None else Q(pk=Subquery(current.values("pk")[:1]))
    rows = tuple(
        versions.defer("body", "chain")
        .select_related("recommendation__medicine", "recommendation__indication")
        .annotate(
            text=Case(When(shown, then=F("body")), default=Value(None)),
            edition_then=_edition(effective_date__lte=OuterRef("effective_date")),
            edition_now=_edition(effective_date__lte=timezone.localdate()),
        )
    )
    for row in rows:
        if row.text is not None:
            row.body = row.text
            return Record(row.recommendation, row, rows)
    return None


def read_versions(*, number: int, versions: tuple[int, int]) -> dict[int, Version]:
    """Two versions of a recommendation with their texts, by number; one that does not exist is left out."""
    rows = Version.objects.filter(recommendation__number=number, number__in=versions)
    return {row.number: row for row in rows.select_related("recommendation__medicine", "recommendation__indication")}


def related_listings(recommendation: Recommendation) -> tuple[list[Listing], list[Listing]]:
    """The medicine's other uses, and the indication's other medicines, in their order; one query."""
    found = (
        Listing.objects.filter(Q(medicine=recommendation.medicine_id) | Q(indication=recommendation.indication_id))
        .exclude(recommendation=recommendation)
        .select_related("recommendation", "medicine", "indication")
        .only(
            "status",
            "sort_key",
            "recommendation__number",
            "recommendation__partners",
            "medicine__name",
            "indication__name",
        )
        .order_by("sort_key")[:MOST_RELATED]
    )
    uses = [listing for listing in found if listing.medicine_id == recommendation.medicine_id]
    others = [listing for listing in found if listing.medicine_id != recommendation.medicine_id]
    return uses, others


def _edition(**conditions: Any) -> Subquery:
    editions: QuerySet[Edition] = Edition.objects.filter(**conditions).order_by("-effective_date", "-number")
    return Subquery(editions.values(words=JSONObject(eml="number", emlc="children_number"))[:1])


def _lists(edition: dict[str, int | None] | None) -> tuple[str, ...]:
    """("EML 24", "EMLc 10")."""
    if not edition:
        return ()
    names = (f"EML {edition['eml']}", f"EMLc {edition['emlc']}" if edition["emlc"] else "")
    return tuple(name for name in names if name)
