"""Importing what somebody has parsed of the printed list: list types, representatives, alternatives, choices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from medicines.lists.base_report import ImportReport, Told
from medicines.lists.choices import Choices
from medicines.lists.findings import Finding
from medicines.lists.printed import (
    BoxDoubt,
    Enrichment,
    Entered,
    NameDoubt,
    PrintedEntry,
    PrintedPlan,
    doubtful_names,
    plan_printed,
    read_printed,
)
from medicines.lists.table import Origin
from medicines.models import Edition, EditionEntry, Medicine, Recommendation
from medicines.sorting import folded

from .editions import EditionRefused
from .imported import decided_in, holding_in, imported_publication, in_parts, newest_of, provenance, versions_until
from .publish import lock_record, publish


@transaction.atomic
def import_printed_list(
    *, file: Path, edition: Edition, preview: bool = False, choices: Choices | None = None
) -> ImportReport:
    """Enrich what ``edition`` said by the printed list in ``file``, and return the report.

    Entries are matched by name and section with the recommendations that the edition has entries for; what is taken
    is told in ``medicines.lists.printed``. New facts make a version of the kind "imported" with the date of the
    edition, which carries forward the narrative that held on that day; it becomes current only where nothing later is
    published. The edition keeps its entries. Where a decision states otherwise nothing is written for that
    recommendation, and the report says so. The same file again changes nothing. ``choices`` say in which sections boxes
    stand that nobody can tell from the file, and which medicines of the edition unknown names mean.

    Raises ``TableUnreadable``, ``EditionRefused`` where the edition has no entries, and ``PublicationRefused``. A
    preview writes nothing, and where one entry is refused nothing is written either.
    """
    read = read_printed(file)
    if not preview:
        lock_record()
    choices = choices or Choices()
    chosen = {folded(name): medicine for name, medicine in choices.names.items()}
    meant = {name: folded(medicine) for name, medicine in chosen.items() if medicine}
    entered = _entered(edition, medicines={entry.key for entry in read.entries} | {*meant.values()})
    plan = plan_printed(read.entries, entered=entered, settled=choices.boxes, names=meant)
    questions: dict[str, Sequence[BoxDoubt | NameDoubt]] = {
        "names": doubtful_names(read.entries, among=_medicines(edition), chosen=chosen),
        "boxes": plan.doubts,
    }
    report = _report(plan, questions, edition=edition, origin=read.origin, refused=read.refused, written=not preview)
    if report.written:
        _carry_out(plan.steps, edition=edition, origin=read.origin)
    return report


def _entered(edition: Edition, *, medicines: Iterable[str]) -> Iterator[Entered]:
    """The recommendations of the edition for medicines with these folded names, as they held on its day."""
    entries = EditionEntry.objects.filter(edition=edition) if edition.pk else EditionEntry.objects.none()
    if not entries.exists():
        raise EditionRefused(
            _("Edition %(number)s has no entries to enrich. Import its list first.") % {"number": edition.number}
        )
    named = entries.filter(recommendation__medicine__key__in=list(medicines))
    for part in in_parts(named.values_list("recommendation", flat=True)):
        versions = versions_until(edition=edition, recommendations=part)
        decided, held = decided_in(versions=versions), holding_in(versions=versions)
        rows = Recommendation.objects.filter(pk__in=held).values_list("pk", "number", "medicine__key")
        for pk, number, medicine in rows:
            yield Entered(number, medicine, held[pk].content.facts, pk in decided)


def _medicines(edition: Edition) -> dict[str, str]:
    """The names of the medicines of the edition by folded name."""
    named = Medicine.objects.filter(
        Exists(EditionEntry.objects.filter(edition=edition, recommendation__medicine=OuterRef("pk")))
    )
    return dict(named.values_list("key", "name"))


def _carry_out(steps: Iterable[Enrichment], *, edition: Edition, origin: Origin) -> None:
    source = provenance(edition=edition, file=origin)
    for part in in_parts(step for step in steps if step.writes):
        numbers = [step.entered.number for step in part]
        keys = dict(Recommendation.objects.filter(number__in=numbers).values_list("number", "pk"))
        held = holding_in(versions=versions_until(edition=edition, recommendations=keys.values()))
        newest = newest_of(recommendations=keys.values())
        publications = [
            imported_publication(
                facts=step.facts,
                edition=edition,
                rows=step.rows,
                held=held[keys[step.entered.number]],
                newest=newest[keys[step.entered.number]],
            )
            for step in part
        ]
        publish(publications=publications, source=source)


def _report(
    plan: PrintedPlan,
    questions: Mapping[str, Sequence[BoxDoubt | NameDoubt]],
    *,
    edition: Edition,
    origin: Origin,
    refused: Sequence[Finding],
    written: bool,
) -> ImportReport:
    actions = Counter(step.action for step in plan.steps)
    hows = Counter(plan.sections.values())
    facts = [step.facts for step in plan.steps]
    return ImportReport(
        source=origin,
        written=written and not refused,
        about={
            "edition": edition.number,
            "questions": {name: [each.to_dict() for each in asked] for name, asked in questions.items()},
        },
        figures_by_name={
            "entries": len(plan.named) + len(plan.no_name),
            "names of the edition": len(plan.named),
            "names that the edition does not have": len(plan.no_name),
            "sections matched by number": hows["number"],
            "sections matched by title": hows["title"],
            "sections matched as one above": hows["above"],
            "in other sections": len(plan.elsewhere),
            "recommendations": len(plan.steps),
            "changed": actions["changed"],
            "unchanged": actions["unchanged"],
            "conflict": actions["conflict"],
            "core": sum(each.list_status("EML") == "core" for each in facts),
            "complementary": sum(each.list_status("EML") == "complementary" for each in facts),
            "representative": sum(
                each.alternatives is not None and each.alternatives.kind != "specific" for each in facts
            ),
            "with a choice": sum(each.choice is not None for each in facts),
        },
        telling=(
            _conflicts(plan.steps),
            Told(
                "elsewhere",
                "printed_elsewhere",
                [{**_entry_row(entry), "listed_in": list(others)} for entry, others in plan.elsewhere],
            ),
            Told("unmatched", "printed_unmatched", [_entry_row(entry) for entry in plan.no_name]),
            _looser(plan),
            _changes(plan.steps),
        ),
        refused=refused,
        warnings=plan.findings,
    )


def _conflicts(steps: Iterable[Enrichment]) -> Told:
    found = [step for step in steps if step.action == "conflict"]
    return Told("conflict", "conflict", [_step_row(step) for step in found])


def _changes(steps: Iterable[Enrichment]) -> Told:
    found = [step for step in steps if step.action == "changed"]
    return Told("changed", "changed", [_step_row(step) for step in found])


def _looser(plan: PrintedPlan) -> Told:
    found = [(entry, how) for entry in plan.named if (how := plan.sections.get(entry.row)) in ("title", "above")]
    return Told("looser", "printed_looser", [{**_entry_row(entry), "by": how} for entry, how in found])


def _entry_row(entry: PrintedEntry) -> dict[str, object]:
    return {"row": entry.row, "name": entry.name, "section": entry.section}


def _step_row(step: Enrichment) -> dict[str, object]:
    return {
        "number": step.entered.number,
        "medicine": step.facts.medicine,
        "indication": step.facts.indication,
        "rows": list(step.rows),
        "fields": list(step.fields),
    }
