"""Importing ICD-11: what the record holds of it, which indications it codes, and what stated codes are worth."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from medicines.actions import import_icd11 as module
from medicines.actions.editions import EditionRefused
from medicines.actions.import_icd11 import import_icd11
from medicines.lists.base_report import BaseReport
from medicines.lists.icd11 import without_brackets
from medicines.lists.table import TableUnreadable
from medicines.models import Icd11Entity, Indication, Listing
from tests.house import fingerprints
from tests.medicines.build import content, published
from tests.medicines.classes import found_by, listed, places_of_listings, workbook

pytestmark = pytest.mark.django_db

HEADER = ("Foundation URI", "Code", "Title", "ClassKind", "BrowserLink")


def entity(code: str, title: str, kind: str = "category", link: str = "") -> tuple[str, ...]:
    address = f'=HYPERLINK("https://icd.example.org/browse#{link}","browser")' if link else ""
    return ("http://icd.example.org/entity", code, title, kind, address)


CHAPTER = entity("", "Disorders of breath", "chapter")
BLOCK = entity("", "- Noisy breath", "block", link="12")
HICCUPS = entity("ZZ10", "- - Hiccups", link="34")
LONG = entity("ZZ10.1", "- - - Hiccups that last")
EXTENSION = entity("XZ1", "Hiccups")
ONLY_EXTENSION = entity("XZ2", "- Feather")
TREE = (CHAPTER, BLOCK, HICCUPS, LONG, EXTENSION, ONLY_EXTENSION)

Import = Callable[..., BaseReport]


@pytest.fixture
def bring(tmp_path: Path) -> Import:
    def bring_in(*rows: Sequence[str], release: str = "2025-01", **more: Any) -> BaseReport:
        file = workbook(tmp_path / "icd.xlsx", {"Tabulation": [HEADER, *rows]})
        return import_icd11(file=file, release=release, **more)

    return bring_in


def codes() -> dict[str, list[str]]:
    return dict(Indication.objects.values_list("name", "icd11"))


def told(report: BaseReport, name: str) -> list[dict[str, Any]]:
    return report.to_dict()[name]


# What the record holds of it


def test_titles_lose_their_indent_and_addresses_come_out_of_formulas(bring: Import):
    report = bring(CHAPTER, BLOCK, HICCUPS)
    fields = ("release", "place", "kind", "code", "title", "key", "address")
    assert list(Icd11Entity.objects.values_list(*fields)) == [
        ("2025-01", 1, "chapter", "", "Disorders of breath", "disorders of breath", ""),
        ("2025-01", 2, "block", "", "Noisy breath", "noisy breath", "https://icd.example.org/browse#12"),
        ("2025-01", 3, "category", "ZZ10", "Hiccups", "hiccups", "https://icd.example.org/browse#34"),
    ]
    assert (report.counts()["entities created"], report.written) == (3, True)


def test_the_same_file_again_changes_nothing(bring: Import):
    listed(indication="Hiccups")
    listed(indication="Noisy breath")
    bring(*TREE)
    before = fingerprints()
    counts = bring(*TREE).counts()
    assert (counts["entities unchanged"], counts["indications changed"]) == (6, 0)
    assert fingerprints() == before


def test_a_mended_file_changes_what_is_new_in_it(bring: Import):
    bring(*TREE)
    keys = dict(Icd11Entity.objects.values_list("place", "pk"))
    counts = bring(CHAPTER, BLOCK, HICCUPS, entity("ZZ10.2", "Short hiccups")).counts()
    found = {name: counts[f"entities {name}"] for name in ("created", "changed", "unchanged", "gone")}
    assert found == {"created": 0, "changed": 1, "unchanged": 3, "gone": 2}
    assert dict(Icd11Entity.objects.values_list("place", "pk")) == {place: keys[place] for place in (1, 2, 3, 4)}


def test_another_release_takes_the_place_of_the_one_before(bring: Import):
    listed(indication="Noisy breath")
    bring(*TREE)
    counts = bring(CHAPTER, BLOCK, release="2026-01").counts()
    assert (counts["entities created"], counts["entities gone"], counts["indications changed"]) == (2, 6, 1)
    assert set(Icd11Entity.objects.values_list("release", flat=True)) == {"2026-01"}
    assert Indication.objects.get().icd11_block.release == "2026-01"


def test_parts_of_a_file_make_one_import(bring: Import, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "PART", 2)
    listed(indication="Feather")
    assert bring(*TREE).counts()["entities created"] == 6
    assert bring(*TREE).counts()["entities unchanged"] == 6
    assert bring(CHAPTER).counts()["entities gone"] == 5
    assert Icd11Entity.objects.count() == 1


def test_a_preview_says_the_same_and_writes_nothing(bring: Import):
    listed(indication="Hiccups")
    bring(CHAPTER, release="2024-01")
    before = fingerprints()
    preview = bring(*TREE, preview=True)
    assert (preview.written, fingerprints()) == (False, before)
    assert preview.counts() == bring(*TREE).counts()


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (entity("ZZ11", "- - "), "Title"),
        (entity("ZZ11", "x" * 1001), "Title"),
        (entity("", "Nothing"), "Code"),
        (entity("Z" * 41, "Too long"), "Code"),
        (entity("ZZ1", "A block with a code", "block"), "Code"),
        (entity("ZZ11", "Odd", "window"), "ClassKind"),
    ],
)
def test_one_row_that_cannot_be_taken_keeps_all_out(
    bring: Import, monkeypatch: pytest.MonkeyPatch, row: Sequence[str], field: str
):
    monkeypatch.setattr(module, "PART", 1)  # Rows before it are written when it is read.
    listed(indication="Hiccups")
    before = fingerprints()
    report = bring(CHAPTER, HICCUPS, row, LONG)
    assert [(finding.rows, finding.field) for finding in report.refused] == [((4,), field)]
    assert (report.written, fingerprints()) == (False, before)


def test_another_workbook_and_an_odd_release_are_refused_in_words(tmp_path: Path):
    other = workbook(tmp_path / "other.xlsx", {"Prices": [("Name", "Price")]})
    with pytest.raises(TableUnreadable, match="no column “Code”, “Title”, “ClassKind”"):
        import_icd11(file=other, release="2025-01")
    with pytest.raises(TableUnreadable, match="cannot be read"):
        import_icd11(file=tmp_path / "absent.xlsx", release="2025-01")
    with pytest.raises(EditionRefused, match="named by year and month"):
        import_icd11(file=other, release="11")


# Which indications it codes


def test_an_indication_gets_the_code_of_its_title_of_a_stem_before_an_extension(bring: Import):
    for name in ("HICCUPS", "Feather", "Unknown"):
        listed(indication=name)
    report = bring(*TREE)
    assert codes() == {"HICCUPS": ["ZZ10"], "Feather": ["XZ2"], "Unknown": []}
    assert Listing.objects.get(indication__name="HICCUPS").icd11 == ["ZZ10"]
    counts = report.counts()
    assert (counts["indications with a code or more"], counts["indications without a match"]) == (2, 1)
    assert told(report, "unmatched") == [{"indication": "Unknown", "codes": [], "titles": []}]


def test_two_stems_of_one_title_are_two_codes(bring: Import):
    listed(indication="Hiccups")
    bring(HICCUPS, entity("AA01", "Hiccups"), EXTENSION)
    assert codes() == {"Hiccups": ["ZZ10", "AA01"]}


def test_a_block_is_linked_where_nothing_with_its_title_has_a_code(bring: Import):
    listed(indication="Noisy breath")
    listed(indication="Hiccups")
    report = bring(entity("", "Hiccups", "block"), *TREE)
    assert codes() == {"Noisy breath": [], "Hiccups": ["ZZ10"]}
    blocks = dict(Indication.objects.values_list("name", "icd11_block__title"))
    assert blocks == {"Noisy breath": "Noisy breath", "Hiccups": None}
    assert report.counts()["indications linked to a block"] == 1


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Hiccups (severe)", "Hiccups"),
        ("Hiccups [children]", "Hiccups"),
        ("Hiccups (of (some) kind) [children]", "Hiccups"),
        ("Long (very) hiccups", "Long hiccups"),
        ("Hiccups (not closed", "Hiccups (not closed"),
        ("Hiccups", "Hiccups"),
    ],
)
def test_brackets_are_left_out(name: str, bare: str):
    assert without_brackets(name) == bare


def test_a_looser_match_is_told_and_taken_only_where_that_is_asked_for(bring: Import):
    listed(indication="Hiccups (severe)")
    report = bring(*TREE)
    assert told(report, "looser") == [{"indication": "Hiccups (severe)", "codes": ["ZZ10"], "titles": ["Hiccups"]}]
    assert codes() == {"Hiccups (severe)": []}
    assert bring(*TREE, looser=True).counts()["indications changed"] == 1
    assert codes() == {"Hiccups (severe)": ["ZZ10"]}
    assert Listing.objects.get().icd11 == ["ZZ10"]
    bring(*TREE)
    assert codes() == {"Hiccups (severe)": ["ZZ10"]}


def test_what_a_release_has_no_title_for_keeps_its_codes(bring: Import):
    listed(indication="Hiccups")
    bring(*TREE)
    bring(CHAPTER, release="2026-01")
    assert codes() == {"Hiccups": ["ZZ10"]}


def test_codes_that_a_text_states_win_whatever_comes_first(bring: Import):
    published(content(medicine="before", indication="Hiccups", icd11=("AA99",)))
    plain = listed("plain", "Hiccups").recommendation
    report = bring(*TREE)
    assert codes() == {"Hiccups": ["AA99"]}
    assert report.counts()["of these with codes that published texts state"] == 1
    published(content(medicine="after", indication="Feather", icd11=("AA98",)))
    assert codes() == {"Hiccups": ["AA99"], "Feather": ["AA98"]}
    assert Listing.objects.get(recommendation=plain).icd11 == ["AA99"]
    assert bring(*TREE).counts()["indications changed"] == 0


def test_only_the_listings_of_changed_indications_are_written(bring: Import):
    listed("a", "Hiccups")
    listed("b", "Unknown")
    before = places_of_listings()
    bring(*TREE)
    after = places_of_listings()
    assert {name for name in before if before[name] != after[name]} == {"a"}


def test_a_text_is_found_by_the_title_of_the_code_that_it_states(bring: Import):
    published(content(medicine="stating", indication="Something", icd11=("ZZ10",)))
    assert found_by("hiccups") == []
    bring(*TREE)
    assert found_by("hiccups") == ["stating"]
    bring(CHAPTER, BLOCK, entity("ZZ10", "Sobs"))
    assert (found_by("hiccups"), found_by("sobs")) == ([], ["stating"])


def test_what_is_published_later_gets_its_code_or_block_when_it_is(bring: Import):
    bring(*TREE)
    later = listed("a", "hiccups").recommendation
    listed("b", "Noisy breath")
    listed("c", "Hiccups (severe)")
    assert codes() == {"hiccups": ["ZZ10"], "Noisy breath": [], "Hiccups (severe)": []}
    assert Indication.objects.get(key="noisy breath").icd11_block.title == "Noisy breath"
    assert Listing.objects.get(recommendation=later).icd11 == ["ZZ10"]
    assert bring(*TREE).counts()["indications changed"] == 0


def test_looking_it_up_takes_one_query_and_none_for_indications_that_are_known(bring: Import):
    bring(*TREE)
    listed("a", "Hiccups")

    def looked_up(indication: str, medicine: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            listed(medicine, indication)
        return sum('"medicines_icd11entity"."key" IN' in query["sql"] for query in queries)

    assert (looked_up("Hiccups", "b"), looked_up("Feather", "b")) == (0, 1)


def test_the_command_names_the_release(tmp_path: Path):
    listed(indication="Hiccups (severe)")
    file, out = workbook(tmp_path / "icd.xlsx", {"Tabulation": [HEADER, *TREE]}), io.StringIO()
    call_command("import_icd11", file, "--release=2025-01", "--looser", stdout=out)
    assert "Hiccups (severe) · ZZ10 · Hiccups" in out.getvalue()
    assert out.getvalue().endswith("The release of ICD-11 is in.\n")
    assert codes() == {"Hiccups (severe)": ["ZZ10"]}
    with pytest.raises(CommandError, match="named by year and month"):
        call_command("import_icd11", file, "--release=new", stdout=out)
