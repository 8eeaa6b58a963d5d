"""Importing AWaRe: groups by edition, names in the form of the lists, and what of the record has none."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from medicines.actions.editions import EditionRefused
from medicines.actions.import_aware import import_aware
from medicines.content.schema import Aware
from medicines.lists.aware import list_name
from medicines.lists.base_report import BaseReport
from medicines.lists.table import TableUnreadable
from medicines.models import AwareEntry, Listing
from tests.house import fingerprints
from tests.medicines.classes import listed, places_of_listings, workbook

pytestmark = pytest.mark.django_db

HEADER = ("Antibiotic", "Class", "ATC code", "Category ", "Listed")
EXEMPLIN = ("Exemplin", "Invented", "J01XX91", "Access", "Yes")
HELPIN = ("Helpin/an-acid", "Invented", "J01XX92\xa0", "Watch ", "No")
NOWHERE = ("Nowherin", "Invented", "J01XX93", "Reserve", "No")

Import = Callable[..., BaseReport]


def book(path: Path, rows: Sequence[Sequence[str]], *, bad: Sequence[str] = ()) -> Path:
    """A workbook as the real one is: title rows above the header, sheets that repeat the first, one of names."""
    return workbook(
        path,
        {
            "Introduction": [("Words",), ("Antibiotic resistance",)],
            "Classification": [("A title",), ("More words",), (), HEADER, *rows],
            "Access": [("Access",), HEADER, *rows[:1]],
            "Not recommended": [("Antibiotics not recommended",), (), ("Antibiotic",), *((name,) for name in bad)],
        },
    )


@pytest.fixture
def bring(tmp_path: Path) -> Import:
    def bring_in(*rows: Sequence[str], edition: str = "2023", bad: Sequence[str] = (), **more: Any) -> BaseReport:
        return import_aware(file=book(tmp_path / "aware.xlsx", rows, bad=bad), edition=edition, **more)

    return bring_in


def groups(edition: str = "2023") -> dict[str, str]:
    return dict(AwareEntry.objects.filter(edition=edition).values_list("key", "group"))


def told(report: BaseReport, name: str) -> list[dict[str, Any]]:
    return report.to_dict()[name]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Exemplin", ("Exemplin", "")),
        ("Exemplin/an-acid", ("Exemplin + an acid", "")),
        ("Exemplin-B_IV", ("Exemplin B", "injection")),
        ("exemplin/helpin _oral", ("exemplin + helpin", "oral")),
        ("a /b/ c ", ("a + b + c", "")),
    ],
)
def test_names_are_read_as_the_lists_write_them(name: str, expected: tuple[str, str]):
    assert list_name(name) == expected


def test_groups_come_from_both_sheets(bring: Import):
    report = bring(EXEMPLIN, HELPIN, NOWHERE, bad=["badin/worsin"])
    assert groups() == {
        "exemplin": "access",
        "helpin + an acid": "watch",
        "nowherin": "reserve",
        "badin + worsin": "not_recommended",
    }
    assert AwareEntry.objects.get(key="helpin + an acid").atc == ["J01XX92"]
    assert (report.counts()["rows"], report.counts()["created"], report.written) == (4, 4, True)


def test_routes_in_one_group_give_the_name_alone_that_group_too(bring: Import):
    bring(("Exemplin_IV", "", "J01XX91", "Watch", ""), ("Exemplin_oral", "", "A07AA91", "Watch", ""))
    assert groups() == {"exemplin": "watch", "exemplin (injection)": "watch", "exemplin (oral)": "watch"}
    assert AwareEntry.objects.get(key="exemplin").atc == ["A07AA91", "J01XX91"]


def test_routes_in_two_groups_give_the_name_alone_none(bring: Import):
    listed("exemplin", atc=("J01XX91",))
    listed("exemplin (injection)", atc=("J01XX91",))
    report = bring(("Exemplin_IV", "", "J01XX91", "Reserve", ""), ("Exemplin_oral", "", "J01XX91", "Watch", ""))
    assert groups() == {"exemplin (injection)": "reserve", "exemplin (oral)": "watch"}
    assert told(report, "unmatched") == [{"medicine": "exemplin", "why": "by_route", "groups": ["reserve", "watch"]}]
    assert told(report, "matched") == [{"medicine": "exemplin (injection)", "group": "reserve"}]


def test_listings_show_the_newest_edition_and_what_their_text_states_before_it(bring: Import):
    plain = listed("exemplin", atc=("J01XX91",)).recommendation
    stating = listed("exemplin", "Cough", aware=Aware(group="reserve")).recommendation
    other = listed("painkiller").recommendation
    bring(EXEMPLIN, edition="2023")
    bring((*EXEMPLIN[:3], "Watch", ""), edition="2021")
    shown = dict(Listing.objects.values_list("recommendation", "aware"))
    assert shown == {plain.pk: "access", stating.pk: "reserve", other.pk: ""}
    assert "aware:access" in Listing.objects.get(recommendation=plain).facets
    assert (groups("2021"), groups("2023")) == ({"exemplin": "watch"}, {"exemplin": "access"})


def test_what_a_mended_file_no_longer_has_goes_and_its_listing_follows(bring: Import):
    listed("exemplin")
    bring(EXEMPLIN, NOWHERE)
    report = bring(NOWHERE)
    assert (groups(), report.counts()["gone"]) == ({"nowherin": "reserve"}, 1)
    assert Listing.objects.get().aware == ""


def test_only_listings_of_changed_entries_are_written(bring: Import):
    listed("exemplin")
    listed("helpin + an acid")
    bring(EXEMPLIN, HELPIN)
    before = places_of_listings()
    bring(EXEMPLIN, (*HELPIN[:3], "Reserve", ""))
    after = places_of_listings()
    assert {name for name in before if before[name] != after[name]} == {"helpin + an acid"}
    assert Listing.objects.get(medicine__key="helpin + an acid").aware == "reserve"


def test_the_same_file_again_changes_nothing_whatever_the_order_of_its_rows(bring: Import):
    listed("exemplin")
    bring(EXEMPLIN, HELPIN, NOWHERE, bad=["a/b", "c/d"])
    before = fingerprints()
    report = bring(NOWHERE, EXEMPLIN, HELPIN, bad=["c/d", "a/b "])
    assert (report.counts()["unchanged"], fingerprints()) == (5, before)


def test_a_preview_says_the_same_and_writes_nothing(bring: Import):
    listed("exemplin")
    before = fingerprints()
    preview = bring(EXEMPLIN, HELPIN, preview=True)
    assert (preview.written, fingerprints()) == (False, before)
    assert preview.counts() == bring(EXEMPLIN, HELPIN).counts()


@pytest.mark.parametrize(
    ("rows", "bad", "expected"),
    [
        ([("", "", "", "Access", "")], [], [((5,), "Antibiotic")]),
        ([("Exemplin", "", "", "Sometimes", "")], [], [((5,), "Category")]),
        ([EXEMPLIN, (*EXEMPLIN[:3], "Watch", "")], [], [((5, 6), "Category")]),
        ([HELPIN], ["helpin/an acid"], [((4, 5), "Category")]),
    ],
)
def test_one_row_that_cannot_be_taken_keeps_all_out(bring: Import, rows: Any, bad: Any, expected: Any):
    report = bring(NOWHERE, bad=bad) if not rows else bring(*rows, bad=bad)
    assert [(finding.rows, finding.field) for finding in report.refused] == expected
    assert (report.written, groups()) == (False, {})


def test_a_workbook_without_the_columns_and_an_odd_edition_are_refused_in_words(tmp_path: Path):
    other = workbook(tmp_path / "other.xlsx", {"Prices": [("Name", "Price"), ("Exemplin", 1)]})
    with pytest.raises(TableUnreadable, match="No sheet has a row that names the columns"):
        import_aware(file=other, edition="2023")
    (tmp_path / "words.xlsx").write_text("words")
    with pytest.raises(TableUnreadable, match="no Excel workbook"):
        import_aware(file=tmp_path / "words.xlsx", edition="2023")
    with pytest.raises(EditionRefused, match="named by its year"):
        import_aware(file=other, edition="the newest")


def test_a_workbook_without_the_sheet_of_combinations_is_taken_and_says_so(tmp_path: Path):
    file = workbook(tmp_path / "aware.xlsx", {"Classification": [HEADER, EXEMPLIN]})
    report = import_aware(file=file, edition="2023")
    assert (groups(), len(report.warnings)) == ({"exemplin": "access"}, 1)


def test_the_command_names_the_edition(tmp_path: Path):
    file, out = book(tmp_path / "aware.xlsx", [EXEMPLIN]), io.StringIO()
    call_command("import_aware", file, "--edition=2023", stdout=out)
    assert out.getvalue().endswith("The AWaRe classification is in.\n")
    assert groups() == {"exemplin": "access"}
    with pytest.raises(CommandError, match="named by its year"):
        call_command("import_aware", file, "--edition=23", stdout=out)
