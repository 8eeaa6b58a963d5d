"""From a signed draft to the public record: the gate, the copy, the race, the correction."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from applications.actions import draft as drafts
from applications.actions import publication
from applications.actions.errors import BadInput, NoSuchMove, NotAllowed, NotYet
from applications.models import Item
from medicines.actions.verify import verify_record
from medicines.models import Indication, Medicine, Recommendation, Version
from tests import make


@pytest.mark.django_db
def test_a_cleared_item_becomes_a_version_with_the_words_of_its_draft():
    item = make.item("cleared")
    head = item.draft.head
    [version] = publication.publish_item(item=item, by=make.publisher())
    assert (version.recommendation.number, version.number, version.kind, version.outcome) == (1, 1, "decision", "added")
    assert version.effective_date == item.meeting.lists_on
    assert version.content.narrative.sections == head.content.narrative.sections
    assert version.provenance["revision"] == head.fingerprint
    assert version.fingerprint != head.fingerprint
    assert make.again(item).state == "published"
    assert item.proposals.get().published == version


@pytest.mark.django_db
def test_nothing_of_the_review_crosses_but_the_words_of_the_decision():
    item = make.item("decided", document="CANARYFILE.docx", note="CANARYNOTE", applicant="CANARYAPPLICANT")
    make.resolved(item, text="CANARYTHREAD")
    make.decide(item, "added", note="CANARYDECISION")
    make.sign(item)
    make.clear(item, words="CANARYCLEARANCE")
    [version] = publication.publish_item(item=make.again(item), by=make.publisher())
    stored = json.dumps(list(Version.objects.values()), default=str) + version.body
    assert "CANARY" not in stored
    for person in (make.the_secretary(), make.the_publisher()):
        assert person.name not in stored
        assert person.email not in stored


@pytest.mark.django_db
def test_a_dissent_is_printed_with_its_name():
    item = make.item("at_meeting")
    member = item.meeting.members.get(seat="rapporteur")
    make.decide(item, dissents=[make.dissent(member, "The studies are too small.")])
    make.sign(item)
    make.clear(item)
    [version] = publication.publish_item(item=make.again(item), by=make.publisher())
    assert version.provenance["dissents"] == [
        {"name": member.person.name, "seat": "rapporteur", "opinion": "The studies are too small."}
    ]


@pytest.mark.django_db
def test_one_item_can_add_reject_and_defer_at_once():
    item = make.item(
        "published",
        asks=("One", "Two", "Three"),
        about=(make.facts("A"), make.facts("B"), make.facts("C")),
        outcomes=("added", "not_recommended", "deferred"),
    )
    published = [
        (v.recommendation.medicine.name, v.outcome, v.recommendation.listing.status) for v in Version.objects.all()
    ]
    assert published == [
        ("A", "added", "essential"),
        ("B", "not_recommended", "not_recommended"),
        ("C", "deferred", "not_listed"),
    ]
    assert make.again(item).state == "published"


@pytest.mark.django_db
def test_who_wrote_a_word_of_it_may_not_publish_it():
    writer = make.publisher("Writer")
    item = make.item("in_review")
    make.revise(item, "A word.", by=writer)
    item = make.carry(make.again(item), "cleared")
    for person in (writer, make.the_secretary(), make.sitting(item.meeting, "chair")):
        with pytest.raises(NotAllowed):
            publication.publish_item(item=item, by=person)
    assert not Version.objects.exists()
    assert len(publication.publish_item(item=item, by=make.publisher("Another"))) == 1


@pytest.mark.django_db
def test_a_recused_publisher_may_not_publish():
    item, publisher = make.item("cleared"), make.publisher()
    make.recusal(item, publisher)
    with pytest.raises(NotAllowed):
        publication.publish_item(item=item, by=publisher)


@pytest.mark.django_db
def test_the_gate_says_all_that_is_missing():
    item = make.item("decided")
    make.thread(item, text="Open question")
    make.sign(item)
    item = make.again(item)
    with pytest.raises(NotYet) as refusal:
        publication.publish_item(item=item, by=make.publisher())
    assert [entry.code for entry in refusal.value.missing] == ["uncleared", "open_comments"]
    assert publication.missing_for_publication(item=item) == list(refusal.value.missing)
    assert not Version.objects.exists()


@pytest.mark.django_db
def test_where_the_meeting_asks_for_no_clearance_a_signed_item_is_published():
    make.meeting(rules={"clearance": False})
    assert make.published(state="signed") is None
    item = Item.objects.get()
    assert len(publication.publish_item(item=item, by=make.publisher())) == 1


@pytest.mark.django_db
def test_facts_that_disagree_with_the_decision_hold_the_publication():
    item = make.item("decided")
    head = item.draft.head
    entry = head.content.proposals[0]
    placements = tuple(p.model_copy(update={"eml": "core"}) for p in entry.facts.placements)
    facts = entry.facts.model_copy(update={"placements": placements})
    content = head.content.model_copy(update={"proposals": (entry.model_copy(update={"facts": facts}),)})
    drafts.save_revision(draft=item.draft, base=head, content=content, by=make.the_secretary())
    make.sign(item)
    make.clear(item)
    with pytest.raises(NotYet) as refusal:
        publication.publish_item(item=make.again(item), by=make.publisher())
    assert [entry.code for entry in refusal.value.missing] == ["facts_disagree"]


@pytest.mark.django_db
def test_unplaced_text_holds_the_publication():
    text = make.narrative()
    text = text.model_copy(
        update={
            "sections": (*text.sections, text.sections[0].model_copy(update={"key": "unplaced", "html": "<p>Left</p>"}))
        }
    )
    item = make.item("cleared", text=text)
    with pytest.raises(NotYet):
        publication.publish_item(item=item, by=make.publisher())
    assert not Version.objects.exists()


@pytest.mark.django_db
def test_publishing_on_a_base_that_has_moved_is_refused():
    base = make.imported()
    item = make.item("cleared", bases=[base], outcomes=("changed",))
    make.imported(base=base, atc=("J05AB01",))
    with pytest.raises(NotYet) as refusal:
        publication.publish_item(item=item, by=make.publisher())
    assert [entry.code for entry in refusal.value.missing] == ["base_moved"]


@pytest.mark.django_db
def test_a_second_publication_is_refused():
    item = make.item("published")
    with pytest.raises(NoSuchMove):
        publication.publish_item(item=item, by=make.publisher())
    assert Version.objects.count() == 1


@pytest.mark.django_db
def test_before_publication_a_new_medicine_is_in_no_public_table():
    make.item("cleared", about=[make.facts("Secretomab", "A secret use")])
    counts = [model.objects.count() for model in (Medicine, Indication, Recommendation, Version)]
    assert counts == [0, 0, 0, 0]


@pytest.mark.django_db
def test_a_correction_makes_the_next_version_and_leaves_the_first_as_it_was():
    first = make.published()
    before = Version.objects.filter(pk=first.pk).values().get()
    item = make.correction(first, "published", note="A strength was wrong.", words="Corrected words.")
    second = item.proposals.get().published
    assert (second.number, second.kind, second.corrects, second.note) == (
        2,
        "correction",
        first,
        "A strength was wrong.",
    )
    assert (second.outcome, second.effective_date) == (first.outcome, first.effective_date)
    assert "Corrected words." in second.content.narrative.section("recommendation")
    assert Version.objects.filter(pk=first.pk).values().get() == before
    assert first.recommendation.listing.version == second
    assert verify_record().holds


@pytest.mark.django_db
def test_a_correction_is_signed_by_the_delegate_alone():
    make.meeting(rules={"signatures": ["chair", "rapporteur"], "delegate": "rapporteur"})
    item = make.correction(make.published(), "signed")
    assert [a.seat for a in item.draft.head.approvals.all()] == ["rapporteur"]


@pytest.mark.django_db
def test_a_correction_says_what_was_wrong():
    with pytest.raises(BadInput):
        publication.open_correction(
            versions=[make.published()], code="K.1", title="x", note=" ", by=make.the_secretary()
        )


@pytest.mark.django_db
def test_versions_with_different_texts_are_not_corrected_together():
    one = make.published(about=[make.facts("A")])
    two = make.published(about=[make.facts("B")], words="Other words.")
    with pytest.raises(BadInput):
        publication.open_correction(versions=[one, two], code="K.1", title="x", note="Why", by=make.the_secretary())


@pytest.mark.django_db
def test_one_correction_corrects_all_versions_that_carry_the_text():
    make.item("published", asks=("One", "Two"), about=(make.facts("A"), make.facts("B")), outcomes=("added", "added"))
    versions = list(Version.objects.order_by("position"))
    item = publication.open_correction(
        versions=versions, code="K.1", title="A correction", note="Why", by=make.the_secretary()
    )
    make.revise(item, "Corrected.")
    make.sign(item)
    new = publication.publish_item(item=make.again(item), by=make.the_publisher())
    assert [(v.recommendation_id, v.number) for v in new] == [(v.recommendation_id, 2) for v in versions]


def test_twenty_publications_at_once_make_one_version(cloned_database: str):
    item, publisher = make.item("cleared"), make.publisher()

    def attempt(_number: int) -> str:
        try:
            publication.publish_item(item=Item.objects.get(pk=item.pk), by=publisher)
        except NoSuchMove:
            return "refused"
        finally:
            connections.close_all()
        return "published"

    with ThreadPoolExecutor(20) as pool:
        answers = sorted(pool.map(attempt, range(20)))
    assert answers == ["published"] + ["refused"] * 19
    assert Version.objects.count() == 1
    assert verify_record().holds


def test_publications_of_different_items_at_once_get_different_numbers_and_one_chain(cloned_database: str):
    items = [make.item("cleared", about=[make.facts(f"Medicine {n}")]) for n in range(8)]
    publisher = make.publisher()

    def attempt(item: Item) -> None:
        try:
            publication.publish_item(item=item, by=publisher)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(attempt, items))
    assert sorted(Recommendation.objects.values_list("number", flat=True)) == list(range(1, 9))
    assert verify_record().holds
