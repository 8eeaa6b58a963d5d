"""Files of lists for tests: small ones that a test writes, and the real ones where they are."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings

from medicines.lists.export import COLUMNS

SHARED = settings.BASE_DIR.parent / "shared" / "data"

needs_shared_data = pytest.mark.skipif(not SHARED.is_dir(), reason="needs shared/data")

NAMES = {
    "medicine": "Medicine name",
    "section": "EML section",
    "formulations": "Formulations",
    "indication": "Indication",
    "atc": "ATC codes",
    "partners": "Combined with",
    "status": "Status",
}


def row(medicine: str = "exemplin", indication: str = "Hiccups", **cells: str) -> dict[str, str]:
    """A row of the export; what is not given is empty, but for the section and the status."""
    given = {"section": "Brain", "status": "Added", "medicine": medicine, "indication": indication, **cells}
    return {name: given.get(key, "") for key, name in NAMES.items()}


def csv_file(
    path: Path,
    rows: Iterable[Mapping[str, str]],
    *,
    delimiter: str = ",",
    encoding: str = "utf-8",
    errors: str = "strict",
) -> Path:
    with path.open("w", encoding=encoding, errors=errors, newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def xlsx_file(path: Path, rows: Iterable[Mapping[str, str]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(list(COLUMNS))
    for each in rows:
        sheet.append([each[name] or None for name in COLUMNS])
    book.save(path)
    return path
