"""The edition that an import is for: found, or made from what is known of the editions of the Model Lists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from medicines.lists.editions import EDITIONS
from medicines.models import Edition

WORDS = {
    "year": "year",
    "report": "report",
    "children_number": "number of the children's list",
    "effective_date": "effective date",
}


class EditionRefused(Exception):
    """The edition cannot be made of what is known, or the record knows it otherwise. The message says what to do."""


def edition_for(*, number: int, given: Mapping[str, Any] | None = None) -> Edition:
    """Return the edition of the record, or one that is not saved yet, made of the known facts and of ``given``.

    ``given``: year, report, children_number and effective_date, as far as somebody states them. Raises
    ``EditionRefused`` where they contradict the record, or where nobody states what is needed.
    """
    stated = {field: value for field, value in (given or {}).items() if value is not None}
    if found := Edition.objects.filter(number=number).first():
        for field, value in stated.items():
            if getattr(found, field) != value:
                raise EditionRefused(
                    f"The record has another {WORDS[field]} for edition {number}: {getattr(found, field)}, not {value}."
                )
        return found
    known = EDITIONS.get(number)
    values: dict[str, Any] = {field: getattr(known, field) for field in WORDS} if known else {}
    values |= stated
    if isinstance(values.get("effective_date"), date):
        values["year"] = values.get("year") or values["effective_date"].year
    missing = [WORDS[field] for field in ("year", "effective_date") if not values.get(field)]
    if missing:
        raise EditionRefused(f"Nothing is known of the {' and the '.join(missing)} of edition {number}: state them.")
    children = values.get("children_number")
    if children and (taken := Edition.objects.filter(children_number=children).first()):
        raise EditionRefused(f"The children's list {children} belongs to edition {taken.number} already.")
    return Edition(number=number, **{**values, "report": values.get("report") or ""})
