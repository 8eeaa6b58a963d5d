"""Importing the printed list: what it adds to an edition, what it never says, and what of it is left."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from medicines.actions.editions import EditionRefused, edition_for
from medicines.actions.import_list import import_list
from medicines.actions.import_printed_list import import_printed_list
from medicines.actions.verify import verify_record
from medicines.content.schema import Alternatives, Facts, Placement
from medicines.lists.base_report import BaseReport
from medicines.lists.choices import Choices
from medicines.lists.printed import PrintedEntry, read_alternatives
from medicines.lists.table import TableUnreadable
from medicines.models import Edition, EditionEntry, Listing, Version
from tests import make
from tests.house import fingerprints
from tests.medicines.build import content, imported, narrative, published
from tests.medicines.classes import BRAIN, json_file
from tests.medicines.lists import csv_file, row

pytestmark = pytest.mark.django_db

Import = Callable[..., BaseReport]


def entry(name: str = "exemplin", section: str = "5.1 Brain", **more: Any) -> dict[str, Any]:
    """An entry of the file as the real one has them."""
    return {
        "name": name,
        "name_zh": "",
        "section": section,
        "list": "core",
        "forms": ["Injection: 1 mg [c]"],
        "indications": [],
        "note": "",
        "children": False,
        "square_box": False,
        "therapeutic_alternatives": [],
        **more,
    }


@pytest.fixture
def sections() -> Edition:
    edition = edition_for(number=24)
    edition.save()
    nerves = make.section(edition, "5", "Nerves")
    make.section(edition, "5.1", "Brain", parent=nerves)
    spine = make.section(edition, "5.2", "Spine", parent=nerves)
    make.section(edition, "5.2.1", "Upper spine", parent=spine)
    make.section(edition, "6", "Doubtful")
    make.section(edition, "7", "Doubtful")
    return edition


@pytest.fixture
def bring_list(tmp_path: Path, sections: Edition) -> Callable[..., Any]:
    def bring_in(*rows: dict[str, str]) -> Any:
        return import_list(file=csv_file(tmp_path / "list.csv", rows), edition=edition_for(number=24))

    return bring_in


@pytest.fixture
def bring(tmp_path: Path) -> Import:
    def bring_in(
        *entries: Any, preview: bool = False, names: dict[str, str] | None = None, **boxes: list[str]
    ) -> BaseReport:
        file = json_file(tmp_path / "printed.json", {"source": "A parse", "entries": list(entries)})
        choices = Choices(names=names or {}, boxes={f"5.1 {name}": sections for name, sections in boxes.items()})
        return import_printed_list(file=file, edition=edition_for(number=24), preview=preview, choices=choices)

    return bring_in


def facts(medicine: str = "exemplin", indication: str = "Hiccups") -> Facts:
    listing = Listing.objects.get(medicine__name=medicine, indication__name=indication)
    return listing.version.content.facts


def figures(report: BaseReport) -> dict[str, int]:
    return {name: count for name, count in report.counts().items() if count}


def findings(report: BaseReport) -> list[tuple[tuple[int, ...], str]]:
    return [(finding.rows, finding.field) for finding in report.warnings]


# What is written


def test_a_list_type_makes_a_version_of_the_edition(bring_list, bring: Import):
    bring_list(row(formulations="Oral > Solid: 5 mg", atc="N05BA99"))
    before = facts()
    report = bring(entry(list="complementary"))
    (placement,) = facts().placements
    assert (placement.eml, placement.emlc, placement.unnamed_list) == ("complementary", None, None)
    changes = {"placements": (before.placements[0].model_copy(update={"eml": "complementary", "unnamed_list": None}),)}
    assert facts() == before.model_copy(update=changes)
    version = Version.objects.get(number=2)
    assert (version.kind, version.outcome, version.effective_date) == ("imported", "", date(2025, 9, 5))
    assert version.provenance == {
        "source": "EML 24",
        "file": "printed.json",
        "sha256": report.source.sha256,
        "report": "TRS 1064",
        "rows": [1],
    }
    listing = Listing.objects.get()
    assert (listing.version, listing.eml, listing.status) == (version, "complementary", "essential")
    assert "tier:complementary" in listing.facets
    assert verify_record().holds


def test_the_mark_for_children_says_nothing_of_the_childrens_list(bring_list, bring: Import):
    bring_list(row(), row("helpin"))
    bring(entry(children=True), entry("helpin [c]", children=True))
    assert (facts().list_status("EMLc"), facts("helpin").list_status("EMLc")) == (None, None)


def test_the_edition_keeps_its_entries(bring_list, bring: Import):
    bring_list(row())
    before = list(EditionEntry.objects.values_list("pk", "version"))
    bring(entry())
    assert list(EditionEntry.objects.values_list("pk", "version")) == before


def test_every_recommendation_of_the_medicine_in_the_section_gets_it_and_no_other(bring_list, bring: Import):
    bring_list(row(), row(indication="Cough"), row(indication="Pain", section="Spine"), row("helpin"))
    report = bring(entry())
    found = {
        (name, use): facts(name, use).list_status("EML")
        for name, use in Listing.objects.values_list("medicine__name", "indication__name")
    }
    assert found == {
        ("exemplin", "Hiccups"): "core",
        ("exemplin", "Cough"): "core",
        ("exemplin", "Pain"): None,
        ("helpin", "Hiccups"): None,
    }
    assert (report.counts()["recommendations"], report.counts()["changed"]) == (2, 2)


def test_only_the_placement_in_the_section_gets_it(bring_list, bring: Import):
    bring_list(row(), row(section="Spine"))
    bring(entry(section="5.2 Spine"))
    assert [(p.section.leaf.number, p.eml) for p in facts().placements if p.section] == [("5.1", None), ("5.2", "core")]


def test_a_section_without_a_number_is_met_by_its_title_and_one_below_by_the_one_above(bring_list, bring: Import):
    bring_list(row("a", section="Doubtful"), row("b", section="Upper spine"), row("c", section="Nerves"))
    report = bring(entry("a", "7. DOUBTFUL"), entry("b", "5.2 Spine"), entry("c", "5.1 Brain"))
    assert (facts("a").list_status("EML"), facts("b").list_status("EML")) == ("core", "core")
    assert facts("c").list_status("EML") is None
    looser = {each["name"]: each["by"] for each in report.to_dict()["looser"]}
    assert looser == {"a": "title", "b": "above"}
    assert [(each["name"], each["listed_in"]) for each in report.to_dict()["elsewhere"]] == [("c", ["5 Nerves"])]


def test_what_was_removed_is_not_listed_again(bring_list, bring: Import):
    bring_list(row(status="Removed"))
    before = fingerprints()
    assert bring(entry()).counts()["changed"] == 0
    assert (facts().status, fingerprints()) == ("removed", before)


def test_names_that_the_edition_does_not_have_are_told(bring_list, bring: Import):
    bring_list(row())
    imported(content(text=False, medicine="elsewhere", indication="Hiccups"))
    report = bring(entry(), entry("debris of parsing)"), entry("elsewhere"))
    assert [each["name"] for each in report.to_dict()["unmatched"]] == ["debris of parsing)", "elsewhere"]
    assert report.counts()["names that the edition does not have"] == 2


# Square boxes


def box(*alternatives: str, name: str = "exemplin", **more: Any) -> dict[str, Any]:
    return entry(name, square_box=True, therapeutic_alternatives=list(alternatives), **more)


CLASS = "4th level ATC chemical subgroup (N05BA Calming"


@pytest.mark.parametrize(
    ("name", "given", "alternatives", "unread"),
    [
        ("a", ["b", "c"], Alternatives(kind="named", medicines=("b", "c")), []),
        ("a", ["b* [c]", "b"], Alternatives(kind="named", medicines=("b",)), []),
        ("a", ["b (oral)"], Alternatives(kind="named", medicines=("b",), limits="b (oral)"), []),
        (
            "a",
            ["b (tablet (soft): 1 mg)"],
            Alternatives(kind="named", medicines=("b",), limits="b (tablet (soft): 1 mg)"),
            [],
        ),
        ("a", ["b, c (for"], Alternatives(kind="named"), ["b, c (for"]),
        ("a", [CLASS], Alternatives(kind="atc_class", atc="N05BA"), []),
        ("a + d", [CLASS], Alternatives(kind="named"), [CLASS]),
        ("a", ["b", CLASS], Alternatives(kind="named", medicines=("b",)), [CLASS]),
        ("a", ["4th level ATC chemical subgroup"], Alternatives(kind="named"), ["4th level ATC chemical subgroup"]),
        ("a", [], Alternatives(kind="named"), []),
    ],
)
def test_a_box_is_read(name: str, given: list[str], alternatives: Alternatives, unread: list[str]):
    printed = PrintedEntry(1, name, "5.1", "Brain", "core", True, tuple(given))
    assert read_alternatives(printed) == (alternatives, unread)


def test_a_box_makes_the_medicine_a_representative_one_and_none_says_nothing(bring_list, bring: Import):
    bring_list(row(), row("helpin"))
    report = bring(box("worsin*"), entry("helpin"))
    assert facts().alternatives == Alternatives(kind="named", medicines=("worsin",))
    assert facts("helpin").alternatives is None
    assert (report.counts()["representative"], findings(report)) == (1, [((1,), "therapeutic_alternatives")])


def test_a_box_of_a_medicine_in_sections_that_the_file_lacks_is_nobodys(bring_list, bring: Import):
    bring_list(row(), row(indication="Pain", section="Spine"))
    report = bring(box("worsin"))
    assert (facts().alternatives, facts(indication="Pain").alternatives) == (None, None)
    assert (facts().list_status("EML"), findings(report)) == ("core", [((1,), "square_box")])


def test_a_person_may_say_in_which_sections_such_a_box_stands(bring_list, bring: Import):
    bring_list(row(), row(indication="Pain", section="Nerves > Spine"), row(indication="Cough", section="Upper spine"))
    asked = bring(box("worsin"), preview=True).to_dict()["questions"]["boxes"]
    assert asked == [
        {
            "place": "5.1 exemplin",
            "row": 1,
            "medicine": "exemplin",
            "section": "5.1 Brain",
            "alternatives": ["worsin"],
            "sections": ["5.1 Brain", "5.2 Spine", "5.2.1 Upper spine"],
            "chosen": None,
        }
    ]
    report = bring(box("worsin"), exemplin=["5.2 Spine", "6 Elsewhere"])
    found = {name: facts(indication=name).alternatives for name in ("Hiccups", "Pain", "Cough")}
    assert found == {"Hiccups": None, "Pain": Alternatives(kind="named", medicines=("worsin",)), "Cough": None}
    assert (findings(report), Version.objects.filter(recommendation__number=2).count()) == ([], 2)
    again = bring(box("worsin"))
    assert (figures(again)["unchanged"], findings(again), again.to_dict()["questions"]["boxes"]) == (1, [], [])


def test_a_person_may_say_which_medicine_another_name_in_print_means(bring_list, bring: Import):
    bring_list(row("exemplin (injection)"), row("helpin"))
    entries = entry("exemplin", list="complementary"), entry("of children)"), entry("helpin")
    asked = [{"name": "exemplin", "sections": ["5.1 Brain"], "offered": ["exemplin (injection)"], "chosen": None}]
    assert bring(*entries, preview=True).to_dict()["questions"]["names"] == asked
    none = bring(*entries, preview=True, names={"exemplin": ""})
    assert (none.to_dict()["questions"]["names"][0]["chosen"], figures(none)["changed"]) == ("", 1)
    report = bring(*entries, names={"exemplin": "exemplin (injection)"})
    assert facts("exemplin (injection)").list_status("EML") == "complementary"
    assert [each["name"] for each in report.to_dict()["unmatched"]] == ["of children)"]


def test_where_the_file_has_every_section_each_has_its_own_box(bring_list, bring: Import):
    bring_list(row(), row(indication="Pain", section="Spine"))
    bring(box("worsin"), box("betterin", section="5.2 Spine", list="complementary"))
    brain, spine = facts(), facts(indication="Pain")
    assert brain.alternatives == Alternatives(kind="named", medicines=("worsin",))
    assert spine.alternatives == Alternatives(kind="named", medicines=("betterin",))
    assert (brain.list_status("EML"), spine.list_status("EML")) == ("core", "complementary")


# Choices


def test_a_choice_is_taken_for_the_indication_that_is_named_so(bring_list, bring: Import):
    bring_list(row(), row(indication="Cough"), row(indication="Pain"))
    choices = [
        {"choice": "first", "text": "hiccups"},
        {"choice": "both", "text": "Cough"},
        {"choice": "second", "text": "Pain of some"},
    ]
    report = bring(entry(indications=choices))
    found = [facts(indication=name).choice for name in ("Hiccups", "Cough", "Pain")]
    assert found == ["first", None, None]
    assert findings(report) == [((1,), "indications"), ((1,), "indications")]
    assert report.counts()["with a choice"] == 1


# Decisions and later editions


def test_a_narrative_is_carried_forward(bring_list, bring: Import):
    placements = (Placement(section=BRAIN, unnamed_list="listed"),)
    decided = published(content(medicine="exemplin", indication="Hiccups", placements=placements, alternatives=None))
    bring_list(row())
    bring(entry())
    version = Listing.objects.get().version
    assert (version.kind, version.outcome, version.provenance["carries"]) == ("imported", decided.outcome, 1)
    assert (version.content.narrative, version.content.facts.list_status("EML")) == (narrative(), "core")


@pytest.mark.parametrize(
    ("stated", "printed", "field"),
    [
        ({"placements": (Placement(section=BRAIN, eml="complementary"),)}, {}, "list type"),
        ({"alternatives": Alternatives(kind="specific")}, {"square_box": True}, "alternatives"),
        ({"choice": "second"}, {"indications": [{"choice": "first", "text": "Hiccups"}]}, "choice"),
    ],
)
def test_what_a_decision_states_is_never_overwritten(bring_list, bring: Import, stated, printed, field):
    base = {"placements": (Placement(section=BRAIN, eml="core"),), "alternatives": None, "choice": None}
    published(content(medicine="exemplin", indication="Hiccups", atc=(), **{**base, **stated}))
    bring_list(row())
    before = fingerprints()
    report = bring(entry(**printed))
    assert (report.counts()["conflict"], report.counts()["changed"]) == (1, 0)
    assert report.to_dict()["conflict"] == [
        {"number": 1, "medicine": "exemplin", "indication": "Hiccups", "rows": [1], "fields": [field]}
    ]
    assert fingerprints() == before


def test_what_a_later_decision_says_stays_current(bring_list, bring: Import):
    bring_list(row())
    later = published(
        content(
            medicine="exemplin", indication="Hiccups", atc=(), placements=(Placement(section=BRAIN, eml="removed"),)
        ),
        outcome="removed",
        effective_date=date(2027, 9, 1),
        base=Version.objects.get(),
    )
    report = bring(entry())
    assert (report.counts()["changed"], Version.objects.count()) == (1, 3)
    assert Listing.objects.get().version == later


# Again, before, and not at all


def test_the_export_again_and_the_printed_list_again_change_nothing(bring_list, bring: Import):
    rows = [row(formulations="Oral > Solid: 5 mg"), row(section="Doubtful"), row("helpin", status="Removed")]
    entries = [box("worsin"), entry("exemplin", "7 Doubtful", list="complementary"), entry("helpin")]
    bring_list(*rows)
    bring(*entries)
    before = fingerprints()
    assert bring_list(*rows).counts()["unchanged"] == 2
    again = bring(*entries).counts()
    assert (again["changed"], again["unchanged"], fingerprints()) == (0, 1, before)


def test_the_order_of_entries_is_no_matter(bring_list, bring: Import):
    bring_list(row(), row("b"), row("c", section="Spine"))
    entries = [entry(), box("x", name="b"), entry("c", "5.2 Spine"), entry("nobody")]
    bring(*entries)
    before = fingerprints()
    random.Random(2).shuffle(entries)
    assert (bring(*entries).counts()["unchanged"], fingerprints()) == (3, before)


def test_a_preview_says_the_same_and_writes_nothing(bring_list, bring: Import):
    bring_list(row())
    before = fingerprints()
    preview = bring(box("b"), preview=True)
    assert (preview.written, fingerprints()) == (False, before)
    assert preview.counts() == bring(box("b")).counts()


@pytest.mark.parametrize(
    ("bad", "rows", "field"),
    [
        (entry(""), (2,), "name"),
        (entry("b", "Brain"), (2,), "section"),
        (entry("b", list="some"), (2,), "list"),
        (entry(), (1, 2), "name"),
        ("no entry", (2,), "name"),
    ],
)
def test_one_entry_that_cannot_be_taken_keeps_all_out(bring_list, bring: Import, bad, rows, field):
    bring_list(row())
    before = fingerprints()
    report = bring(entry(), bad)
    assert (rows, field) in [(finding.rows, finding.field) for finding in report.refused]
    assert (report.written, fingerprints()) == (False, before)


@pytest.mark.parametrize("data", ["", "[1]", '{"entries": 1}', "{" * 100_000, "\ufeff{]"])
def test_another_file_is_refused_in_words(tmp_path: Path, sections: Edition, data: str):
    file = tmp_path / "printed.json"
    file.write_text(data, encoding="utf-8")
    with pytest.raises(TableUnreadable, match="JSON"):
        import_printed_list(file=file, edition=sections)


def test_an_edition_without_entries_is_refused_in_words(bring: Import, sections: Edition):
    with pytest.raises(EditionRefused, match="Import its list first"):
        bring(entry())


def test_the_command_brings_it_in(tmp_path: Path, bring_list):
    bring_list(row())
    file, out = json_file(tmp_path / "printed.json", {"entries": [entry()]}), io.StringIO()
    call_command("import_printed_list", file, "--edition=24", stdout=out)
    assert out.getvalue().endswith("The printed list of edition 24 is in.\n")
    assert facts().list_status("EML") == "core"
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_printed_list", tmp_path / "absent.json", "--edition=24", stdout=out)
