"""Reading lists for files: what versions say, one at a time, however many there are, and all of one state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform

from medicines.content.schema import Content
from medicines.documents.tables import Statement
from medicines.models import AwareEntry, Edition, EditionEntry, Listing, RecordState, Version

CHUNK = 200
"""How many versions come from the database at a time: some carry long texts."""

ATTEMPTS = 5
"""How often reading begins anew where the record changes between two questions."""

Address = Callable[[int, int], str]
"""Gives the whole address of a version: number of the recommendation, number of the version."""


@dataclass(frozen=True)
class Statements:
    """What versions say, as of one state of the record. ``each`` is read once and must be closed or run dry."""

    state: int
    changed_at: datetime
    each: Iterator[Statement]


@dataclass(frozen=True)
class _Said:
    """One row of the query."""

    number: int
    version: int
    kind: str
    outcome: str
    effective_date: Any
    provenance: dict[str, Any]
    body: str
    key: str
    icd11: list[str]
    state: int


def statements(rows: QuerySet[Any], *, address: Address) -> Statements:
    """What the versions of these rows say, in the order of the rows.

    ``rows`` are listings, entries of editions, or versions themselves. They come from one query, so from one moment;
    what is read beside it is read again where the record changed in between.
    """
    found: Iterator[_Said]
    for _attempt in range(ATTEMPTS):
        state = RecordState.objects.get()
        aware = _aware()
        found = _read(rows)
        first = next(found, None)
        if first is None or first.state == state.number:
            break
    each = (_statement(said, aware, address) for said in chain([first] if first else [], found))
    return Statements(state.number, state.changed_at, each)


def current_statements() -> QuerySet[Listing]:
    """The whole list as it is now, by name."""
    return Listing.objects.order_by("sort_key", "recommendation__number")


def editions_with_lists() -> QuerySet[Edition]:
    """The editions of which the record has the list, newest first."""
    return Edition.objects.filter(Exists(EditionEntry.objects.filter(edition=OuterRef("pk")))).order_by("-number")


def edition_statements(edition: Edition) -> QuerySet[EditionEntry]:
    """An edition as it was: the versions that its entries name, by name."""
    return EditionEntry.objects.filter(edition=edition).order_by(
        "recommendation__medicine__sort_key", "recommendation__indication__sort_key", "recommendation__number"
    )


def meeting_statements(number: int) -> QuerySet[Version]:
    """What a meeting decided, by name: as it was published then, whatever corrected it or followed it later."""
    return (
        Version.objects.filter(kind="decision")
        .annotate(meeting_number=KeyTextTransform("meeting_number", "provenance"))
        .filter(meeting_number=str(number))
        .order_by(
            "recommendation__medicine__sort_key",
            "recommendation__indication__sort_key",
            "recommendation__number",
            "number",
        )
    )


def _read(rows: QuerySet[Any]) -> Iterator[_Said]:
    version = "" if rows.model is Version else "version__"
    fields = (
        "recommendation__number",
        *(f"{version}{name}" for name in ("number", "kind", "outcome", "effective_date", "provenance", "body")),
        "recommendation__medicine__key",
        "recommendation__indication__icd11",
    )
    states = RecordState.objects.values("number")[:1]
    asked = rows.annotate(state_of_record=Subquery(states)).values_list(*fields, "state_of_record")
    for row in asked.iterator(chunk_size=CHUNK):
        yield _Said(*row)


def _aware() -> dict[str, tuple[str, str]]:
    """The group of each antibiotic by its key, with the edition of the classification: the newest that names it."""
    rows = AwareEntry.objects.order_by("edition").values_list("key", F("group"), "edition")
    return {key: (group, edition) for key, group, edition in rows}


def _statement(said: _Said, aware: dict[str, tuple[str, str]], address: Address) -> Statement:
    return Statement(
        number=said.number,
        version=said.version,
        address=address(said.number, said.version),
        facts=Content.model_validate_json(said.body).facts,
        kind=said.kind,
        outcome=said.outcome,
        effective_date=said.effective_date,
        provenance=said.provenance,
        icd11=tuple(said.icd11),
        aware=aware.get(said.key),
    )
