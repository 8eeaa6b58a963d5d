import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from medicines.actions.editions import EditionRefused, edition_for
from medicines.actions.errors import PublicationRefused
from medicines.actions.import_list import import_list
from medicines.lists.report import Report
from medicines.lists.table import TableUnreadable

from ._edition import add_edition_arguments, given_edition


class Command(BaseCommand):
    help = "Bring the official export of a list (.xlsx or .csv) into the record as what an edition said."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        add_edition_arguments(parser)
        parser.add_argument("--preview", action="store_true", help="say what would be done, and write nothing")
        parser.add_argument("--report", type=Path, metavar="FILE.json", help="write the whole report as JSON")

    def handle(self, *args: Any, file: Path, preview: bool, report: Path | None, **options: Any) -> None:
        try:
            edition = edition_for(number=options["edition"], given=given_edition(options))
            result = import_list(file=file, edition=edition, preview=preview)
        except (EditionRefused, TableUnreadable, PublicationRefused) as refusal:
            raise CommandError(str(refusal)) from refusal
        unwritten = _write(result, report) if report else ""
        for line in result.lines():
            self.stdout.write(line)
        self.stdout.write("")
        if result.refused:
            raise CommandError("Nothing was written. Mend the refused rows and import the file again.")
        self.stdout.write("A preview: nothing was written." if preview else f"Edition {edition.number} is in.")
        if unwritten:
            raise CommandError(unwritten)


def _write(result: Report, file: Path) -> str:
    """Write the report as JSON and return what went wrong, if anything: what is imported stays so."""
    try:
        file.write_text(json.dumps(result.to_dict(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        return f"Only the report could not be written to {file}: {error.strerror}."
    return ""
