"""Importing one dated AWaRe classification of antibiotics."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from django.db import transaction
from django.db.models import F, Func
from django.utils.translation import gettext as _

from medicines.lists.aware import Antibiotic, AwareTable, read_aware
from medicines.lists.base_report import ImportReport, Told
from medicines.models import AwareEntry, Listing, Recommendation

from .editions import EditionRefused
from .listing import refresh_listings
from .publish import ROWS_A_STATEMENT, lock_record

ANTIBACTERIALS = "J01"
"""The ATC group of antibacterials for systemic use."""


@transaction.atomic
def import_aware(*, file: Path, edition: str, preview: bool = False) -> ImportReport:
    """Make the entries of the AWaRe classification of the year ``edition`` what ``file`` says; return the report.

    Editions stand beside each other, and a listing shows the newest one, unless the facts of its version state a
    group. The same file again changes nothing. The report names the antibiotics of the record that the classification
    has, and those that it does not have: medicines with a code of antibacterials or with a code that the file names.

    Raises ``TableUnreadable`` and ``EditionRefused``. A preview writes nothing, and where one row is refused nothing
    is written either.
    """
    if not re.fullmatch(r"(?:19|20)\d\d", edition):
        raise EditionRefused(
            _("“%(edition)s” is no edition of AWaRe. It is named by its year, such as 2023.") % {"edition": edition}
        )
    read = read_aware(file)
    writes = not preview and not read.refused
    if writes:
        lock_record()
    known = {entry.key: entry for entry in AwareEntry.objects.filter(edition=edition)}
    wanted = {each.key: each for each in read.antibiotics}
    changes = [each for key, each in wanted.items() if key not in known or _said(known[key]) != each]
    gone = sorted(set(known) - set(wanted))
    if writes:
        _write(changes, edition=edition, gone=gone)
    created = [each for each in changes if each.key not in known]
    matched, unmatched = _in_record(read)
    return ImportReport(
        source=read.origin,
        written=writes,
        about={"edition": edition},
        figures_by_name={
            "rows": read.rows,
            "entries": len(wanted),
            **{f"{group.replace('_', ' ')}": _count(wanted.values(), group) for group in AwareEntry.Group.values},
            "created": len(created),
            "changed": len(changes) - len(created),
            "unchanged": len(wanted) - len(changes),
            "gone": len(gone),
            "antibiotics of the record with a group": len(matched),
            "antibiotics of the record without one": len(unmatched),
        },
        telling=(
            Told(
                "unmatched",
                "aware_unmatched",
                [{"medicine": name, **_reason(key, read)} for name, key in unmatched],
            ),
            Told(
                "matched",
                "aware_matched",
                [{"medicine": name, "group": group} for name, group in matched],
            ),
            Told(
                "gone",
                "aware_gone",
                [{"name": known[key].name, "group": known[key].group} for key in gone],
            ),
        ),
        refused=sorted(read.refused),
        warnings=sorted(read.warnings),
    )


def _said(entry: AwareEntry) -> Antibiotic:
    return Antibiotic(entry.key, entry.name, entry.group, tuple(entry.atc))


def _count(antibiotics: Iterable[Antibiotic], group: str) -> int:
    return sum(each.group == group for each in antibiotics)


def _write(changes: Sequence[Antibiotic], *, edition: str, gone: Collection[str]) -> None:
    AwareEntry.objects.filter(edition=edition, key__in=gone).delete()
    AwareEntry.objects.bulk_create(
        [
            AwareEntry(edition=edition, key=each.key, name=each.name, group=each.group, atc=list(each.atc))
            for each in changes
        ],
        batch_size=ROWS_A_STATEMENT,
        update_conflicts=True,
        unique_fields=["edition", "key"],
        update_fields=["name", "group", "atc"],
    )
    touched = [*gone, *(each.key for each in changes)]
    recommendations = Recommendation.objects.filter(medicine__key__in=touched, listing__isnull=False)
    refresh_listings(recommendations=recommendations.select_related("medicine", "indication").iterator())


def _in_record(read: AwareTable) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The antibiotics of the record: with the groups that the file gives them, and the keys of those without one."""
    groups = {each.key: each.group for each in read.antibiotics}
    codes = {code for each in read.antibiotics for code in each.atc}
    pairs = Listing.objects.annotate(code=Func(F("atc"), function="unnest")).values_list(
        "medicine__key", "medicine__name", "code"
    )
    antibiotics = {
        key: name for key, name, code in pairs.distinct() if code in codes or code.startswith(ANTIBACTERIALS)
    }
    named = Listing.objects.filter(medicine__key__in=groups).values_list("medicine__key", "medicine__name")
    matched = sorted((name, groups[key]) for key, name in set(named))
    unmatched = sorted((name, key) for key, name in antibiotics.items() if key not in groups)
    return matched, unmatched


def _reason(key: str, read: AwareTable) -> dict[str, object]:
    """Why an antibiotic has no group."""
    groups = read.by_route.get(key)
    return {"why": "by_route", "groups": [*groups]} if groups else {"why": "no_entry"}
