"""What changed from one edition to another, recommendation by recommendation. Nothing here touches the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from medicines.content.schema import Facts, Placement
from medicines.sorting import folded

ChangeKind = Literal["added", "removed", "unnamed", "changed", "moved", "renamed"]
CHANGE_KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)
"""In the order in which they are told.

``added``: listed in the newer edition and not in the older one. ``removed``: listed in the older one, and in the newer
one said not to be. ``unnamed``: listed in the older one, and the newer one says nothing of it. The others hold of what
both editions name: ``changed`` words, another section (``moved``), another name of the medicine (``renamed``).
"""


@dataclass(frozen=True)
class Held:
    """What one edition said of a recommendation (see ``EditionListing``)."""

    status: str
    says: str
    medicine: str
    places: tuple[str, ...]

    @property
    def is_listed(self) -> bool:
        return self.status == "essential"


def kinds_of_change(
    then: Held | None, now: Held | None, *, renamed_sections: Mapping[str, str] | None = None
) -> tuple[ChangeKind, ...]:
    """How a recommendation changed; of several kinds at once, all.

    ``renamed_sections`` has the folded titles of sections of the older edition that the newer one carries on under
    another title: who stands in one of these has not moved.
    """
    if then is None or now is None:
        if now is not None and now.is_listed:
            return ("added",)
        return ("unnamed",) if then is not None and then.is_listed else ()
    found: list[ChangeKind] = []
    if now.is_listed and not then.is_listed:
        found.append("added")
    elif then.is_listed and not now.is_listed:
        found.append("removed")
    elif then.says != now.says:
        found.append("changed")
    if _carried_on(then.places, renamed_sections or {}) != set(now.places):
        found.append("moved")
    if folded(then.medicine) != folded(now.medicine):
        found.append("renamed")
    return tuple(found)


def _carried_on(places: Iterable[str], renamed: Mapping[str, str]) -> set[str]:
    return {renamed.get(place, place) for place in places}


def placeless(facts: Facts) -> Facts:
    """What the facts say wherever they say it: one place without a section, and no name of the medicine.

    Another section or another name is a change of its own kind. A formulation that stands in two sections counts once.
    """
    if not facts.placements:
        return facts.model_copy(update={"medicine": ""})
    formulations = dict.fromkeys(each for placement in facts.placements for each in placement.formulations)
    unnamed = {placement.unnamed_list for placement in facts.placements}
    whole = Placement(
        eml=facts.list_status("EML"),
        emlc=facts.list_status("EMLc"),
        unnamed_list="listed" if "listed" in unnamed else "removed" if "removed" in unnamed else None,
        formulations=tuple(formulations),
    )
    return facts.model_copy(update={"medicine": "", "placements": (whole,)})
