"""The classes of the ATC classification that the record has codes of, with their recommendations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from medicines.facet_index import above, facet_index
from medicines.facets import ATC_LEVELS, atc_words
from medicines.kept import kept
from medicines.models import AtcCode

from .counts import count_of


@dataclass(frozen=True)
class AtcClass:
    """A class or a substance with the recommendations in it and below it.

    ``name`` is empty where none is imported, ``is_unknown`` where others are.
    """

    code: str
    name: str
    total: int
    is_unknown: bool = False


@kept(most=1)
def atc_names() -> Mapping[str, str]:
    """The names of the imported classification by code; empty where none is imported."""
    return {code: atc_words(name) for code, name in AtcCode.objects.values_list("code", "name")}


def atc_class(code: str) -> AtcClass | None:
    """The class of this code, or ``None`` where no recommendation has a code in it."""
    found = _classes([code])[0]
    return found if found.total else None


def classes_below(code: str = "") -> list[AtcClass]:
    """The classes one level below ``code``; the main groups where it is empty."""
    return _classes(facet_index().below("atc", code))


def classes_above(code: str) -> list[AtcClass]:
    """The classes that hold ``code``, the main group first."""
    return _classes(above("atc", code))


def unknown_codes() -> list[AtcClass]:
    """The codes that recommendations carry and that the imported classification does not have, or has no longer."""
    return _classes(_unknown())


@kept(most=1)
def _unknown() -> tuple[str, ...]:
    names = atc_names()
    deepest = (code for code in facet_index().values("atc") if len(code) == ATC_LEVELS[-1])
    return tuple(code for code in deepest if code not in names) if names else ()


def _classes(codes: Iterable[str]) -> list[AtcClass]:
    index, names = facet_index(), atc_names()
    return [
        AtcClass(code, names.get(code, ""), count_of(index, "atc", code), is_unknown=bool(names) and code not in names)
        for code in codes
    ]
