"""Importing a release of ICD-11, and finding in it the indications of the record by their names."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from django.db import transaction
from django.db.models import F, Func, Q, QuerySet
from django.utils.translation import gettext as _

from medicines.lists.base_report import ImportReport, Told
from medicines.lists.icd11 import Tabulation, TabulationLine, Titles, block_of, codes_of, without_brackets
from medicines.lists.table import origin_of
from medicines.models import Icd11Entity, Indication, Listing, Recommendation
from medicines.sorting import folded

from .editions import EditionRefused
from .imported import in_parts
from .listing import refresh_listings
from .publish import ROWS_A_STATEMENT, lock_record
from .rows import write_rows

PART = 2000
"""How many entities are in memory at a time."""

How = Literal["code", "block", "looser", "stated", "unmatched"]
"""``stated``: a published text states codes of its own, which win. ``looser``: only without what is in brackets."""


@dataclass(frozen=True)
class _Match:
    """What a release says of an indication. ``found``: what has its name; ``stated``: codes of published texts."""

    indication: Indication
    how: How
    found: tuple[TabulationLine, ...] = ()
    stated: tuple[str, ...] = ()

    @property
    def codes(self) -> list[str]:
        return list(self.stated or codes_of(self.found))

    @property
    def block(self) -> TabulationLine | None:
        return block_of(self.found)

    @property
    def titles(self) -> list[str]:
        return sorted({line.title for line in self.found})

    def is_taken(self, *, looser: bool) -> bool:
        return self.how in ("code", "block", "stated") or (looser and self.how == "looser")


@dataclass
class _Read:
    """What the file is beside the record: numbers of entities."""

    created: int = 0
    changed: int = 0
    gone: int = 0


@transaction.atomic
def import_icd11(*, file: Path, release: str, looser: bool = False, preview: bool = False) -> ImportReport:
    """Make ICD-11 in the record what ``file`` says, match the indications to it, and return the report.

    ``release`` is its year and month, such as "2025-01". The record holds one release: another one takes its place.
    Indications get codes, or a block, by the rules of ``medicines.lists.icd11``; those without a match keep what they
    have. ``looser`` takes the looser matches too; they are reported in any case. Codes that a published text states
    hold whatever the release says. The file is read once, in bounded memory. The same file again changes nothing.

    Raises ``TableUnreadable`` and ``EditionRefused``. A preview writes nothing, and where one row is refused nothing
    is written either.
    """
    if not re.fullmatch(r"20\d\d-(?:0[1-9]|1[0-2])", release):
        raise EditionRefused(
            _("“%(release)s” is no release of ICD-11. It is named by year and month, such as 2025-01.")
            % {"release": release}
        )
    origin = origin_of(file, form="Excel workbook")
    if not preview:
        lock_record()
    indications = list(Indication.objects.order_by("sort_key").select_related("icd11_block"))
    titles = Titles({key for each in indications for key in (each.key, _looser_key(each))})
    tabulation = Tabulation(file)
    shown = _shown()
    read = _read(tabulation, titles, release=release, preview=preview)
    gone = Icd11Entity.objects.exclude(release=release, place__lte=tabulation.count)
    read.gone = gone.count()
    stated = _stated()
    matches = [_match(each, titles, stated.get(each.pk, ())) for each in indications]
    changed = [each for each in matches if each.is_taken(looser=looser) and _is_new(each, release=release)]
    report = ImportReport(
        source=origin,
        written=not preview and not tabulation.refused,
        about={"release": release, "questions": {"looser": _asked(matches, looser=looser)}},
        figures_by_name=_figures(tabulation, read, matches, changed=len(changed)),
        telling=_telling(matches, looser=looser),
        refused=tabulation.refused,
    )
    if report.written:
        _link(changed, release=release)
        _delete(gone)
        _refresh([match.indication for match in changed], before=shown)
    elif tabulation.refused:
        transaction.set_rollback(True)  # Some entities are written before the last row is read.
    return report


def _read(tabulation: Tabulation, titles: Titles, *, release: str, preview: bool) -> _Read:
    """Read the whole file, look for titles, and write what is new, until a row is refused."""
    read = _Read()
    for part in in_parts(tabulation.lines(), size=PART):
        for line in part:
            titles.see(line)
        stored = Icd11Entity.objects.filter(release=release, place__range=(part[0].place, part[-1].place))
        known = {entity.place: entity for entity in stored}
        new = [line for line in part if line.place not in known]
        changed = [line for line in part if line.place in known and _said(known[line.place]) != line]
        read.created += len(new)
        read.changed += len(changed)
        if not preview and not tabulation.refused:
            rows = [_entity(line, release=release, known=known.get(line.place)) for line in (*new, *changed)]
            write_rows(rows, present="replace")
    return read


def _said(entity: Icd11Entity) -> TabulationLine:
    return TabulationLine(entity.place, entity.kind, entity.code, entity.title, entity.address)


def _entity(line: TabulationLine, *, release: str, known: Icd11Entity | None) -> Icd11Entity:
    return Icd11Entity(
        pk=known.pk if known else None,
        release=release,
        place=line.place,
        kind=line.kind,
        code=line.code,
        title=line.title,
        key=line.key,
        address=line.address,
    )


def _looser_key(indication: Indication) -> str:
    return folded(without_brackets(indication.name))


def _match(indication: Indication, titles: Titles, stated: tuple[str, ...]) -> _Match:
    if stated:
        return _Match(indication, "stated", stated=stated)
    if found := titles.of(indication.key):
        return _Match(indication, "code" if codes_of(found) else "block", tuple(found))
    if found := titles.of(_looser_key(indication)):
        return _Match(indication, "looser", tuple(found))
    return _Match(indication, "unmatched")


def _stated() -> dict[int, tuple[str, ...]]:
    """The codes that texts in force state of their own, by the key of the indication."""
    found: dict[int, set[str]] = defaultdict(set)
    listings = Listing.objects.filter(version__body__contains='"icd11":["').select_related("version")
    for listing in listings.iterator(chunk_size=PART):
        found[listing.indication_id].update(listing.version.content.facts.icd11)
    return {indication: tuple(sorted(codes)) for indication, codes in found.items()}


def _is_new(match: _Match, *, release: str) -> bool:
    """Whether the indication has other codes or another block than the release gives it."""
    held, block = match.indication.icd11_block, match.block
    linked = (held.release, held.place) if held else None
    return match.indication.icd11 != match.codes or linked != ((release, block.place) if block else None)


def _link(changed: Sequence[_Match], *, release: str) -> None:
    """Give the indications their codes and blocks."""
    places = [match.block.place for match in changed if match.block]
    blocks = {entity.place: entity for entity in Icd11Entity.objects.filter(release=release, place__in=places)}
    rows = []
    for match in changed:
        match.indication.icd11 = match.codes
        match.indication.icd11_block = blocks[match.block.place] if match.block else None
        rows.append(match.indication)
    Indication.objects.bulk_update(rows, ["icd11", "icd11_block"], batch_size=ROWS_A_STATEMENT)


def _delete(entities: QuerySet[Icd11Entity]) -> None:
    """Delete what is no longer in the release, a part at a time, so that few rows are in memory at once."""
    while keys := list(entities.order_by("pk").values_list("pk", flat=True)[:PART]):
        Icd11Entity.objects.filter(pk__in=keys).delete()


def _shown() -> dict[str, str]:
    """The titles of the codes that listings have: they are found by those too."""
    codes = Listing.objects.annotate(code=Func(F("icd11"), function="unnest")).values_list("code", flat=True).distinct()
    return dict(Icd11Entity.objects.filter(code__in=list(codes)).values_list("code", "title"))


def _refresh(indications: Sequence[Indication], *, before: Mapping[str, str]) -> None:
    """Write the listings anew that show other codes now, or whose codes have other titles than before."""
    after = _shown()
    retitled = [code for code in before.keys() | after.keys() if before.get(code) != after.get(code)]
    recommendations = Recommendation.objects.filter(
        Q(indication__in=indications) | Q(listing__icd11__overlap=retitled), listing__isnull=False
    )
    refresh_listings(recommendations=recommendations.select_related("medicine", "indication").iterator())


def _asked(matches: Iterable[_Match], *, looser: bool) -> dict[str, object]:
    """Whether looser matches are to be taken, as plain JSON values."""
    return {"count": sum(match.how == "looser" for match in matches), "chosen": looser}


def _figures(tabulation: Tabulation, read: _Read, matches: Sequence[_Match], *, changed: int) -> dict[str, int]:
    count = Counter(match.how for match in matches)
    return {
        "entities": tabulation.count,
        "entities created": read.created,
        "entities changed": read.changed,
        "entities unchanged": tabulation.count - read.created - read.changed,
        "entities gone": read.gone,
        "indications": len(matches),
        "indications with a code or more": count["code"] + count["stated"],
        "of these with codes that published texts state": count["stated"],
        "indications linked to a block": count["block"],
        "indications with a looser match": count["looser"],
        "indications without a match": count["unmatched"],
        "indications changed": changed,
    }


def _telling(matches: Sequence[_Match], *, looser: bool) -> list[Told]:
    headings: dict[How, str] = {
        "looser": "icd11_taken" if looser else "icd11_looser",
        "unmatched": "icd11_unmatched",
        "block": "icd11_block",
    }
    return [_told(how, heading, [match for match in matches if match.how == how]) for how, heading in headings.items()]


def _told(how: How, heading: str, matches: Sequence[_Match]) -> Told:
    rows = [{"indication": match.indication.name, "codes": match.codes, "titles": match.titles} for match in matches]
    return Told(how, heading, rows)
