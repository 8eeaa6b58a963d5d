"""Importing the numbered sections of an edition."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from medicines.actions.editions import edition_for
from medicines.actions.import_sections import SectionsRefused, SectionsReport, import_sections
from medicines.models import Edition, Section
from tests import make
from tests.medicines.lists import SHARED, needs_shared_data

pytestmark = pytest.mark.django_db

TREE = """edition,number,title,parent,lists
24,5,Nerves,,
24,5.1,Brain,5,
24,5.1.4, Palsy ,,
24,5.10,Late,5,
"""


def bring(path: Path, text: str, *, previous: Edition | None = None) -> SectionsReport:
    file = path / "sections.csv"
    file.write_text(text)
    return import_sections(file=file, edition=edition_for(number=24), previous=previous)


def tree() -> list[tuple[str, str, str | None]]:
    return list(Section.objects.filter(edition__number=24).values_list("number", "title", "parent__number"))


def test_the_tree_is_written_in_the_order_of_its_numbers(tmp_path: Path):
    assert bring(tmp_path, TREE) == SectionsReport(("5", "5.1", "5.1.4", "5.10"), (), 0, ())
    assert tree() == [("5", "Nerves", None), ("5.1", "Brain", "5"), ("5.1.4", "Palsy", "5.1"), ("5.10", "Late", "5")]


def test_the_same_file_again_changes_nothing_and_another_what_it_says(tmp_path: Path):
    bring(tmp_path, TREE)
    assert bring(tmp_path, TREE) == SectionsReport((), (), 4, ())
    shorter = "number,title\n5,Nerves\n5.1,The brain\n5.1.4,Palsy\n5.2,Spine\n"
    assert bring(tmp_path, shorter) == SectionsReport(("5.2",), ("5.1",), 2, ("5.10",))
    assert ("5.1", "The brain", "5") in tree()
    assert ("5.10", "Late", "5") in tree()


def test_rows_may_come_in_any_order(tmp_path: Path):
    header, *rows = TREE.splitlines()
    bring(tmp_path, "\n".join([header, *reversed(rows)]))
    assert [number for number, _title, _parent in tree()] == ["5", "5.1", "5.1.4", "5.10"]


def test_a_section_continues_what_the_file_says_and_keeps_what_a_person_said(tmp_path: Path):
    previous = make.edition(23)
    old = make.section(previous, "9", "Brains")
    bring(tmp_path, "number,title,continues\n5,Nerves,9\n", previous=previous)
    assert Section.objects.get(number="5").continues == old
    bring(tmp_path, "number,title\n5,Nervous system\n")
    assert Section.objects.get(number="5").continues == old


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("24,x.1,Odd,,,", "Row 2, number: “x.1” is no number of a section, such as 5.1.4."),
        ("24,1,A,,,\n24,1,B,,,", "Row 3, number: Section 1 stands in row 2 already."),
        ("24,1, ,,,", "Row 2, title: The field is empty. Every row needs it."),
        (f"24,1,{'x' * 501},,,", "Row 2, title: The text is longer than 500 characters."),
        ("24,1.1,A,,,", "Row 2, parent: There is no section 1 in the file or in the edition."),
        ("24,1,A,,,\n24,2.1,B,1,,", "Row 3, parent: Section 1 does not stand above 2.1."),
        ("23,1,A,,,", "Row 2, edition: “23” is not edition 24."),
        (
            "24,1,A,,,7",
            "Row 2, continues: The row continues a section of an earlier edition. Say which edition that is.",
        ),
    ],
)
def test_one_row_that_is_wrong_keeps_all_out_and_is_named(tmp_path: Path, rows: str, words: str):
    with pytest.raises(SectionsRefused) as refusal:
        bring(tmp_path, f"edition,number,title,parent,lists,continues\n{rows}")
    assert str(refusal.value) == words
    assert not Section.objects.exists()
    assert not Edition.objects.exists()


def test_what_it_continues_must_be_a_section_of_the_previous_edition(tmp_path: Path):
    previous = make.edition(23)
    with pytest.raises(SectionsRefused, match="Row 2, continues: EML 23 has no section 7"):
        bring(tmp_path, "number,title,continues\n1,A,7\n", previous=previous)


def test_the_command_says_what_it_did_and_refuses_in_words(tmp_path: Path):
    (tmp_path / "sections.csv").write_text(TREE)
    out = io.StringIO()
    call_command("import_sections", tmp_path / "sections.csv", "--edition=24", stdout=out)
    assert out.getvalue() == "Edition 24: 4 sections created, 0 changed, 0 unchanged.\n"
    with pytest.raises(CommandError, match="The record has no edition 23"):
        call_command("import_sections", tmp_path / "sections.csv", "--edition=24", "--previous=23")
    with pytest.raises(CommandError, match="“24” is not edition 23"):
        call_command("import_sections", tmp_path / "sections.csv", "--edition=23")


@needs_shared_data
def test_the_real_tree_has_191_sections_five_deep():
    report = import_sections(file=SHARED / "eml24-sections.csv", edition=edition_for(number=24))
    assert (len(report.created), report.unchanged) == (191, 0)
    assert max(section.number.count(".") for section in Section.objects.all()) == 4
    assert import_sections(file=SHARED / "eml24-sections.csv", edition=edition_for(number=24)).unchanged == 191
