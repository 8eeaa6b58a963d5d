"""Importing ATC: what the table holds afterwards, what the record keeps, and what is refused."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from medicines.actions.import_atc import import_atc
from medicines.lists.base_report import BaseReport
from medicines.lists.table import TableUnreadable
from medicines.models import AtcCode
from tests.house import fingerprints
from tests.medicines.classes import csv_rows, facts_of, found_by, listed, places_of_listings

pytestmark = pytest.mark.django_db

HEADER = ("atc_code", "atc_name", "ddd", "uom", "adm_r", "note")
CLASS = ("N05", "CALMING AGENTS", "NA", "NA", "NA", "NA")
TABLETS = ("N05BA99", "exemplin", "10", "mg", "O", "NA")
INJECTION = ("N05BA99", "exemplin", "5", "mg", "P", "NA")
HELPIN = ("N05BA98", "helpin", "NA", "NA", "NA", "NA")

Import = Callable[..., BaseReport]


@pytest.fixture
def bring(tmp_path: Path) -> Import:
    def bring_in(*rows: tuple[str, ...], preview: bool = False) -> BaseReport:
        return import_atc(file=csv_rows(tmp_path / "atc.csv", HEADER, rows), preview=preview)

    return bring_in


def codes() -> dict[str, str]:
    return dict(AtcCode.objects.values_list("code", "name"))


def figures(report: BaseReport) -> dict[str, int]:
    return {name: count for name, count in report.counts().items() if count}


def test_a_code_of_several_rows_is_one(bring: Import):
    report = bring(CLASS, TABLETS, INJECTION)
    assert codes() == {"N05": "CALMING AGENTS", "N05BA99": "exemplin"}
    assert figures(report) == {"rows": 3, "codes": 2, "codes in several rows": 1, "created": 2}


def test_the_same_file_again_changes_nothing_whatever_the_order_of_its_rows(bring: Import):
    rows = [CLASS, TABLETS, INJECTION, HELPIN]
    bring(*rows)
    before = fingerprints()
    random.Random(1).shuffle(rows)
    assert figures(bring(*rows))["unchanged"] == 3
    assert fingerprints() == before


def test_a_preview_says_the_same_and_writes_nothing(bring: Import):
    bring(HELPIN)
    before = fingerprints()
    preview = bring(CLASS, TABLETS, preview=True)
    assert (preview.written, fingerprints()) == (False, before)
    assert preview.counts() == bring(CLASS, TABLETS).counts()


def test_names_change_and_codes_that_the_file_lacks_leave_the_table(bring: Import):
    bring(TABLETS, HELPIN)
    report = bring((TABLETS[0], "exemplin hydrochloride", *TABLETS[2:]))
    assert codes() == {"N05BA99": "exemplin hydrochloride"}
    assert (report.counts()["changed"], report.counts()["gone"]) == (1, 1)
    assert report.to_dict()["gone"] == [{"code": "N05BA98", "name": "helpin"}]


def test_a_code_of_the_record_that_the_table_lacks_is_kept_and_told(bring: Import):
    version = listed(atc=("N05BA99", "N05BA97"))
    report = bring(TABLETS)
    assert report.to_dict()["unknown"] == [{"code": "N05BA97", "medicines": ["exemplin"]}]
    assert facts_of(version).atc == ("N05BA99", "N05BA97")
    assert not AtcCode.objects.filter(code="N05BA97").exists()


def test_a_medicine_is_found_by_the_names_of_its_code_and_of_the_class_above(bring: Import):
    listed("helpful", atc=("N05BA99",))
    listed("other", atc=("A01AA01",))
    before = places_of_listings()
    bring(CLASS, TABLETS, HELPIN)
    assert (found_by("calming"), found_by("exemplin"), found_by("helpin")) == (["helpful"], ["helpful"], [])
    after = places_of_listings()
    assert {name for name in before if before[name] != after[name]} == {"helpful"}
    bring((CLASS[0], "SOOTHING AGENTS", *CLASS[2:]))
    assert (found_by("calming"), found_by("soothing"), found_by("exemplin")) == ([], ["helpful"], [])


def test_of_two_names_the_usual_one_is_taken_and_told(bring: Import):
    report = bring(TABLETS, INJECTION, (TABLETS[0], "exemplinum", *TABLETS[2:]))
    assert codes() == {"N05BA99": "exemplin"}
    (warning,) = report.warnings
    assert (warning.rows, warning.field) == ((2, 3, 4), "atc_name")


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (("", "exemplin", "", "", "", ""), "atc_code"),
        (("N5", "exemplin", "", "", "", ""), "atc_code"),
        (("N05BA99", "NA", "", "", "", ""), "atc_name"),
        (("N05BA99", "x" * 301, "", "", "", ""), "atc_name"),
    ],
)
def test_one_row_that_cannot_be_taken_keeps_all_out(bring: Import, row: tuple[str, ...], field: str):
    report = bring(HELPIN, row)
    assert [(finding.rows, finding.field) for finding in report.refused] == [((3,), field)]
    assert (report.written, codes()) == (False, {})


def test_another_table_is_refused_in_words(tmp_path: Path):
    file = csv_rows(tmp_path / "other.csv", ("name", "price"), [("exemplin", "1")])
    with pytest.raises(TableUnreadable, match="no column “atc_code”, “atc_name”"):
        import_atc(file=file)


def test_the_command_prints_the_report_and_writes_it(tmp_path: Path):
    file, out, saved = csv_rows(tmp_path / "atc.csv", HEADER, [TABLETS]), io.StringIO(), tmp_path / "report.json"
    call_command("import_atc", file, "--preview", stdout=out)
    assert codes() == {}
    call_command("import_atc", file, f"--report={saved}", stdout=out)
    assert "A preview: nothing was written." in out.getvalue()
    assert out.getvalue().endswith("The ATC classification is in.\n")
    report = json.loads(saved.read_text())
    assert (report["file"], report["written"], report["counts"]["created"]) == ("atc.csv", True, 1)
    csv_rows(file, HEADER, [("?", "exemplin")])
    with pytest.raises(CommandError, match="Nothing was written"):
        call_command("import_atc", file, stdout=out)
