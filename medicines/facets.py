"""The facets of a listing: what a reader narrows a list by, each as one short key such as ``status:essential``.

A listing carries the keys that hold for it (``Listing.facets``). Filters, counts and the API all read these, so that
a filter finds what its count says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from medicines.content.formulations import ROUTES
from medicines.content.schema import LISTED, Facts
from medicines.models import Version

NAMES = (
    "status",  # status:essential
    "list",  # list:eml, list:emlc, list:unnamed where a source says that it is listed, but not on which list
    "tier",  # tier:core, tier:complementary
    "section",  # section:24:5.1, with those above it; the edition is the one that the facts name
    "aware",  # aware:access
    "atc",  # atc:N, atc:N02, atc:N02B, atc:N02BE, atc:N02BE01
    "route",  # route:oral
    "type",  # type:chemical
    "edition",  # edition:24, where the edition has an entry for it
    "year",  # year:2025, since when the text holds
    "meeting",  # meeting:25, the number of the meeting that decided
    "outcome",  # outcome:added
    "evidence",  # evidence:text, evidence:figures
)

ATC_LEVELS = (1, 3, 4, 5, 7)
"""How many characters a code has at each level of the ATC classification."""

_ATC = re.compile(r"[A-Z](?:[0-9]{2}(?:[A-Z](?:[A-Z](?:[0-9]{2})?)?)?)?")


def is_atc(code: str) -> bool:
    """Whether this has the form of a code of ATC, of any level. Texts keep others as they stand; no class is theirs."""
    return bool(_ATC.fullmatch(code))


def atc_words(name: str) -> str:
    """The name of an ATC class as a page shows it: what the classification writes all in capitals, in small letters.

    The imported name stays as it is, in the record and for programs.
    """
    return name.capitalize() if name.isupper() else name


def facet_keys(version: Version, *, aware: str, editions: Iterable[int], entered_in: Iterable[int] = ()) -> list[str]:
    """The keys of a recommendation whose current version is ``version``, sorted, without repeats.

    ``aware`` is its group, "" where it has none; ``editions`` are those that have an entry for it, ``entered_in``
    those whose entry is this very version: its section numbers hold in them, whichever of them it names.
    """
    facts = version.content.facts
    narrative = version.content.narrative
    found = {
        "status": [facts.status],
        "list": _lists(facts),
        "tier": {status for p in facts.placements for status in (p.eml, p.emlc)} & {"core", "complementary"},
        "section": _sections(facts, entered_in),
        "aware": [aware],
        "atc": {code[:level] for code in filter(is_atc, facts.atc) for level in ATC_LEVELS if len(code) >= level},
        "route": _routes(facts),
        "type": [facts.medicine_type or ""],
        "edition": editions,
        "year": [version.effective_date.year],
        "meeting": [meeting_number(version.provenance)],
        "outcome": [version.outcome],
        "evidence": [
            "text" if not narrative.is_empty else "",
            "figures" if narrative.findings else "",
        ],
    }
    return _keys(found)


def facet_key(name: str, value: object) -> str:
    """``status:essential``."""
    return f"{name}:{value}"


def meeting_number(provenance: Mapping[str, Any]) -> str:
    """The number of the meeting that a version comes of, "" where it comes of none."""
    return str(provenance.get("meeting_number") or "")


def _keys(found: Mapping[str, Iterable[object]]) -> list[str]:
    return sorted({facet_key(name, value) for name, values in found.items() for value in values if value != ""})


def _lists(facts: Facts) -> set[str]:
    names = {name for p in facts.placements for name, status in (("eml", p.eml), ("emlc", p.emlc)) if status in LISTED}
    unnamed = any(p.unnamed_list == "listed" for p in facts.placements)
    return names or ({"unnamed"} if unnamed else set())


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


def _sections(facts: Facts, entered_in: Iterable[int]) -> set[str]:
    return {
        f"{edition}:{step.number}"
        for placement in facts.placements
        if placement.section
        for step in placement.section.steps
        if step.number
        for edition in (placement.section.edition, *entered_in)
    }


def _routes(facts: Facts) -> set[str]:
    first = (f.route[0].casefold() for p in facts.placements for f in p.formulations if f.route)
    return {route for route in first if route in ROUTES}
