from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from medicines.actions.editions import EditionRefused, edition_for
from medicines.actions.import_sections import SectionsRefused, import_sections
from medicines.lists.table import TableUnreadable
from medicines.models import Edition

from ._edition import add_edition_arguments, given_edition


class Command(BaseCommand):
    help = "Bring the numbered sections of an edition (.csv or .xlsx) into the record."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        add_edition_arguments(parser)
        parser.add_argument("--previous", type=int, help="the edition whose sections the column “continues” names")

    def handle(self, *args: Any, file: Path, previous: int | None, **options: Any) -> None:
        earlier = None
        if previous is not None:
            earlier = Edition.objects.filter(number=previous).first()
            if earlier is None:
                raise CommandError(f"The record has no edition {previous}. Import its sections first.")
        try:
            edition = edition_for(number=options["edition"], given=given_edition(options))
            report = import_sections(file=file, edition=edition, previous=earlier)
        except (EditionRefused, TableUnreadable, SectionsRefused) as refusal:
            raise CommandError(f"Nothing was written.\n{refusal}") from refusal
        self.stdout.write(
            f"Edition {edition.number}: {len(report.created)} sections created, {len(report.changed)} changed, "
            f"{report.unchanged} unchanged."
        )
        if report.missing:
            self.stdout.write(f"In the record and not in the file, kept: {', '.join(report.missing)}.")
