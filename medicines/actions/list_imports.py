"""Files that staff bring to the desk: received and previewed, settled, then carried out as they were previewed."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from medicines.content.fingerprint import canonical
from medicines.lists.base_report import BaseReport, ImportReport, Told
from medicines.lists.choices import ChoiceRefused, Choices
from medicines.lists.export import COLUMNS as LIST_COLUMNS
from medicines.lists.table import PIECE, Origin, TableUnreadable, opened_table
from medicines.models import Edition, ListImport

from .editions import EditionRefused, EditionUnknown, edition_for, facts_of
from .errors import PublicationRefused
from .import_atc import import_atc
from .import_aware import import_aware
from .import_icd11 import import_icd11
from .import_list import PlanHasMoved, import_list
from .import_printed_list import import_printed_list
from .import_sections import COLUMNS, OPTIONAL, SectionsRefused, import_sections
from .import_synonyms import import_synonyms
from .publish import lock_record

Kind = ListImport.Kind

REFUSALS = (TableUnreadable, EditionRefused, ChoiceRefused, PublicationRefused, SectionsRefused)
"""What a file, or what is said of it, can be refused with. The message can be shown to the person who asked."""

LARGEST = 50 * 1024 * 1024
"""In bytes, the largest file that is taken."""

LONGEST_NUMBER = 3
"""In digits, of an edition."""

LONGEST_NAME = 255
"""In bytes, as file systems count: a name in Chinese has as many after 85 characters."""


class NotWaiting(PublicationRefused):
    """The import was carried out already."""

    def __init__(self) -> None:
        super().__init__(_("This import was carried out already."))


class PreviewHasChanged(PublicationRefused):
    """Somebody has settled something since, so the answers are to questions of an older preview."""

    def __init__(self) -> None:
        super().__init__(_("The preview has changed since this page was made. Look again."))


class RowsRefused(PublicationRefused):
    """Rows of the file cannot be taken, so nothing of it was."""

    def __init__(self) -> None:
        super().__init__(
            _("Rows of the file were refused, so nothing was written. Mend them and bring the file again.")
        )


def receive(*, file: File[bytes], name: str, kind: str, edition: str = "", previous: str = "") -> ListImport:
    """Keep a file and preview it; nothing of it enters the record yet.

    ``edition``: the number of an edition, or the year or release that a classification goes by. ``previous``: for
    sections, the edition whose numbers the column "continues" names. A file of an edition of which nothing is known
    is kept without a preview: ``state_edition`` comes next. Raises one of ``REFUSALS``; then nothing is kept.
    """
    name = re.split(r"[\\/]", name)[-1].strip().encode()[-LONGEST_NAME:].decode(errors="ignore") or "file"
    waiting = ListImport(kind=kind, edition=edition, previous=previous, name=name)
    with _laid_out(name, file) as path:
        try:
            report = _run(waiting, path, preview=True)
        except EditionUnknown:
            waiting.sha256 = _seen(waiting, path).sha256
        else:
            waiting.sha256 = report.source.sha256
            waiting.report = _kept(report)
        file.seek(0)
        waiting.file.save(name, file, save=False)
    waiting.save()
    return waiting


@transaction.atomic
def state_edition(*, waiting: ListImport, edition: str, facts: Mapping[str, Any]) -> ListImport:
    """Say which edition the file is of, and what is known of one that the record does not have; preview again.

    ``facts``: year, report, children_number and effective_date, as ``edition_for`` takes them. The edition is made
    when the import is carried out. What was settled for another edition is open again. Raises one of ``REFUSALS``.
    """
    row = _waiting(waiting)
    stated = {name: value for name, value in facts.items() if value not in (None, "")}
    if isinstance(day := stated.get("effective_date"), date):
        stated["effective_date"] = day.isoformat()
    settled = Choices.from_dict(row.choices) if edition == row.edition else Choices()
    row.edition, row.choices = edition, replace(settled, edition=stated).to_dict()
    return _previewed(row)


@transaction.atomic
def settle(*, waiting: ListImport, choices: Choices, plan: str) -> ListImport:
    """Preview the import again with what a person has settled of the preview with the checksum ``plan``.

    Raises ``PreviewHasChanged`` where there is another one by now, or another of ``REFUSALS``.
    """
    row = _waiting(waiting)
    if plan != row.report.get("plan"):
        raise PreviewHasChanged
    row.choices = choices.to_dict()
    return _previewed(row)


@transaction.atomic
def preview_again(*, waiting: ListImport) -> ListImport:
    """Preview the import again with what was settled, because the record has changed. Raises one of ``REFUSALS``."""
    return _previewed(_waiting(waiting))


@transaction.atomic
def carry_out(*, waiting: ListImport, plan: str) -> ListImport:
    """Do what the preview with the checksum ``plan`` said, all of it or nothing, and keep the report.

    Raises ``PlanHasMoved`` where something else would be done now, or something else is shown by now; ``RowsRefused``,
    or another of ``REFUSALS``.
    """
    row = _waiting(waiting)
    if plan != row.report.get("plan"):
        raise PlanHasMoved
    lock_record()  # Before the edition is looked up: somebody else may be making it.
    with _kept_file(row) as path:
        report = _run(row, path, preview=False, plan=plan)
    if not report.written:
        raise RowsRefused
    row.report = _kept(report)
    row.carried_out_at = timezone.now()
    row.save()
    return row


@transaction.atomic
def discard(*, waiting: ListImport) -> None:
    """Forget a file that was not carried out."""
    row = _waiting(waiting)
    file = row.file
    row.delete()
    transaction.on_commit(lambda: file.delete(save=False))


def _waiting(waiting: ListImport) -> ListImport:
    row = ListImport.objects.select_for_update().get(pk=waiting.pk)
    if row.carried_out_at:
        raise NotWaiting
    return row


def _previewed(row: ListImport) -> ListImport:
    with _kept_file(row) as path:
        row.report = _kept(_run(row, path, preview=True))
    row.save()
    return row


# Running an import of any kind


@dataclass(frozen=True)
class _Job:
    """What one import is to do with a file."""

    path: Path
    edition: str
    previous: str
    preview: bool
    choices: Choices
    plan: str = ""

    def for_edition(self) -> Edition:
        facts = dict(self.choices.edition)
        if day := facts.get("effective_date"):
            facts["effective_date"] = date.fromisoformat(day)
        return edition_for(number=_number(self.edition), given=facts)


def _number(words: str) -> int:
    if words.isascii() and words.isdecimal() and len(words) <= LONGEST_NUMBER and int(words):
        return int(words)
    raise EditionRefused(_("Give the number of an edition, such as 24."), field="edition")


def _run(row: ListImport, path: Path, *, preview: bool, plan: str = "") -> BaseReport:
    choices = Choices.from_dict(row.choices)
    if not preview and row.kind != Kind.LIST:
        # A list compares its plan itself, while it is carried out; what is smaller is planned once more.
        job = _Job(path, row.edition, row.previous, preview=True, choices=choices)
        if checksum(RUNS[row.kind](job)) != plan:
            raise PlanHasMoved
    return RUNS[row.kind](_Job(path, row.edition, row.previous, preview, choices, plan))


def checksum(report: BaseReport) -> str:
    """The same for two previews that would do the same."""
    told = report.to_dict()
    return str(told.get("plan") or hashlib.sha256(canonical(told | {"written": None}).encode()).hexdigest())


def _kept(report: BaseReport) -> dict[str, Any]:
    """A report as it is kept: its JSON, and the codes of the headings of what it tells of at length, for a page."""
    told = [{"name": each.name, "heading": each.code} for each in report.told() if each.rows]
    return {**report.to_dict(), "plan": checksum(report), "told": told}


def _list(job: _Job) -> BaseReport:
    edition = job.for_edition()
    return import_list(file=job.path, edition=edition, preview=job.preview, choices=job.choices, expected=job.plan)


def _sections(job: _Job) -> BaseReport:
    previous = Edition.objects.filter(number=int(job.previous)).first() if job.previous.isdecimal() else None
    if job.previous and previous is None:
        raise EditionRefused(
            _("The record has no edition %(number)s. Bring its sections first.") % {"number": job.previous}
        )
    edition = job.for_edition()
    created = facts_of(edition) if edition.pk is None else None
    source = _opened(job.path, columns=COLUMNS, optional=OPTIONAL)
    done = import_sections(file=job.path, edition=edition, previous=previous, preview=job.preview)
    return ImportReport(
        source=source,
        written=not job.preview,
        figures_by_name={
            "created": len(done.created),
            "changed": len(done.changed),
            "unchanged": done.unchanged,
            "missing": len(done.missing),
        },
        about={"edition": edition.number, "edition_created": created},
        telling=(
            Told("changed", "changed", [{"number": number} for number in done.changed]),
            Told("missing", "sections_missing", [{"number": number} for number in done.missing]),
        ),
    )


def _printed_list(job: _Job) -> BaseReport:
    number = _number(job.edition)
    edition = Edition.objects.filter(number=number).first() or Edition(number=number)  # Which has nothing to enrich.
    return import_printed_list(file=job.path, edition=edition, preview=job.preview, choices=job.choices)


def _icd11(job: _Job) -> BaseReport:
    return import_icd11(file=job.path, release=job.edition, looser=job.choices.looser, preview=job.preview)


RUNS: Mapping[str, Callable[[_Job], BaseReport]] = {
    Kind.LIST: _list,
    Kind.SECTIONS: _sections,
    Kind.PRINTED_LIST: _printed_list,
    Kind.ATC: lambda job: import_atc(file=job.path, preview=job.preview),
    Kind.ICD11: _icd11,
    Kind.AWARE: lambda job: import_aware(file=job.path, edition=job.edition, preview=job.preview),
    Kind.SYNONYMS: lambda job: import_synonyms(file=job.path, preview=job.preview),
}


# Files


def _seen(row: ListImport, path: Path) -> Origin:
    """What is told of a file that is not read yet. Raises ``TableUnreadable`` where it lacks a column."""
    if row.kind == Kind.LIST:
        return _opened(path, columns=LIST_COLUMNS, optional=())
    return _opened(path, columns=COLUMNS, optional=OPTIONAL)


def _opened(path: Path, *, columns: Sequence[str], optional: Sequence[str]) -> Origin:
    with opened_table(path, columns=columns, optional=optional) as (source, _rows):
        return source


@contextmanager
def _kept_file(row: ListImport) -> Iterator[Path]:
    with row.file.open("rb") as file, _laid_out(row.name, file) as path:
        yield path


@contextmanager
def _laid_out(name: str, file: File[bytes]) -> Iterator[Path]:
    """The file under the name that it came with, which reports and provenance tell."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        with path.open("wb") as copy:
            file.seek(0)
            while piece := file.read(PIECE):
                copy.write(piece)
        yield path
