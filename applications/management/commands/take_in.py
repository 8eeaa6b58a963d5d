from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from applications.actions.errors import ActionRefused
from applications.actions.intake import take_in
from applications.intake.refusals import IntakeRefused
from applications.intake.report import Report
from applications.models import Meeting, Person


class Command(BaseCommand):
    help = "Take in a dossier (Word, Markdown, plain text, or what pandoc reads): an item with a draft is made of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", required=True, metavar="EMAIL", help="who takes it in: a member of the secretariat")
        parser.add_argument("--meeting", type=int, metavar="NUMBER", help="of the meeting; without it the newest")
        parser.add_argument("--code", default="", help="on the agenda, such as A.22; without it the next free one")

    def handle(self, *args: Any, file: Path, by: str, meeting: int | None, code: str, **options: Any) -> None:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        person = Person.objects.filter(email__iexact=by).first()
        if person is None:
            raise CommandError(f"Nobody has the address {by}.")
        chosen = Meeting.objects.filter(number=meeting).first() if meeting else None
        if meeting and chosen is None:
            raise CommandError(f"There is no meeting {meeting}.")
        try:
            intake = take_in(data=data, filename=file.name, by=person, meeting=chosen, code=code)
        except (ActionRefused, IntakeRefused) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{intake.item} (meeting {intake.item.meeting.number})")
        self._tell(intake.dossier.report)

    def _tell(self, report: Report) -> None:
        counts = report.counts
        self.stdout.write(
            f"{counts.sections} sections, {counts.references} references, {counts.citation_markers} citation markers "
            f"with {counts.citations} citations, {counts.formulations} formulations"
        )
        groups = (
            ("Recognised", report.recognised),
            ("Guessed: look at it", report.guessed),
            ("Left over: see “Unplaced” in the draft", report.left_over),
            ("Warnings", report.warnings),
        )
        for heading, findings in groups:
            if findings:
                self.stdout.write(f"{heading} ({len(findings)})")
            for finding in findings:
                self.stdout.write(
                    f"  {finding.place}: {finding.message} {finding.words}".replace("  : ", "  ").rstrip()
                )
        if report.splits:
            self.stdout.write(f"Offered as splits, guessed ({len(report.splits)})")
        for split in report.splits:
            self.stdout.write(f"  {split.section}: {split.words}")
