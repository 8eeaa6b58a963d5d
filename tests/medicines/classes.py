"""Classifications for tests: small files with invented names, written in the forms that the real ones have."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from django.db.models.expressions import RawSQL

from medicines.content.schema import Facts, Placement, SectionPath, SectionStep
from medicines.filters import ListFilter
from medicines.models import Listing, Version
from medicines.results import Results
from tests.medicines.build import content, imported

BRAIN = SectionPath(
    edition="24", steps=(SectionStep(number="5", title="Nerves"), SectionStep(number="5.1", title="Brain"))
)

Sheets = Mapping[str, Iterable[Sequence[Any]]]


def listed(medicine: str = "exemplin", indication: str = "Hiccups", **more: Any) -> Version:
    """A version as the import of a list makes it: listed somewhere, without a narrative."""
    base: dict[str, Any] = {
        "atc": (),
        "icd11": (),
        "alternatives": None,
        "placements": (Placement(section=BRAIN, unnamed_list="listed"),),
    }
    return imported(content(text=False, medicine=medicine, indication=indication, **{**base, **more}))


def facts_of(version: Version) -> Facts:
    """What the recommendation of a version says now."""
    listing = version.recommendation.listing
    listing.refresh_from_db()
    return listing.version.content.facts


def found_by(query: str) -> list[str]:
    """The names of the medicines whose recommendations a search finds."""
    page = Results(ListFilter({"q": query})).page(start=0, size=100)
    return [listing.medicine.name for listing in page]


def places_of_listings() -> dict[str, str]:
    """Where each row of the listings lies in the database, by medicine: a row that is written anew lies elsewhere."""
    rows = Listing.objects.annotate(place=RawSQL("medicines_listing.ctid::text", ()))
    return dict(rows.values_list("medicine__name", "place"))


def csv_rows(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def workbook(path: Path, sheets: Sheets) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    book.close()
    return path


def json_file(path: Path, data: Any) -> Path:
    path.write_text(json.dumps(data), encoding="utf-8")
    return path
