"""Alternatives read both ways: the medicines and classes that a recommendation names, as keys to be found by.

A listing carries the keys of what its recommendation stands for (``Listing.alternatives``); a medicine has the keys by
which it may be meant. Where the two meet, the medicine is an alternative to the recommendation.
"""

from __future__ import annotations

from collections.abc import Iterable

from medicines.content.schema import Facts
from medicines.facets import ATC_LEVELS
from medicines.sorting import folded


def stands_for(facts: Facts) -> list[str]:
    """The keys of the alternatives that a recommendation names: medicines by name, or one class of ATC."""
    found = facts.alternatives
    if found is None:
        return []
    named = {_medicine(name) for name in found.medicines if name.strip()} if found.kind == "named" else set()
    classes = {_atc(found.atc)} if found.kind == "atc_class" and found.atc else set()
    return sorted(named | classes)


def meant_by(names: Iterable[str], atc: Iterable[str]) -> list[str]:
    """The keys by which a medicine with these names and codes is meant: its names, and all classes above its codes."""
    classes = {_atc(code[:level]) for code in atc for level in ATC_LEVELS if len(code) >= level}
    return sorted({_medicine(name) for name in names} | classes)


def _medicine(name: str) -> str:
    return f"medicine:{folded(name)}"[:520]


def _atc(code: str) -> str:
    return f"atc:{code}"
