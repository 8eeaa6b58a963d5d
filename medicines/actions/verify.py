"""Proving that the record is what it was: every fingerprint and the chain, computed anew."""

from collections.abc import Iterator
from dataclasses import dataclass

from medicines.content.fingerprint import fingerprint
from medicines.models import Version

from .publish import FIRST_LINK, next_link


@dataclass(frozen=True)
class Misfit:
    """A version that is not what the record vouches for. ``reason``: fingerprint, chain, or position."""

    recommendation: int
    version: int
    position: int
    reason: str


@dataclass(frozen=True)
class Verification:
    """``head`` is the hash of the whole record, ``None`` while it is empty.

    ``contains`` answers whether a head printed earlier is still in the record; ``None`` where none was asked for.
    """

    versions: int
    head: str | None
    misfits: tuple[Misfit, ...]
    contains: bool | None

    @property
    def holds(self) -> bool:
        return not self.misfits and self.contains is not False


def verify_record(*, earlier_head: str | None = None) -> Verification:
    """Recompute every fingerprint and the chain in the order of the record, in bounded memory."""
    misfits: list[Misfit] = []
    link, position, found = FIRST_LINK, 0, False
    for version in _in_order():
        position += 1
        reason = _misfit(version, link=link, position=position)
        if reason:
            misfits.append(Misfit(version.recommendation.number, version.number, version.position, reason))
        link = next_link(previous=link, facts=version.chained_facts())
        found = found or link == earlier_head
    contains = None if earlier_head is None else found
    return Verification(position, link if position else None, tuple(misfits), contains)


def _in_order() -> Iterator[Version]:
    versions = Version.objects.select_related("recommendation", "corrects").order_by("position")
    return versions.iterator(chunk_size=500)


def _misfit(version: Version, *, link: str, position: int) -> str:
    if version.position != position:
        return "position"
    if fingerprint(version.body) != version.fingerprint:
        return "fingerprint"
    if next_link(previous=link, facts=version.chained_facts()) != version.chain:
        return "chain"
    return ""
