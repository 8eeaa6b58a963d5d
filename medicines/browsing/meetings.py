"""The meetings of the committee with what each decided: also what it rejected and what it deferred."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from django.core.paginator import Page
from django.db.models import Case, Count, Exists, IntegerField, Max, OuterRef, QuerySet, Value, When
from django.db.models.fields.json import KeyTextTransform

from medicines.kept import kept
from medicines.models import Version
from medicines.models.recommendation import OutcomeChoices

from .counts import PAGE, Rows, page_of
from .editions import editions


@dataclass(frozen=True)
class MeetingRow:
    """A meeting as its decisions name it. ``outcomes`` counts them: ``{"added": 12, "deferred": 1}``."""

    number: str
    name: str
    year: int | None
    report: str
    outcomes: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.outcomes.values())

    @property
    def told(self) -> list[tuple[str, str, int]]:
        """(outcome, its word, how many), in the order in which outcomes are told."""
        words = {value: str(label) for value, label in OutcomeChoices.choices}
        return [(outcome, words[outcome], self.outcomes[outcome]) for outcome in words if outcome in self.outcomes]

    @property
    def ways(self) -> list[tuple[str, str, int]]:
        """(where an outcome begins, after the address of the meeting; its word; how many)."""
        found, before = [], 0
        for outcome, words, count in self.told:
            page = before // PAGE + 1
            found.append((f"?page={page}#{outcome}" if page > 1 else f"#{outcome}", words, count))
            before += count
        return found


@kept(most=1)
def meetings() -> tuple[MeetingRow, ...]:
    """The meetings whose decisions are published, the newest first."""
    decided = _decided().exclude(of_meeting=None).exclude(of_meeting="")
    outcomes: dict[str, Counter[str]] = {}
    newest: dict[str, int] = {}
    rows = decided.values_list("of_meeting", "outcome").annotate(count=Count("pk"), last=Max("pk")).order_by()
    for number, outcome, count, last in rows:
        outcomes.setdefault(number, Counter())[outcome] = count
        newest[number] = max(last, newest.get(number, 0))
    said = dict(Version.objects.filter(pk__in=newest.values()).values_list("pk", "provenance"))
    found = [_meeting(number, said[newest[number]], counts) for number, counts in outcomes.items()]
    return tuple(sorted(found, key=lambda row: (-(row.year or 0), _in_numbers(row.number))))


def _meeting(number: str, provenance: Mapping[str, Any], outcomes: Mapping[str, int]) -> MeetingRow:
    return MeetingRow(
        number=number,
        name=str(provenance.get("meeting") or number),
        year=provenance.get("year"),
        report=str(provenance.get("report") or ""),
        outcomes=outcomes,
    )


def _in_numbers(number: str) -> int:
    return -int(number) if number.isdecimal() else 0


def _decided() -> QuerySet[Any]:
    return Version.objects.filter(kind="decision").annotate(
        of_meeting=KeyTextTransform("meeting_number", "provenance"),
    )


@kept()
def _in_order(number: str) -> Sequence[int]:
    """The decisions of a meeting (keys of versions) by outcome and then by name."""
    rank = Case(
        *(When(outcome=outcome, then=Value(place)) for place, outcome in enumerate(OutcomeChoices.values)),
        output_field=IntegerField(),
    )
    decided = _decided().filter(of_meeting=number).values_list("pk", flat=True)
    return array(
        "q",
        decided.order_by(
            rank, "recommendation__medicine__sort_key", "recommendation__indication__sort_key", "position"
        ),
    )


SHOWN = (
    *("number", "outcome", "provenance", "recommendation__number", "recommendation__partners"),
    *("recommendation__medicine__name", "recommendation__indication__name"),
)


class MeetingPage:
    """Everything that the page of one meeting shows; a constant number of queries."""

    def __init__(self, meeting: MeetingRow, *, page: str | None = None) -> None:
        self.meeting = meeting
        self._page = page

    @cached_property
    def versions(self) -> Page[Version]:
        """The versions that its decisions made, by outcome and then by name."""
        keys = _in_order(self.meeting.number)
        rows = (
            Version.objects.select_related("recommendation__medicine", "recommendation__indication")
            .only(*SHOWN)
            .annotate(is_corrected=Exists(Version.objects.filter(corrects=OuterRef("pk"))))
        )
        return page_of(Rows(rows, keys=lambda: keys, count=len(keys)), self._page)

    @cached_property
    def groups(self) -> list[tuple[str, list[Version]]]:
        """(outcome in the reader's language, the versions that it made)."""
        return [
            (str(OutcomeChoices(outcome).label), list(each))
            for outcome, each in groupby(self.versions, key=lambda version: version.outcome)
        ]

    @cached_property
    def days(self) -> list[str]:
        """The days on which it decided, as far as the decisions shown here say so, the first and the last."""
        days = sorted({str(version.provenance.get("decided_on") or "") for version in self.versions} - {""})
        return [days[0], days[-1]] if len(days) > 1 else days

    @cached_property
    def edition(self) -> int | None:
        """The edition that its decisions went into, where they say so and the record has it."""
        said = next((edition for v in self.versions if (edition := v.provenance.get("edition"))), None)
        return said if any(row.number == said for row in editions()) else None
