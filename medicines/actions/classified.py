"""What the classifications of the record say of a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from medicines.models import Icd11Entity


def icd11_by_title(keys: Iterable[str]) -> dict[str, list[Icd11Entity]]:
    """The entities of ICD-11 that have these folded titles, by the title. One query."""
    found: dict[str, list[Icd11Entity]] = defaultdict(list)
    for entity in Icd11Entity.objects.filter(key__in=list(keys)).order_by("place"):
        found[entity.key].append(entity)
    return found
