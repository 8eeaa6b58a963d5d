"""Importing a list: what the record holds afterwards, what is left alone, and what is refused."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from medicines.actions.editions import EditionRefused, edition_for
from medicines.actions.import_list import import_list
from medicines.actions.verify import verify_record
from medicines.content.schema import Facts, Formulation, Placement, SectionPath, SectionStep
from medicines.lists.report import Report
from medicines.lists.table import TableUnreadable
from medicines.models import Edition, EditionEntry, Listing, Medicine, Recommendation, Section, Version
from tests import make
from tests.medicines.build import content, imported, narrative, published
from tests.medicines.lists import csv_file, row, xlsx_file

pytestmark = pytest.mark.django_db

BRAIN = SectionPath(
    edition="24", steps=(SectionStep(number="5", title="Nerves"), SectionStep(number="5.1", title="Brain"))
)

Import = Callable[..., Report]


@pytest.fixture
def sections() -> None:
    edition = edition_for(number=24)
    edition.save()
    nerves = make.section(edition, "5", "Nerves")
    make.section(edition, "5.1", "Brain", parent=nerves)
    make.section(edition, "5.2", "Spine", parent=nerves)


@pytest.fixture
def bring(tmp_path: Path, sections: None) -> Import:
    """Import rows as the list of an edition."""

    def bring_in(*rows: Mapping[str, str], edition: int = 24, preview: bool = False) -> Report:
        file = csv_file(tmp_path / "list.csv", rows)
        return import_list(file=file, edition=edition_for(number=edition), preview=preview)

    return bring_in


def actions(report: Report) -> dict[str, int]:
    """The actions that occur, with their counts."""
    counts = report.counts()
    names = ("created", "filled", "changed", "renumbered", "moved", "removed", "unchanged", "conflict")
    return {name: counts[name] for name in names if counts[name]}


def current() -> list[Facts]:
    return [listing.version.content.facts for listing in Listing.objects.order_by("sort_key")]


def record() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Medicine, Recommendation, Version, Listing, Edition, EditionEntry))


# What is written


def test_a_row_becomes_a_version_with_what_the_export_states_and_no_more(bring: Import):
    report = bring(row(formulations="Oral > Solid: 5 mg; 10 mg", atc="N05BA01, N05BA", partners="otherin"))
    version = Version.objects.get()
    assert version.content.facts == Facts(
        medicine="exemplin",
        indication="Hiccups",
        partners=("otherin",),
        atc=("N05BA", "N05BA01"),
        placements=(
            Placement(
                section=BRAIN,
                unnamed_list="listed",
                formulations=(
                    Formulation(
                        route=("Oral", "Solid"), strengths=("5 mg", "10 mg"), original="Oral > Solid: 5 mg; 10 mg"
                    ),
                ),
            ),
        ),
    )
    assert (version.kind, version.outcome, version.effective_date) == ("imported", "", date(2025, 9, 5))
    assert version.content.narrative.is_empty
    assert version.provenance == {
        "source": "EML 24",
        "file": "list.csv",
        "sha256": report.source.sha256,
        "report": "TRS 1064",
        "rows": [2],
    }
    assert (Listing.objects.get().status, Listing.objects.get().sections) == ("essential", ["5", "5.1"])


def test_a_preview_says_the_same_and_writes_nothing(bring: Import):
    before = record()
    preview = bring(row(), row("b"), preview=True)
    assert record() == before
    assert not preview.written
    assert preview.counts() == bring(row(), row("b")).counts()


def test_the_same_file_again_changes_nothing(bring: Import):
    rows = [row(), row(section="Spine"), row("b", status="Removed"), row("c", partners="d")]
    bring(*rows)
    before = record()
    assert actions(bring(*rows)) == {"unchanged": 3}
    assert record() == before


def test_the_order_of_rows_is_no_matter(bring: Import):
    rows = [
        row(atc="N05BA01", formulations="Oral > Solid: 5 mg"),
        row("Exemplin", atc="N05BA02", formulations="Oral > Liquid: 1 mg per mL"),
        row(section="Spine", status="Removed"),
        row(section="Spine "),
        row("b"),
        row(" B ", "hiccups", status="Removed"),
    ]
    bring(*rows)
    before, said = record(), current()
    for seed in range(5):
        random.Random(seed).shuffle(rows)
        assert actions(bring(*rows)) == {"unchanged": 2}
    assert (record(), current()) == (before, said)


def test_numbers_go_by_name_whatever_the_order_of_rows(bring: Import):
    bring(row("c"), row("a"), row("b"))
    assert list(Recommendation.objects.order_by("number").values_list("number", "medicine__name")) == [
        (1, "a"),
        (2, "b"),
        (3, "c"),
    ]


def test_rows_that_differ_in_codes_and_formulations_alone_are_merged(bring: Import):
    report = bring(
        row(atc="N05BA02", formulations="Oral > Liquid: 1 mg per mL"),
        row("EXEMPLIN ", "hiccups", atc="N05BA01", formulations="Oral > Solid: 5 mg"),
    )
    facts = current()[0]
    assert facts.atc == ("N05BA01", "N05BA02")
    assert [each.original for each in facts.placements[0].formulations] == [
        "Oral > Liquid: 1 mg per mL",
        "Oral > Solid: 5 mg",
    ]
    assert (report.counts()["rows merged"], report.counts()["rows repeated"]) == (1, 0)
    assert Version.objects.get().provenance["rows"] == [2, 3]


def test_rows_that_are_repeated_count_once_and_are_told(bring: Import):
    report = bring(row(), row(), row("b"))
    assert report.to_dict()["repeated"] == [[2, 3]]
    assert Version.objects.count() == 2


def test_of_added_and_removed_added_holds_with_its_formulations(bring: Import):
    bring(
        row(status="Removed", atc="C07AB03", formulations="Oral > Solid: 100 mg"),
        row(formulations="Oral > Solid: 50 mg"),
    )
    facts = current()[0]
    assert (facts.status, facts.atc) == ("essential", ("C07AB03",))
    assert [(p.unnamed_list, p.formulations[0].strengths) for p in facts.placements] == [("listed", ("50 mg",))]


def test_a_recommendation_may_stand_in_several_sections(bring: Import):
    report = bring(row(), row(section="Nerves > Spine"), row(section="Elsewhere", status="Removed"))
    assert [(p.section.leaf.number, p.unnamed_list) for p in current()[0].placements if p.section] == [
        ("5.1", "listed"),
        ("", "removed"),
        ("5.2", "listed"),
    ]
    assert report.counts()["in several sections at once"] == 1


# Editions


def test_an_earlier_edition_fills_itself_and_does_not_become_current(bring: Import):
    bring(row(), row("b"))
    report = bring(row(status="Removed"), row("old", section="Gone"), edition=23)
    assert actions(report) == {"filled": 1, "created": 1}
    exemplin = Listing.objects.get(medicine__name="exemplin")
    assert (exemplin.status, exemplin.version.number, exemplin.version.effective_date) == (
        "essential",
        1,
        date(2025, 9, 5),
    )
    assert sorted(
        EditionEntry.objects.values_list("edition__number", "recommendation__medicine__name", "version__number")
    ) == [(23, "exemplin", 2), (23, "old", 1), (24, "b", 1), (24, "exemplin", 1)]
    assert verify_record().holds


def test_an_unchanged_recommendation_is_in_the_later_edition_with_the_version_that_holds(bring: Import):
    bring(row(section="Elsewhere"), edition=23)
    assert actions(bring(row(section="Elsewhere"))) == {"unchanged": 1}
    assert list(EditionEntry.objects.order_by("edition__number").values_list("edition__number", "version__number")) == [
        (23, 1),
        (24, 1),
    ]


@pytest.mark.parametrize(
    ("later", "action", "fields"),
    [
        ({"section": "Spine"}, "moved", ("section",)),
        ({"section": "Brain"}, "renumbered", ("section number",)),
        ({"section": "Brain", "status": "Removed"}, "removed", ("status", "section number")),
        ({"section": "Brain", "atc": "N05BA01"}, "changed", ("section number", "ATC codes")),
        ({"section": "Brain", "formulations": "Oral > Solid: 5 mg"}, "changed", ("section number", "formulations")),
    ],
)
def test_what_changed_since_the_earlier_edition_is_told(
    bring: Import, later: dict[str, str], action: str, fields: tuple[str, ...]
):
    bring(row(), edition=23)
    (step,) = bring(row(**later)).steps
    assert (step.action, step.fields, step.number) == (action, fields, 1)
    assert Version.objects.count() == 2


def test_what_the_later_list_does_not_name_is_told_and_left_alone(bring: Import):
    bring(row("gone"), row("stays"), edition=23)
    report = bring(row("stays"))
    assert [(each.number, each.medicine) for each in report.missing] == [(1, "gone")]
    assert Recommendation.objects.get(number=1).versions.count() == 1


def test_an_entry_of_an_edition_stays_when_a_mended_file_comes(bring: Import):
    bring(row(atc="N05BA01"))
    report = bring(row(atc="N05BA02"))
    (warning,) = report.warnings
    assert str(warning) == (
        "Row 2: The edition has an entry for recommendation 1 already and keeps it. "
        "What is new makes a version beside it: ATC codes."
    )
    assert EditionEntry.objects.get().version.number == 1
    assert Listing.objects.get().atc == ["N05BA02"]


def test_an_edition_is_made_from_what_is_known_of_it():
    edition = edition_for(number=16, given={"effective_date": date(2009, 3, 1)})
    assert (edition.year, edition.report, edition.children_number, edition.pk) == (2009, "TRS 958", 2, None)
    assert edition_for(number=24).children_number == 10


@pytest.mark.parametrize(
    ("number", "given", "words"),
    [
        (16, {}, "Nothing is known of the effective date of edition 16. State it."),
        (90, {}, "Nothing is known of the effective date of edition 90. State it."),
        (24, {"year": 2024}, "The record has another year for edition 24: 2025, not 2024."),
        (25, {"effective_date": date(2027, 9, 1), "children_number": 10}, "The children's list 10 belongs to"),
        (25, {"effective_date": date(2025, 9, 5)}, "Edition 24 holds since 5 September 2025, and a later one cannot"),
        (22, {"effective_date": date(2025, 9, 5)}, "Edition 24 holds since 5 September 2025, and an earlier one"),
    ],
)
def test_an_edition_of_which_too_little_or_something_else_is_known_is_refused(
    sections: None, number: int, given: dict[str, Any], words: str
):
    with pytest.raises(EditionRefused) as refusal:
        edition_for(number=number, given=given)
    assert str(refusal.value).startswith(words)


# Decisions


def listed(section: SectionPath = BRAIN, **changes: Any) -> Placement:
    formulations = (Formulation(route=("Oral", "Solid"), strengths=("5 mg",), lists=("EML",)),)
    return Placement(**{"section": section, "eml": "core", "emlc": "core", "formulations": formulations, **changes})


def test_new_facts_beside_a_decision_carry_its_words_and_all_that_the_export_cannot_state(bring: Import):
    decision = published(content(medicine="exemplin", indication="Hiccups", placements=(listed(),), atc=()))
    report = bring(row(atc="N05BA01", formulations="Oral > Solid: 5 mg\nOral > Liquid: 1 mg"))
    assert actions(report) == {"changed": 1}
    version = Listing.objects.get().version
    new = Formulation(route=("Oral", "Liquid"), strengths=("1 mg",), original="Oral > Liquid: 1 mg")
    placements = (listed(formulations=(*listed().formulations, new)),)
    assert version.content.facts == decision.content.facts.model_copy(
        update={"atc": ("N05BA01",), "placements": placements}
    )
    assert version.content.narrative == narrative()
    assert (version.kind, version.outcome, version.number) == ("imported", "added", 2)
    assert version.provenance["carries"] == 1
    assert verify_record().holds


def test_an_export_that_agrees_with_a_decision_adds_no_version(bring: Import):
    published(content(medicine="exemplin", indication="Hiccups", placements=(listed(),), atc=("N05BA01",)))
    assert actions(bring(row(formulations="Oral > Solid:  5 mg", atc="N05BA01"))) == {"unchanged": 1}
    assert EditionEntry.objects.get().version == Version.objects.get()


@pytest.mark.parametrize(
    ("placements", "stated", "fields"),
    [
        ((listed(),), {"status": "Removed"}, ("status",)),
        ((), {}, ("status",)),
        ((listed(eml="removed", emlc="removed"),), {}, ("status",)),
        ((listed(),), {"section": "Spine"}, ("section",)),
    ],
)
def test_a_decision_that_says_otherwise_is_told_and_not_overwritten(
    bring: Import, placements: tuple[Placement, ...], stated: dict[str, str], fields: tuple[str, ...]
):
    decision = published(content(medicine="exemplin", indication="Hiccups", placements=placements))
    (step,) = bring(row(**stated)).steps
    assert (step.action, step.fields, step.number) == ("conflict", fields, 1)
    assert Version.objects.get() == decision
    assert not EditionEntry.objects.exists()


def test_a_decision_later_than_the_edition_is_neither_asked_nor_touched(bring: Import):
    decision = published(content(medicine="exemplin", indication="Hiccups", placements=(listed(),)))
    assert actions(bring(row(status="Removed"), edition=23)) == {"filled": 1}
    assert Listing.objects.get().version == decision
    assert Version.objects.get(number=2).content.narrative.is_empty


def test_lists_that_an_import_named_before_stay_named_while_they_agree(bring: Import):
    imported(content(medicine="exemplin", indication="Hiccups", placements=(listed(),), text=False))
    bring(row(atc="N05BA01"))
    assert current()[0].list_status("EML") == "core"
    bring(row(atc="N05BA01", status="Removed"))
    assert [(p.eml, p.emlc, p.unnamed_list) for p in current()[0].placements] == [(None, None, "removed")]


# Sections


def test_a_title_that_is_no_section_or_more_than_one_is_kept_and_told(bring: Import):
    make.section(Edition.objects.get(), "6", "Spine")
    report = bring(row(section="Nowhere "), row("b", section="Spine"), row("c", section="nerves  > SPINE"))
    assert [str(warning) for warning in report.warnings] == [
        "Row 2, EML section: “Nowhere” is no section of the edition. The title is kept without a number.",
        "Row 3, EML section: “Spine” may be any of these sections: 5.2, 6. The title is kept without a number.",
    ]
    assert [
        [(s.number, s.title) for s in f.placements[0].section.steps] for f in current() if f.placements[0].section
    ] == [
        [("", "Spine")],
        [("5", "Nerves"), ("5.2", "Spine")],
        [("", "Nowhere")],
    ]


def test_without_sections_one_warning_says_so(bring: Import):
    Section.objects.exclude(parent=None).delete()
    Section.objects.all().delete()
    assert [str(warning) for warning in bring(row(), row("b")).warnings] == [
        "The edition has no sections yet, so none has a number. Bring its sections in first."
    ]


# Files


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_delimiter_reads_the_same(tmp_path: Path, sections: None, delimiter: str):
    rows = [row(formulations="Oral > Solid: 5 mg; 10 mg, scored | big\nOral > Liquid: 1 mg")]
    file = csv_file(tmp_path / "list.csv", rows, delimiter=delimiter)
    assert import_list(file=file, edition=edition_for(number=24)).counts()["created"] == 1
    again = xlsx_file(tmp_path / "list.xlsx", rows)
    assert actions(import_list(file=again, edition=edition_for(number=24))) == {"unchanged": 1}


def test_a_file_saved_again_as_windows_1252_is_read_and_warned_of(tmp_path: Path, sections: None):
    rows = [
        row("Guillain-Barré serum", formulations="Oral > Solid: ≥ 5 µg"),
        row("b", formulations="Oral > Solid: 5 mg"),
    ]
    file = csv_file(tmp_path / "list.csv", rows, delimiter=";", encoding="cp1252", errors="replace")
    report = import_list(file=file, edition=edition_for(number=24))
    assert report.source.form == "CSV, semicolon-separated, Windows-1252"
    assert [(warning.rows, warning.field) for warning in report.warnings] == [((2,), "Formulations")]
    assert Medicine.objects.filter(name="Guillain-Barré serum").exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The first row has no column “Medicine name”"),
        (b"PK\x03\x04 broken", "The file is no Excel workbook that can be read. Save it again as .xlsx."),
        (b"Medicine name;Indication\na;b\n", "The first row has no column “EML section”, “Formulations”"),
        (b"\x81\xff\n", "Line 1 is neither UTF-8 nor Windows-1252."),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_words(tmp_path: Path, sections: None, data: bytes, words: str):
    file = tmp_path / "list.csv"
    file.write_bytes(data)
    with pytest.raises(TableUnreadable) as refusal:
        import_list(file=file, edition=edition_for(number=24))
    assert str(refusal.value).startswith(words)


# Refusals and the report


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"medicine": ""}, "Row 3, Medicine name: The field is empty. Every row needs it."),
        ({"indication": " "}, "Row 3, Indication: The field is empty. Every row needs it."),
        ({"status": ""}, "Row 3, Status: The field is empty. Write Added or Removed."),
        ({"status": "Maybe"}, "Row 3, Status: “Maybe” is neither Added nor Removed."),
        ({"atc": "N05BA01/N05BA02"}, "Row 3, ATC codes: “N05BA01/N05BA02” is too long for a code."),
        ({"partners": "x" * 501}, "Row 3, Combined with: The text is too long for the record."),
    ],
)
def test_one_row_that_cannot_be_kept_keeps_all_out(bring: Import, cells: dict[str, str], words: str):
    before = record()
    report = bring(row("a"), row(**cells))
    assert [str(finding) for finding in report.refused] == [words]
    assert (report.written, record()) == (False, before)


def test_a_code_of_another_form_and_a_missing_section_are_warned_of_and_kept(bring: Import):
    report = bring(row(atc="n05ba01", section=""))
    assert [str(warning) for warning in report.warnings] == [
        "Row 2, ATC codes: “n05ba01” has not the form of a code. It is kept.",
        "Row 2, EML section: The field is empty. The section is not stated.",
    ]
    assert (current()[0].atc, current()[0].placements) == (("n05ba01",), (Placement(unnamed_list="listed"),))


def test_more_rows_take_no_more_queries(bring: Import):
    bring(row("first"))
    with CaptureQueriesContext(connection) as few:
        bring(row("a"), row("b", "Cough"))
    with CaptureQueriesContext(connection) as many:
        bring(*(row(f"c{n}", f"Use {n}") for n in range(60)))
    assert len(many) == len(few)


def test_the_command_prints_the_report_and_writes_it(tmp_path: Path, sections: None):
    file, out, saved = csv_file(tmp_path / "list.csv", [row(), row()]), io.StringIO(), tmp_path / "report.json"
    call_command("import_list", file, "--edition=24", "--preview", f"--report={saved}", stdout=out)
    assert not Version.objects.exists()
    call_command("import_list", file, "--edition=24", f"--report={saved}", stdout=out)
    assert "A preview: nothing was written." in out.getvalue()
    assert out.getvalue().endswith("Edition 24 is in.\n")
    report = json.loads(saved.read_text())
    assert report["recommendations"]["created"] == [
        {"number": None, "medicine": "exemplin", "indication": "Hiccups", "partners": [], "rows": [2, 3], "fields": []}
    ]
    assert (report["written"], report["counts"]["edition entries"]) == (True, 1)


def test_the_command_refuses_in_words(tmp_path: Path, sections: None):
    file = csv_file(tmp_path / "list.csv", [row("")])
    with pytest.raises(CommandError, match="Nothing was written"):
        call_command("import_list", file, "--edition=24", stdout=io.StringIO())
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_list", tmp_path / "absent.csv", "--edition=24", stdout=io.StringIO())


def test_a_report_that_cannot_be_written_is_told_and_keeps_nothing_out(tmp_path: Path, sections: None):
    file, nowhere = csv_file(tmp_path / "list.csv", [row()]), tmp_path / "absent" / "report.json"
    with pytest.raises(CommandError, match="Only the report could not be written"):
        call_command("import_list", file, "--edition=24", f"--report={nowhere}", stdout=io.StringIO())
    assert Version.objects.count() == 1


def test_the_json_report_has_every_kind_and_every_row(bring: Import):
    published(content(medicine="decided", indication="Hiccups", placements=(listed(),)))
    bring(row("gone"), row("moves"), edition=23)
    report = bring(row("moves", section="Spine"), row("decided", status="Removed")).to_dict()
    one = {"indication": "Hiccups", "partners": []}
    assert report["recommendations"] == {
        "created": [],
        "filled": [],
        "changed": [],
        "renamed": [],
        "renumbered": [],
        "moved": [{**one, "number": 3, "medicine": "moves", "rows": [2], "fields": ["section"]}],
        "removed": [],
        "conflict": [{**one, "number": 1, "medicine": "decided", "rows": [3], "fields": ["status"]}],
        "upheld": [],
    }
    assert report["missing"] == [{"number": 2, "medicine": "gone", "indication": "Hiccups"}]
    assert json.loads(json.dumps(report)) == report


def test_the_command_takes_what_was_settled(tmp_path: Path, sections: None):
    def settled(name: str, *lines: str) -> str:
        (tmp_path / name).write_text("\n".join(lines) + "\n")
        return f"--{name}={tmp_path / name}"

    published(content(medicine="decided", indication="Hiccups", placements=(listed(),)))
    old, new = [row("exemplin sulfate", atc="N05BA01")], [row(atc="N05BA01"), row("decided", section="Nowhere")]
    before, after = csv_file(tmp_path / "23.csv", old), csv_file(tmp_path / "24.csv", new)
    call_command("import_list", before, "--edition=23", stdout=io.StringIO())
    options = (
        settled("renames", "old,new", "exemplin sulfate,exemplin"),
        settled("sections", "title,number", "Nowhere,5.2"),
        settled("conflicts", "number,holds", "1,list"),
    )
    call_command("import_list", after, "--edition=24", *options, stdout=io.StringIO())
    assert {facts.medicine: facts.placements[0].unnamed_list for facts in current()} == {
        "decided": "listed",
        "exemplin": "listed",
    }
    assert Medicine.objects.get(name="exemplin").former_names == ["exemplin sulfate"]
    wrong = settled("conflicts", "number,holds", "1,both")
    with pytest.raises(CommandError, match="decision or list"):
        call_command("import_list", after, "--edition=24", wrong, stdout=io.StringIO())
    wrong = settled("sections", "title,number", "Nowhere,9.9")
    with pytest.raises(CommandError, match=r"The edition has no section 9\.9"):
        call_command("import_list", after, "--edition=24", wrong, stdout=io.StringIO())
