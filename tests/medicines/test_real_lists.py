"""The real 23rd and 24th lists: the figures that are known of them, and the twenty rows that bend the rules."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from medicines.actions.editions import edition_for
from medicines.actions.import_list import import_list
from medicines.actions.import_sections import import_sections
from medicines.actions.publish import Publication, publish
from medicines.actions.verify import verify_record
from medicines.content.schema import Content, Facts, Placement
from medicines.lists.export import COLUMNS
from medicines.lists.report import Report
from medicines.lists.table import read_table
from medicines.models import EditionEntry, Listing, Recommendation, Version
from tests.medicines.lists import SHARED, csv_file, needs_shared_data

pytestmark = [pytest.mark.django_db, needs_shared_data]

LIST_23 = SHARED / "eeml-23rd-list-2023.csv"
LIST_24 = SHARED / "eeml-24th-list-2025.xlsx"


def sections() -> None:
    import_sections(file=SHARED / "eml24-sections.csv", edition=edition_for(number=24))


def bring(file: Path, number: int, *, preview: bool = False) -> Report:
    return import_list(file=file, edition=edition_for(number=number), preview=preview)


def figures(report: Report) -> dict[str, int]:
    return {name: count for name, count in report.counts().items() if count}


def test_the_24th_list_has_the_figures_that_are_known_of_it():
    sections()
    with CaptureQueriesContext(connection) as queries:
        report = bring(LIST_24, 24)
    assert len(queries) <= 100
    assert figures(report) == {
        "rows": 1738,
        "recommendations": 1676,
        "medicines": 786,
        "listed recommendations": 1374,
        "listed medicines": 645,
        "in several sections at once": 18,
        "created": 1676,
        "rows merged": 35,
        "rows repeated": 6,
        "warnings": 8,
        "edition entries": 1676,
    }
    assert Listing.objects.filter(status="essential").count() == 1374
    assert Listing.objects.filter(status="essential").values("medicine").distinct().count() == 645
    assert Recommendation.objects.values("medicine").distinct().count() == 786
    assert EditionEntry.objects.count() == 1676
    assert report.strengths_parsed >= 97
    assert verify_record().holds


def test_the_23rd_and_then_the_24th_give_1542_and_214_new_ones():
    sections()
    assert bring(LIST_23, 23).counts()["created"] == 1542
    later = bring(LIST_24, 24).counts()
    assert (later["created"], later["recommendations"]) == (214, 1676)
    assert Recommendation.objects.count() == 1756
    assert sorted(EditionEntry.objects.values_list("edition__number").distinct()) == [(23,), (24,)]
    assert EditionEntry.objects.filter(edition__number=23).count() == 1542
    before = Version.objects.count()
    assert {bring(LIST_23, 23).counts()["unchanged"], bring(LIST_24, 24).counts()["unchanged"]} == {1542, 1676}
    assert Version.objects.count() == before
    assert verify_record().holds


def test_the_24th_and_then_the_23rd_leave_the_24th_current():
    sections()
    bring(LIST_24, 24)
    before = dict(Listing.objects.values_list("recommendation__number", "version"))
    earlier = bring(LIST_23, 23).counts()
    assert (earlier["filled"], earlier["created"]) == (1462, 80)
    after = dict(Listing.objects.values_list("recommendation__number", "version"))
    assert {number: after[number] for number in before} == before


def test_the_order_of_its_rows_is_no_matter(tmp_path: Path):
    sections()
    bring(LIST_24, 24)
    rows = [row.cells for row in read_table(LIST_24, columns=COLUMNS).rows]
    random.Random(24).shuffle(rows)
    counts = bring(csv_file(tmp_path / "shuffled.csv", rows, delimiter=";"), 24).counts()
    assert (counts["unchanged"], counts["edition entries"]) == (1676, 0)


def test_saved_again_as_windows_1252_it_is_read_and_its_lost_characters_are_told(tmp_path: Path):
    rows = [row.cells for row in read_table(LIST_24, columns=COLUMNS).rows]
    lost = [number for number, row in enumerate(rows, 2) if any(set(cell) & set("≈≥") for cell in row.values())]
    file = csv_file(tmp_path / "again.csv", rows, delimiter=";", encoding="cp1252", errors="replace")
    report = bring(file, 24, preview=True)
    assert (report.source.form, report.counts()["recommendations"]) == (
        "CSV, semicolon-separated, Windows-1252",
        1676,
    )
    told = {row for warning in report.warnings if warning.code == "lost_character" for row in warning.rows}
    assert lost
    assert set(lost) <= told


def test_a_published_decision_is_not_overwritten():
    sections()
    decided = Content(
        facts=Facts(
            medicine="Baclofen",
            indication="Spastic cerebral palsy",
            placements=(Placement(eml="not_listed", emlc="not_listed"),),
        )
    )
    baclofen = next(step for step in bring(LIST_24, 24, preview=True).steps if step.medicine == "baclofen")
    content = decided.model_copy(update={"facts": decided.facts.model_copy(update={"indication": baclofen.indication})})
    edition = edition_for(number=24)
    publication = Publication(
        content=content, kind="decision", outcome="not_recommended", effective_date=edition.effective_date
    )
    (decision,) = publish(publications=[publication], source={"meeting": "A meeting"})
    report = bring(LIST_24, 24)
    assert [step.fields for step in report.steps if step.action == "conflict"] == [("status",)]
    assert Listing.objects.get(recommendation=decision.recommendation).version == decision
    assert report.counts()["edition entries"] == 1675


# The twenty rows


@pytest.fixture
def nasty(request: pytest.FixtureRequest, tmp_path: Path) -> Facts:
    """The facts that one of the rows makes, alone in a file."""
    sections()
    rows = json.loads((SHARED / "eeml-nasty-rows.json").read_text())
    (chosen,) = (row for row in rows if row["xlsx_row"] == request.param)
    file = csv_file(tmp_path / "row.csv", [{column: chosen[column] for column in COLUMNS}])
    report = import_list(file=file, edition=edition_for(number=24))
    assert report.written
    originals = "".join(
        f.original for p in Listing.objects.get().version.content.facts.placements for f in p.formulations
    )
    kept = [character for character in originals if character.isalnum()]
    assert kept == [character for character in chosen["Formulations"] if character.isalnum()]
    return Listing.objects.get().version.content.facts


def row_of(number: int) -> Any:
    return pytest.mark.parametrize("nasty", [number], indirect=True)


def formulations(facts: Facts) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    return [(f.route, f.strengths) for f in facts.placements[0].formulations]


def number_of(facts: Facts) -> str:
    section = facts.placements[0].section
    return section.leaf.number if section else "none"


@row_of(1207)
def test_a_composition_of_sixteen_lines_is_one_formulation(nasty: Facts):
    (formulation,) = nasty.placements[0].formulations
    assert (formulation.route, formulation.strengths) == ((), ())
    assert len(formulation.original.splitlines()) == 16


@row_of(367)
def test_a_cell_of_a_thousand_characters_gives_a_formulation_a_line(nasty: Facts):
    routes = {route[-1]: len(strengths) for route, strengths in formulations(nasty)}
    assert routes == {"unspecified": 4, "Intravitreal": 4}
    assert {route[0] for route, _strengths in formulations(nasty)} == {"Parenteral"}


@row_of(864)
def test_a_parenthesis_that_is_never_closed_parts_no_strengths_wrongly(nasty: Facts):
    ((_route, strengths),) = formulations(nasty)
    assert [strength.partition(" (")[0] for strength in strengths] == ["4% + 0.18%", "5% + 0.9%", "5% + 0.45%"]
    assert number_of(nasty) == "26.2"


@row_of(1081)
def test_a_semicolon_inside_parentheses_parts_nothing(nasty: Facts):
    assert [(route[-1], len(strengths)) for route, strengths in formulations(nasty)] == [("IV", 1), ("IM", 1)]
    assert formulations(nasty)[0][1][0].startswith("500 mg per mL in 2 mL ampoule (")


@row_of(920)
def test_a_sign_and_parts_per_million_are_kept(nasty: Facts):
    assert formulations(nasty) == [(("Solution (aqueous)",), ("containing hypochlorous acid ≥ 150 parts per million",))]
    assert nasty.atc == ("V07AV",)


@row_of(193)
def test_a_removed_one_without_a_route_keeps_its_words(nasty: Facts):
    assert (nasty.status, formulations(nasty)) == ("removed", [((), ())])


@row_of(221)
def test_the_mark_for_children_is_a_part_of_the_indication(nasty: Facts):
    assert nasty.indication.endswith("[children]")
    assert [strength.partition(" in ")[0] for strength in formulations(nasty)[0][1]] == [
        "1.2 million IU",
        "2.4 million IU",
    ]


@row_of(146)
def test_a_route_without_a_strength_is_a_route(nasty: Facts):
    assert formulations(nasty) == [(("Parenteral", "General injections", "IV"), ())]


@row_of(507)
def test_a_dash_is_no_formulation(nasty: Facts):
    assert (nasty.placements[0].formulations, nasty.status) == ((), "essential")


@row_of(1105)
def test_ten_codes_are_ten_codes(nasty: Facts):
    assert nasty.atc == ("J07AH01", *(f"J07AH{number:02}" for number in range(2, 11)))
    assert formulations(nasty) == [((), ())]


@row_of(175)
def test_a_removed_row_alone_is_removed(nasty: Facts):
    assert (nasty.status, nasty.atc) == ("removed", ("C07AB03",))


@row_of(176)
def test_an_added_row_without_a_code_states_no_code(nasty: Facts):
    assert (nasty.status, nasty.atc) == ("essential", ())


def test_together_the_added_row_holds_and_takes_the_code(tmp_path: Path):
    rows = [row for row in json.loads((SHARED / "eeml-nasty-rows.json").read_text()) if row["xlsx_row"] in (175, 176)]
    file = csv_file(tmp_path / "rows.csv", [{column: row[column] for column in COLUMNS} for row in rows])
    import_list(file=file, edition=edition_for(number=24))
    facts = Version.objects.get().content.facts
    assert (facts.status, facts.atc, len(facts.placements)) == ("essential", ("C07AB03",), 1)


@row_of(449)
def test_a_row_that_stands_twice_is_read(nasty: Facts):
    assert [len(strengths) for _route, strengths in formulations(nasty)] == [2, 4, 4]


@row_of(456)
def test_its_repetition_reads_the_same(nasty: Facts):
    assert [len(strengths) for _route, strengths in formulations(nasty)] == [2, 4, 4]


def test_together_they_are_one(tmp_path: Path):
    rows = [row for row in json.loads((SHARED / "eeml-nasty-rows.json").read_text()) if row["xlsx_row"] in (449, 456)]
    file = csv_file(tmp_path / "rows.csv", [{column: row[column] for column in COLUMNS} for row in rows])
    report = import_list(file=file, edition=edition_for(number=24))
    assert (report.counts()["created"], report.export.duplicates) == (1, [(2, 3)])


@row_of(1258)
def test_an_accent_in_a_section_finds_its_number(nasty: Facts):
    assert number_of(nasty) == "5.2.1"


@row_of(1200)
def test_doubled_blanks_in_strengths_are_folded(nasty: Facts):
    assert formulations(nasty)[0][1][1].startswith("2 mg per mL in 1 mL ampoule")
    assert number_of(nasty) == "1.3"


@row_of(601)
def test_a_trailing_blank_makes_no_other_section(nasty: Facts):
    assert number_of(nasty) == "24.3"


@row_of(724)
def test_a_trailing_blank_of_a_removed_row_makes_none_either(nasty: Facts):
    section = nasty.placements[0].section
    assert section
    assert (section.leaf.title, nasty.status) == ("Estrogens", "removed")


@row_of(92)
def test_six_lines_of_one_medicine_are_six_formulations(nasty: Facts):
    assert [len(strengths) for _route, strengths in formulations(nasty)] == [2, 3, 2, 2, 2, 3]


@row_of(13)
def test_an_empty_cell_states_nothing(nasty: Facts):
    assert (nasty.placements[0].formulations, nasty.atc, nasty.status) == ((), (), "essential")
