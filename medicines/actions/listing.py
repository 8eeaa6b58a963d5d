"""Keeping the searchable projection of the record in step with it."""

from django.db import transaction

from medicines.content.schema import Facts
from medicines.models import Listing, Medicine, Recommendation, Version
from medicines.sorting import folded, sort_key


def refresh_listing(*, recommendation: Recommendation) -> Listing:
    """Write the listing of one recommendation anew from its current version and return it.

    Raises ``Version.DoesNotExist`` where the recommendation has no version.
    """
    version = current_version(recommendation=recommendation)
    facts = version.content.facts
    listing, _made = Listing.objects.update_or_create(
        recommendation=recommendation,
        defaults={
            "version": version,
            "medicine": recommendation.medicine,
            "indication": recommendation.indication,
            "status": facts.status,
            "outcome": version.outcome,
            "eml": facts.list_status("EML") or "",
            "emlc": facts.list_status("EMLc") or "",
            "sections": section_numbers(facts),
            "atc": list(facts.atc),
            "icd11": list(facts.icd11),
            "year": facts.year_listed,
            "has_narrative": not version.content.narrative.is_empty,
            "effective_date": version.effective_date,
            "published_at": version.published_at,
            "sort_key": sort_key(f"{facts.medicine} / {facts.indication}"),
            "words": search_words(facts, recommendation.medicine),
        },
    )
    return listing


@transaction.atomic
def rebuild_listings() -> int:
    """Drop the projection and write it anew; return how many listings there are now."""
    Listing.objects.all().delete()
    recommendations = Recommendation.objects.select_related("medicine", "indication")
    for recommendation in recommendations.iterator():
        refresh_listing(recommendation=recommendation)
    return Listing.objects.count()


def section_numbers(facts: Facts) -> list[str]:
    """The numbers of all sections that the recommendation stands in, with those above them, without repeats."""
    numbers = [
        step.number
        for placement in facts.placements
        if placement.section
        for step in placement.section.steps
        if step.number
    ]
    return list(dict.fromkeys(numbers))


def search_words(facts: Facts, medicine: Medicine) -> str:
    """What a reader may type to find the recommendation, folded."""
    titles = [step.title for p in facts.placements if p.section for step in p.section.steps]
    words = [facts.medicine, *medicine.synonyms, facts.indication, *facts.partners, *facts.atc, *facts.icd11, *titles]
    return folded(" ".join(dict.fromkeys(words)))


def current_version(*, recommendation: Recommendation) -> Version:
    """The version that holds: the latest effective date, then the highest number."""
    return recommendation.versions.current_first()[0:1].get()
