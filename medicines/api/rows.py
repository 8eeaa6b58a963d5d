"""Rows of the record as the API says them."""

from __future__ import annotations

from typing import Any

from medicines.api import schema
from medicines.api.links import Addresses
from medicines.models import Listing, Version


def summary(listing: Listing, to: Addresses) -> schema.RecommendationSummary:
    """A listing with its recommendation, version number, medicine and indication at hand."""
    number = listing.recommendation.number
    return schema.RecommendationSummary.model_construct(
        number=number,
        medicine=to.medicine(listing.medicine),
        indication=to.indication(listing.indication),
        partners=listing.recommendation.partners,
        status=listing.status,
        eml=listing.eml or None,
        emlc=listing.emlc or None,
        sections=listing.sections,
        atc=listing.atc,
        icd11=listing.icd11,
        aware=listing.aware or None,
        listed_since=listing.year,
        outcome=listing.outcome or None,
        version=listing.version.number,
        effective_date=listing.effective_date,
        published_at=listing.published_at,
        has_text=listing.has_narrative,
        url=to.of("recommendation", number),
        page=to.page("recommendation", number),
    )


def version_fields(version: Version, number: int, corrects: int | None, to: Addresses) -> dict[str, Any]:
    """The fields of ``VersionSummary`` of recommendation ``number``; ``corrects`` is the version that it corrects."""
    return {
        "number": version.number,
        "kind": version.kind,
        "outcome": version.outcome or None,
        "effective_date": version.effective_date,
        "published_at": version.published_at,
        "note": version.note,
        "corrects": corrects,
        "fingerprint": version.fingerprint,
        "url": to.of("version", number, version.number),
        "page": to.page("version", number, version.number),
        "file": to.page("content_json", number, version.number),
    }
