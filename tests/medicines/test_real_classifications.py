"""The real classifications and the printed list on the real 24th list: the figures that are known of them."""

from __future__ import annotations

from collections import Counter

import pytest

from medicines.actions.editions import edition_for
from medicines.actions.import_atc import import_atc
from medicines.actions.import_aware import import_aware
from medicines.actions.import_icd11 import import_icd11
from medicines.actions.import_list import import_list
from medicines.actions.import_printed_list import import_printed_list
from medicines.actions.import_sections import import_sections
from medicines.actions.import_synonyms import import_synonyms
from medicines.actions.verify import verify_record
from medicines.content.schema import Alternatives
from medicines.lists.base_report import BaseReport
from medicines.models import AtcCode, AwareEntry, EditionEntry, Icd11Entity, Indication, Listing, Medicine
from tests.medicines.classes import found_by
from tests.medicines.lists import SHARED, needs_shared_data

pytestmark = [pytest.mark.django_db, needs_shared_data]

ATC = SHARED / "atc-2026.csv"
ICD11 = SHARED / "icd11-2025-01.xlsx"
AWARE = SHARED / "aware-2023.xlsx"
PRINTED = SHARED / "eml24-printed-list.json"
SYNONYMS = SHARED / "drugbank-vocabulary.csv"


@pytest.fixture
def the_24th() -> None:
    import_sections(file=SHARED / "eml24-sections.csv", edition=edition_for(number=24))
    import_list(file=SHARED / "eeml-24th-list-2025.xlsx", edition=edition_for(number=24))


def figures(report: BaseReport) -> dict[str, int]:
    return {name: count for name, count in report.counts().items() if count}


def told(report: BaseReport, name: str) -> list[dict[str, object]]:
    return [dict(row) for each in report.told() if each.name == name for row in each.rows]


def test_atc_has_6996_codes_and_lacks_three_of_the_record(the_24th):
    report = import_atc(file=ATC)
    assert figures(report) == {
        "rows": 7536,
        "codes": 6996,
        "codes in several rows": 435,
        "created": 6996,
        "codes of the record without a name": 3,
    }
    assert {row["code"] for row in told(report, "unknown")} == {"J05AB04", "J05AX16", "L01XC18"}
    assert AtcCode.objects.count() == 6996
    again = import_atc(file=ATC).counts()
    assert (again["created"], again["changed"], again["gone"], again["unchanged"]) == (0, 0, 0, 6996)


def test_408_indications_get_codes_and_31_a_block(the_24th):
    report = import_icd11(file=ICD11, release="2025-01")
    assert figures(report) == {
        "entities": 36782,
        "entities created": 36782,
        "indications": 473,
        "indications with a code or more": 408,
        "indications linked to a block": 31,
        "indications with a looser match": 16,
        "indications without a match": 18,
        "indications changed": 439,
    }
    assert Indication.objects.exclude(icd11=[]).count() == 408
    assert Indication.objects.filter(icd11_block__isnull=False, icd11=[]).count() == 31
    kinds = Counter(Icd11Entity.objects.values_list("kind", flat=True))
    assert kinds == {"category": 35339, "block": 1415, "chapter": 28}
    assert not Icd11Entity.objects.filter(title__startswith="-").exists()
    assert not Icd11Entity.objects.exclude(address__startswith="https://icd.who.int/browse/").exists()
    for title, code in (("plasma cell myeloma", "2A83.1"), ("mantle cell lymphoma", "2A85.5")):
        assert Indication.objects.get(key=title).icd11 == [code]  # They have codes of extensions too.
    assert Listing.objects.filter(indication__key="plasma cell myeloma").first().icd11 == ["2A83.1"]
    again = import_icd11(file=ICD11, release="2025-01").counts()
    assert (again["entities unchanged"], again["indications changed"]) == (36782, 0)


def test_leaving_out_brackets_finds_16_more_where_that_is_asked_for(the_24th):
    report = import_icd11(file=ICD11, release="2025-01", looser=True)
    looser = {row["indication"]: row["codes"] for row in told(report, "looser")}
    assert len(looser) == 16
    assert looser["Cholera [children]"] == ["1A00"]
    assert looser["Acute pyelonephritis (severe)"] == ["GB51"]
    assert Indication.objects.exclude(icd11=[]).count() == 408 + 16


def test_aware_names_the_antibiotics_of_the_record(the_24th):
    report = import_aware(file=AWARE, edition="2023")
    counts = report.counts()
    assert counts["rows"] == 257 + 103
    assert (counts["antibiotics of the record with a group"], counts["antibiotics of the record without one"]) == (
        74,
        3,
    )
    assert {row["medicine"] for row in told(report, "unmatched")} == {
        "ceftaroline",
        "ethambutol + isoniazid + rifampicin",
        "nalidixic acid",
    }
    groups = dict(Listing.objects.values_list("medicine__key", "aware"))
    assert groups["amoxicillin + clavulanic acid"] == "access"
    assert groups["fosfomycin (injection)"] == "reserve"
    assert groups["paracetamol (acetaminophen)"] == ""
    assert AwareEntry.objects.filter(group="not_recommended").count() == 103
    again = import_aware(file=AWARE, edition="2023").counts()
    assert (again["created"], again["changed"], again["gone"]) == (0, 0, 0)


def test_acetaminophen_finds_paracetamol(the_24th):
    report = import_synonyms(file=SYNONYMS)
    assert figures(report) == {
        "drugs": 15235,
        "synonyms": 34680,
        "medicines": 786,
        "combinations, left alone": 76,
        "matched": 588,
        "changed": 530,
        "unchanged": 58,
        "synonyms added": 3387,
    }
    medicine = Medicine.objects.get(key="paracetamol (acetaminophen)")
    assert {"acetaminophen", "paracetamol"} <= {name.casefold() for name in medicine.synonyms}
    assert found_by("acetaminophen")[0] == "paracetamol (acetaminophen)"
    assert set(found_by("albuterol")) == {"salbutamol"}
    assert import_synonyms(file=SYNONYMS).counts()["synonyms added"] == 0


def test_the_printed_list_enriches_the_24th_and_importing_its_export_again_changes_nothing(the_24th):
    entries = dict(EditionEntry.objects.values_list("recommendation", "version"))
    report = import_printed_list(file=PRINTED, edition=edition_for(number=24))
    assert figures(report) == {
        "entries": 564,
        "names of the edition": 475,
        "names that the edition does not have": 89,
        "sections matched by number": 440,
        "sections matched by title": 12,
        "sections matched as one above": 6,
        "in other sections": 17,
        "recommendations": 827,
        "changed": 827,
        "core": 556,
        "complementary": 271,
        "representative": 110,
        "with a choice": 9,
    }
    asked = report.to_dict()["questions"]
    assert {name: len(questions) for name, questions in asked.items()} == {"names": 32, "boxes": 40}
    assert {each["name"]: each["offered"][0] for each in asked["names"]}["colistin"] == "colistin (injection)"
    assert dict(EditionEntry.objects.values_list("recommendation", "version")) == entries
    assert not Listing.objects.exclude(emlc="").exists()
    listed = Counter(Listing.objects.filter(status="essential").values_list("eml", flat=True))
    assert listed == {"core": 556, "complementary": 271, "": 1374 - 827}
    baclofen = Listing.objects.get(medicine__key="baclofen").version
    assert (baclofen.kind, baclofen.number, baclofen.provenance["rows"]) == ("imported", 2, [67])
    dabigatran = Listing.objects.filter(medicine__key="dabigatran").first().version.content.facts
    assert dabigatran.alternatives == Alternatives(kind="named", medicines=("apixaban", "edoxaban", "rivaroxaban"))
    yaws = Listing.objects.get(medicine__key="azithromycin", indication__key="yaws").version.content.facts
    assert yaws.choice == "first"
    again = import_list(file=SHARED / "eeml-24th-list-2025.xlsx", edition=edition_for(number=24)).counts()
    assert (again["unchanged"], again["edition entries"]) == (1676, 0)
    twice = import_printed_list(file=PRINTED, edition=edition_for(number=24)).counts()
    assert (twice["changed"], twice["unchanged"]) == (0, 827)
    assert verify_record().holds
