"""Editions, their sections, and facts of real medicines, published as an import publishes them: without a narrative."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from medicines.actions.publish import Publication, publish
from medicines.content.formulations import parse_line
from medicines.content.schema import (
    Age,
    Alternatives,
    Aware,
    Content,
    Facts,
    Formulation,
    Patents,
    Placement,
    SectionPath,
    StatusEvent,
)
from medicines.models import Edition, Section, Version
from medicines.sorting import sort_key

from .prose import FOLDER

REPORTS = {
    1977: "TRS 615",
    2002: "TRS 914",
    2005: "TRS 933",
    2011: "TRS 965",
    2015: "TRS 994",
    2017: "TRS 1006",
    2019: "TRS 1021",
    2021: "TRS 1035",
    2023: "TRS 1049",
    2025: "TRS 1064",
}
"""The report of each meeting whose decisions the demonstration names."""

EDITIONS = (
    {"number": 23, "children_number": 9, "year": 2023, "effective_date": date(2023, 7, 26)},
    {"number": 24, "children_number": 10, "year": 2025, "effective_date": date(2025, 9, 5)},
)


def make_editions() -> None:
    """The 23rd and 24th editions with the sections that the demonstration needs."""
    titles = tomllib.loads((FOLDER / "sections.toml").read_text())
    for values in EDITIONS:
        edition = Edition.objects.create(**values, report=REPORTS[values["year"]])
        made: dict[str, Section] = {}
        for number, title in titles[str(edition.number)].items():
            made[number] = Section.objects.create(
                edition=edition,
                number=number,
                title=title,
                sort_key=sort_key(number),
                parent=made.get(number.rpartition(".")[0]),
                continues=Section.objects.filter(edition__number=edition.number - 1, number=number).first(),
            )


def path(number: str, edition: int = 24) -> SectionPath:
    """The numbered path of a section, as words."""
    return Section.objects.get(edition__number=edition, number=number).path()


def import_medicines() -> list[Version]:
    """Publish the facts of every medicine in the file; two of them in both editions."""
    rows = tomllib.loads((FOLDER / "medicines.toml").read_text())["medicines"]
    return [version for row in rows for version in _versions(row)]


def _versions(row: Mapping[str, Any]) -> Iterator[Version]:
    earlier = None
    if "before" in row:
        history = [entry for entry in row.get("history", ()) if entry["event"] != "removed"]
        earlier = _publish({**row, "eml": row["before"], "history": history}, edition=23)
        yield earlier
    yield _publish(row, edition=row.get("edition", 24), base=earlier)


def _publish(row: Mapping[str, Any], *, edition: int, base: Version | None = None) -> Version:
    source = Edition.objects.get(number=edition)
    one = Publication(
        content=Content(facts=_facts(row, edition)), kind="imported", effective_date=source.effective_date, base=base
    )
    provenance = {
        "source": f"EML {source.number}, EMLc {source.children_number}",
        "year": source.year,
        "report": source.report,
        "edition": source.number,
        "children_edition": source.children_number,
    }
    return publish(publications=[one], source=provenance)[0]


def _facts(row: Mapping[str, Any], edition: int) -> Facts:
    return Facts(
        medicine=row["medicine"],
        indication=row["indication"],
        atc=tuple(row.get("atc", ())),
        icd11=tuple(row.get("icd11", ())),
        medicine_type=row["medicine_type"],
        aware=Aware(group=row["aware"], edition="2023") if "aware" in row else None,
        choice=row.get("choice"),
        placements=tuple(
            Placement(
                section=path(number, edition),
                eml=row.get("eml"),
                emlc=row.get("emlc"),
                unnamed_list=row.get("unnamed_list"),
                formulations=formulations(row.get("formulations", ())),
            )
            for number in row["sections"]
        ),
        sex=row.get("sex"),
        age=Age(kind=row["age"]) if "age" in row else None,
        alternatives=_alternatives(row),
        patents=Patents(status=row["patents"]) if "patents" in row else None,
        history=tuple(
            StatusEvent(event=entry["event"], year=entry["year"], report=REPORTS[entry["year"]])
            for entry in row.get("history", ())
        ),
    )


def formulations(lines: Sequence[str]) -> tuple[Formulation, ...]:
    """Lines such as ``Oral > Solid > tablet: 10 mg; 20 mg``, read; what does not parse stays as words."""
    parsed = (parse_line(line) for line in lines)
    return tuple(entry.model_copy(update={"original": ""}) if entry.route else entry for entry in parsed)


def _alternatives(row: Mapping[str, Any]) -> Alternatives | None:
    if "alternatives_atc" in row:
        return Alternatives(kind="atc_class", atc=row["alternatives_atc"])
    if "alternatives" in row:
        return Alternatives(kind="named", medicines=tuple(row["alternatives"]))
    return None
