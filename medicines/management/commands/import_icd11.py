from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from medicines.actions.import_icd11 import import_icd11
from medicines.lists.base_report import BaseReport

from ._import import ImportCommand


class Command(ImportCommand):
    help = "Bring a release of ICD-11, its simple tabulation (.xlsx), into the record, and match the indications to it."
    done = "The release of ICD-11 is in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--release", required=True, metavar="YYYY-MM", help="such as 2025-01")
        parser.add_argument(
            "--looser", action="store_true", help="take matches too that leave out what an indication has in brackets"
        )

    def bring_in(self, *, file: Path, preview: bool, **options: Any) -> BaseReport:
        return import_icd11(file=file, release=options["release"], looser=options["looser"], preview=preview)
