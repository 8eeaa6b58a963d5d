"""The editions: what each held, frozen; what changed between two; the sections of each."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import openpyxl
import pytest
from django.test import Client

from medicines.models import Edition, EditionListing, Medicine
from tests.house import body
from tests.medicines.browse import editions, enter, in_edition, links, newest, place, queries, stated, text
from tests.medicines.build import content, published

pytestmark = pytest.mark.django_db

MIND = place("5", "Brain and mind")
BLOOD = place("6", "Blood")
OLD = place("5", "Brain", edition=23)


@pytest.fixture
def compared() -> None:
    """One recommendation for every kind of change from the 23rd to the 24th edition, and one that stays."""
    older, newer = editions()
    for name in ("staylin", "movelin", "changelin", "removelin", "vanishlin", "oldname"):
        in_edition(older, stated(name, "Hiccups", OLD))
    in_edition(newer, stated("staylin", "Hiccups", MIND))
    in_edition(newer, stated("movelin", "Hiccups", BLOOD))
    in_edition(newer, stated("changelin", "Hiccups", place("5", "Brain and mind", strength="20 mg")))
    in_edition(newer, stated("removelin", "Hiccups", place("5", "Brain and mind", listed=False)))
    in_edition(newer, stated("addlin", "Hiccups", MIND))
    in_edition(newer, stated("newname", "Hiccups", MIND))


def shown(client: Client, kind: str) -> list[str]:
    page = client.get(f"/editions/23-24/?show={kind}").context["shown"]
    return [change.newest.medicine for change in page.rows]


def test_editions_stand_newest_first_with_what_they_hold(client: Client, compared: None) -> None:
    page = text(client, "/editions/")
    assert "EML 24 · EMLc 10 5 September 2025 6 recommendations · Essential medicine: 5" in page
    assert page.index("EML 24 ·") < page.index("EML 23 ·")
    comparisons = [each for each in links(client, "/editions/") if "-" in each.partition("/editions/")[2]]
    assert comparisons == ["/editions/23-24/"]


def test_an_edition_says_what_it_said_whatever_was_decided_since(client: Client, compared: None) -> None:
    before = text(client, "/editions/24/")
    changed = content(medicine="staylin", indication="Hiccups")
    published(changed, effective_date=date(2026, 1, 1), base=newest(changed))
    assert text(client, "/editions/24/") == before
    entry = EditionListing.objects.get(edition__number=24, medicine="staylin")
    assert f"/recommendations/{entry.recommendation.number}/v{entry.version.number}/" in links(client, "/editions/24/")


def test_entries_are_narrowed_by_status(client: Client, compared: None) -> None:
    page = text(client, "/editions/24/?status=removed").partition("What it holds")[2]
    assert ("Removelin Hiccups" in page, "Staylin Hiccups" in page) == (True, False)
    assert "Staylin" in text(client, "/editions/24/?status=nonsense")


def test_an_edition_without_its_list_says_so(client: Client) -> None:
    editions()
    assert "The record does not hold the list of this edition." in text(client, "/editions/24/")


def test_each_kind_of_change_has_its_own(client: Client, compared: None) -> None:
    found = {kind: shown(client, kind) for kind in ("added", "removed", "unnamed", "changed", "moved", "renamed")}
    assert found == {
        "added": ["addlin", "newname"],
        "removed": ["removelin"],
        "unnamed": ["oldname", "vanishlin"],
        "changed": ["changelin"],
        "moved": ["movelin"],
        "renamed": [],
    }


def test_a_confirmed_rename_is_one(client: Client, compared: None) -> None:
    """The same recommendation under another name: as an import writes it once a person has said so."""
    older, newer = (EditionListing.objects.filter(edition__number=number) for number in (23, 24))
    kept = older.get(medicine="staylin")
    newer.filter(recommendation=kept.recommendation).update(medicine="staylinium")
    Medicine.objects.filter(pk=kept.recommendation.medicine_id).update(name="staylinium", former_names=["staylin"])
    assert shown(client, "renamed") == ["staylinium"]
    assert "Deleted: staylin Inserted: staylinium" in text(client, "/editions/23-24/?show=renamed")


def test_changed_words_are_marked(client: Client, compared: None) -> None:
    page = client.get("/editions/23-24/?show=changed").content.decode()
    assert "10</del>" in page
    assert "20</ins>" in page


def test_a_difference_is_shown_once_with_the_uses_that_it_concerns(client: Client) -> None:
    older, newer = editions()
    for use in ("Hiccups", "Sneezes"):
        in_edition(older, stated("changelin", use, OLD))
        in_edition(newer, stated("changelin", use, place("5", "Brain and mind", strength="20 mg")))
    in_edition(older, stated("changelin", "Yawns", OLD))
    in_edition(newer, stated("changelin", "Yawns", place("5", "Brain and mind", strength="30 mg")))
    page = client.get("/editions/23-24/?show=changed")
    told = [[change.newest.indication for change in each.changes] for each in page.context["shown"].differences]
    assert told == [["Hiccups", "Sneezes"], ["Yawns"]]
    assert (page.content.decode().count("20</ins>"), page.content.decode().count("30</ins>")) == (1, 1)
    lines = list(csv.DictReader(io.StringIO(body(client.get("/editions/23-24/changes.csv")).decode("utf-8-sig"))))
    assert [line["indication"] for line in lines] == ["Hiccups", "Sneezes", "Yawns"]


def test_what_an_older_edition_did_not_state_is_told_apart_from_changes(client: Client) -> None:
    older, newer = editions()
    in_edition(older, stated("changelin", "Hiccups", OLD))
    other = place("5", "Brain and mind", strength="20 mg")
    in_edition(newer, stated("changelin", "Hiccups", other, medicine_type="biological"))
    page = client.get("/editions/23-24/?show=changed")
    (difference,) = page.context["shown"].differences
    change = difference.first
    assert [str(field.label) for field in change.reworded] == ["Formulations"]
    assert [(str(field.label), field.after) for field in change.newly_stated] == [("Medicine type", "Biological agent")]
    assert "Stated in EML 24 only Medicine type: Biological agent" in text(client, "/editions/23-24/?show=changed")


def test_a_second_section_is_a_move_and_no_change_of_words(client: Client) -> None:
    older, newer = editions()
    in_edition(older, stated("twolin", "Hiccups", OLD))
    in_edition(newer, stated("twolin", "Hiccups", MIND, BLOOD))
    assert (shown(client, "moved"), shown(client, "changed")) == (["twolin"], [])


def test_editions_that_are_not_there_are_not_compared(client: Client, compared: None) -> None:
    for address in ("24-23", "23-23", "22-24", "23-99"):
        assert client.get(f"/editions/{address}/").status_code == 404, address
    assert client.get("/editions/23-24/changes.pdf").status_code == 404


def test_the_files_hold_every_change(client: Client, compared: None) -> None:
    lines = list(csv.DictReader(io.StringIO(body(client.get("/editions/23-24/changes.csv")).decode("utf-8-sig"))))
    told = [(line["change"], line["medicine"]) for line in lines]
    assert told == [
        ("added", "addlin"),
        ("added", "newname"),
        ("removed", "removelin"),
        ("unnamed", "oldname"),
        ("unnamed", "vanishlin"),
        ("changed", "changelin"),
        ("moved", "movelin"),
    ]
    assert all(line["notice"].endswith("This is not a site of WHO.") for line in lines)
    whole = json.loads(body(client.get("/ar/editions/23-24/changes.json")))
    assert [(row["change"], row["medicine"]) for row in whole["changes"]] == told
    moved = whole["changes"][-1]
    assert (moved["field"], moved["before"], moved["after"]) == ("Section", "5 Brain", "6 Blood")
    book = openpyxl.load_workbook(io.BytesIO(body(client.get("/editions/23-24/changes.xlsx"))))
    assert [row[2] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)] == [name for _k, name in told]


def test_what_a_spreadsheet_would_run_leaves_as_text(client: Client) -> None:
    older, newer = editions()
    in_edition(older, stated("keeplin", "Hiccups", OLD))
    in_edition(newer, stated("=1+1", "Hiccups", MIND))
    assert "'=1+1" in body(client.get("/editions/23-24/changes.csv")).decode()
    book = openpyxl.load_workbook(io.BytesIO(body(client.get("/editions/23-24/changes.xlsx"))))
    cell = book.worksheets[0].cell(row=2, column=3)
    assert (cell.value, cell.data_type) == ("=1+1", "s")


# Sections


def test_the_tree_counts_what_holds_now_in_and_below_each_section(client: Client, compared: None) -> None:
    published(stated("redlin", "Hiccups", place("6.1", "Red blood")), kind="decision", outcome="added")
    page = text(client, "/sections/")
    assert "5 Brain and mind 5 6 Blood 1 6.1 Red blood 1" in page


def test_a_section_of_an_older_edition_shows_what_stood_there(client: Client, compared: None) -> None:
    page = text(client, "/sections/23/5/")
    assert "What stood in this section of EML 23. It does not change any more. 6 recommendations" in page
    assert "Vanishlin Hiccups" in page
    assert "Continued by EML 24 · 5 Brain and mind" in page


def test_a_section_of_the_newest_edition_shows_what_holds_now(client: Client, compared: None) -> None:
    page = text(client, "/sections/24/5/")
    assert ("Staylin" in page, "Vanishlin" in page, "Movelin" in page) == (True, False, False)
    assert "Continues EML 23 · 5 Brain" in page
    in_blood = stated("staylin", "Hiccups", BLOOD)
    published(in_blood, effective_date=date(2026, 1, 1), base=newest(in_blood))
    assert "Staylin" not in text(client, "/sections/24/5/")
    assert "Staylin" in text(client, "/sections/24/6/")


def test_a_version_that_two_editions_share_stands_in_the_sections_of_both(client: Client) -> None:
    older, newer = editions()
    shared = in_edition(older, stated("sharelin", "Hiccups", OLD))
    enter(newer, shared)
    assert "Sharelin" in text(client, "/sections/24/5/")
    assert "Sharelin" in text(client, "/sections/23/5/")


def test_a_section_that_only_texts_name_is_a_filter_of_the_list(client: Client) -> None:
    editions()
    published(stated("oddlin", "Hiccups", place("9.9", "Odd")))
    assert client.get("/sections/24/9.9/").headers["Location"] == "/search/?section=24%3A9.9"
    assert client.get("/sections/24/8/").status_code == 404


def test_the_pages_ask_as_often_for_many_entries_as_for_few(client: Client, compared: None) -> None:
    addresses = (
        "/editions/?x", "/editions/24/?x", "/editions/23-24/?show=changed", "/sections/?x", "/sections/24/5/?x",
        "/sections/23/5/?x",
    )  # fmt: skip
    older, newer = (Edition.objects.get(number=number) for number in (23, 24))
    few = [queries(client, address) for address in addresses]
    for number in range(8):
        in_edition(older, stated(f"more {number}", "Hiccups", OLD))
        in_edition(newer, stated(f"more {number}", "Hiccups", place("5", "Brain and mind", strength="5 mg")))
    assert [queries(client, address) for address in addresses] == few
