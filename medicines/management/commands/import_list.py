from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from medicines.actions.editions import edition_for
from medicines.actions.import_list import import_list
from medicines.lists.base_report import BaseReport

from ._edition import add_edition_arguments, given_edition
from ._import import ImportCommand


class Command(ImportCommand):
    help = "Bring the official export of a list (.xlsx or .csv) into the record as what an edition said."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        add_edition_arguments(parser)

    def bring_in(self, *, file: Path, preview: bool, **options: Any) -> BaseReport:
        edition = edition_for(number=options["edition"], given=given_edition(options))
        self.done = f"Edition {edition.number} is in."
        return import_list(file=file, edition=edition, preview=preview)
