"""The edition that an import is for: found, or made from what is known of the editions of the Model Lists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medicines.lists.editions import EDITIONS
from medicines.models import Edition

FIELDS = ("year", "report", "children_number", "effective_date")

CONTRADICTIONS = {
    "year": gettext_lazy("The record has another year for edition %(number)s: %(found)s, not %(given)s."),
    "report": gettext_lazy("The record has another report for edition %(number)s: %(found)s, not %(given)s."),
    "children_number": gettext_lazy(
        "The record has another children's list beside edition %(number)s: %(found)s, not %(given)s."
    ),
    "effective_date": gettext_lazy(
        "The record has another effective date for edition %(number)s: %(found)s, not %(given)s."
    ),
}


class EditionRefused(Exception):
    """The edition cannot be made of what is known, or the record knows it otherwise. The message says what to do.

    ``field``: of the edition, what is to be mended, if it is one.
    """

    def __init__(self, message: str, *, field: str = "") -> None:
        self.field = field
        super().__init__(message)


class EditionUnknown(EditionRefused):
    """The record does not have the edition, and nobody has said since when it holds."""


def edition_for(*, number: int, given: Mapping[str, Any] | None = None) -> Edition:
    """Return the edition of the record, or one that is not saved yet, made of the known facts and of ``given``.

    ``given``: year, report, children_number and effective_date, as far as somebody states them. Raises
    ``EditionUnknown`` where nobody states what is needed, and ``EditionRefused`` where something contradicts the
    record.
    """
    stated = {field: value for field, value in (given or {}).items() if value not in (None, "")}
    if found := Edition.objects.filter(number=number).first():
        for field, value in stated.items():
            if getattr(found, field) != value:
                values = {"number": number, "found": _shown(getattr(found, field)), "given": _shown(value)}
                raise EditionRefused(CONTRADICTIONS[field] % values, field=field)
        return found
    known = EDITIONS.get(number)
    facts: dict[str, Any] = {field: getattr(known, field) for field in FIELDS} if known else {}
    facts |= stated
    if not isinstance(facts.get("effective_date"), date):
        words = _("Nothing is known of the effective date of edition %(number)s. State it.") % {"number": number}
        raise EditionUnknown(words, field="effective_date")
    facts["year"] = facts.get("year") or facts["effective_date"].year
    facts["report"] = facts.get("report") or ""
    edition = Edition(number=number, **facts)
    _refuse_beside(edition)
    return edition


def facts_of(edition: Edition) -> dict[str, Any]:
    """What is known of an edition, as plain JSON values."""
    return {
        "number": edition.number,
        "year": edition.year,
        "report": edition.report,
        "children_number": edition.children_number,
        "effective_date": edition.effective_date.isoformat(),
    }


def _refuse_beside(edition: Edition) -> None:
    """Refuse an edition that does not fit to those of the record: by its day, or by its children's list."""
    children = edition.children_number
    if children and (taken := Edition.objects.filter(children_number=children).first()):
        words = _("The children's list %(children)s belongs to edition %(number)s already.")
        raise EditionRefused(words % {"children": children, "number": taken.number}, field="children_number")
    before = Edition.objects.filter(number__lt=edition.number, effective_date__gte=edition.effective_date).last()
    if before:
        words = _("Edition %(number)s holds since %(day)s, and a later one cannot hold earlier.")
        raise EditionRefused(_dated(words, before), field="effective_date")
    after = Edition.objects.filter(number__gt=edition.number, effective_date__lte=edition.effective_date).first()
    if after:
        words = _("Edition %(number)s holds since %(day)s, and an earlier one cannot hold later.")
        raise EditionRefused(_dated(words, after), field="effective_date")


def _shown(fact: Any) -> Any:
    return date_format(fact) if isinstance(fact, date) else fact


def _dated(words: str, edition: Edition) -> str:
    return words % {"number": edition.number, "day": date_format(edition.effective_date)}
