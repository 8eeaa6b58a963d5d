"""Addresses of one site, by what they show, printed as JSON: `python -m tests.bench.addresses`.

Each kind has many where there are many, and among them the largest, which is the slowest to make.
"""

from __future__ import annotations

import json
import os
import sys
from random import Random
from urllib.parse import quote

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")

import django

django.setup()

from django.db.models import Count

from medicines.load.names import CONDITIONS, ORGANS
from medicines.models import Indication, Listing, Medicine, Recommendation, Version

MANY = 40

CHOICE = Random("bench")


def main() -> None:
    json.dump({**pages(), **searches(), **api()}, sys.stdout)


def pages() -> dict[str, list[str]]:
    decided = Listing.objects.filter(has_narrative=True).values_list("recommendation__number", flat=True)
    printed = Listing.objects.filter(has_narrative=False).values_list("recommendation__number", flat=True)
    twice = Version.objects.filter(number=2).values_list("recommendation__number", flat=True)
    medicines = Medicine.objects.annotate(uses=Count("recommendations")).order_by("-uses", "pk")
    indications = Indication.objects.annotate(uses=Count("recommendations")).order_by("-uses", "pk")
    return {
        "decision page": [f"/recommendations/{number}/" for number in some(decided)],
        "imported page": [f"/recommendations/{number}/" for number in some(printed)],
        "earlier version": [f"/recommendations/{number}/v1/" for number in some(twice)],
        "changes": [f"/recommendations/{number}/changes/1-2/" for number in some(twice)],
        "front page": ["/"],
        "medicine, most uses": [f"/medicines/{each.pk}/" for each in medicines[:5]],
        "medicine": [f"/medicines/{each.pk}/" for each in some(medicines)],
        "indication, most uses": [f"/indications/{each.pk}/" for each in indications[:5]],
        "indication": [f"/indications/{each.pk}/" for each in some(indications)],
        "names from A to Z": ["/medicines/", "/indications/"],
        "sections": ["/sections/"],
        "section": [f"/sections/24/{number}/" for number in (1, 5, 12, "5.1", "12.2", "30.1")],
        "ATC classes": ["/atc/"],
        "ATC class": [f"/atc/{code}/" for code in ("J", "J01", "J01C", "C09", "L01E")],
        "edition": ["/editions/24/", "/editions/23/"],
        "edition against edition": ["/editions/23-24/"],
        "meeting": ["/meetings/24/", "/meetings/25/"],
        "figures": ["/figures/"],
    }


def searches() -> dict[str, list[str]]:
    names = some(Medicine.objects.values_list("name", flat=True))
    common = [*CONDITIONS, *(f"{condition} {organ}" for condition in list(CONDITIONS)[:4] for organ in ORGANS[:5])]
    return {
        "list": ["/search/", *(f"/search/?page={page}" for page in range(2, 12))],
        "filter": [
            "/search/?status=essential&list=emlc",
            "/search/?aware=access&route=oral",
            "/search/?section=24:5&tier=core",
            "/search/?atc=J01&status=removed",
            "/search/?edition=23&type=biological",
            "/search/?meeting=25&outcome=added",
        ],
        "search, common words": [f"/search/?q={quote(words)}" for words in common],
        "search, rare words": [f"/search/?q={quote(name)}" for name in names],
        "search, mistyped": [f"/search/?q={quote(name[:3] + name[4:])}" for name in names],
        "search and filter": [f"/search/?q={word}&status=essential&tier=core" for word in CONDITIONS],
        "suggestions": [f"/search/suggestions/?q={quote(name[:4])}" for name in names],
    }


def api() -> dict[str, list[str]]:
    numbers = some(Recommendation.objects.values_list("number", flat=True))
    return {
        "API, one": [f"/api/v1/recommendations/{number}" for number in numbers],
        "API, list": ["/api/v1/recommendations", "/api/v1/recommendations?status=essential"],
        "API, search": [f"/api/v1/recommendations?q={word}" for word in CONDITIONS],
    }


def some(found):
    """``MANY`` of them, from all over."""
    keys = list(found)
    return CHOICE.sample(keys, min(MANY, len(keys)))


main()
