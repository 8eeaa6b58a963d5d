from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from medicines.actions.editions import edition_for
from medicines.actions.import_list import import_list
from medicines.lists.base_report import BaseReport
from medicines.lists.choices import HOLDS, ChoiceRefused, Choices
from medicines.lists.table import read_table

from ._edition import add_edition_arguments, given_edition
from ._import import ImportCommand


class Command(ImportCommand):
    help = "Bring the official export of a list (.xlsx or .csv) into the record as what an edition said."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        add_edition_arguments(parser)
        settled = parser.add_argument_group(
            "what a person has settled, each as a table whose first row names its columns"
        )
        settled.add_argument(
            "--renames",
            type=Path,
            metavar="FILE.csv",
            help="old, new: names of one medicine, in the record and in the file",
        )
        settled.add_argument(
            "--sections",
            type=Path,
            metavar="FILE.csv",
            help="title, number: the section that a title of the file means, empty for none",
        )
        settled.add_argument(
            "--conflicts",
            type=Path,
            metavar="FILE.csv",
            help="number, holds: of a recommendation, and which of two holds: decision or list",
        )

    def bring_in(self, *, file: Path, preview: bool, **options: Any) -> BaseReport:
        edition = edition_for(number=options["edition"], given=given_edition(options))
        self.done = f"Edition {edition.number} is in."
        choices = Choices(
            renames=_pairs(options["renames"], "old", "new"),
            sections=_pairs(options["sections"], "title", "number"),
            conflicts=_conflicts(options["conflicts"]),
        )
        try:
            return import_list(file=file, edition=edition, preview=preview, choices=choices)
        except ChoiceRefused as refusal:
            raise CommandError(f"Nothing was written.\n{refusal}") from refusal


def _pairs(file: Path | None, left: str, right: str) -> dict[str, str]:
    if file is None:
        return {}
    rows = read_table(file, columns=(left, right)).rows
    return {row.cells[left].strip(): row.cells[right].strip() for row in rows}


def _conflicts(file: Path | None) -> dict[int, Any]:
    found = {}
    for number, holds in _pairs(file, "number", "holds").items():
        if not number.isdecimal() or holds not in HOLDS:
            raise CommandError(f"“{number}, {holds}”: give the number of a recommendation, and decision or list.")
        found[int(number)] = holds
    return found
