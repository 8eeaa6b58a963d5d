"""Taking a dossier in: a file becomes an item with a draft, or nothing at all."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from applications.actions.errors import BadInput, NotAllowed
from applications.actions.intake import take_in
from applications.intake import IntakeRefused
from applications.models import Application, Document, Draft, Event, Item, Proposal
from medicines.models import Indication, Medicine
from tests import make

pytestmark = pytest.mark.django_db

DOSSIER = b"""# Examplafen

Indication
Invented condition

ATC codes: M03BX99

## Committee recommendation

The Committee recommended examplafen (1).

## Harms

Sleepiness is common (1, 2).

## References

1. Writer A. A first study. J Examples. 2020;1(2):3-4 (https://doi.org/10.1000/one).
2. Writer B. A second study. J Examples. 2021;1(2):5-6 (https://doi.org/10.1000/two).
"""


def rows() -> list[int]:
    return [model.objects.count() for model in (Item, Application, Proposal, Draft, Document, Event)]


def test_a_dossier_becomes_an_item_with_application_document_proposal_and_draft():
    meeting, by = make.meeting(), make.secretary()
    intake = take_in(data=DOSSIER, filename="examplafen.md", by=by)
    item = make.again(intake.item)
    assert (item.meeting, item.code, item.state) == (meeting, "A.1", "received")
    assert item.title == "Examplafen – Invented condition"
    assert item.applications.get().title == item.title
    document = item.documents.get()
    with document.file.open() as kept:
        assert (document.name, document.size, kept.read()) == ("examplafen.md", len(DOSSIER), DOSSIER)
    content = item.draft.head.content
    assert content == intake.dossier.content.model_copy(update={"salt": content.salt})
    assert content.proposals[0].key == item.proposals.get().key
    assert item.draft.head.note == "Taken in from examplafen.md"


def test_the_next_free_code_is_given():
    make.meeting()
    by = make.secretary()
    codes = [take_in(data=DOSSIER, filename="a.md", by=by, code=code).item.code for code in ("", "A.7", "")]
    assert codes == ["A.1", "A.7", "A.8"]


def test_what_the_record_has_already_is_what_the_proposal_starts_from():
    make.meeting()
    version = make.imported("Examplafen", "Invented condition")
    item = take_in(data=DOSSIER, filename="a.md", by=make.secretary()).item
    assert item.proposals.get().base == version


def test_what_a_dossier_does_not_state_is_filled_in_from_what_is_published():
    make.meeting()
    version = make.imported("Examplafen", "Invented condition", atc=("A01AA01",), weight="> 25 kg")
    item = take_in(data=DOSSIER, filename="a.md", by=make.secretary()).item
    facts = item.draft.head.content.proposals[0].facts
    assert (facts.atc, facts.weight) == (("M03BX99",), "> 25 kg")
    assert facts.placements == version.content.facts.placements


@pytest.mark.parametrize("data", [b"", b"no section here at all", b"PK\x03\x04broken"])
def test_a_file_that_cannot_be_read_leaves_nothing_behind(data: bytes):
    make.meeting()
    by = make.secretary()
    with pytest.raises(IntakeRefused):
        take_in(data=data, filename="dossier.docx" if data.startswith(b"PK") else "dossier.md", by=by)
    assert rows() == [0, 0, 0, 0, 0, 0]


def test_a_code_that_is_taken_leaves_nothing_behind():
    make.meeting()
    by = make.secretary()
    take_in(data=DOSSIER, filename="a.md", by=by)
    before = rows()
    with pytest.raises(BadInput):
        take_in(data=DOSSIER, filename="a.md", by=by, code="A.1")
    assert rows() == before


def test_no_public_vocabulary_is_written():
    make.meeting()
    take_in(data=DOSSIER, filename="a.md", by=make.secretary())
    assert (Medicine.objects.count(), Indication.objects.count()) == (0, 0)


def test_members_take_nothing_in():
    meeting = make.meeting()
    with pytest.raises(NotAllowed):
        take_in(data=DOSSIER, filename="a.md", by=make.sitting(meeting, "chair"))
    assert rows() == [0, 0, 0, 0, 0, 0]


def test_the_command_tells_what_it_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    make.meeting(26)
    by = make.secretary()
    file = tmp_path / "examplafen.md"
    file.write_bytes(DOSSIER)
    call_command("take_in", file, by=by.email, meeting=26, code="A.22")
    assert capsys.readouterr().out.splitlines()[:2] == [
        "A.22 Examplafen – Invented condition (meeting 26)",
        "2 sections, 2 references, 2 citation markers with 3 citations, 0 formulations",
    ]


@pytest.mark.parametrize(
    ("file", "by", "meeting", "words"),
    [
        ("missing.md", "secretary", None, "cannot be read"),
        ("examplafen.md", "nobody@example.org", None, "Nobody has the address"),
        ("examplafen.md", "secretary", 99, "There is no meeting 99"),
        ("empty.md", "secretary", None, "empty"),
    ],
)
def test_the_command_says_what_is_wrong(tmp_path: Path, file: str, by: str, meeting: int | None, words: str):
    make.meeting()
    (tmp_path / "examplafen.md").write_bytes(DOSSIER)
    (tmp_path / "empty.md").touch()
    address = make.secretary().email if by == "secretary" else by
    with pytest.raises(CommandError, match=words):
        call_command("take_in", tmp_path / file, by=address, meeting=meeting)
    assert rows() == [0, 0, 0, 0, 0, 0]


def test_the_published_page_is_taken_in_whole():
    page = settings.BASE_DIR.parent / "shared" / "data" / "baclofen-2025-page.md"
    if not page.exists():
        pytest.skip("needs shared/data")
    make.meeting(25)
    item = take_in(data=page.read_bytes(), filename=page.name, by=make.secretary()).item
    facts = item.draft.head.content.proposals[0].facts
    [placement] = facts.placements
    assert item.title == "Baclofen – Spastic cerebral palsy"
    assert [step.number for step in placement.section.steps] == ["5", "5.1", "5.1.4"]
    assert (placement.section.edition, placement.eml, placement.emlc) == ("24", "complementary", "complementary")
    assert not item.draft.head.content.narrative.section("unplaced")
