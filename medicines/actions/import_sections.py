"""Importing the numbered section tree of an edition, with what each section continues where the file says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from medicines.lists.findings import Finding
from medicines.lists.table import Row, read_table
from medicines.models import Edition, Section
from medicines.sorting import sort_key

COLUMNS = ("number", "title")
OPTIONAL = ("edition", "parent", "continues")

LONGEST = {"number": 30, "title": 500}

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)*")


class SectionsRefused(Exception):
    """Rows cannot be taken, so none was. ``findings`` names each row and field."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = sorted(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


@dataclass(frozen=True)
class SectionsReport:
    """Numbers of sections; ``missing`` are those of the edition that the file does not name. They stay."""

    created: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int
    missing: tuple[str, ...]


@dataclass(frozen=True)
class _Line:
    row: int
    number: str
    title: str
    parent: str
    continues: str


@transaction.atomic
def import_sections(
    *, file: Path, edition: Edition, previous: Edition | None = None, preview: bool = False
) -> SectionsReport:
    """Write the sections that ``file`` names and return what happened. The same file again changes nothing.

    A preview writes nothing and returns the same.

    Columns: number and title; parent (else the number above: 5.1 for 5.1.4); continues, a number of ``previous``;
    edition, which must be this one where it is given. ``edition`` may be unsaved; it is saved with its sections.

    Raises ``TableUnreadable`` and ``SectionsRefused``; then nothing is written.
    """
    table = read_table(file, columns=COLUMNS, optional=OPTIONAL)
    if edition.pk is None and not preview:
        edition.save()
    there = Section.objects.filter(edition=edition) if edition.pk else ()
    known = {section.number: section for section in there}
    earlier = {section.number: section for section in Section.objects.filter(edition=previous)} if previous else {}
    lines = [_line(row) for row in table.rows]
    findings = [
        *_wrong_edition(table.rows, edition),
        *_wrong(lines, known=known, earlier=earlier, previous=previous),
    ]
    if findings:
        raise SectionsRefused(findings)
    created: list[str] = []
    changed: list[str] = []
    for line in sorted(lines, key=lambda line: line.number.count(".")):
        section = known.setdefault(line.number, Section(edition=edition, number=line.number))
        wanted = {
            "title": line.title,
            "sort_key": sort_key(line.number),
            "parent": known[line.parent] if line.parent else None,
            "continues": earlier[line.continues] if line.continues else section.continues,
        }
        if section.pk is None:
            created.append(line.number)
        elif any(getattr(section, field) != value for field, value in wanted.items()):
            changed.append(line.number)
        else:
            continue
        for field, value in wanted.items():
            setattr(section, field, value)
        if not preview:
            section.save()
    return SectionsReport(
        created=tuple(sorted(created, key=sort_key)),
        changed=tuple(sorted(changed, key=sort_key)),
        unchanged=len(lines) - len(created) - len(changed),
        missing=tuple(sorted(set(known) - {line.number for line in lines}, key=sort_key)),
    )


def _line(row: Row) -> _Line:
    cells = {name: " ".join(row.cells.get(name, "").split()) for name in (*COLUMNS, *OPTIONAL)}
    parent = cells["parent"] or cells["number"].rpartition(".")[0]
    return _Line(row.number, cells["number"], cells["title"], parent, cells["continues"])


def _wrong_edition(rows: Iterable[Row], edition: Edition) -> Iterable[Finding]:
    for row in rows:
        stated = row.cells.get("edition", "").strip()
        if stated and stated != str(edition.number):
            yield Finding.of((row.number,), "edition", "edition_differs", stated=stated, edition=edition.number)


def _wrong(
    lines: Iterable[_Line], *, known: Mapping[str, Section], earlier: Mapping[str, Section], previous: Edition | None
) -> Iterable[Finding]:
    rows: dict[str, int] = {}
    lines = list(lines)
    numbers = {line.number for line in lines} | set(known)
    for line in lines:
        if not _NUMBER.fullmatch(line.number) or len(line.number) > LONGEST["number"]:
            yield Finding.of((line.row,), "number", "number_form", number=line.number)
            continue
        if line.number in rows:
            yield Finding.of((line.row,), "number", "number_repeated", number=line.number, row=rows[line.number])
        rows.setdefault(line.number, line.row)
        if not line.title:
            yield Finding.of((line.row,), "title", "empty")
        if len(line.title) > LONGEST["title"]:
            yield Finding.of((line.row,), "title", "longer", count=LONGEST["title"])
        if line.parent and not line.number.startswith(f"{line.parent}."):
            yield Finding.of((line.row,), "parent", "not_above", parent=line.parent, number=line.number)
        elif line.parent and line.parent not in numbers:
            yield Finding.of((line.row,), "parent", "parent_unknown", parent=line.parent)
        if line.continues and previous is None:
            yield Finding.of((line.row,), "continues", "previous_unsaid")
        elif line.continues and line.continues not in earlier:
            yield Finding.of(
                (line.row,), "continues", "continued_unknown", edition=str(previous), number=line.continues
            )
