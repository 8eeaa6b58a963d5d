"""Medicines that go by another name: what is offered, what is kept, and what still finds them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from medicines.actions.editions import edition_for
from medicines.actions.import_list import import_list
from medicines.actions.import_sections import import_sections
from medicines.actions.rename import RenameRefused, add_former_name, rename_medicine
from medicines.actions.verify import verify_record
from medicines.lists.choices import ChoiceRefused, Choices
from medicines.lists.report import Report
from medicines.models import EditionEntry, Listing, Medicine, Recommendation, Renaming, Version
from tests.medicines.build import content, corrected, imported, published
from tests.medicines.lists import SHARED, csv_file, needs_shared_data, row

pytestmark = pytest.mark.django_db

Bring = Callable[..., Report]

SOURCE = {"source": "A letter"}


@pytest.fixture
def bring(tmp_path: Path) -> Bring:
    def bring_in(*rows: dict[str, str], edition: int = 24, **options: object) -> Report:
        file = csv_file(tmp_path / "list.csv", rows)
        return import_list(file=file, edition=edition_for(number=edition), **options)  # type: ignore[arg-type]

    return bring_in


def old(**cells: str) -> dict[str, str]:
    return row("exemplin sulfate", atc="N05BA01", **cells)


def new(**cells: str) -> dict[str, str]:
    return row("exemplin", atc="N05BA01", **cells)


RENAMED = Choices(renames={"exemplin sulfate": "exemplin"})


# By hand


def test_a_renamed_medicine_keeps_its_number_and_its_published_words():
    version = imported(content(medicine="exemplin sulfate", indication="Hiccups", text=False))
    body = version.body
    rename_medicine(medicine=version.recommendation.medicine, name=" Exemplin ", source=SOURCE)
    medicine = Medicine.objects.get()
    assert (medicine.name, medicine.key, medicine.sort_key) == ("Exemplin", "exemplin", "exemplin")
    assert medicine.former_names == ["exemplin sulfate"]
    assert Listing.objects.get().sort_key == "exemplin / hiccups"  # Where its new name belongs.
    assert (Version.objects.get().body, Recommendation.objects.get().number) == (body, version.recommendation.number)
    assert [(each.old_name, each.new_name, each.source) for each in Renaming.objects.all()] == [
        ("exemplin sulfate", "Exemplin", SOURCE)
    ]
    assert verify_record().holds


def test_facts_under_the_former_name_are_about_the_same_recommendation():
    version = imported(content(medicine="exemplin sulfate", indication="Hiccups", text=False))
    rename_medicine(medicine=version.recommendation.medicine, name="exemplin", source=SOURCE)
    facts = version.content.facts
    assert Recommendation.objects.about(facts).get() == version.recommendation
    assert Recommendation.objects.about(facts.model_copy(update={"medicine": "Exemplin"})).count() == 1


def test_a_text_that_started_from_the_former_name_is_published_on_the_same_recommendation():
    version = published(content(medicine="exemplin sulfate", indication="Hiccups"))
    rename_medicine(medicine=version.recommendation.medicine, name="exemplin", source=SOURCE)
    later = corrected(version, content(medicine="exemplin sulfate", indication="Hiccups", atc=()), note="A code")
    assert (later.recommendation, later.number) == (version.recommendation, 2)
    other = published(content(medicine="exemplin sulfate", indication="Cough"))
    assert other.recommendation.medicine == version.recommendation.medicine
    assert Medicine.objects.count() == 1


def test_a_name_can_be_given_back():
    medicine = imported(content(medicine="exemplin", text=False)).recommendation.medicine
    rename_medicine(medicine=medicine, name="other", source=SOURCE)
    rename_medicine(medicine=medicine, name="exemplin", source=SOURCE)
    assert (Medicine.objects.get().name, Medicine.objects.get().former_names) == ("exemplin", ["other"])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "Give a name."),
        ("Exemplin", "The medicine goes by this name already."),
        ("otherin", "“otherin” is another medicine of the record, with recommendations of its own."),
        ("Formerin", "“Formerin” is a former name of another medicine."),
        ("x" * 501, "The name is too long."),
    ],
)
def test_a_name_that_is_none_or_another_medicine_is_refused(name: str, words: str):
    medicine = imported(content(medicine="Exemplin", text=False)).recommendation.medicine
    other = imported(content(medicine="otherin", text=False)).recommendation.medicine
    add_former_name(medicine=other, name="formerin", source=SOURCE)
    with pytest.raises(RenameRefused) as refusal:
        rename_medicine(medicine=medicine, name=name, source=SOURCE)
    assert str(refusal.value) == words
    assert Medicine.objects.filter(name="Exemplin", former_names=[]).exists()


# By an import


def test_a_name_that_is_gone_is_offered_those_that_may_be_its_medicine(bring: Bring):
    bring(old(), row("gonin", "Gout", atc="M04AA01"), edition=23)
    asked = bring(new(), row("unlike", "Warts", atc="D11AF00"), preview=True).questions()
    assert asked["renames"] == [{"name": "exemplin sulfate", "offered": ["exemplin"], "former": False, "chosen": None}]


def test_a_rename_that_nobody_settles_is_not_done(bring: Bring):
    bring(old(), edition=23)
    report = bring(new())
    assert (report.counts()["created"], [each.medicine for each in report.missing]) == (1, ["exemplin sulfate"])
    assert set(Medicine.objects.values_list("name", flat=True)) == {"exemplin", "exemplin sulfate"}


def test_a_confirmed_rename_makes_a_version_with_the_new_name_and_leaves_the_old_ones(bring: Bring):
    bring(old(), edition=23)
    preview = bring(new(), preview=True, choices=RENAMED)
    assert Medicine.objects.get().name == "exemplin sulfate"
    report = bring(new(), choices=RENAMED, expected=preview.plan)
    assert [(each.action, each.number, each.fields) for each in report.steps] == [("renamed", 1, ("name",))]
    assert [(v.number, v.content.facts.medicine) for v in Version.objects.order_by("number")] == [
        (1, "exemplin sulfate"),
        (2, "exemplin"),
    ]
    assert Renaming.objects.get().source["source"] == "EML 24"
    assert Listing.objects.get().medicine.name == "exemplin"
    assert verify_record().holds


def test_lists_of_before_and_of_after_a_rename_change_nothing_when_they_come_again(bring: Bring):
    bring(old(), edition=23)
    bring(new(), choices=RENAMED)
    before = Version.objects.count(), EditionEntry.objects.count(), Renaming.objects.count()
    assert bring(old(), edition=23).counts()["unchanged"] == 1
    assert bring(new(), choices=RENAMED).counts()["unchanged"] == 1
    assert (Version.objects.count(), EditionEntry.objects.count(), Renaming.objects.count()) == before


def test_of_a_split_one_continues_and_the_other_is_new(bring: Bring):
    bring(old(), edition=23)
    report = bring(new(), row("exemplin, recombinant", atc="N05BA01"), choices=RENAMED)
    assert [(each.action, each.number, each.medicine) for each in report.steps] == [
        ("renamed", 1, "exemplin"),
        ("created", None, "exemplin, recombinant"),
    ]


def test_an_older_list_gives_a_former_name_and_no_new_one(bring: Bring):
    bring(new())
    asked = bring(old(), edition=23, preview=True).questions()["renames"]
    assert asked == [{"name": "exemplin", "offered": ["exemplin sulfate"], "former": True, "chosen": None}]
    choices = Choices(renames={"exemplin": "exemplin sulfate"})
    assert bring(old(), edition=23, choices=choices).counts()["filled"] == 1
    medicine = Medicine.objects.get()
    assert (medicine.name, medicine.former_names) == ("exemplin", ["exemplin sulfate"])
    assert Listing.objects.get().version.content.facts.medicine == "exemplin"


@pytest.mark.parametrize(
    ("renames", "words"),
    [
        ({"exemplin sulfate": "nowherin"}, "The file does not name “nowherin”"),
        ({"nobodin": "exemplin"}, "The record has no medicine “nobodin”"),
        ({"exemplin sulfate": "stayin"}, "“stayin” is another medicine of the record"),
        ({"exemplin sulfate": "exemplin", "secondin": "exemplin"}, "“exemplin” is chosen for two medicines"),
    ],
)
def test_a_rename_that_cannot_be_is_refused_and_nothing_is_written(bring: Bring, renames: dict[str, str], words: str):
    bring(old(), row("stayin"), row("secondin"), edition=23)
    before = Version.objects.count()
    with pytest.raises(ChoiceRefused, match=words):
        bring(new(), row("stayin"), choices=Choices(renames=renames))
    assert (Version.objects.count(), Renaming.objects.count()) == (before, 0)


# The real lists

TRUE_RENAMES = {
    "amodiaquine + sulfadoxine + pyrimethamine": "amodiaquine - sulfadoxine + pyrimethamine",
    "artesunate + pyronaridine tetraphosphate": "artesunate + pyronaridine",
    "coagulation factor IX": "coagulation factor IX, plasma-derived",
    "coagulation factor VIII": "coagulation factor VIII, recombinant",
    "cryoprecipitate (not pathogen-reduced)": "cryoprecipitate (native)",
    "dihydroartemisinin + piperaquine phosphate": "dihydroartemisinin + piperaquine",
    "insulin": "insulin (human, short-acting)",
    "intermediate-acting insulin": "insulin (human, intermediate-acting)",
    "long-acting insulin analogues": "insulin (analogue, long-acting)",
    "lugol's solution": "iodine + potassium iodide (Lugol's solution)",
    "prostaglandin E1": "alprostadil (prostaglandin E1)",
    "prostaglandin E2": "dinoprostone (prostaglandin E2)",
    "sunscreen (broad-spectrum)": "sunscreen, broad-spectrum",
    "surfactant": "beractant",
}


@needs_shared_data
def test_of_the_15_names_that_the_24th_list_lacks_the_14_that_live_on_are_offered_rightly():
    import_sections(file=SHARED / "eml24-sections.csv", edition=edition_for(number=24))
    import_list(file=SHARED / "eeml-23rd-list-2023.csv", edition=edition_for(number=23))
    report = import_list(file=SHARED / "eeml-24th-list-2025.xlsx", edition=edition_for(number=24), preview=True)
    assert {rename.name: rename.offered[0] for rename in report.renames} == TRUE_RENAMES
