"""The classes of the ATC classification that the record has codes of, with their recommendations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from medicines.facets import ATC_LEVELS, atc_words
from medicines.kept import kept
from medicines.models import AtcCode

from .counts import Tally, facet_tallies


@dataclass(frozen=True)
class AtcClass:
    """A class or a substance. ``name`` is empty where none is imported, ``is_unknown`` where others are."""

    code: str
    name: str
    tally: Tally
    is_unknown: bool = False


@kept(most=1)
def atc_names() -> Mapping[str, str]:
    """The names of the imported classification by code; empty where none is imported."""
    return {code: atc_words(name) for code, name in AtcCode.objects.values_list("code", "name")}


def atc_class(code: str) -> AtcClass | None:
    """The class of this code, or ``None`` where no recommendation has a code in it."""
    tally = facet_tallies().get(f"atc:{code}")
    return _class(code, tally, atc_names()) if tally else None


def classes_below(code: str = "") -> list[AtcClass]:
    """The classes one level below ``code``; the main groups where it is empty."""
    deeper = [level for level in ATC_LEVELS if level > len(code)]
    if not deeper:
        return []
    names, length = atc_names(), len("atc:") + deeper[0]
    found = [each for each in facet_tallies().items() if len(each[0]) == length and each[0].startswith(f"atc:{code}")]
    return [_class(key.removeprefix("atc:"), tally, names) for key, tally in sorted(found, key=_by_code)]


def classes_above(code: str) -> list[AtcClass]:
    """The classes that hold ``code``, the main group first."""
    tallies, names = facet_tallies(), atc_names()
    above = (code[:level] for level in ATC_LEVELS if level < len(code))
    return [_class(each, tallies.get(f"atc:{each}", Tally()), names) for each in above]


def unknown_codes() -> list[AtcClass]:
    """The codes that recommendations carry and that the imported classification does not have, or has no longer."""
    names = atc_names()
    if not names:
        return []
    deepest = len("atc:") + ATC_LEVELS[-1]
    found = [
        (key, tally)
        for key, tally in facet_tallies().items()
        if len(key) == deepest and key.startswith("atc:") and key.removeprefix("atc:") not in names
    ]
    return [_class(key.removeprefix("atc:"), tally, names) for key, tally in sorted(found, key=_by_code)]


def _by_code(found: tuple[str, Tally]) -> str:
    return found[0]


def _class(code: str, tally: Tally, names: Mapping[str, str]) -> AtcClass:
    return AtcClass(code, names.get(code, ""), tally, is_unknown=bool(names) and code not in names)
