from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from medicines.actions.import_aware import import_aware
from medicines.lists.base_report import BaseReport

from ._import import ImportCommand


class Command(ImportCommand):
    help = "Bring one dated AWaRe classification of antibiotics (.xlsx) into the record."
    done = "The AWaRe classification is in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--edition", required=True, metavar="YEAR", help="such as 2023")

    def bring_in(self, *, file: Path, preview: bool, **options: Any) -> BaseReport:
        return import_aware(file=file, edition=options["edition"], preview=preview)
