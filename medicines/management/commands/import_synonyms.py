from pathlib import Path
from typing import Any

from medicines.actions.import_synonyms import import_synonyms
from medicines.lists.base_report import BaseReport

from ._import import ImportCommand


class Command(ImportCommand):
    help = "Bring synonyms of the medicines of the record (.csv or .xlsx) into the record."
    done = "The synonyms are in."

    def bring_in(self, *, file: Path, preview: bool, **options: Any) -> BaseReport:
        return import_synonyms(file=file, preview=preview)
