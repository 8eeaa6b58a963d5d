"""What the committee decides is written into the facts, signed on one exact text, and voided by a changed word."""

import pytest

from applications.actions import decision as decisions
from applications.actions import draft as drafts
from applications.actions.decision import Opinion
from applications.actions.errors import BadInput, HeadHasMoved, NotAllowed
from applications.models import Approval, Decision, Revision
from medicines.content.schema import StatusEvent
from tests import make

pytestmark = pytest.mark.django_db


def facts_of(item):
    return make.again(item).draft.head.content.proposals[0].facts


def test_a_decision_writes_lists_and_history_into_a_new_revision():
    item = make.item("at_meeting")
    before = item.draft.head.number
    item = make.decide(item, "added")
    facts = facts_of(item)
    assert item.state == "decided"
    assert item.draft.head.number == before + 1
    assert {(p.eml, p.emlc) for p in facts.placements} == {("complementary", "complementary")}
    assert facts.history == (StatusEvent(event="first_added", year=2025, report="TRS 1064"),)
    assert facts.status == "essential"


def test_a_rejected_addition_is_not_recommended():
    facts = facts_of(make.decide(make.item("at_meeting"), "not_recommended"))
    assert (facts.status, facts.list_status("EML")) == ("not_recommended", "not_listed")


def test_a_deferred_addition_is_not_listed_and_not_called_rejected():
    assert facts_of(make.decide(make.item("at_meeting"), "deferred")).status == "not_listed"


def test_a_rejected_change_leaves_a_listed_medicine_listed():
    base = make.imported("Aciclovir", "Herpes simplex infections")
    item = make.item("at_meeting", bases=[base])
    make.revise(item, "A word.")
    item = make.decide(item, "not_recommended")
    assert facts_of(item) == base.content.facts
    assert facts_of(item).status == "essential"


def test_deleting_a_listed_medicine_makes_it_removed_and_keeps_its_history():
    base = make.imported()
    facts = facts_of(make.decide(make.item("at_meeting", bases=[base]), "removed"))
    assert facts.status == "removed"
    assert [entry.event for entry in facts.history] == ["first_added", "removed"]


def test_an_item_is_decided_when_every_proposal_is():
    item = make.item("at_meeting", asks=("One", "Two"), about=(make.facts("A"), make.facts("B")))
    one, two = item.proposals.all()
    by = make.the_secretary()
    decisions.record_decisions(item=item, verdicts=[make.verdict(one)], by=by)
    assert make.again(item).state == "at_meeting"
    decisions.record_decisions(item=item, verdicts=[make.verdict(two, "deferred")], by=by)
    assert make.again(item).state == "decided"


@pytest.mark.parametrize(
    ("outcome", "changes", "field"),
    [
        ("added", {"eml": "", "emlc": ""}, "eml"),
        ("deferred", {"asked": " "}, "asked"),
        ("kept", {}, "outcome"),
        ("removed", {}, "outcome"),
        ("added", {"method": "poll"}, "votes"),
        ("added", {"votes": (3, 1, 0)}, "votes"),
        ("added", {"method": "poll", "votes": (30, 1, 0)}, "votes"),
    ],
)
def test_a_decision_that_does_not_make_sense_is_refused_at_its_field(outcome: str, changes: dict, field: str):
    item = make.item("at_meeting")
    with pytest.raises(BadInput) as refusal:
        make.decide(item, outcome, **changes)
    assert refusal.value.field == field
    assert not Decision.objects.exists()
    assert make.again(item).draft.head.number == item.draft.head.number


def test_a_binding_poll_without_a_majority_cannot_add():
    make.meeting(rules={"binding_poll": True})
    item = make.item("at_meeting")
    with pytest.raises(BadInput):
        make.decide(item, "added", method="poll", votes=(2, 2, 1))
    make.decide(item, "added", method="poll", votes=(3, 2, 0))


def test_a_dissent_is_of_a_member_who_takes_part():
    item = make.item("at_meeting")
    outsider = make.member(make.meeting(26))
    recused = item.meeting.members.get(seat="rapporteur")
    make.recusal(item, recused.person)
    for member in (outsider, recused):
        with pytest.raises(BadInput):
            make.decide(item, dissents=[Opinion(member=member, opinion="No.")])
    make.decide(item, dissents=[Opinion(member=item.meeting.members.get(seat="chair"), opinion="Too small.")])
    assert Decision.objects.get().dissents.get().opinion == "Too small."


def test_a_signature_counts_for_the_text_on_the_screen_only():
    item = make.item("decided")
    seen = item.draft.head.fingerprint
    make.revise(item, "One more word.")
    with pytest.raises(HeadHasMoved):
        decisions.sign(item=item, fingerprint=seen, by=make.sitting(item.meeting, "chair"))
    assert not Approval.objects.exists()


def test_only_the_seats_that_the_meeting_named_sign():
    item = make.item("decided")
    fingerprint = item.draft.head.fingerprint
    for person in (make.sitting(item.meeting), make.the_secretary(), make.the_publisher(), make.person()):
        with pytest.raises(NotAllowed):
            decisions.sign(item=item, fingerprint=fingerprint, by=person)
    assert make.again(item).state == "decided"


def test_the_last_of_several_signatures_signs_the_item():
    make.meeting(rules={"signatures": ["chair", "rapporteur"]})
    item = make.item("decided")
    fingerprint = item.draft.head.fingerprint
    decisions.sign(item=item, fingerprint=fingerprint, by=make.sitting(item.meeting, "rapporteur"))
    assert make.again(item).state == "decided"
    decisions.sign(item=item, fingerprint=fingerprint, by=make.sitting(item.meeting, "chair"))
    assert make.again(item).state == "signed"


def test_the_vice_chair_signs_for_a_recused_chair():
    item = make.item("decided")
    chair = make.sitting(item.meeting, "chair")
    make.recusal(item, chair)
    with pytest.raises(NotAllowed):
        decisions.sign(item=item, fingerprint=item.draft.head.fingerprint, by=chair)
    assert [approval.seat for approval in make.sign(item)] == ["vice_chair"]
    assert make.again(item).state == "signed"


@pytest.mark.parametrize("state", ["signed", "cleared"])
def test_one_changed_word_sends_a_signed_text_back_to_be_signed(state: str):
    item = make.item(state)
    make.revise(item, "x")
    item = make.again(item)
    assert item.state == "decided"
    assert not Approval.objects.filter(revision=item.draft.head).exists()


@pytest.mark.parametrize("state", ["signed", "cleared"])
def test_a_save_that_changes_nothing_leaves_the_signatures(state: str):
    item = make.item(state)
    head, revisions = item.draft.head, Revision.objects.count()
    saved = drafts.save_revision(draft=item.draft, base=head, content=head.content, by=make.the_secretary())
    assert saved == head
    assert (make.again(item).state, Revision.objects.count()) == (state, revisions)


def test_deciding_again_asks_for_new_signatures():
    item = make.decide(make.item("signed"), "added", eml="core", emlc="core")
    assert item.state == "decided"
    assert facts_of(item).list_status("EML") == "core"
    assert [entry.event for entry in facts_of(item).history] == ["first_added"]


def test_clearance_is_of_the_signed_text_and_needs_words():
    item = make.item("signed")
    fingerprint, by = item.draft.head.fingerprint, make.the_secretary()
    with pytest.raises(BadInput):
        decisions.clear(item=item, fingerprint=fingerprint, words=" ", by=by)
    with pytest.raises(HeadHasMoved):
        decisions.clear(item=item, fingerprint="0" * 64, words="DG, 1 July", by=by)
    decisions.clear(item=item, fingerprint=fingerprint, words="DG, 1 July", by=by)
    assert make.again(item).state == "cleared"
