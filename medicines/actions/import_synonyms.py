"""Importing synonyms of the medicines of the record from a vocabulary of drugs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from medicines.lists.base_report import ImportReport, Told
from medicines.lists.synonyms import COLUMNS, Match, Vocabulary, is_combination, match, new_names, read_vocabulary
from medicines.lists.table import read_table
from medicines.models import Medicine, Recommendation

from .listing import refresh_listings
from .publish import ROWS_A_STATEMENT, lock_record


@transaction.atomic
def import_synonyms(*, file: Path, preview: bool = False) -> ImportReport:
    """Add the synonyms that ``file`` has for the medicines of the record, and return the report.

    A medicine gets those of the one drug that has its name as common name or as synonym. Nothing is guessed: not for
    combinations, not where two drugs may be meant, and no name that another drug or medicine has too. Synonyms that
    the medicine has stay, wherever they come from. The same file again changes nothing; medicines that are published
    later get theirs when the file is imported again.

    Raises ``TableUnreadable``. A preview writes nothing, and where one row is refused nothing is written either.
    """
    table = read_table(file, columns=COLUMNS)
    vocabulary = read_vocabulary(table)
    writes = not preview and not vocabulary.refused
    if writes:
        lock_record()
    medicines = {medicine.key: medicine for medicine in Medicine.objects.all()}
    single = [key for key in medicines if not is_combination(key)]
    found = [each for key in single if (each := match(vocabulary, key, medicines=medicines))]
    added = _added(found, medicines)
    if writes:
        _write(added, medicines)
    return ImportReport(
        source=table,
        written=writes,
        figures_by_name={
            "drugs": len(vocabulary.drugs),
            "synonyms": sum(len(drug.synonyms) for drug in vocabulary.drugs),
            "medicines": len(medicines),
            "combinations, left alone": len(medicines) - len(single),
            "matched": len(found),
            "changed": len(added),
            "unchanged": len(found) - len(added),
            "synonyms added": sum(len(names) for names in added.values()),
        },
        telling=(
            _changes(added, medicines),
            _ambiguous(vocabulary, single, medicines),
            _shared(found, medicines),
            Told(
                "unmatched",
                "synonyms_unmatched",
                [{"medicine": medicines[key].name} for key in single if not vocabulary.meant_by(key)],
            ),
        ),
        refused=vocabulary.refused,
        warnings=vocabulary.warnings,
    )


def _added(found: Iterable[Match], medicines: Mapping[str, Medicine]) -> dict[str, list[str]]:
    """The synonyms that are new, by the key of their medicine."""
    added = {each.key: new_names(each.synonyms, known=medicines[each.key].synonyms) for each in found}
    return {key: names for key, names in added.items() if names}


def _write(added: Mapping[str, list[str]], medicines: Mapping[str, Medicine]) -> None:
    rows = [medicines[key] for key in added]
    for row in rows:
        row.synonyms = [*row.synonyms, *added[row.key]]
    Medicine.objects.bulk_update(rows, ["synonyms"], batch_size=ROWS_A_STATEMENT)
    recommendations = Recommendation.objects.filter(medicine__in=rows, listing__isnull=False)
    refresh_listings(recommendations=recommendations.select_related("medicine", "indication").iterator())


def _changes(added: Mapping[str, list[str]], medicines: Mapping[str, Medicine]) -> Told:
    return Told(
        "changed",
        "synonyms_changed",
        [{"medicine": medicines[key].name, "synonyms": names} for key, names in sorted(added.items())],
    )


def _ambiguous(vocabulary: Vocabulary, keys: Iterable[str], medicines: Mapping[str, Medicine]) -> Told:
    several = {key: drugs for key in sorted(keys) if len(drugs := vocabulary.meant_by(key)) > 1}
    rows: list[dict[str, Any]] = [
        {
            "medicine": medicines[key].name,
            "drugs": sorted(drug.name for drug in drugs),
            "rows": sorted(drug.row for drug in drugs),
        }
        for key, drugs in several.items()
    ]
    return Told("ambiguous", "synonyms_ambiguous", rows)


def _shared(found: Iterable[Match], medicines: Mapping[str, Medicine]) -> Told:
    rows: list[dict[str, Any]] = [
        {"medicine": medicines[each.key].name, "row": each.drug.row, "synonym": name, "of": list(others)}
        for each in sorted(found, key=lambda each: each.key)
        for name, others in each.shared.items()
    ]
    return Told("shared", "synonyms_shared", rows)
