from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from medicines.actions.editions import edition_for
from medicines.actions.import_printed_list import import_printed_list
from medicines.lists.base_report import BaseReport

from ._edition import add_edition_arguments, given_edition
from ._import import ImportCommand


class Command(ImportCommand):
    help = "Enrich an edition by its printed list (.json): core or complementary, representatives, choices."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        add_edition_arguments(parser)

    def bring_in(self, *, file: Path, preview: bool, **options: Any) -> BaseReport:
        edition = edition_for(number=options["edition"], given=given_edition(options))
        self.done = f"The printed list of edition {edition.number} is in."
        return import_printed_list(file=file, edition=edition, preview=preview)
