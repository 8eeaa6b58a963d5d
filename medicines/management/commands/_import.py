"""What the commands share that bring a file in: its name, a preview, the report on the screen and as JSON."""

from __future__ import annotations

import json
from abc import abstractmethod
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from medicines.actions.editions import EditionRefused
from medicines.actions.errors import PublicationRefused
from medicines.lists.base_report import BaseReport
from medicines.lists.shown import in_words
from medicines.lists.table import TableUnreadable


class ImportCommand(BaseCommand):
    """``done`` says that the file is in."""

    done = "The file is in."

    @abstractmethod
    def bring_in(self, *, file: Path, preview: bool, **options: Any) -> BaseReport:
        """Import the file, or in a preview say what would be done."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--preview", action="store_true", help="say what would be done, and write nothing")
        parser.add_argument("--report", type=Path, metavar="FILE.json", help="write the whole report as JSON")

    def handle(self, *args: Any, file: Path, preview: bool, report: Path | None, **options: Any) -> None:
        try:
            result = self.bring_in(file=file, preview=preview, **options)
        except (EditionRefused, TableUnreadable, PublicationRefused) as refusal:
            raise CommandError(str(refusal)) from refusal
        unwritten = _write(result, report) if report else ""
        for line in result.lines():
            self.stdout.write(line)
        self.stdout.write("")
        if result.refused:
            raise CommandError("Nothing was written. Mend the refused rows and import the file again.")
        self.stdout.write("A preview: nothing was written." if preview else self.done)
        if unwritten:
            raise CommandError(unwritten)


def _write(result: BaseReport, file: Path) -> str:
    """Write the report as JSON and return what went wrong, if anything: what is imported stays so."""
    try:
        file.write_text(json.dumps(in_words(result.to_dict()), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        return f"Only the report could not be written to {file}: {error.strerror}."
    return ""
