"""Importing the official export of a list: read, planned, reported, carried out in one transaction or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from django.db import transaction

from medicines.content.identity import identity
from medicines.content.schema import SectionPath, SectionStep
from medicines.lists.export import COLUMNS, Entry, read_export
from medicines.lists.findings import Finding
from medicines.lists.plan import Identity, Known, Step, plan
from medicines.lists.report import Missing, Report
from medicines.lists.sections import SectionIndex
from medicines.lists.table import Table, read_table
from medicines.models import Edition, EditionEntry, Listing, Recommendation, Section, Version

from .imported import (
    PART,
    decided_in,
    holding_in,
    imported_publication,
    in_parts,
    newest_of,
    provenance,
    versions_until,
)
from .listing import mark_edition
from .publish import Publication, lock_record, publish


@transaction.atomic
def import_list(*, file: Path, edition: Edition, preview: bool = False) -> Report:
    """Bring the export ``file`` into the record as what ``edition`` said, and return the report.

    Each recommendation is matched by medicine, indication and partners. New facts make a version of the kind
    "imported" with the date of the edition, which carries forward the narrative that held on that day; it becomes
    current only where nothing later is published. The edition gets an entry for every recommendation, changed or not.
    Where a decision says otherwise about the lists, nothing is written and the report says so.

    ``edition`` may be unsaved; it is saved with the rest. A preview writes nothing, and where one row is refused
    nothing is written either. Raises ``TableUnreadable``, and ``PublicationRefused`` where the record refuses.
    """
    table = read_table(file, columns=COLUMNS)
    export = read_export(table, sections=_sections(edition))
    writes = not preview and not export.refused
    if writes:
        lock_record()
    record = _Record(edition)
    steps: list[Step] = []
    for part in in_parts(export.entries):
        steps += plan(part, known=record.known(part))
    report = Report(
        source=table,
        edition=edition.number,
        export=export,
        steps=steps,
        missing=_missing(edition, export.entries),
        entries=record.entries_wanted(steps),
        written=writes,
        refused=export.refused,
        warnings=[*record.notes(steps), *export.warnings],
    )
    if writes:
        _carry_out(steps, record=record, table=table)
    return report


class _Record:
    """What the record knows of the recommendations of the file, as of the day of the edition."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self._recommendation: dict[Identity, int] = {}
        entries = EditionEntry.objects.filter(edition=edition) if edition.pk else EditionEntry.objects.none()
        self._entered = dict(entries.values_list("recommendation", "version"))
        self._held: dict[int, int] = {}

    def known(self, entries: Sequence[Entry]) -> dict[Identity, Known]:
        """The recommendations that these entries are about. A constant number of queries."""
        found = self._found(entries)
        keys = [recommendation.pk for recommendation in found.values()]
        versions = versions_until(edition=self.edition, recommendations=keys)
        decided = decided_in(versions=versions)
        held = holding_in(versions=versions)
        contents = {key: version.content for key, version in held.items()}
        self._held |= {key: version.pk for key, version in held.items()}
        self._recommendation |= {key: recommendation.pk for key, recommendation in found.items()}
        return {
            key: Known(recommendation.number, contents.get(recommendation.pk), recommendation.pk in decided)
            for key, recommendation in found.items()
        }

    def holding(self, steps: Sequence[Step]) -> dict[Identity, Version]:
        """The versions that held on the day of the edition, with their narratives."""
        wanted = {self._held.get(self._recommendation.get(identity(step.facts), 0)) for step in steps}
        versions = Version.objects.filter(pk__in=[key for key in wanted if key])
        by_recommendation = {version.recommendation_id: version for version in versions}
        return {
            key: by_recommendation[recommendation]
            for key in (identity(step.facts) for step in steps)
            if (recommendation := self._recommendation.get(key)) in by_recommendation
        }

    def newest(self, steps: Sequence[Step]) -> dict[Identity, Version]:
        """The versions with the highest numbers, whenever they hold: what a publication starts from."""
        keys = {key: self._recommendation.get(key) for key in (identity(step.facts) for step in steps)}
        found = newest_of(recommendations=[each for each in keys.values() if each])
        return {key: found[each] for key, each in keys.items() if each in found}

    def entries_wanted(self, steps: Iterable[Step]) -> int:
        return sum(step.action != "conflict" and not self._is_entered(step) for step in steps)

    def add_entries(self, steps: Iterable[Step], made: dict[Identity, Version]) -> None:
        """Write the entries of the edition that it does not have: the new version, or the one that held."""
        rows = []
        for step in steps:
            key = identity(step.facts)
            if step.action == "conflict" or self._is_entered(step):
                continue
            if key in made:
                version, recommendation = made[key].pk, made[key].recommendation_id
            else:
                recommendation = self._recommendation[key]
                version = self._held[recommendation]
            rows.append(EditionEntry(edition=self.edition, recommendation_id=recommendation, version_id=version))
        EditionEntry.objects.bulk_create(rows, batch_size=PART)
        mark_edition(edition=self.edition, recommendations=[row.recommendation_id for row in rows])

    def notes(self, steps: Iterable[Step]) -> list[Finding]:
        """What the edition keeps as it has it: its entries never change."""
        return [
            Finding(
                step.entry.rows,
                ", ".join(step.fields),
                f"the edition has an entry for recommendation {step.number} already and keeps it; "
                "the new facts make a version beside it.",
            )
            for step in steps
            if step.writes and self._is_entered(step)
        ]

    def _is_entered(self, step: Step) -> bool:
        return self._recommendation.get(identity(step.facts)) in self._entered

    def _found(self, entries: Sequence[Entry]) -> dict[Identity, Recommendation]:
        rows = Recommendation.objects.about_any(entry.facts for entry in entries)
        by_key = {
            (row.medicine.key, row.indication.key, row.partners_key): row
            for row in rows.select_related("medicine", "indication")
        }
        wanted = {identity(entry.facts) for entry in entries}
        return {key: row for key, row in by_key.items() if key in wanted}


def _carry_out(steps: Sequence[Step], *, record: _Record, table: Table) -> None:
    edition = record.edition
    if edition.pk is None:
        edition.save()
    source = provenance(edition=edition, file=table)
    for part in in_parts(steps):
        writing = [step for step in part if step.writes]
        made: dict[Identity, Version] = {}
        if writing:
            publications = _publications(writing, record)
            versions = publish(publications=publications, source=source)
            made = {identity(step.facts): version for step, version in zip(writing, versions, strict=True)}
        record.add_entries(part, made)


def _publications(steps: Sequence[Step], record: _Record) -> list[Publication]:
    newest, holding = record.newest(steps), record.holding(steps)
    return [
        imported_publication(
            facts=step.facts,
            edition=record.edition,
            rows=step.entry.rows,
            held=holding.get(identity(step.facts)),
            newest=newest.get(identity(step.facts)),
        )
        for step in steps
    ]


def _sections(edition: Edition) -> SectionIndex:
    """The sections of the edition with those above them, in one query."""
    if edition.pk is None:
        return SectionIndex(edition=edition.number, paths=())
    rows = {section.pk: section for section in Section.objects.filter(edition=edition)}
    return SectionIndex(edition=edition.number, paths=[_path(row, rows, edition) for row in rows.values()])


def _path(section: Section, rows: dict[int, Section], edition: Edition) -> SectionPath:
    steps: list[SectionStep] = []
    step: Section | None = section
    while step is not None:
        steps.insert(0, SectionStep(number=step.number, title=step.title))
        step = rows.get(step.parent_id) if step.parent_id else None
    return SectionPath(edition=str(edition.number), steps=tuple(steps))


def _missing(edition: Edition, entries: Iterable[Entry]) -> list[Missing]:
    """What is listed in the record since before the edition, and has no row in the file."""
    named = {identity(entry.facts) for entry in entries}
    listed = Listing.objects.filter(status="essential", effective_date__lte=edition.effective_date)
    rows = listed.order_by("sort_key").values_list(
        "recommendation__number",
        "medicine__name",
        "indication__name",
        "medicine__key",
        "indication__key",
        "recommendation__partners_key",
    )
    return [Missing(number, medicine, use) for number, medicine, use, *key in rows if tuple(key) not in named]
