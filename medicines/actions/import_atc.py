"""Importing the ATC classification: the codes with their names, as of one download."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from django.db import transaction
from django.db.models import F, Func

from medicines.facets import facet_key
from medicines.lists.atc import COLUMNS, read_atc
from medicines.lists.base_report import ImportReport, Told
from medicines.lists.table import read_table
from medicines.models import AtcCode, Listing, Recommendation

from .listing import refresh_listings
from .publish import ROWS_A_STATEMENT, lock_record


@transaction.atomic
def import_atc(*, file: Path, preview: bool = False) -> ImportReport:
    """Make the table of ATC codes what ``file`` says, and return the report. The same file again changes nothing.

    Codes that the file does not have leave the table. The facts of the record keep theirs, whatever the table says:
    a code of the record without a row here is one that the classification does not know, and the report names it.

    Raises ``TableUnreadable``. A preview writes nothing, and where one row is refused nothing is written either.
    """
    table = read_table(file, columns=COLUMNS)
    read = read_atc(table)
    writes = not preview and not read.refused
    if writes:
        lock_record()
    known = dict(AtcCode.objects.values_list("code", "name"))
    changes = {code: name for code, name in read.names.items() if known.get(code) != name}
    gone = sorted(set(known) - set(read.names))
    if writes:
        _write(changes, gone=gone)
    unknown = _unknown(read.names)
    return ImportReport(
        source=table,
        written=writes,
        figures_by_name={
            "rows": len(table.rows),
            "codes": len(read.names),
            "codes in several rows": read.repeated,
            "created": len(set(changes) - set(known)),
            "changed": len(set(changes) & set(known)),
            "unchanged": len(read.names) - len(changes),
            "gone": len(gone),
            "codes of the record without a name": len(unknown),
        },
        telling=(
            Told(
                "unknown",
                "atc_unknown",
                [{"code": code, "medicines": medicines} for code, medicines in unknown.items()],
            ),
            Told(
                "gone",
                "atc_gone",
                [{"code": code, "name": known[code]} for code in gone],
            ),
        ),
        refused=read.refused,
        warnings=read.warnings,
    )


def _write(changes: Mapping[str, str], *, gone: list[str]) -> None:
    AtcCode.objects.filter(code__in=gone).delete()
    AtcCode.objects.bulk_create(
        [AtcCode(code=code, name=name) for code, name in sorted(changes.items())],
        batch_size=ROWS_A_STATEMENT,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name"],
    )
    touched = [facet_key("atc", code) for code in (*changes, *gone)]
    # A listing is found by the names of its codes and of the classes above them.
    recommendations = Recommendation.objects.filter(listing__facets__overlap=touched)
    refresh_listings(recommendations=recommendations.select_related("medicine", "indication").iterator())


def _unknown(names: Mapping[str, str]) -> dict[str, list[str]]:
    """The codes of the record that have no name, with the medicines that have them."""
    found: dict[str, list[str]] = defaultdict(list)
    codes = Listing.objects.annotate(code=Func(F("atc"), function="unnest"))
    for code, medicine in codes.values_list("code", "medicine__name").order_by("code", "medicine__name").distinct():
        if code not in names:
            found[code].append(medicine)
    return dict(found)
