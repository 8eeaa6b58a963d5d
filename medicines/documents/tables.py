"""A list as a table: one row for each place where a recommendation stands, the same in every format.

What the rows say is in ``Row``, what the file says of itself in ``About``; both are part of the published schema.
Nothing here touches the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from typing import Any, Literal

from django.utils.translation import gettext, gettext_lazy, pgettext_lazy
from pydantic import Field

from medicines.content import labels
from medicines.content.labels import Words
from medicines.content.schema import (
    Facts,
    ListName,
    ListStatus,
    Outcome,
    Part,
    Placement,
    Status,
    StatusEvent,
)
from medicines.lists.export import COLUMNS as OFFICIAL
from medicines.lists.own_export import FACTS, formulation_line
from medicines.models.recommendation import KindChoices, OutcomeChoices, StatusChoices

from .office import Properties


class Row(Part):
    """One row of a list. ``null``, or an empty list, means *not stated*, which is not "no"."""

    number: int = Field(description="Number of the recommendation: its identity, which never changes.")
    version: int = Field(description="Number of the version of the recommendation that the row is taken from.")
    address: str = Field(description="Lasting address of that version.")
    medicine: str = Field(description="International nonproprietary name, or the names of a combination.")
    indication: str
    combined_with: tuple[str, ...] = Field(description="Medicines given alongside, not ingredients of a combination.")
    status: Status = Field(description="What holds for the recommendation as a whole.")
    placement: int = Field(description="Which of the recommendation's places this row is, from 1; 0 where it has none.")
    eml: ListStatus | None = Field(description="Status on the Model List in this section.")
    emlc: ListStatus | None = Field(description="Status on the Model List for Children in this section.")
    unnamed_list: Literal["listed", "removed"] | None = Field(description="Status of a source that names no list.")
    section_edition: str | None = Field(description="Edition of the Model List that numbers the section.")
    section_number: str | None = Field(description="Number of the section itself.")
    section_numbers: tuple[str, ...] = Field(description="Numbers from the root of the tree to the section.")
    section_titles: tuple[str, ...] = Field(description="Titles from the root of the tree to the section.")
    formulations: tuple[str, ...] = Field(description="Each a line as its source wrote it: route, then strengths.")
    formulations_eml: tuple[str, ...] = Field(description="Those of the lines that are stated to be on the EML.")
    formulations_emlc: tuple[str, ...] = Field(description="Those of the lines that are stated to be on the EMLc.")
    atc: tuple[str, ...]
    icd11: tuple[str, ...]
    icd11_from: Literal["version", "vocabulary"] | None = Field(
        description="Whether the version states the codes, or today's table of indications does."
    )
    medicine_type: Literal["chemical", "biological"] | None
    aware: Literal["access", "watch", "reserve", "not_recommended"] | None
    aware_edition: str | None = Field(description="Edition of the AWaRe classification.")
    aware_from: Literal["version", "vocabulary"] | None = Field(
        description="Whether the version states the group, or the newest AWaRe classification of the record does."
    )
    choice: Literal["first", "second"] | None
    sex: Literal["all", "female", "male"] | None
    age: Literal["all", "also_children", "children", "adolescents_adults", "adults", "range"] | None
    age_words: str | None
    weight: str | None
    alternatives: Literal["specific", "atc_class", "named"] | None
    alternatives_atc: str | None
    alternatives_medicines: tuple[str, ...]
    alternatives_limits: str | None
    patents: Literal["expired", "main_expired", "active_one", "active_several"] | None
    patents_url: str | None
    year_listed: int | None = Field(description="Year since which it has been listed without a break.")
    history: tuple[str, ...] = Field(description="Events on the lists: event, year, report.")
    kind: Literal["decision", "correction", "imported"] = Field(description="How the version came about.")
    outcome: Outcome | None = Field(description="What was decided.")
    meeting: str | None
    report: str | None
    effective_date: date


class About(Part):
    """What a file says of itself: whose it is, what it was made from, and under which licence it may be used."""

    title: str
    publisher: str = Field(description="Who runs the site.")
    licence: str = Field(description="Licence of the content; it is not that of the software.")
    licence_url: str
    notice: str = Field(description="That the site is not one of WHO, and whether it is a demonstration.")
    source: str = Field(description="Address by which the list can be had again.")
    filters: tuple[str, ...] = Field(description="What the list was narrowed by.")
    record_state: int = Field(description="Number of the state of the record that the list shows.")
    record_changed_at: datetime
    schema_url: str

    @property
    def properties(self) -> Properties:
        """The same, where Word and Excel show it."""
        words = " ".join(filter(None, (self.notice, self.licence, self.licence_url, self.source)))
        return Properties(self.title, self.publisher, words, self.record_changed_at)


class ListFile(Part):
    """A list as a JSON file."""

    about: About
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Statement:
    """A version as a list shows it, with what stands beside it in the record.

    ``icd11`` are the codes of today's table of indications; ``aware`` is (group, edition) of the newest AWaRe
    classification. Both count only where the version says nothing.
    """

    number: int
    version: int
    address: str
    facts: Facts
    kind: str
    outcome: str
    effective_date: date
    provenance: dict[str, Any] = field(default_factory=dict)
    icd11: tuple[str, ...] = ()
    aware: tuple[str, str] | None = None

    @property
    def report(self) -> str | None:
        """The report of the meeting or of the edition that the version comes of."""
        return str(self.provenance.get("report") or "") or None

    @property
    def meeting(self) -> str | None:
        return str(self.provenance.get("meeting") or "") or None


@dataclass(frozen=True)
class Entry:
    """One row with what it was made from; ``placement`` is ``None`` for what stands nowhere."""

    row: Row
    facts: Facts
    placement: Placement | None


def entries(statement: Statement, *, section: str = "") -> Iterator[Entry]:
    """The rows of one statement: one a placement, or a single one where it has none.

    With the number of a ``section``, of several placements only those in it and below it are rows.
    """
    facts = statement.facts
    if not facts.placements and not section:
        yield Entry(_row(statement, 0, Placement()), facts, None)
    for place, placement in enumerate(facts.placements, 1):
        if not section or _stands_in(placement, section):
            yield Entry(_row(statement, place, placement), facts, placement)


def _stands_in(placement: Placement, section: str) -> bool:
    """Whether it is in the section or below it. The edition is no matter: a text that an edition took over unchanged
    names the one before."""
    path = placement.section
    return path is not None and section in (step.number for step in path.steps)


def _row(statement: Statement, place: int, placement: Placement) -> Row:
    facts, path = statement.facts, placement.section
    aware = (facts.aware.group, facts.aware.edition) if facts.aware else statement.aware
    alternatives, patents, age = facts.alternatives, facts.patents, facts.age
    return Row.model_construct(
        number=statement.number,
        version=statement.version,
        address=statement.address,
        medicine=facts.medicine,
        indication=facts.indication,
        combined_with=facts.partners,
        status=facts.status,
        placement=place,
        eml=placement.eml,
        emlc=placement.emlc,
        unnamed_list=placement.unnamed_list,
        section_edition=(path and path.edition) or None,
        section_number=(path and path.leaf.number) or None,
        section_numbers=tuple(step.number for step in path.steps if step.number) if path else (),
        section_titles=tuple(step.title for step in path.steps) if path else (),
        formulations=tuple(formulation_line(each) for each in placement.formulations),
        formulations_eml=_lines_on("EML", placement),
        formulations_emlc=_lines_on("EMLc", placement),
        atc=facts.atc,
        icd11=facts.icd11 or statement.icd11,
        icd11_from=_source(facts.icd11, statement.icd11),
        medicine_type=facts.medicine_type,
        aware=aware[0] if aware else None,
        aware_edition=(aware and aware[1]) or None,
        aware_from=_source(facts.aware, statement.aware),
        choice=facts.choice,
        sex=facts.sex,
        age=age and age.kind,
        age_words=(age and age.words) or None,
        weight=facts.weight or None,
        alternatives=alternatives and alternatives.kind,
        alternatives_atc=(alternatives and alternatives.atc) or None,
        alternatives_medicines=alternatives.medicines if alternatives else (),
        alternatives_limits=(alternatives and alternatives.limits) or None,
        patents=patents and patents.status,
        patents_url=(patents and patents.url) or None,
        year_listed=facts.year_listed,
        history=tuple(_event(event) for event in facts.history),
        kind=statement.kind,
        outcome=statement.outcome or None,
        meeting=statement.meeting,
        report=statement.report,
        effective_date=statement.effective_date,
    )


def _lines_on(name: ListName, placement: Placement) -> tuple[str, ...]:
    return tuple(formulation_line(each) for each in placement.formulations if name in each.lists)


def _event(event: StatusEvent) -> str:
    return " ".join(filter(None, (event.event, str(event.year), event.report, event.words)))


def _source(stated: object, beside: object) -> Literal["version", "vocabulary"] | None:
    if stated:
        return "version"
    return "vocabulary" if beside else None


# The columns for people, in their language


@dataclass(frozen=True)
class Column:
    """A column of a workbook: a field of the row under a translated heading.

    ``words``: what its values are called; others are told as they are, several with ``between`` between them.
    """

    key: str
    heading: Words
    words: Mapping[str, Words] = field(default_factory=dict)
    between: str = "\n"
    width: int = 14

    def teller(self) -> Callable[[Row], str | int | date | None]:
        """What tells the cell of a row: a number, a day, or words in the language that is active now; ``None`` or no
        words where nothing is stated. Made once for many rows, since a translation is looked up slowly."""
        value, between = attrgetter(self.key), self.between
        words = {key: str(said) for key, said in self.words.items()}

        def tell(row: Row) -> str | int | date | None:
            found = value(row)
            return between.join(found) if isinstance(found, tuple) else words.get(found, found)

        return tell


SOURCES: dict[str, Words] = {
    "version": pgettext_lazy("source of a code", "This text"),
    "vocabulary": pgettext_lazy("source of a code", "Classification"),
}

AWARE: dict[str, Words] = {**labels.VALUES["aware"], "not_recommended": pgettext_lazy("AWaRe", "Not recommended")}

COLUMNS: tuple[Column, ...] = (
    Column("number", gettext_lazy("Recommendation number")),
    Column("version", gettext_lazy("Version number"), width=9),
    Column("address", gettext_lazy("Address of the version"), width=30),
    Column("status", gettext_lazy("Overall status"), words=dict(StatusChoices.choices), width=20),
    Column("eml", gettext_lazy("EML"), words=labels.LIST_STATUS, width=18),
    Column("emlc", gettext_lazy("EMLc"), words=labels.LIST_STATUS, width=18),
    Column("unnamed_list", gettext_lazy("List not named by the source"), words=labels.LIST_STATUS),
    Column("section_edition", gettext_lazy("Edition of the section"), width=9),
    Column("section_number", gettext_lazy("Section number"), width=10),
    Column("section_numbers", gettext_lazy("Section numbers from the root"), between=" > ", width=16),
    Column("formulations_eml", gettext_lazy("Formulations on the EML"), width=34),
    Column("formulations_emlc", gettext_lazy("Formulations on the EMLc"), width=34),
    Column("icd11", gettext_lazy("ICD-11 codes"), between=", "),
    Column("icd11_from", gettext_lazy("Source of the ICD-11 codes"), words=SOURCES),
    Column("medicine_type", gettext_lazy("Medicine type"), words=labels.VALUES["medicine_type"]),
    Column("aware", gettext_lazy("Antibiotic group (AWaRe)"), words=AWARE),
    Column("aware_edition", gettext_lazy("Edition of AWaRe"), width=9),
    Column("aware_from", gettext_lazy("Source of the AWaRe group"), words=SOURCES),
    Column("choice", gettext_lazy("Choice for this indication"), words=labels.VALUES["choice"]),
    Column("sex", gettext_lazy("Sex"), words=labels.VALUES["sex"]),
    Column(
        "age",
        gettext_lazy("Age"),
        words={**labels.VALUES["age"], "range": gettext_lazy("Age range")},
        width=18,
    ),
    Column("age_words", gettext_lazy("Age limits"), width=18),
    Column("weight", gettext_lazy("Weight")),
    Column(
        "alternatives",
        gettext_lazy("Therapeutic alternatives"),
        words=labels.VALUES["alternatives"],
        width=24,
    ),
    Column("alternatives_atc", gettext_lazy("Class of the alternatives (ATC)")),
    Column("alternatives_medicines", gettext_lazy("Medicines that are alternatives"), width=24),
    Column("alternatives_limits", gettext_lazy("Limits of the alternatives"), width=24),
    Column("patents", gettext_lazy("Patent information"), words=labels.VALUES["patents"], width=24),
    Column("patents_url", gettext_lazy("Address of the patent information"), width=24),
    Column("year_listed", gettext_lazy("Listed since"), width=9),
    Column("history", gettext_lazy("Status history"), width=28),
    Column("kind", gettext_lazy("Kind of version"), words=dict(KindChoices.choices)),
    Column("outcome", pgettext_lazy("of a decision", "Outcome"), words=dict(OutcomeChoices.choices)),
    Column("meeting", gettext_lazy("Meeting"), width=24),
    Column("report", gettext_lazy("Report")),
    Column("effective_date", gettext_lazy("Holds from"), width=12),
)

OFFICIAL_WIDTHS = (26, 34, 44, 30, 12, 20, 12)


def headings() -> tuple[str, ...]:
    """The first row of a workbook: the official columns in English, ours in the language that is active."""
    return (*OFFICIAL, *(str(column.heading) for column in COLUMNS), FACTS)


# What a file says of itself, for people


def about_lines(about: About) -> Iterable[tuple[str, str]]:
    """What a file says of itself, as (term, words) in the language that is active."""
    licence = " ".join(filter(None, (about.licence, about.licence_url)))
    yield gettext("Title"), about.title
    yield gettext("Run by"), about.publisher
    yield gettext("Notice"), about.notice
    yield gettext("Licence of the content"), licence
    yield gettext("Address"), about.source
    if about.filters:
        yield gettext("Narrowed by"), "; ".join(about.filters)
    yield gettext("State of the record"), f"{about.record_state} ({about.record_changed_at:%Y-%m-%d %H:%M} UTC)"
    yield gettext("Schema"), about.schema_url
