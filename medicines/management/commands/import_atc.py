from pathlib import Path
from typing import Any

from medicines.actions.import_atc import import_atc
from medicines.lists.base_report import BaseReport

from ._import import ImportCommand


class Command(ImportCommand):
    help = "Bring the codes and names of the ATC classification (.csv or .xlsx) into the record."
    done = "The ATC classification is in."

    def bring_in(self, *, file: Path, preview: bool, **options: Any) -> BaseReport:
        return import_atc(file=file, preview=preview)
