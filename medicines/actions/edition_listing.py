"""Keeping the searchable projection of what each edition said: written once with its entries, rebuilt from them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from itertools import islice

from medicines.content.identity import partner_names
from medicines.content.schema import Content
from medicines.facets import section_numbers
from medicines.lists.comparison import placeless
from medicines.lists.sections import title_key
from medicines.models import Edition, EditionEntry, EditionListing, Version
from medicines.sorting import sort_key

from .rows import write_rows

CHUNK = 500
"""How many entries are projected at a time: memory stays bounded, whatever the size of the edition."""


def enter(*, edition: Edition, versions: Iterable[Version]) -> None:
    """Write the entries of an edition for these versions, which are at hand, with the listings of the entries.

    The listings of the recommendations are written afterwards, and then name the edition.
    """
    entries = [
        EditionEntry(edition=edition, recommendation_id=version.recommendation_id, version=version)
        for version in versions
    ]
    write_rows(entries)
    _write(entries)


def list_entries(*, edition: Edition, recommendations: Sequence[int]) -> list[int]:
    """Write the listings of the entries that an edition has for these recommendations (keys of rows).

    Returns the keys of the recommendations whose text names another edition with the same section numbers: the
    numbers hold in this edition too, since the entry says so.
    """
    entries = EditionEntry.objects.filter(edition=edition, recommendation__in=recommendations)
    elsewhere: list[int] = []
    for chunk in _chunks(entries):
        elsewhere += [entry.recommendation_id for entry in chunk if _names_another_edition(entry)]
        _write(chunk)
    return elsewhere


def rebuild_edition_listings() -> int:
    """Drop the projection of all editions and write it anew; return how many rows there are now."""
    EditionListing.objects.all().delete()
    for chunk in _chunks(EditionEntry.objects.all()):
        _write(chunk)
    return EditionListing.objects.count()


def _chunks(entries: Iterable[EditionEntry]) -> Iterable[list[EditionEntry]]:
    waiting = iter(entries.select_related("version", "edition").iterator(chunk_size=CHUNK))  # type: ignore[attr-defined]
    while chunk := list(islice(waiting, CHUNK)):
        yield chunk


def _write(entries: Sequence[EditionEntry]) -> None:
    write_rows([_listing(entry) for entry in entries], present="keep")


def _names_another_edition(entry: EditionEntry) -> bool:
    placements = entry.version.content.facts.placements
    return any(p.section and p.section.edition != str(entry.edition.number) for p in placements)


def _listing(entry: EditionEntry) -> EditionListing:
    facts = entry.version.content.facts
    return EditionListing(
        entry_id=entry.pk,  # The object would come to know its listing too, and neither would go.
        edition_id=entry.edition_id,
        recommendation_id=entry.recommendation_id,
        version_id=entry.version_id,
        medicine=facts.medicine,
        indication=facts.indication,
        partners=partner_names(facts)[:500],
        status=facts.status,
        eml=facts.list_status("EML") or "",
        emlc=facts.list_status("EMLc") or "",
        sections=section_numbers(facts),
        places=sorted({title_key(p.section.leaf.title) for p in facts.placements if p.section}),
        says=_says(entry.version.content),
        sort_key=sort_key(f"{facts.medicine} / {facts.indication}"),
    )


def _says(content: Content) -> str:
    """A hash of what a reader would call a change of words: neither another section nor a new name is one."""
    facts = placeless(content.facts).to_dict()
    for placement in facts["placements"]:
        placement["formulations"].sort(key=json.dumps)
    words = {"facts": facts, "narrative": content.narrative.to_dict()}
    return hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()
