"""Importing synonyms: who gets them, what is never guessed, and what staff entered."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from medicines.actions.import_synonyms import import_synonyms
from medicines.lists.base_report import BaseReport
from medicines.models import Medicine
from tests.house import fingerprints
from tests.medicines.classes import csv_rows, found_by, listed, places_of_listings

pytestmark = pytest.mark.django_db

HEADER = ("ID", "Common name", "CAS", "Synonyms")
EXAMPLINE = ("D1", "Exampline", "", "Exampline | Exemplin | Exemplinum | Éxemplina")
HELPIN = ("D2", "Helpin", "", "Helpinum | Sharedin")
WORSIN = ("D3", "Worsin", "", "Sharedin | Doublin")
DOUBLIN = ("D4", "Doublin-2", "", "Doublin")

Import = Callable[..., BaseReport]


@pytest.fixture
def bring(tmp_path: Path) -> Import:
    def bring_in(*rows: tuple[str, ...], **more: Any) -> BaseReport:
        return import_synonyms(file=csv_rows(tmp_path / "drugs.csv", HEADER, rows), **more)

    return bring_in


def synonyms() -> dict[str, list[str]]:
    return dict(Medicine.objects.values_list("name", "synonyms"))


def test_a_medicine_gets_the_common_name_and_the_other_synonyms_of_its_drug(bring: Import):
    listed("exemplin")
    listed("helpin")
    report = bring(EXAMPLINE, ("D2", "Helpin", "", ""))
    assert synonyms() == {"exemplin": ["Exampline", "Exemplinum", "Éxemplina"], "helpin": []}
    counts = report.counts()
    assert (counts["matched"], counts["changed"], counts["synonyms added"], report.written) == (2, 1, 3, True)
    assert found_by("exemplinum") == ["exemplin"]


def test_of_spellings_that_differ_by_accents_the_plain_one_is_taken(bring: Import):
    listed("exemplin")
    bring(("D1", "Exemplin", "", "Éxampline | Exampline | Helpín"))
    assert synonyms() == {"exemplin": ["Exampline", "Helpín"]}


def test_a_common_name_comes_before_a_synonym_of_another_drug(bring: Import):
    listed("doublin-2")
    bring(WORSIN, DOUBLIN, ("D5", "Fivin", "", "Doublin-2 | Fivinum"))
    assert synonyms() == {"doublin-2": []}  # Doublin is a synonym of two drugs.


def test_what_two_drugs_may_be_is_told_and_not_taken(bring: Import):
    listed("doublin")
    report = bring(WORSIN, DOUBLIN)
    assert synonyms() == {"doublin": []}
    assert report.to_dict()["ambiguous"] == [{"medicine": "doublin", "drugs": ["Doublin-2", "Worsin"], "rows": [2, 3]}]


def test_a_synonym_of_two_drugs_or_the_name_of_another_medicine_is_no_synonym(bring: Import):
    listed("helpin")
    listed("exemplin")
    listed("exemplinum")
    report = bring(EXAMPLINE, HELPIN, WORSIN)
    assert synonyms() == {
        "helpin": ["Helpinum"],
        "exemplin": ["Exampline", "Éxemplina"],
        "exemplinum": ["Exampline", "Éxemplina"],
    }
    shared = {(row["medicine"], row["synonym"]): row["of"] for row in report.to_dict()["shared"]}
    assert shared == {
        ("helpin", "Sharedin"): ["Worsin"],
        ("exemplin", "Exemplinum"): ["Exemplinum"],
        ("exemplinum", "Exemplin"): ["Exemplin"],
    }


@pytest.mark.parametrize("name", ["exemplin + helpin", "exemplin - helpin"])
def test_nothing_is_guessed_for_combinations(bring: Import, name: str):
    listed(name)
    report = bring(EXAMPLINE, HELPIN, ("D9", name, "", "Both"))
    assert synonyms() == {name: []}
    assert report.counts()["combinations, left alone"] == 1


def test_two_names_of_one_drug_are_that_drug_and_a_name_with_another_remark_is_not(bring: Import):
    listed("exemplin (exampline)")
    listed("helpin (injection)")
    bring(EXAMPLINE, HELPIN)
    assert synonyms() == {
        "exemplin (exampline)": ["Exampline", "Exemplin", "Exemplinum", "Éxemplina"],
        "helpin (injection)": [],
    }


def test_what_the_medicine_has_stays_and_is_not_repeated(bring: Import):
    listed("exemplin")
    Medicine.objects.update(synonyms=["By hand", "exemplina"])
    bring(EXAMPLINE)
    assert synonyms() == {"exemplin": ["By hand", "exemplina", "Exampline", "Exemplinum"]}
    bring(HELPIN)
    assert synonyms() == {"exemplin": ["By hand", "exemplina", "Exampline", "Exemplinum"]}


def test_the_same_file_again_changes_nothing_whatever_the_order_of_its_rows(bring: Import):
    listed("exemplin")
    listed("helpin")
    rows = [EXAMPLINE, HELPIN, WORSIN, DOUBLIN]
    bring(*rows)
    before = fingerprints()
    random.Random(4).shuffle(rows)
    assert bring(*rows).counts()["changed"] == 0
    assert fingerprints() == before


def test_a_preview_says_the_same_and_writes_nothing(bring: Import):
    listed("exemplin")
    before = fingerprints()
    preview = bring(EXAMPLINE, preview=True)
    assert (preview.written, fingerprints()) == (False, before)
    assert preview.counts() == bring(EXAMPLINE).counts()


def test_only_the_listings_of_changed_medicines_are_written(bring: Import):
    listed("exemplin")
    listed("other")
    before = places_of_listings()
    bring(EXAMPLINE)
    after = places_of_listings()
    assert {name for name in before if before[name] != after[name]} == {"exemplin"}


def test_a_row_without_a_name_keeps_all_out_and_a_synonym_too_long_only_itself(bring: Import):
    listed("exemplin")
    report = bring(EXAMPLINE, ("D7", " ", "", "Nobody"))
    assert [(finding.rows, finding.field) for finding in report.refused] == [((3,), "Common name")]
    assert (report.written, synonyms()) == (False, {"exemplin": []})
    report = bring(("D1", "Exemplin", "", f"Good | {'x' * 501}"))
    assert [(finding.rows, finding.field) for finding in report.warnings] == [((2,), "Synonyms")]
    assert synonyms() == {"exemplin": ["Good"]}


def test_the_command_brings_them_in(tmp_path: Path):
    listed("exemplin")
    file, out = csv_rows(tmp_path / "drugs.csv", HEADER, [EXAMPLINE]), io.StringIO()
    call_command("import_synonyms", file, stdout=out)
    assert out.getvalue().endswith("The synonyms are in.\n")
    assert len(synonyms()["exemplin"]) == 3
