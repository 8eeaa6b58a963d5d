"""Which recommendations the invented record has, and what became of each."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, islice
from random import Random
from typing import Literal

from medicines.content.schema import Outcome

from .names import Disease, Substance, diseases, substances

Fate = Literal["kept", "changed", "removed", "new", "decided_then", "decided_now", "decided_again"]

FATES: dict[Fate, int] = {
    "kept": 65,  # printed in both editions, alike
    "changed": 12,  # printed in both, and the second one says something else
    "removed": 5,  # printed in the first, and removed in the second
    "new": 13,  # printed in the second alone
    "decided_then": 2,  # decided by the earlier meeting, with a text; printed in both editions where it was listed
    "decided_now": 2,  # decided by the later meeting, with a text, for the first time
    "decided_again": 1,  # printed in the first edition, and decided by the later meeting
}
"""How many of a hundred recommendations have which fate."""

USES = {1: 50, 2: 24, 3: 12, 4: 7, 6: 4, 9: 2, 14: 1}
"""How many of a hundred medicines have how many uses: 2.2 on average, as in the lists of 2023 and 2025."""

_FIRST: tuple[Outcome, ...] = ("added", "added", "added", "not_recommended", "deferred")
_LATER: tuple[Outcome, ...] = ("formulation_added", "changed", "kept", "removed", "indication_added")


@dataclass(frozen=True)
class Use:
    """One recommendation. ``place`` is its place among all, from 0; everything else about it follows from it."""

    place: int
    seed: int
    substance: Substance
    disease: Disease
    partner: str
    fate: Fate

    def random(self, purpose: str) -> Random:
        """Chance of its own for one purpose, always the same."""
        return Random(f"{self.seed}/{self.place}/{purpose}")  # noqa: S311  no secret depends on it

    @property
    def outcome(self) -> Outcome:
        """What the meeting decided. Only for one that a meeting decided on."""
        return self.random("outcome").choice(_LATER if self.fate == "decided_again" else _FIRST)

    @property
    def is_corrected(self) -> bool:
        return self.fate.startswith("decided") and self.random("correction").random() < 0.1


def uses(size: int, *, seed: int) -> Iterator[Use]:
    """``size`` recommendations, those of one medicine after those of another.

    Diseases grow slower than medicines do, and some are far commoner than others.
    """
    random = Random(f"{seed}")  # noqa: S311  no secret depends on it
    found = list(islice(diseases(random), max(20, round(2 * size**0.7))))
    common = _Common(len(found))
    earlier = ["ancillin"]
    place = 0
    for substance in substances(random):
        count = random.choices(list(USES), list(USES.values()))[0]
        for disease in sorted({common.pick(random) for _each in range(count)}):
            if place == size:
                return
            partner = random.choice(earlier) if random.random() < 0.03 else ""
            fate = random.choices(list(FATES), list(FATES.values()))[0]
            yield Use(place, seed, substance, found[disease], partner, fate)
            place += 1
        earlier = [*earlier[-50:], substance.name]


class _Common:
    """Numbers below ``count``, small ones far oftener than large ones."""

    def __init__(self, count: int) -> None:
        self._sums = list(accumulate(1 / (rank + 10) for rank in range(count)))

    def pick(self, random: Random) -> int:
        return min(bisect(self._sums, random.random() * self._sums[-1]), len(self._sums) - 1)
