"""Lists as files: what their rows say, what every file carries, and what a spreadsheet may not run."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import docx
import openpyxl
import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from medicines.actions.edition_listing import rebuild_edition_listings
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
    SectionStep,
    StatusEvent,
)
from medicines.documents import tables
from medicines.documents.csv import lines as csv_lines
from medicines.documents.sheets import CUT, LONGEST_CELL
from medicines.documents.tables import Statement
from medicines.lists.export import COLUMNS
from medicines.lists.own_export import facts_cell, facts_of_cell, official_cells
from medicines.models import AwareEntry, EditionEntry, Indication, Medicine
from tests import make
from tests.house import body
from tests.medicines.build import CEREBRAL_PALSY, FORMULATIONS, content, corrected, facts, imported, published

pytestmark = pytest.mark.django_db

FORMATS = ("csv", "json", "xlsx", "docx")


def get(address: str, **options: Any) -> HttpResponseBase:
    return Client().get(address, **options)


def csv_rows(address: str) -> list[dict[str, str]]:
    words = body(get(address)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(words, newline="")))


def json_file(address: str) -> dict[str, Any]:
    return json.loads(body(get(address)))


def sheets(address: str) -> list[list[list[Any]]]:
    book = openpyxl.load_workbook(io.BytesIO(body(get(address))))
    return [[[cell.value for cell in row] for row in sheet] for sheet in book.worksheets]


def document(address: str) -> Any:
    return docx.Document(io.BytesIO(body(get(address))))


def words_of(paper: Any) -> str:
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in paper.paragraphs), *cells])


def whole(number: str = "8", title: str = "Section") -> SectionPath:
    return SectionPath(edition="24", steps=(SectionStep(number=number, title=title),))


RICH = Facts(
    medicine="amoxicillin + clavulanic acid",
    indication="Otitis media",
    partners=("a partner", "another"),
    atc=("J01CR02",),
    icd11=("AB00", "AA9Z"),
    medicine_type="chemical",
    aware=Aware(group="access", edition="2023"),
    choice="first",
    placements=(
        Placement(
            section=whole("6.2.1", "Access group antibiotics"),
            eml="core",
            emlc="complementary",
            formulations=(
                Formulation(route=("Oral", "Liquid"), strengths=("125 mg + 31.25 mg per 5 mL",), lists=("EMLc",)),
                Formulation(
                    route=("Oral", "Solid"),
                    strengths=("500 mg + 125 mg",),
                    lists=("EML",),
                    original="Oral > Solid: 500 mg  +  125 mg",
                ),
            ),
        ),
        Placement(section=SectionPath(steps=(SectionStep(title="Elsewhere"),)), unnamed_list="removed"),
    ),
    sex="female",
    age=Age(kind="range", words="from 3 months"),
    weight="> 5 kg",
    alternatives=Alternatives(kind="named", medicines=("one", "two"), limits="with care"),
    patents=Patents(status="expired", url="https://patents.example.org/"),
    history=(StatusEvent(event="first_added", year=1997, report="TRS 882", words="for adults"),),
)


# Rows


def test_a_row_says_all_that_the_facts_say_in_english_keys():
    imported(content(text=False, **dict(RICH)))
    first, second = json_file("/fr/search/list.json")["rows"]
    assert first == {
        "number": 1,
        "version": 1,
        "address": "http://testserver/recommendations/1/v1/",
        "medicine": "amoxicillin + clavulanic acid",
        "indication": "Otitis media",
        "combined_with": ["a partner", "another"],
        "status": "essential",
        "placement": 1,
        "eml": "core",
        "emlc": "complementary",
        "unnamed_list": None,
        "section_edition": "24",
        "section_number": "6.2.1",
        "section_numbers": ["6.2.1"],
        "section_titles": ["Access group antibiotics"],
        "formulations": ["Oral > Liquid: 125 mg + 31.25 mg per 5 mL", "Oral > Solid: 500 mg  +  125 mg"],
        "formulations_eml": ["Oral > Solid: 500 mg  +  125 mg"],
        "formulations_emlc": ["Oral > Liquid: 125 mg + 31.25 mg per 5 mL"],
        "atc": ["J01CR02"],
        "icd11": ["AB00", "AA9Z"],
        "icd11_from": "version",
        "medicine_type": "chemical",
        "aware": "access",
        "aware_edition": "2023",
        "aware_from": "version",
        "choice": "first",
        "sex": "female",
        "age": "range",
        "age_words": "from 3 months",
        "weight": "> 5 kg",
        "alternatives": "named",
        "alternatives_atc": None,
        "alternatives_medicines": ["one", "two"],
        "alternatives_limits": "with care",
        "patents": "expired",
        "patents_url": "https://patents.example.org/",
        "year_listed": 1997,
        "history": ["first_added 1997 TRS 882 for adults"],
        "kind": "imported",
        "outcome": None,
        "meeting": None,
        "report": None,
        "effective_date": "2025-09-05",
    }
    different = {key for key in first if first[key] != second[key]}
    assert different == {
        "placement",
        "eml",
        "emlc",
        "unnamed_list",
        "section_edition",
        "section_number",
        "section_numbers",
        "section_titles",
        "formulations",
        "formulations_eml",
        "formulations_emlc",
    }
    assert (second["placement"], second["unnamed_list"], second["section_titles"]) == (2, "removed", ["Elsewhere"])


def test_what_is_not_stated_is_null_and_never_no():
    imported(bare("bare", "A use"))
    row = json_file("/search/list.json")["rows"][0]
    stated = {key for key, value in row.items() if value not in (None, [])}
    assert stated == {
        *("number", "version", "address", "medicine", "indication", "status", "placement", "kind", "effective_date")
    }
    assert (row["placement"], row["status"]) == (0, "not_listed")


def bare(medicine: str, indication: str, **more: Any) -> Content:
    """A content that states nothing but what is told."""
    nothing = {name: field.get_default() for name, field in Facts.model_fields.items() if not field.is_required()}
    return content(text=False, **{**nothing, "medicine": medicine, "indication": indication, **more})


def test_codes_and_groups_of_todays_tables_are_told_apart_from_what_the_text_states():
    imported(bare("amoxicillin", "Otitis media"))
    Indication.objects.update(icd11=["AB00"])
    for edition, group in (("2021", "watch"), ("2023", "access")):
        AwareEntry.objects.create(edition=edition, name="Amoxicillin", key="amoxicillin", group=group)
    row = json_file("/search/list.json")["rows"][0]
    assert (row["icd11"], row["icd11_from"]) == (["AB00"], "vocabulary")
    assert (row["aware"], row["aware_edition"], row["aware_from"]) == ("access", "2023", "vocabulary")


def test_the_csv_says_the_same_as_the_json_and_whose_it_is_on_every_row():
    imported(content(text=False, **dict(RICH)))
    published()
    found = csv_rows("/search/list.csv")
    rows = json_file("/search/list.json")["rows"]
    about = json_file("/search/list.json")["about"]
    for row, expected in zip(found, rows, strict=True):
        told = {key: row.pop(key) for key in ("licence", "licence_url", "publisher", "notice", "source")}
        assert told == {key: about[key] for key in told} | {"source": "http://testserver/search/list.csv"}
        assert int(row.pop("record_state")) == about["record_state"]
        assert row.pop("record_changed_at")[:19] == about["record_changed_at"][:19]
        assert row == {
            key: " | ".join(value) if isinstance(value, list) else "" if value is None else str(value)
            for key, value in expected.items()
        }


def test_the_csv_begins_with_the_mark_that_excel_needs():
    imported()
    assert body(get("/search/list.csv")).startswith(b"\xef\xbb\xbfnumber,version,")


def test_a_decision_says_its_outcome_meeting_and_report():
    published(outcome="not_recommended")
    row = json_file("/search/list.json")["rows"][0]
    assert (row["kind"], row["outcome"], row["meeting"], row["report"]) == (
        "decision",
        "not_recommended",
        "25th Expert Committee",
        "TRS 1064",
    )


# Which rows


@pytest.fixture
def record() -> None:
    """Baclofen decided and corrected, in an edition before that; two others, one in another section."""
    edition = make.edition(24)
    nerves = make.section(edition, "5", "Medicines for neurological disorders")
    deeper = make.section(edition, "5.1", "Medicines for central nervous system disorders", parent=nerves)
    make.section(edition, "5.1.4", "Medicines for cerebral palsy", parent=deeper)
    first = published()
    EditionEntry.objects.create(edition=edition, recommendation=first.recommendation, version=first)
    rebuild_edition_listings()
    corrected(first, content(weight="> 25 kg"), note="The weight was missing.")
    imported(bare("zinc", "Diarrhoea", placements=(Placement(section=whole("17", "Guts"), eml="core"),)))
    rejected = (StatusEvent(event="not_recommended", year=2025),)
    published(bare("rejectamab", "A use", history=rejected), outcome="not_recommended")
    both = (Placement(section=CEREBRAL_PALSY, eml="core"), Placement(section=whole("17", "Guts"), eml="core"))
    imported(bare("twoplacin", "A use", placements=both))


def told(address: str) -> list[tuple[str, int, str | None]]:
    return [(row["medicine"], row["version"], row["section_number"]) for row in json_file(address)["rows"]]


def test_the_whole_list_is_what_holds_now_by_name(record: None):
    assert told("/search/list.json") == [
        ("baclofen", 2, "5.1.4"),
        ("rejectamab", 1, None),
        ("twoplacin", 1, "5.1.4"),
        ("twoplacin", 1, "17"),
        ("zinc", 1, "17"),
    ]


def test_a_search_gives_what_its_page_finds(record: None):
    assert told("/search/list.json?status=essential&section=17") == [
        ("twoplacin", 1, "5.1.4"),
        ("twoplacin", 1, "17"),
        ("zinc", 1, "17"),
    ]
    about = json_file("/search/list.json?status=essential&status=nonsense")["about"]
    assert about["filters"] == ["Status: essential"]
    assert about["title"] == "Essential medicines: a part of the list"


def test_an_edition_stays_what_it_was(record: None):
    assert told("/editions/24/list.json") == [("baclofen", 1, "5.1.4")]


def test_a_section_gives_the_places_in_it_and_below_it_alone(record: None):
    assert told("/sections/24/5/list.json") == [("baclofen", 2, "5.1.4"), ("twoplacin", 1, "5.1.4")]


def test_a_section_of_an_older_edition_gives_what_stood_there_then(record: None):
    make.edition(25)
    assert told("/sections/24/5.1/list.json") == [("baclofen", 1, "5.1.4")]


def test_a_meeting_gives_all_that_it_decided_as_it_was_published(record: None):
    assert told("/meetings/25/outcomes.json") == [("baclofen", 1, "5.1.4"), ("rejectamab", 1, None)]


def test_a_medicine_gives_its_recommendations(record: None):
    zinc = Medicine.objects.get(name="zinc")
    assert told(f"/medicines/{zinc.pk}/list.json") == [("zinc", 1, "17")]
    answer = Client().head(f"/medicines/{zinc.pk}/list.csv")
    assert "Content-Length" not in answer.headers
    assert answer.headers["Content-Disposition"] == 'attachment; filename="demonstration-essential-medicines-zinc.csv"'


@pytest.mark.parametrize(
    "address",
    [
        "/editions/99/list.csv",
        "/sections/24/99/list.csv",
        "/meetings/99/outcomes.csv",
        "/medicines/999999/list.csv",
        "/search/list.pdf",
        "/search/list.csvx",
    ],
)
def test_there_is_no_file_of_what_there_is_not(record: None, address: str):
    assert get(address).status_code == 404


@pytest.mark.parametrize("extension", FORMATS)
def test_a_list_without_entries_is_a_file_too(extension: str):
    assert len(body(get(f"/search/list.{extension}"))) > 100


@pytest.mark.parametrize("extension", FORMATS)
def test_files_are_read_in_as_many_queries_for_many_rows_as_for_few(record: None, extension: str):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            body(get(f"/search/list.{extension}"))
        return len(seen)

    few = queries()
    for number in range(30):
        imported(bare(f"medicine {number}", "A use"))
    assert queries() == few <= 5


def test_every_page_of_a_list_links_to_its_files(record: None):
    zinc = Medicine.objects.get(name="zinc").pk
    pages = {
        "/editions/24/": "/editions/24/list.{}",
        "/fr/sections/24/5.1/": "/fr/sections/24/5.1/list.{}",
        "/meetings/25/": "/meetings/25/outcomes.{}",
        f"/medicines/{zinc}/": f"/medicines/{zinc}/list.{{}}",
        "/search/?q=zinc": "/search/list.{}?q=zinc",
    }
    for page, files in pages.items():
        words = body(get(page)).decode()
        assert [each for each in FORMATS if f'href="{files.format(each)}"' not in words] == [], page


# What every file carries


@override_settings(
    OPERATOR="Ministry of Examples",
    LICENCE="Example Licence 1.0",
    LICENCE_URL="https://licence.example.org/",
    DEMO=False,
)
def test_every_file_names_licence_operator_address_and_state_and_that_it_is_not_who(record: None):
    state = str(json_file("/search/list.json")["about"]["record_state"])
    for extension in FORMATS:
        address = f"/editions/24/list.{extension}"
        answer = Client().head(address)
        assert answer.headers["Link"] == '<https://licence.example.org/>; rel="license"'
        assert "demonstration" not in answer.headers["Content-Disposition"]
        if extension == "xlsx":
            words = json.dumps(sheets(address)[1])
        elif extension == "docx":
            words = words_of(document(address))
        else:
            words = body(get(address)).decode()
        expected = (
            "Ministry of Examples",
            "Example Licence 1.0",
            "https://licence.example.org/",
            "This is not a site of WHO.",
            f"http://testserver{address}",
            state,
        )
        assert [each for each in expected if each not in words] == [], extension
        assert "demonstration" not in words.lower()


def test_a_licence_that_nobody_stated_is_not_assumed(record: None):
    assert json_file("/search/list.json")["about"]["licence"] == "Licence not stated"
    assert "Link" not in Client().head("/search/list.json").headers


def test_files_of_a_demonstration_say_so_in_their_name_and_in_themselves(record: None):
    words = "A demonstration: what stands here decides nothing."
    for extension in FORMATS:
        name = Client().head(f"/search/list.{extension}").headers["Content-Disposition"]
        assert name == f'attachment; filename="demonstration-essential-medicines.{extension}"'
    assert all(row["notice"].startswith(words) for row in csv_rows("/search/list.csv"))
    assert json_file("/search/list.json")["about"]["notice"].startswith(words)
    assert words in json.dumps(sheets("/search/list.xlsx")[1])
    paper = document("/search/list.docx")
    assert words in words_of(paper)
    assert words in paper.sections[0].footer.paragraphs[0].text


@pytest.mark.parametrize("extension", FORMATS)
def test_the_same_list_is_the_same_file(record: None, extension: str):
    address = f"/search/list.{extension}"
    assert body(get(address)) == body(get(address))


@pytest.mark.parametrize("extension", FORMATS)
def test_whoever_has_the_file_already_is_told_so_before_any_work(record: None, extension: str):
    address = f"/search/list.{extension}"
    answer = get(address)
    body(answer)
    tag = answer.headers["ETag"]
    with CaptureQueriesContext(connection) as seen:
        again = get(address, headers={"If-None-Match": tag})
    assert (again.status_code, body(again), len(seen)) == (304, b"", 1)
    imported(bare("new", "A use"))
    answer = get(address, headers={"If-None-Match": tag})
    assert (answer.status_code, len(body(answer)) > 100) == (200, True)


def test_asking_for_the_head_makes_no_file(record: None):
    for extension in FORMATS:
        with CaptureQueriesContext(connection) as seen:
            answer = Client().head(f"/editions/24/list.{extension}")
        assert (answer.status_code, answer.headers["Content-Disposition"][:10]) == (200, "attachment")
        assert len(seen) == 2


# Formulas


BAD = ("=HYPERLINK(1)", "+1", "-1.70 mg", "@SUM(1)", "#N/A")


@pytest.fixture
def formulas() -> None:
    for words in BAD:
        placement = Placement(eml="core", formulations=(Formulation(original=words),))
        imported(bare(f"{words} in", "A use", placements=(placement,), weight=words))


def test_formulas_leave_a_csv_as_text(formulas: None):
    found = {row["weight"] for row in csv_rows("/search/list.csv")}
    assert found == {"'=HYPERLINK(1)", "'+1", "'-1.70 mg", "'@SUM(1)", "#N/A"}


def test_formulas_leave_a_workbook_as_the_exact_text_that_excel_does_not_run(formulas: None):
    book = openpyxl.load_workbook(io.BytesIO(body(get("/search/list.xlsx"))))
    sheet = book.worksheets[0]
    place = [cell.value for cell in sheet[1]].index("Formulations") + 1
    cells = [row[0] for row in sheet.iter_rows(min_row=2, min_col=place, max_col=place)]
    assert {cell.value for cell in cells} == set(BAD)
    assert {(cell.data_type, cell.quotePrefix) for cell in cells} == {("s", True)}


# The workbook


def test_a_workbook_begins_with_the_official_columns_in_english_and_goes_on_in_the_readers_language(record: None):
    for language in ("en", "fr", "ar"):
        with override(language):
            expected = [*COLUMNS, *(str(column.heading) for column in tables.COLUMNS), "Facts (JSON)"]
        rows = sheets(f"/{language}/search/list.xlsx" if language != "en" else "/search/list.xlsx")[0]
        assert rows[0] == expected
        facts_of = content().facts
        assert tuple(cell or "" for cell in rows[1][:7]) == official_cells(facts_of, facts_of.placements[0])


def test_the_official_columns_are_as_the_official_export_writes_them():
    placement = Placement(section=CEREBRAL_PALSY, eml="core", formulations=FORMULATIONS[:2])
    stated = facts(partners=("one", "two"), atc=("A01", "B02"), placements=(placement,))
    assert official_cells(stated, placement) == (
        "baclofen",
        " > ".join(step.title for step in CEREBRAL_PALSY.steps),
        "Oral > Solid > tablet: 10 mg\nOral > Liquid: 10 mg per 5 mL",
        "Spastic cerebral palsy",
        "A01, B02",
        "one + two",
        "Added",
    )


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"placements": (Placement(emlc="core", eml="removed"),)}, "Added"),
        ({"placements": (Placement(eml="removed"),)}, "Removed"),
        ({"placements": (Placement(eml="not_listed"),), "history": ()}, "Not listed"),
        ({"placements": ()}, "Removed"),
        ({"placements": (), "history": (StatusEvent(event="not_recommended", year=2025),)}, "Not recommended"),
        ({"placements": (), "history": ()}, "Not listed"),
    ],
)
def test_the_official_status_is_added_or_removed_for_what_is_or_was_on_a_list(changes: dict[str, Any], status: str):
    stated = facts(**changes)
    assert official_cells(stated, stated.placements[0] if stated.placements else None)[6] == status


def test_no_two_columns_of_a_workbook_have_the_same_heading_in_any_language():
    for language, _name in settings.LANGUAGES:
        with override(language):
            names = [name.casefold() for name in tables.headings()]
        assert sorted(names) == sorted(set(names)), language


def test_a_workbook_tells_values_in_words_numbers_as_numbers_and_days_as_days(record: None):
    rows = sheets("/search/list.xlsx")[0]
    cells = dict(zip(rows[0], rows[1], strict=True))
    assert cells["Recommendation number"] == 1
    assert cells["Overall status"] == "Essential medicine"
    assert (cells["EML"], cells["EMLc"]) == ("Complementary list", "Complementary list")
    assert cells["Holds from"].date() == date(2025, 9, 5)
    assert cells["Section numbers from the root"] == "5 > 5.1 > 5.1.4"
    assert cells["Antibiotic group (AWaRe)"] is None


def test_an_arabic_workbook_runs_from_right_to_left(record: None):
    book = openpyxl.load_workbook(io.BytesIO(body(get("/ar/search/list.xlsx"))))
    assert [sheet.sheet_view.rightToLeft for sheet in book.worksheets] == [True, True]


def test_a_cell_that_is_longer_than_excel_takes_is_cut_and_says_so():
    placement = Placement(eml="core", formulations=(Formulation(original="long " * 8000),))
    imported(bare("longin", "A use", placements=(placement,)))
    rows = sheets("/search/list.xlsx")[0]
    cell = dict(zip(rows[0], rows[1], strict=True))["Formulations"]
    assert (len(cell), cell[-len(CUT) :]) == (LONGEST_CELL, CUT)


# The Word document


def test_a_document_stands_in_the_order_of_the_printed_list(record: None):
    published(
        bare(
            "amitriptyline",
            "Another use",
            placements=(Placement(section=CEREBRAL_PALSY, eml="core", formulations=(Formulation(original="A form"),)),),
            alternatives=Alternatives(kind="atc_class", atc="N06AA"),
        )
    )
    paper = document("/search/list.docx")
    headings = [(p.style.name, p.text) for p in paper.paragraphs if p.style.name.lower().startswith("heading")]
    assert headings == [
        ("Heading 1", "5 Medicines for neurological disorders"),
        ("Heading 2", "5.1 Medicines for central nervous system disorders"),
        ("Heading 3", "5.1.4 Medicines for cerebral palsy"),
        ("Heading 1", "17 Guts"),
        ("Heading 1", "Not on the lists"),
        ("Heading 2", "Not recommended for listing"),
    ]
    names = [[row.cells[0].paragraphs[0].text for row in table.rows[1:]] for table in paper.tables]
    assert names == [["☐ Amitriptyline", "Baclofen", "Twoplacin"], ["Twoplacin", "Zinc"], ["Rejectamab"]]
    assert "☐ Representative: " in words_of(paper)


def test_an_entry_of_a_document_leads_to_the_version_that_it_is_of(record: None):
    paper = document("/search/list.docx")
    cell = paper.tables[0].rows[1].cells[0]
    assert [paragraph.text for paragraph in cell.paragraphs] == ["Baclofen", "Recommendation 1, version 2"]
    assert ' HYPERLINK "http://testserver/recommendations/1/v2/" ' in cell.paragraphs[1]._p.xml


def test_a_document_without_representatives_explains_no_box(record: None):
    assert "☐" not in words_of(document("/search/list.docx"))


def test_a_document_escapes_what_it_is_given(record: None):
    published(bare("<w:p> & 'sons' \"x\"", "]]> use"))
    assert "<w:p> & 'sons' \"x\"" in words_of(document("/search/list.docx"))


def test_a_document_is_well_formed_in_every_language(record: None):
    for language, _name in settings.LANGUAGES:
        prefix = "" if language == "en" else f"/{language}"
        with zipfile.ZipFile(io.BytesIO(body(get(f"{prefix}/search/list.docx")))) as archive:
            assert archive.testzip() is None
            assert ("<w:bidiVisual/>" in archive.read("word/document.xml").decode()) == (language == "ar")
        assert len(document(f"{prefix}/search/list.docx").tables) == 3


# Facts in a cell


@pytest.mark.parametrize(
    "words", ["plain", "=1", "two\nlines", "tab\there", "_x0041_", "\ufffe\x85", '"quoted" \\', "µ ≈ 漢字 عربي"]
)
def test_facts_come_back_from_their_cell_whatever_they_say(words: str):
    given = facts(weight=words, medicine=words)
    cell = facts_cell(given)
    assert facts_of_cell(cell) == given
    assert "_x0041_" not in cell
    assert "\ufffe" not in cell


@pytest.mark.parametrize("words", ["", "nonsense", "[]", "{}", '{"schema":1,"facts":{"medicine":1}}', '{"schema":9}'])
def test_a_cell_without_facts_gives_none(words: str):
    assert facts_of_cell(words) is None


def test_a_row_of_a_statement_that_stands_nowhere_is_a_row():
    said = Statement(1, 1, "https://example.org/", facts(placements=()), "imported", "", date(2025, 9, 5))
    assert [entry.placement for entry in tables.entries(said)] == [None]
    assert [*tables.entries(said, section="5")] == []


def test_a_medicine_of_which_nothing_is_published_has_no_file(db: None) -> None:
    medicine = Medicine.objects.create(name="Comingin", key="comingin", sort_key="comingin")
    for extension in FORMATS:
        assert get(f"/medicines/{medicine.pk}/list.{extension}").status_code == 404


@pytest.mark.parametrize("extension", FORMATS)
def test_characters_that_no_file_can_hold_break_none(db: None, extension: str) -> None:
    """What was searched for is told in the file, and may be anything."""
    published()
    for query in ("%08", "%1bA", "%EF%BF%BE", "%EF%BF%BF", "%ED%A0%80", "%E2%80%AE", "%3D1%2B1"):
        answer = get(f"/search/list.{extension}?q=baclofen+{query}")
        assert answer.status_code == 200
        assert body(answer)


def test_a_csv_that_breaks_off_says_so_and_the_error_goes_on():
    def broken() -> Iterator[tables.Entry]:
        yield from ()
        raise RuntimeError("The database has gone.")

    words = dict.fromkeys(("title", "publisher", "licence", "licence_url", "notice", "source", "schema_url"), "")
    about = tables.About(**words, filters=(), record_state=1, record_changed_at=datetime(2025, 1, 1, tzinfo=UTC))
    pieces = csv_lines(about, broken())
    last = next(pieces).decode().splitlines()[-1]
    assert last == "INCOMPLETE: an error ended this file while it was made. Fetch it again."
    with pytest.raises(RuntimeError, match=r"^The database has gone\.$"):
        next(pieces)
