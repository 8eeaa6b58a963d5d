"""Files at the desk: shown before anything is written, settled, carried out as they were shown, kept for ever."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client

from medicines.actions.editions import EditionRefused, edition_for
from medicines.actions.import_list import PlanHasMoved, import_list
from medicines.actions.list_imports import (
    NotWaiting,
    PreviewHasChanged,
    RowsRefused,
    carry_out,
    discard,
    preview_again,
    receive,
    settle,
    state_edition,
)
from medicines.content.schema import Alternatives
from medicines.lists.choices import Choices
from medicines.lists.export import COLUMNS
from medicines.models import Edition, EditionEntry, ListImport, Listing, Section, SectionTitle, Version
from tests import make
from tests.medicines.build import content, imported, published
from tests.medicines.classes import workbook
from tests.medicines.lists import csv_file, row
from tests.medicines.test_import_icd11 import HEADER, TREE
from tests.medicines.test_import_list import BRAIN, listed

pytestmark = pytest.mark.django_db

ADD = "/admin/medicines/listimport/add/"


@pytest.fixture(autouse=True)
def sections() -> None:
    edition = edition_for(number=24)
    edition.save()
    nerves = make.section(edition, "5", "Nerves")
    make.section(edition, "5.1", "Brain", parent=nerves)
    make.section(edition, "5.2", "Spine", parent=nerves)
    make.section(edition, "6", "Spine")


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(make.secretary())
    return client


def file_of(tmp_path: Path, *rows: Mapping[str, str]) -> bytes:
    return csv_file(tmp_path / "made.csv", rows).read_bytes()


def waiting(tmp_path: Path, *rows: Mapping[str, str], kind: str = "list") -> ListImport:
    return receive(file=ContentFile(file_of(tmp_path, *rows)), name="list.csv", kind=kind, edition="24")


def settled_with(one: ListImport, **choices: Any) -> ListImport:
    return settle(waiting=one, choices=Choices(**choices), plan=one.report["plan"])


def brought(desk: Client, data: bytes, *, name: str = "list.csv", **fields: str) -> Any:
    sent = {"kind": "list", "edition": "24", **fields, "file": SimpleUploadedFile(name, data)}
    return desk.post(ADD, sent)


# Receiving, settling, carrying out


def test_nothing_is_written_until_it_is_confirmed_and_then_what_was_shown(tmp_path: Path):
    one = waiting(tmp_path, row(), row("b"))
    assert (Version.objects.count(), one.report["counts"]["created"], one.report["written"]) == (0, 2, False)
    done = carry_out(waiting=one, plan=one.report["plan"])
    assert (Version.objects.count(), done.report["counts"]["created"], done.report["written"]) == (2, 2, True)
    assert done.carried_out_at
    assert Version.objects.earliest("pk").provenance["file"] == "list.csv"


def test_a_record_that_has_moved_since_is_told_and_nothing_is_written(tmp_path: Path):
    one = waiting(tmp_path, row(atc="N05BA01"))
    imported(content(medicine="exemplin", indication="Hiccups", placements=(listed(),), text=False))
    before = Version.objects.count()
    with pytest.raises(PlanHasMoved):
        carry_out(waiting=one, plan=one.report["plan"])
    assert (Version.objects.count(), EditionEntry.objects.count()) == (before, 0)
    again = preview_again(waiting=one)
    assert carry_out(waiting=again, plan=again.report["plan"]).report["counts"]["changed"] == 1


def test_an_import_is_carried_out_once_and_kept_for_ever(tmp_path: Path):
    one = waiting(tmp_path, row())
    done = carry_out(waiting=one, plan=one.report["plan"])
    with pytest.raises(NotWaiting):
        carry_out(waiting=done, plan=done.report["plan"])
    with pytest.raises(NotWaiting):
        discard(waiting=done)
    for act in (done.delete, done.save, lambda: ListImport.objects.update(report={})):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    with ListImport.objects.get().file.open() as file:
        assert file.read().startswith(b"Medicine name")


def test_a_file_with_refused_rows_is_shown_and_cannot_be_carried_out(tmp_path: Path):
    one = waiting(tmp_path, row(), row(""))
    assert one.report["refused"] == [{"rows": [3], "field": "Medicine name", "code": "empty", "values": {}}]
    with pytest.raises(RowsRefused):
        carry_out(waiting=one, plan=one.report["plan"])
    assert not Version.objects.exists()


def test_a_discarded_file_is_forgotten(tmp_path: Path, django_capture_on_commit_callbacks: Any):
    one = waiting(tmp_path, row())
    storage, name = one.file.storage, one.file.name
    with django_capture_on_commit_callbacks(execute=True):
        discard(waiting=one)
    assert not ListImport.objects.exists()
    assert not storage.exists(name)


def test_what_a_title_means_is_asked_once_for_the_edition(tmp_path: Path):
    rows = row(section="Spine"), row("b", section="Nowhere"), row("c", section="Else")
    one = waiting(tmp_path, *rows)
    assert one.report["questions"]["sections"] == [
        {"title": "Spine", "numbers": ["5.2", "6"], "rows": [2], "chosen": None},
        {"title": "Nowhere", "numbers": [], "rows": [3], "chosen": None},
        {"title": "Else", "numbers": [], "rows": [4], "chosen": None},
    ]
    settled = settled_with(one, sections={"Spine": "6", "Nowhere": "", "Else": "5.1"})
    assert not SectionTitle.objects.exists()
    carry_out(waiting=settled, plan=settled.report["plan"])
    assert {listing.medicine.name: listing.sections for listing in Listing.objects.all()} == {
        "exemplin": ["6"],
        "b": [],
        "c": ["5", "5.1"],
    }
    again = waiting(tmp_path, *rows)
    assert (again.report["questions"]["sections"], again.report["counts"]["unchanged"]) == ([], 3)
    assert again.report["warnings"] == []


# Conflicts with decisions


@pytest.fixture
def decision() -> Version:
    return published(content(medicine="exemplin", indication="Hiccups", placements=(listed(),)))


def test_a_conflict_is_asked_with_what_both_say(tmp_path: Path, decision: Version):
    one = waiting(tmp_path, row(section="Nerves > Spine"))
    assert one.report["questions"]["conflicts"] == [
        {
            "number": 1,
            "medicine": "exemplin",
            "indication": "Hiccups",
            "decision": {"status": "essential", "sections": ["5.1 Brain"]},
            "list": {"status": "essential", "sections": ["5.2 Spine"]},
            "chosen": None,
        }
    ]
    carry_out(waiting=one, plan=one.report["plan"])
    assert (Version.objects.count(), EditionEntry.objects.count()) == (1, 0)


def test_where_the_decision_holds_the_edition_has_its_version(tmp_path: Path, decision: Version):
    one = settled_with(waiting(tmp_path, row(status="Removed")), conflicts={1: "decision"})
    done = carry_out(waiting=one, plan=one.report["plan"])
    assert done.report["counts"]["upheld"] == 1
    assert EditionEntry.objects.get().version == decision
    again = waiting(tmp_path, row(status="Removed"))
    assert (again.report["questions"]["conflicts"], again.report["counts"]["upheld"]) == ([], 1)
    assert Version.objects.get() == decision


def test_where_the_list_holds_a_version_has_its_facts_and_the_decisions_words(tmp_path: Path, decision: Version):
    one = settled_with(waiting(tmp_path, row(status="Removed")), conflicts={1: "list"})
    done = carry_out(waiting=one, plan=one.report["plan"])
    version = EditionEntry.objects.get().version
    assert (done.report["counts"]["removed"], version.number, version.kind) == (1, 2, "imported")
    assert (version.content.facts.status, version.outcome) == ("removed", "added")
    assert version.content.narrative == decision.content.narrative
    assert (version.provenance["settled"], version.provenance["carries"]) == ("the list holds", 1)
    assert waiting(tmp_path, row(status="Removed")).report["counts"]["unchanged"] == 1


def test_what_is_not_settled_stays_a_conflict_beside_what_is(tmp_path: Path, decision: Version):
    published(content(medicine="otherin", indication="Hiccups", placements=(listed(BRAIN),)))
    rows = row(status="Removed"), row("otherin", status="Removed")
    report = import_list(
        file=csv_file(tmp_path / "list.csv", rows),
        edition=edition_for(number=24),
        choices=Choices(conflicts={1: "decision"}),
    )
    assert {each.medicine: each.action for each in report.steps} == {"exemplin": "upheld", "otherin": "conflict"}
    assert EditionEntry.objects.count() == 1


# Boxes of the printed list


def test_where_a_box_stands_is_answered_at_the_desk(tmp_path: Path, desk: Client):
    rows = row(), row(indication="Pain", section="Nerves > Spine")
    import_list(file=csv_file(tmp_path / "list.csv", rows), edition=edition_for(number=24))
    entry = {"name": "exemplin", "section": "5.1 Brain", "list": "core", "square_box": True}
    data = json.dumps({"entries": [entry | {"therapeutic_alternatives": ["worsin"]}]}).encode()
    brought(desk, data, name="printed.json", kind="printed_list")
    one = ListImport.objects.get()
    page = f"/admin/medicines/listimport/{one.pk}/"
    assert "in the file under 5.1 Brain, with the alternatives worsin" in desk.get(f"{page}change/").content.decode()
    answer = desk.post(f"{page}settle/", {"plan": one.report["plan"], "box-0": ["9 Nowhere"]})
    assert answer.status_code == 422
    desk.post(f"{page}settle/", {"plan": one.report["plan"], "box-0": ["5.2 Spine"]})
    one.refresh_from_db()
    carry_out(waiting=one, plan=one.report["plan"])
    found = {listing.indication.name: listing.version.content.facts.alternatives for listing in Listing.objects.all()}
    assert found == {"Hiccups": None, "Pain": Alternatives(kind="named", medicines=("worsin",))}


def test_looser_matches_of_icd11_are_taken_where_a_person_says_so(tmp_path: Path, desk: Client):
    imported(content(medicine="exemplin", indication="Hiccups (severe)", placements=(listed(),), icd11=(), text=False))
    data = workbook(tmp_path / "icd.xlsx", {"Tabulation": [HEADER, *TREE]}).read_bytes()
    brought(desk, data, name="icd.xlsx", kind="icd11", edition="2025-01")
    one = ListImport.objects.get()
    assert one.report["questions"] == {"looser": {"count": 1, "chosen": False}}
    desk.post(f"/admin/medicines/listimport/{one.pk}/settle/", {"plan": one.report["plan"], "looser": "on"})
    one.refresh_from_db()
    carry_out(waiting=one, plan=one.report["plan"])
    assert Listing.objects.get().icd11 == ["ZZ10"]


# The pages


def test_the_whole_way_at_the_desk(tmp_path: Path, desk: Client):
    answer = brought(desk, file_of(tmp_path, row(section="Spine"), row("b")))
    one = ListImport.objects.get()
    page = f"/admin/medicines/listimport/{one.pk}/"
    assert answer.headers["Location"] == f"{page}change/"
    shown = desk.get(f"{page}change/").content.decode()
    assert "This is a preview" in shown
    assert "2 questions are open" not in shown
    answer = desk.post(f"{page}settle/", {"plan": one.report["plan"], "section-0": "to:6"})
    assert answer.status_code == 302
    one.refresh_from_db()
    assert one.choices["sections"] == {"Spine": "6"}
    answer = desk.post(f"{page}carry-out/", {"plan": one.report["plan"]}, follow=True)
    assert "The import is carried out. This report is kept." in answer.content.decode()
    assert Version.objects.count() == 2
    assert [entry.action_flag for entry in LogEntry.objects.order_by("pk")] == [1, 2, 2]
    assert "Carry out the import" not in desk.get(f"{page}change/").content.decode()
    again = brought(desk, file_of(tmp_path, row(section="Spine"), row("b"))).headers["Location"]
    assert "The same file was carried out on" in desk.get(again).content.decode()


def test_a_page_that_is_older_than_the_preview_carries_nothing_out(tmp_path: Path, desk: Client):
    one = waiting(tmp_path, row(section="Spine"))
    plan = one.report["plan"]
    settled_with(one, sections={"Spine": "6"})
    page = f"/admin/medicines/listimport/{one.pk}/"
    answer = desk.post(f"{page}carry-out/", {"plan": plan}, follow=True)
    assert "something else would be written now" in answer.content.decode()
    answer = desk.post(f"{page}settle/", {"plan": plan, "section-0": "to:5.2"}, follow=True)
    assert "The preview has changed since this page was made." in answer.content.decode()
    assert not Version.objects.exists()
    assert ListImport.objects.get().choices["sections"] == {"Spine": "6"}


def test_of_two_people_at_one_preview_the_second_overwrites_no_answer_of_the_first(tmp_path: Path):
    first = waiting(tmp_path, row(section="Spine"))
    second = ListImport.objects.get()  # Read before the first has answered, as in a request that waits for a lock.
    settled_with(first, sections={"Spine": "6"})
    with pytest.raises(PreviewHasChanged):
        settled_with(second, sections={"Spine": "5.2"})
    preview_again(waiting=second)
    state_edition(waiting=second, edition="24", facts={"year": 2025})
    assert ListImport.objects.get().choices["sections"] == {"Spine": "6"}


def test_nothing_is_carried_out_that_nobody_was_shown(tmp_path: Path, desk: Client):
    shown = waiting(tmp_path, row())
    brought(desk, file_of(tmp_path, row("b")), edition="31")
    make.edition(31)
    for one in ListImport.objects.all():
        answer = desk.post(f"/admin/medicines/listimport/{one.pk}/carry-out/", follow=True)
        assert "Look again." in answer.content.decode()
    assert not Version.objects.exists()
    carry_out(waiting=shown, plan=shown.report["plan"])
    logged = LogEntry.objects.count()
    desk.post(f"/admin/medicines/listimport/{shown.pk}/discard/")
    assert (ListImport.objects.count(), LogEntry.objects.count()) == (2, logged)


def damaged(before: str, after: str) -> bytes:
    """A workbook in whose sheet some words are replaced by others."""
    book = openpyxl.Workbook()
    book.worksheets[0].append(COLUMNS)
    book.worksheets[0].append(["exemplin"])
    whole, made = io.BytesIO(), io.BytesIO()
    book.save(whole)
    with zipfile.ZipFile(whole) as parts, zipfile.ZipFile(made, "w") as copy:
        for name in parts.namelist():
            copy.writestr(name, parts.read(name).replace(before.encode(), after.encode()))
    return made.getvalue()


@pytest.mark.parametrize(
    ("data", "fields", "words"),
    [
        (b"", {}, "The submitted file is empty."),
        (b"PK\x03\x04 broken", {}, "The file is no Excel workbook that can be read."),
        (b"a;b\n1;2\n", {}, "The first row has no column “Medicine name”"),
        (b"\x81\xff\n", {}, "Line 1 is neither UTF-8 nor Windows-1252."),
        (b"x", {"edition": ""}, "Say which edition or release the file is of."),
        (b"x", {"edition": "next"}, "Give the number of an edition, such as 24."),
        (b"x", {"edition": "31"}, "The first row has no column “Medicine name”"),
        (b'{"entries": []}', {"edition": "31", "kind": "printed_list"}, "Edition 31 has no entries to enrich."),
        (f"{','.join(COLUMNS)}\n\0,b\n".encode(), {}, "Row 2 has a character that no text has."),
        (damaged('<row r="2"', '<row r="99999999999"'), {"name": "list.xlsx"}, "The sheet names a row below 1048576"),
        (
            damaged("<sheetFormatPr ", '<sheetFormatPr odd="1" '),
            {"name": "list.xlsx"},
            "The file is no Excel workbook that can be read.",
        ),
        (damaged("<t>exemplin", "<t>&lol;"), {"name": "list.xlsx"}, "The file is no Excel workbook that can be read."),
        (b"number,title\n5;1,Odd\n", {"kind": "sections"}, "is no number of a section"),
        (b"x", {"kind": "sections", "previous": "3"}, "The record has no edition 3."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(desk: Client, data: bytes, fields: dict[str, str], words: str):
    answer = brought(desk, data, **fields)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not ListImport.objects.exists()


# An edition that the record does not have


def test_a_new_edition_is_asked_for_and_the_file_is_kept(tmp_path: Path, desk: Client):
    data = file_of(tmp_path, row())
    answer = brought(desk, data, edition="31")
    one = ListImport.objects.get()
    page = f"/admin/medicines/listimport/{one.pk}/"
    assert (answer.headers["Location"], one.report) == (f"{page}change/", {})
    assert "Which edition is this?" in desk.get(f"{page}change/").content.decode()
    assert "Waiting for its edition" in desk.get("/admin/medicines/listimport/").content.decode()
    for said, field, words in (
        ({"effective_date": ""}, "effective_date", "Nothing is known of the effective date of edition 31."),
        ({"effective_date": "2039-02-31"}, "effective_date", "Enter a valid date."),
        ({"effective_date": "2025-09-05"}, "effective_date", "Edition 24 holds since 5 September 2025"),
        ({"effective_date": "2039-09-01", "year": "1"}, "year", "greater than or equal to 1977"),
        ({"effective_date": "2039-09-01", "children_number": "10"}, "children_number", "belongs to edition 24 already"),
        ({"edition": "next"}, "edition", "Give the number of an edition, such as 24."),
    ):
        answer = desk.post(f"{page}edition/", {"edition": "31", **said})
        assert (answer.status_code, [*answer.context["form"].errors]) == (422, [field])
        assert words in answer.content.decode()
    with ListImport.objects.get().file.open() as file:
        assert file.read() == data
    assert (ListImport.objects.get().report, Edition.objects.count(), Version.objects.count()) == ({}, 1, 0)


def test_a_new_edition_is_entered_with_its_list_and_not_before(tmp_path: Path, desk: Client):
    brought(desk, file_of(tmp_path, row()), edition="31")
    one = ListImport.objects.get()
    page = f"/admin/medicines/listimport/{one.pk}/"
    said = {"edition": "31", "effective_date": "2039-09-01", "report": "TRS 2000", "children_number": "17"}
    assert desk.post(f"{page}edition/", said).status_code == 302
    assert LogEntry.objects.latest("pk").get_change_message() == "Settled what the file leaves open."
    one.refresh_from_db()
    shown = desk.get(f"{page}change/").content.decode()
    assert "With it edition EML 31 of 2039 is entered, which holds from 1 September 2039." in shown
    assert (Edition.objects.count(), one.report["edition_created"]["report"]) == (1, "TRS 2000")
    desk.post(f"{page}settle/", {"plan": one.report["plan"]})  # What was said of the edition stays said.
    one.refresh_from_db()
    desk.post(f"{page}carry-out/", {"plan": one.report["plan"]})
    edition = Edition.objects.get(number=31)
    assert (edition.year, edition.children_number, str(edition.effective_date)) == (2039, 17, "2039-09-01")
    assert EditionEntry.objects.get().edition == edition
    assert LogEntry.objects.filter(content_type__model="edition", object_id=edition.pk, action_flag=1).exists()
    assert "EML 31 of 2039 was entered" in desk.get(f"{page}change/").content.decode()


def test_an_edition_that_somebody_entered_otherwise_meanwhile_is_told(tmp_path: Path):
    data = ContentFile(b"number,title\n1,Nerves\n")
    one = receive(file=data, name="sections.csv", kind="sections", edition="31")
    one = state_edition(waiting=one, edition="31", facts={"effective_date": date(2039, 9, 1)})
    assert one.report["edition_created"]["year"] == 2039
    make.edition(31)
    with pytest.raises(EditionRefused, match="The record has another effective date for edition 31"):
        carry_out(waiting=one, plan=one.report["plan"])
    assert not Section.objects.filter(edition__number=31).exists()


def test_a_file_that_is_too_large_is_refused(desk: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("medicines.admin.list_forms.LARGEST", 10)
    answer = brought(desk, b"x" * 11)
    assert "The file is larger than 10\xa0bytes." in answer.content.decode()


def test_sections_come_in_with_what_they_continue(desk: Client):
    make.section(make.edition(23), "7", "Old nerves")
    data = b"number,title,continues\n5.3,Nerves of the arm,7\n"
    brought(desk, data, name="sections.csv", kind="sections", previous="23")
    one = ListImport.objects.get()
    assert not Section.objects.filter(number="5.3").exists()
    carry_out(waiting=one, plan=one.report["plan"])
    section = Section.objects.get(number="5.3")
    assert section.continues
    assert section.continues.number == "7"


def test_the_report_leaves_as_json_and_as_a_workbook_whose_formulas_are_inert(tmp_path: Path, desk: Client):
    one = waiting(tmp_path, row("=1+1", "@SUM(A1)"))
    page = f"/admin/medicines/listimport/{one.pk}/"
    report = json.loads(desk.get(f"{page}report.json").content)
    assert report["recommendations"]["created"][0]["medicine"] == "=1+1"
    book = openpyxl.load_workbook(io.BytesIO(desk.get(f"{page}report.xlsx").content))
    cells = list(book["Recommendations"].iter_rows())[1]
    assert [(cell.value, cell.data_type) for cell in cells[2:4]] == [("=1+1", "s"), ("@SUM(A1)", "s")]


def test_a_long_part_of_a_report_is_paged(tmp_path: Path, desk: Client):
    one = waiting(tmp_path, *(row(f"m{number:03}") for number in range(130)))
    page = f"/admin/medicines/listimport/{one.pk}/"
    whole = desk.get(f"{page}change/").content.decode()
    assert ("m009" in whole, "m010" in whole, "All 130" in whole) == (True, False, True)
    second = desk.get(f"{page}report/created/?page=2").content.decode()
    assert ("m099" in second, "m100" in second, "Page 2 of 2" in second) == (False, True, True)
    assert desk.get(f"{page}report/nothing/").status_code == 404


def test_a_long_name_in_chinese_is_cut_to_what_a_file_system_takes(desk: Client, tmp_path: Path):
    brought(desk, file_of(tmp_path, row()), name=f"{'清单' * 60}.csv")
    assert ListImport.objects.get().name == f"单{'清单' * 41}.csv"


def test_whoever_comes_after_a_file_was_discarded_is_told(tmp_path: Path, desk: Client):
    one = waiting(tmp_path, row())
    discard(waiting=one)
    for address in (f"{one.pk}/carry-out/", f"{one.pk}/settle/", f"{one.pk}/discard/"):
        answer = desk.post(f"/admin/medicines/listimport/{address}", {"plan": "x"}, follow=True)
        assert answer.redirect_chain == [("/admin/medicines/listimport/", 302)]
        assert "The file is no longer here." in answer.content.decode()


def test_the_name_of_an_upload_reaches_no_path(desk: Client, tmp_path: Path):
    brought(desk, file_of(tmp_path, row()), name="../../etc/lîst.CSV")
    one = ListImport.objects.get()
    assert one.name == "lîst.CSV"
    assert one.file.name.startswith("lists/")
    assert one.file.name.endswith(".csv")
