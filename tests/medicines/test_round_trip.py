"""A workbook that the site gives out comes back without a difference, and what somebody changed in it is read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client

from medicines.actions.editions import edition_for
from medicines.actions.import_list import import_list
from medicines.actions.verify import verify_record
from medicines.content.identity import identity
from medicines.content.schema import (
    Alternatives,
    Facts,
    Formulation,
    Link,
    Placement,
    SectionPath,
    SectionStep,
    StatusEvent,
)
from medicines.documents import xlsx
from medicines.documents.tables import About, Statement, entries
from medicines.lists.own_export import facts_cell, facts_of_cell, whole_facts
from medicines.lists.report import Report
from medicines.models import Edition, EditionEntry, Listing, Version
from tests import make
from tests.house import body
from tests.medicines.build import CEREBRAL_PALSY, FORMULATIONS, content, corrected, facts, imported, published
from tests.medicines.lists import SHARED, needs_shared_data
from tests.medicines.test_downloads import RICH, bare

pytestmark = pytest.mark.django_db

GUTS = SectionPath(edition="24", steps=(SectionStep(number="17", title="Guts"),))
UNNUMBERED = SectionPath(edition="24", steps=(SectionStep(title="Guts > of a kind"),))


def varied() -> list[Facts]:
    """Facts that differ in all that facts can differ in."""
    odd = Formulation(original="Iron: 30 mg\n  folic  acid: 0.4 mg ")
    ugly = Formulation(route=("Oral",), strengths=("=1+1", "-1.70 mg"), lists=("EMLc",))
    return [
        facts(),
        RICH,
        facts(medicine="twoplacin", placements=(Placement(section=GUTS, eml="core"), facts().placements[0])),
        bare("Removedin", "A use", placements=(Placement(section=GUTS, eml="removed", emlc="not_listed"),)).facts,
        bare("rejectamab", "A use", history=(StatusEvent(event="not_recommended", year=2025, words="no"),)).facts,
        bare("deferrin", "A use", placements=(Placement(section=GUTS, eml="not_listed"),)).facts,
        bare("unnamed", "A use", placements=(Placement(section=UNNUMBERED, unnamed_list="listed"),)).facts,
        bare("sectionless", "A use", placements=(Placement(emlc="core", formulations=(odd, ugly)),)).facts,
        bare("=SUM(A1)", "+ use", partners=("a + b", "@c"), weight="=1").facts,
        bare(
            "classin", "A use", alternatives=Alternatives(kind="atc_class", atc="N06AA", limits="not in _x0041_")
        ).facts,
        bare("µg ≈ 漢字", "عربي", atc=("A01", "odd code")).facts,
    ]


@pytest.fixture
def sections() -> Edition:
    edition = edition_for(number=24)
    edition.save()
    nerves = make.section(edition, "5", "Medicines for neurological disorders")
    deeper = make.section(edition, "5.1", "Medicines for central nervous system disorders", parent=nerves)
    make.section(edition, "5.1.4", "Medicines for cerebral palsy", parent=deeper)
    make.section(edition, "17", "Guts")
    return edition


@pytest.fixture
def record(sections: Edition) -> Edition:
    """An edition with all of ``varied``, some decided and some imported, one of them corrected since."""
    for number, each in enumerate(varied()):
        outcome = "not_recommended" if each.status == "not_recommended" else "added"
        given = content(text=number == 0, **dict(each))
        version = imported(given) if number % 2 else published(given, outcome=outcome)
        EditionEntry.objects.create(edition=sections, recommendation=version.recommendation, version=version)
    first = Version.objects.get(position=1)
    corrected(first, content(weight="> 25 kg"), note="The weight was missing.")
    return sections


@pytest.fixture
def fetch(tmp_path: Path) -> Callable[[str], Path]:
    """Save a file of the site."""

    def save(address: str) -> Path:
        path = tmp_path / "list.xlsx"
        path.write_bytes(body(Client().get(address)))
        return path

    return save


def changed(path: Path, change: Callable[[Any], None]) -> Path:
    """The workbook with something changed in its first sheet, as Excel would save it."""
    book = openpyxl.load_workbook(path)
    change(book.worksheets[0])
    book.save(path)
    return path


def actions(report: Report) -> dict[str, int]:
    return {name: count for name, count in report.actions.items() if count}


def bring(path: Path) -> Report:
    return import_list(file=path, edition=edition_for(number=24))


def facts_by_identity() -> dict[tuple[str, str, str], Facts]:
    return {identity(said): said for said in (version.content.facts for version in Version.objects.all())}


# The same record


@pytest.mark.parametrize("address", ["/editions/24/list.xlsx", "/ar/editions/24/list.xlsx"])
def test_an_edition_comes_back_without_a_difference(record: Edition, fetch: Callable[[str], Path], address: str):
    before = Version.objects.count(), EditionEntry.objects.count()
    report = bring(fetch(address))
    assert (actions(report), report.refused, report.missing) == ({"unchanged": len(varied())}, [], [])
    assert [each for each in report.warnings if "form of a code" not in each.message] == []
    assert (Version.objects.count(), EditionEntry.objects.count()) == before


def test_what_holds_now_comes_back_without_a_difference(record: Edition, fetch: Callable[[str], Path]):
    assert actions(bring(fetch("/search/list.xlsx"))) == {"unchanged": len(varied())}


def test_a_part_of_the_list_comes_back_without_a_difference(record: Edition, fetch: Callable[[str], Path]):
    assert actions(bring(fetch("/sections/24/17/list.xlsx"))) == {"unchanged": 3}


def test_it_comes_back_from_excel_too(record: Edition, fetch: Callable[[str], Path]):
    path = changed(fetch("/editions/24/list.xlsx"), lambda sheet: None)
    assert actions(bring(path)) == {"unchanged": len(varied())}


def test_the_order_of_rows_and_columns_is_no_matter(record: Edition, fetch: Callable[[str], Path]):
    def turn(sheet: Any) -> None:
        rows = [[cell.value for cell in row] for row in sheet]
        sheet.delete_rows(1, len(rows))
        for row in [rows[0], *reversed(rows[1:])]:
            sheet.append([None if cell is None else f"{cell}" for cell in reversed(row)])
        for row in sheet:
            for cell in row:
                cell.data_type = "s" if cell.value else cell.data_type

    assert actions(bring(changed(fetch("/editions/24/list.xlsx"), turn))) == {"unchanged": len(varied())}


# An empty record


def test_an_empty_record_gets_the_whole_facts(sections: Edition, tmp_path: Path):
    path = tmp_path / "list.xlsx"
    path.write_bytes(_file_of(varied()))
    report = bring(path)
    assert actions(report) == {"created": len(varied())}
    assert facts_by_identity() == {identity(each): each for each in varied()}
    assert {version.effective_date for version in Version.objects.all()} == {date(2025, 9, 5)}
    assert Listing.objects.filter(status="essential").count() == 5
    assert actions(bring(path)) == {"unchanged": len(varied())}
    assert verify_record().holds


def _file_of(stated: list[Facts]) -> bytes:
    """A workbook of these facts as the site of somebody else gives it out."""
    about = About(
        title="Elsewhere",
        publisher="Somebody",
        licence="",
        licence_url="",
        notice="",
        source="",
        filters=(),
        record_state=1,
        record_changed_at=datetime(2025, 9, 5, tzinfo=UTC),
        schema_url="",
    )
    said = (Statement(90 + n, 3, "", each, "decision", "added", date(2025, 9, 5)) for n, each in enumerate(stated))
    return b"".join(xlsx.lines(about, (entry for each in said for entry in entries(each))))


# What somebody changed


def set_cell(sheet: Any, medicine: str, column: str, value: str | None) -> None:
    names = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        if row[names.index("Medicine name")].value == medicine:
            row[names.index(column)].value = value


def held(medicine: str) -> Facts:
    return Listing.objects.get(medicine__name=medicine).version.content.facts


def test_a_changed_cell_of_the_official_columns_is_read_and_told(record: Edition, fetch: Callable[[str], Path]):
    path = changed(
        fetch("/editions/24/list.xlsx"),
        lambda sheet: set_cell(sheet, "sectionless", "Formulations", "Oral > Solid: 5 mg"),
    )
    report = bring(path)
    assert actions(report) == {"changed": 1, "unchanged": len(varied()) - 1}
    assert [each.field for each in report.warnings if "do not say" in each.message] == ["Facts (JSON)"]
    placement = held("sectionless").placements[0]
    assert [each.original for each in placement.formulations] == ["Oral > Solid: 5 mg"]
    assert placement.emlc == "core"


def test_a_changed_fact_is_taken_with_the_name_of_its_field(record: Edition, fetch: Callable[[str], Path]):
    given = RICH.model_copy(update={"weight": "> 9 kg", "sex": None})
    path = changed(
        fetch("/editions/24/list.xlsx"),
        lambda sheet: set_cell(sheet, RICH.medicine, "Facts (JSON)", facts_cell(given)),
    )
    report = bring(path)
    assert actions(report) == {"changed": 1, "unchanged": len(varied()) - 1}
    assert [step.fields for step in report.steps] == [("sex", "weight")]
    assert held(RICH.medicine) == given


def test_a_row_that_was_changed_to_say_nothing_of_a_list_is_refused(record: Edition, fetch: Callable[[str], Path]):
    path = changed(
        fetch("/editions/24/list.xlsx"), lambda sheet: set_cell(sheet, "rejectamab", "Indication", "Another use")
    )
    report = bring(path)
    assert [(each.field, each.message) for each in report.refused] == [
        ("Status", "“Not recommended” is neither Added nor Removed.")
    ]
    assert not report.written


def test_two_lists_put_together_are_refused(record: Edition, fetch: Callable[[str], Path]):
    other = facts_cell(facts(weight="> 99 kg"))

    def add(sheet: Any) -> None:
        row = next(row for row in sheet.iter_rows(min_row=2, values_only=True) if row[0] == "baclofen")
        sheet.append([*row[:-1], other])

    report = bring(changed(fetch("/editions/24/list.xlsx"), add))
    assert [each.message for each in report.refused] == [
        "The facts are not the same in all rows of this recommendation. Keep the rows of one list."
    ]


def test_facts_that_the_record_cannot_keep_are_refused_with_their_row(sections: Edition, tmp_path: Path):
    path = tmp_path / "list.xlsx"
    path.write_bytes(_file_of([facts(icd11=("X" * 200,))]))
    report = bring(path)
    assert [(each.rows, each.field) for each in report.refused] == [((2,), "Facts (JSON)")]
    assert not Version.objects.exists()


def test_facts_count_only_beside_official_cells_that_say_the_same():
    stated = facts()
    cell = facts_cell(stated)
    cells = ["baclofen", " > ".join(step.title for step in CEREBRAL_PALSY.steps)]
    cells += ["\n".join(f"{' > '.join(f.route)}:  {'; '.join(f.strengths)}" for f in FORMULATIONS)]
    cells += ["Spastic  cerebral palsy ", "M03BX01", "", "Added"]
    assert whole_facts(cells, cell) == stated
    for place in range(len(cells)):
        assert whole_facts([*cells[:place], "else", *cells[place + 1 :]], cell) is None
    assert whole_facts(cells, "no facts") is None


@pytest.mark.parametrize(
    "cell",
    [
        "[" * 100_000,
        '{"schema":1,"facts":' * 5_000,
        facts_cell(facts()).replace("baclofen", "baclofen\\ud800"),
        facts_cell(facts()).replace("baclofen", "baclofen\\u0000"),
        facts_cell(facts()).replace('"facts":', '"word":1,"facts":'),
        facts_cell(facts()).replace("}", ',"word":1}', 1),
    ],
    ids=["deep", "deep objects", "half a character", "no character", "more than facts", "more than is known"],
)
def test_facts_that_nobody_but_a_forger_writes_are_none(cell: str):
    assert facts_of_cell(cell) is None


def test_a_workbook_made_by_hand_changes_no_word_of_a_decision(
    record: Edition, fetch: Callable[[str], Path], tmp_path: Path
):
    """It may state other facts as those of an edition; what is published stays, and markup in it is words."""
    before = {version.pk: (version.body, version.chain) for version in Version.objects.all()}
    entered = list(EditionEntry.objects.order_by("pk").values_list("pk", "version_id"))
    told = "<script>alert(1)</script>"
    forged = facts(weight=told, links=(Link(site="other", title=told, url="javascript:alert(1)"),))
    path = tmp_path / "list.xlsx"
    path.write_bytes(_file_of([forged]))
    bring(path)
    after = {version.pk: (version.body, version.chain) for version in Version.objects.filter(pk__in=before)}
    assert after == before
    assert list(EditionEntry.objects.order_by("pk").values_list("pk", "version_id")) == entered
    assert verify_record().holds
    for version in Version.objects.filter(recommendation__listing__medicine__key="baclofen"):
        page = Client().get(f"/recommendations/{version.recommendation.number}/v{version.number}/").content.decode()
        assert told not in page
        assert 'href="javascript' not in page


# The real lists


@needs_shared_data
def test_the_real_24th_list_comes_back_without_a_difference(fetch: Callable[[str], Path]):
    bring(SHARED / "eeml-24th-list-2025.xlsx")
    report = bring(fetch("/editions/24/list.xlsx"))
    assert (actions(report), report.refused) == ({"unchanged": 1676}, [])
