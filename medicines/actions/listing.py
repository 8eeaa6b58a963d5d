"""Keeping the searchable projection of the record in step with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice

from django.db import transaction
from django.db.models import F, Func, Value

from medicines.alternatives import stands_for
from medicines.facets import facet_key, facet_keys, section_numbers
from medicines.models import AwareEntry, Edition, EditionEntry, Listing, Recommendation, RecordState, Version
from medicines.models.recommendation import VersionQuerySet
from medicines.sorting import sort_key

from .collecting import rare_full_collections
from .edition_listing import list_entries, rebuild_edition_listings
from .listing_text import forget_words, write_texts
from .rows import write_rows

PROJECTION = 5
"""The form of the projection. Whoever changes what a listing holds adds one: `migrate` then rebuilds all of them."""

CHUNK = 500
"""How many recommendations are projected at a time: memory stays bounded, whatever the size of the record."""


def refresh_listings(*, recommendations: Iterable[Recommendation], versions: Iterable[Version] = ()) -> None:
    """Write the listings of these recommendations anew, a constant number of queries for every 500 of them.

    ``versions``: those at hand, whose contents need not be read once more. Raises ``Version.DoesNotExist`` where one
    of the recommendations has no version.
    """
    at_hand = {version.pk: version for version in versions}
    waiting = iter(recommendations)
    while chunk := list(islice(waiting, CHUNK)):
        current = _current(chunk, at_hand)
        if len(current) < len({recommendation.pk for recommendation in chunk}):
            raise Version.DoesNotExist
        beside = _Beside(chunk)
        listings = [_listing(each, current[each.pk], beside) for each in chunk]
        write_rows(listings, present="replace")
        write_texts(listings=listings)


@transaction.atomic
@rare_full_collections()
def rebuild_listings() -> int:
    """Drop the projection and write it anew; return how many listings there are now."""
    Listing.objects.all().delete()
    forget_words()
    refresh_listings(recommendations=Recommendation.objects.select_related("medicine", "indication").iterator())
    rebuild_edition_listings()
    RecordState.objects.update(projection=PROJECTION)
    return Listing.objects.count()


def rebuild_outdated_listings() -> int | None:
    """Rebuild the projection where an older release wrote it; return how many listings, or ``None`` where it holds."""
    if RecordState.objects.filter(projection=PROJECTION).exists():
        return None
    return rebuild_listings()


def mark_edition(*, edition: Edition, recommendations: Sequence[int]) -> None:
    """List the entries that an edition has got for these recommendations (keys of rows), and add its facet to them."""
    key = facet_key("edition", edition.number)
    Listing.objects.filter(recommendation__in=recommendations).exclude(facets__contains=[key]).update(
        facets=Func(F("facets"), Value(key), function="array_append")
    )
    if elsewhere := list_entries(edition=edition, recommendations=recommendations):
        refresh_listings(
            recommendations=Recommendation.objects.filter(pk__in=elsewhere).select_related("medicine", "indication")
        )


class _Beside:
    """What a projection reads beside the versions: the editions with entries, and the newest AWaRe classification."""

    def __init__(self, recommendations: Collection[Recommendation]) -> None:
        self.editions: dict[int, list[int]] = defaultdict(list)
        self.entered: dict[int, list[int]] = defaultdict(list)
        entries = EditionEntry.objects.filter(recommendation__any_of=[each.pk for each in recommendations])
        for recommendation, version, number in entries.values_list("recommendation", "version", "edition__number"):
            self.editions[recommendation].append(number)
            self.entered[version].append(number)
        keys = {recommendation.medicine.key for recommendation in recommendations}
        rows = AwareEntry.objects.filter(key__any_of=keys).order_by("edition")
        self.aware = dict(rows.values_list("key", "group"))  # The newest edition comes last, and stays.


def _listing(recommendation: Recommendation, version: Version, beside: _Beside) -> Listing:
    facts = version.content.facts
    aware = facts.aware.group if facts.aware else beside.aware.get(recommendation.medicine.key, "")
    facets = facet_keys(
        version, aware=aware, editions=beside.editions[recommendation.pk], entered_in=beside.entered[version.pk]
    )
    return Listing(
        recommendation_id=recommendation.pk,  # The object would come to know its listing too, and neither would go.
        version=version,
        medicine=recommendation.medicine,
        indication=recommendation.indication,
        status=facts.status,
        outcome=version.outcome,
        eml=facts.list_status("EML") or "",
        emlc=facts.list_status("EMLc") or "",
        sections=section_numbers(facts),
        atc=list(facts.atc),
        icd11=list(facts.icd11 or recommendation.indication.icd11),
        aware=aware,
        facets=facets,
        alternatives=stands_for(facts),
        year=facts.year_listed,
        has_narrative=not version.content.narrative.is_empty,
        effective_date=version.effective_date,
        published_at=version.published_at,
        # By the names that pages show: a medicine may have been renamed since the version was published.
        sort_key=sort_key(f"{recommendation.medicine.name} / {recommendation.indication.name}"),
    )


def _current(recommendations: Collection[Recommendation], at_hand: Mapping[int, Version]) -> dict[int, Version]:
    """The versions that hold, by the key of their recommendation; only what is not at hand is read. Two queries."""
    if not at_hand:
        return current_versions(recommendations=recommendations)
    versions = _holding(recommendations).values_list("recommendation_id", "pk")
    holding = {recommendation: pk for recommendation, pk in versions if pk in at_hand}
    others = [each for each in recommendations if each.pk not in holding]
    return {recommendation: at_hand[pk] for recommendation, pk in holding.items()} | (
        current_versions(recommendations=others) if others else {}
    )


def current_versions(*, recommendations: Collection[Recommendation]) -> dict[int, Version]:
    """The versions that hold, by the key of their recommendation; what has no version is left out. One query.

    Of a recommendation the one holds that has the latest effective date, and of these the highest number.
    """
    return {version.recommendation_id: version for version in _holding(recommendations)}


def _holding(recommendations: Collection[Recommendation]) -> VersionQuerySet:
    versions = Version.objects.filter(recommendation__any_of=[each.pk for each in recommendations])
    return versions.order_by("recommendation_id", "-effective_date", "-number").distinct("recommendation_id")
