"""Reading the record for a page: the questions that public pages ask, each in one query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone

from medicines.alternatives import meant_by
from medicines.documents.html import Pages, VersionWords
from medicines.facets import is_atc
from medicines.models import AwareEntry, Edition, Listing, Recommendation, Version

MOST_RELATED = 30
"""How many neighbours of each kind a page shows; it leads to the page that has them all."""


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
        edition = version.edition_now if self.is_current else version.edition_then  # type: ignore[attr-defined]
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
            lists=_lists(edition),
            pages=self._pages(edition),
        )

    def _pages(self, edition: dict[str, int | None] | None) -> Pages:
        recommendation, version = self.recommendation, self.version
        meeting = str(version.provenance.get("meeting_number") or "") if version.kind == "decision" else ""
        return Pages(
            medicine=reverse("public:medicine", args=[recommendation.medicine_id]),
            indication=reverse("public:indication", args=[recommendation.indication_id]),
            meeting=reverse("public:meeting", args=[int(meeting)]) if meeting.isdecimal() else "",
            edition=reverse("public:edition", args=[edition["eml"]]) if edition else "",
            # Classes are of what holds now: a code of an old version may be in none of them.
            atc=_class_page if self.is_current else None,
        )

    @property
    def corrects(self) -> Version | None:
        return next((v for v in self.versions if v.pk == self.version.corrects_id), None)


def _class_page(code: str) -> str:
    return reverse("public:atc_class", args=[code]) if is_atc(code) else ""


def read_record(*, number: int, version: int | None = None) -> Record | None:
    """Recommendation ``number`` with its current version, or with the one asked for; ``None`` where there is none.

    One query: the rows of all versions, of which only the shown one carries its text.
    """
    versions = Version.objects.filter(recommendation__number=number).current_first()
    current = Version.objects.filter(recommendation=OuterRef("recommendation")).current_first()
    shown = Q(number=version) if version is not None else Q(pk=Subquery(current.values("pk")[:1]))
    rows = tuple(
        versions.defer("body", "chain")
        .select_related("recommendation__medicine", "recommendation__indication__icd11_block")
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
    """Two versions of a recommendation with their texts, by number; one that does not exist is left out.

    ``corrected`` is the number of the version that each corrects.
    """
    rows = Version.objects.filter(recommendation__number=number, number__in=versions)
    rows = rows.annotate(corrected=F("corrects__number"))
    return {row.number: row for row in rows.select_related("recommendation__medicine", "recommendation__indication")}


@dataclass(frozen=True)
class Neighbours:
    """The first of the listings that stand beside a recommendation; ``has_more`` where these are not all."""

    listings: tuple[Listing, ...]
    has_more: bool

    @classmethod
    def of(cls, found: Iterable[Listing]) -> Neighbours:
        listings = tuple(found)
        return cls(listings[:MOST_RELATED], len(listings) > MOST_RELATED)

    def __bool__(self) -> bool:
        return bool(self.listings)


@dataclass(frozen=True)
class Related:
    """What stands beside a recommendation in the record, each in its order.

    ``alternative_in``: the recommendations of other medicines to which this medicine is an alternative. ``aware``:
    its group and edition in the newest AWaRe classification, where the record has one that names it.
    """

    uses: Neighbours
    medicines: Neighbours
    alternative_in: Neighbours
    aware: dict[str, str] | None

    @property
    def has_neighbours(self) -> bool:
        return bool(self.uses or self.medicines or self.alternative_in)


def read_related(recommendation: Recommendation, *, atc: Iterable[str]) -> Related:
    """The neighbours of a recommendation whose medicine has these codes of ATC; one query."""
    medicine = recommendation.medicine
    keys = meant_by((medicine.name, *medicine.former_names), atc)
    classified = AwareEntry.objects.filter(key=medicine.key).order_by("-edition")
    own, other_use, alternative = Q(pk=recommendation.pk), Q(medicine=medicine), Q(alternatives__overlap=keys)
    same_use = Q(indication=recommendation.indication_id)
    near = _first(own).union(
        _first(other_use & ~own), _first(same_use & ~other_use), _first(alternative & ~other_use), all=True
    )
    found = list(
        Listing.objects.filter(pk__in=near)
        .select_related("recommendation", "medicine", "indication")
        .only(
            "status",
            "sort_key",
            "recommendation__number",
            "recommendation__partners",
            "medicine__name",
            "indication__name",
        )
        .annotate(
            is_alternative=ExpressionWrapper(alternative, output_field=BooleanField()),
            classified=Case(
                When(own, then=Subquery(classified.values(words=JSONObject(group="group", edition="edition"))[:1]))
            ),
        )
        .order_by("sort_key", "pk")
    )
    beside = [listing for listing in found if listing.pk != recommendation.pk]
    others = [listing for listing in beside if listing.medicine_id != medicine.pk]
    return Related(
        uses=Neighbours.of(listing for listing in beside if listing.medicine_id == medicine.pk),
        medicines=Neighbours.of(each for each in others if each.indication_id == recommendation.indication_id),
        alternative_in=Neighbours.of(listing for listing in others if listing.is_alternative),  # type: ignore[attr-defined]
        aware=next((listing.classified for listing in found if listing.pk == recommendation.pk), None),  # type: ignore[attr-defined]
    )


def _first(condition: Q) -> QuerySet[Listing, Any]:
    """The keys of the first listings that fit, and of one more, which tells that there are more."""
    return Listing.objects.filter(condition).order_by("sort_key", "pk").values("pk")[: MOST_RELATED + 1]


def _edition(**conditions: Any) -> Subquery:
    editions: QuerySet[Edition] = Edition.objects.filter(**conditions).order_by("-effective_date", "-number")
    return Subquery(editions.values(words=JSONObject(eml="number", emlc="children_number"))[:1])


def _lists(edition: dict[str, int | None] | None) -> tuple[str, ...]:
    """("EML 24", "EMLc 10")."""
    if not edition:
        return ()
    names = (f"EML {edition['eml']}", f"EMLc {edition['emlc']}" if edition["emlc"] else "")
    return tuple(name for name in names if name)
