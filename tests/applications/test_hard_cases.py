"""What goes wrong in a real round: things that come at once, twice, late, or in the wrong order."""

from __future__ import annotations

from typing import Any

import pytest

from applications.actions import decision, discussion, draft, publication, renewal
from applications.actions import item as items
from applications.actions.errors import BadInput, NoSuchMove, NotAllowed, NotYet
from applications.models import Draft, Item
from medicines.actions.errors import NotPublishable
from medicines.actions.publish import Publication, publish
from medicines.content.schema import Facts, Patents, StatusEvent
from medicines.models import Version
from tests import make

pytestmark = pytest.mark.django_db


def missing(item: Item) -> list[str]:
    """The codes of what stands between an item and its publication."""
    return [entry.code for entry in publication.missing_for_publication(item=make.again(item))]


def facts_of(item: Item) -> list[Facts]:
    return [entry.facts for entry in make.again(item).draft.newest.content.proposals]


def with_facts(item: Item, **changes: Any) -> Any:
    """The newest content of an item with other facts in its first proposal."""
    content = make.again(item).draft.newest.content
    first = content.proposals[0]
    changed = first.model_copy(update={"facts": first.facts.model_copy(update=changes)})
    return content.model_copy(update={"proposals": (changed, *content.proposals[1:])})


def save_facts(item: Item, **changes: Any) -> None:
    found = make.again(item).draft
    content = with_facts(item, **changes)
    draft.save_revision(draft=found, base=found.newest, content=content, by=make.the_secretary())


# An item that has moved on since it was read


def test_a_save_that_comes_after_publication_is_refused() -> None:
    item = make.item("signed", at=make.meeting(rules={"clearance": False}))
    seen = Draft.objects.select_related("item__meeting", "head").get(item=item)
    assert seen.item.state == "signed"
    content = with_facts(item, weight="> 25 kg")
    make.carry(item, "published")

    with pytest.raises(NotAllowed):
        draft.save_revision(draft=seen, base=seen.newest, content=content, by=make.the_secretary())
    assert make.again(item).draft.newest.pk == seen.newest.pk


def test_a_decision_that_comes_after_publication_is_refused() -> None:
    item = make.item("signed", at=make.meeting(rules={"clearance": False}))
    seen, proposal = make.again(item), item.proposals.get()
    make.carry(item, "published")

    with pytest.raises(NotAllowed):
        decision.record_decisions(item=seen, verdicts=[make.verdict(proposal)], by=make.the_secretary())


def test_a_comment_that_comes_after_publication_is_refused() -> None:
    item = make.item("signed", at=make.meeting(rules={"clearance": False}))
    thread = make.resolved(item)
    seen = make.again(item).draft.newest
    seen.draft.item  # noqa: B018  read before it is published
    make.carry(item, "published")

    member = make.sitting(item.meeting)
    with pytest.raises(NotAllowed):
        discussion.open_thread(revision=seen, block=make.first_block(item), text="Wait.", by=member)
    with pytest.raises(NotAllowed):
        discussion.reply(thread=thread, text="Wait.", by=member)
    thread.refresh_from_db()
    assert thread.is_resolved


def test_nobody_moves_an_item_to_published_by_hand_whatever_they_saw() -> None:
    item = make.item("decided", at=make.meeting(rules={"clearance": False}))
    seen = make.again(item)
    make.carry(item, "signed")

    with pytest.raises(NoSuchMove):
        items.move(item=seen, to="published", by=make.the_publisher())
    assert make.again(item).state == "signed"


# Proposals


def test_a_proposal_that_comes_later_has_facts_which_an_older_page_leaves_alone() -> None:
    item = make.item("in_review")
    opened = make.again(item).draft
    mine = with_facts(item, weight="> 25 kg")
    later = make.facts("Diazepam")
    draft.propose(item=item, asks="Another addition", facts=later, by=make.the_secretary())

    draft.save_revision(draft=opened, base=opened.newest, content=mine, by=make.the_secretary())

    assert facts_of(item) == [make.facts(weight="> 25 kg"), later]
    assert [entry.key for entry in make.again(item).draft.newest.content.proposals] == [
        proposal.key for proposal in item.proposals.all()
    ]


def test_a_proposal_begins_the_draft_where_there_is_none() -> None:
    item = items.open_item(meeting=make.meeting(), code="A.1", title="Baclofen", by=make.the_secretary())
    draft.propose(item=item, asks="Addition", facts=make.facts(), by=make.the_secretary())
    assert facts_of(item) == [make.facts()]


def test_nothing_more_is_asked_once_the_committee_has_decided() -> None:
    for item in (make.item("decided"), make.correction(make.published())):
        with pytest.raises(NotAllowed):
            draft.propose(item=item, asks="More", facts=make.facts("Diazepam"), by=make.the_secretary())


def test_two_proposals_about_the_same_use_are_refused_before_anybody_publishes() -> None:
    item = make.item("signed", asks=("Addition", "Addition again"), at=make.meeting(rules={"clearance": False}))
    assert missing(item) == ["same_use"]
    with pytest.raises(NotYet):
        publication.publish_item(item=item, by=make.the_publisher())
    assert Version.objects.count() == 0


def test_an_addition_of_what_is_published_meanwhile_is_refused_before_anybody_publishes() -> None:
    at = make.meeting(rules={"clearance": False})
    item = make.item("signed", at=at)
    make.published(at=at)
    assert missing(item) == ["published_already"]


def test_facts_that_turn_into_another_use_are_refused_before_anybody_publishes() -> None:
    correction = make.correction(make.published())
    save_facts(correction, indication="Another use")
    make.sign(correction)
    assert missing(correction) == ["other_use"]


def test_the_record_refuses_facts_of_another_use_than_their_base() -> None:
    base = make.imported()
    other = Publication(
        content=make.content(about=make.listed_facts()), kind="imported", effective_date=base.effective_date, base=base
    )
    with pytest.raises(NotPublishable):
        publish(publications=[other], source={})


def test_codes_that_the_record_cannot_keep_are_refused_in_words() -> None:
    item = make.item("decided", at=make.meeting(rules={"clearance": False}))
    save_facts(item, atc=("M03BX01 and others",), medicine="M" * 501)
    make.sign(item)
    assert missing(item) == ["too_long", "too_long"]
    with pytest.raises(NotPublishable):
        make.imported(atc=("M03BX01 and others",))


# Decisions and signatures


def test_a_decision_recorded_again_is_signed_again_though_no_word_changes() -> None:
    item = make.item("signed", bases=(make.imported(),), outcomes=("not_recommended",))
    signed = make.again(item).draft.newest
    make.decide(item, "deferred")

    item = make.again(item)
    assert item.state == "decided"
    assert item.draft.newest.fingerprint != signed.fingerprint
    assert [entry.code for entry in items.missing_for(item=item, guards=("signatures",), words="")] == ["unsigned"]


def test_a_decision_recorded_again_leaves_one_event_and_what_was_typed_of_other_years() -> None:
    item = make.item("at_meeting")
    save_facts(item, history=(StatusEvent(event="not_recommended", year=2019),))
    make.decide(item, "not_recommended")
    make.decide(item, "added", eml="core", emlc="")
    assert [(entry.event, entry.year) for entry in facts_of(item)[0].history] == [
        ("not_recommended", 2019),
        ("first_added", 2025),
    ]


def test_a_decision_keeps_the_published_history_that_a_dossier_does_not_tell() -> None:
    base = make.imported(history=(StatusEvent(event="first_added", year=1977, report="TRS 615"),))
    about = base.content.facts.model_copy(update={"history": ()})
    item = make.item("decided", bases=(base,), about=(about,), outcomes=("changed",))
    assert [(entry.event, entry.year) for entry in facts_of(item)[0].history] == [
        ("first_added", 1977),
        ("changed", 2025),
    ]


@pytest.mark.parametrize("outcome", ["added", "indication_added"])
def test_an_addition_that_puts_a_medicine_on_no_list_is_refused(outcome: str) -> None:
    item = make.item("at_meeting")
    with pytest.raises(BadInput):
        make.decide(item, outcome, eml="not_listed", emlc="removed")


def test_where_the_chair_is_recused_after_signing_the_vice_chair_signs_instead() -> None:
    item = make.item("cleared")
    make.recusal(item, make.sitting(item.meeting, "chair"))

    item = make.again(item)
    assert item.state == "decided"
    make.sign(item)
    make.clear(item, words="Again, ref. 18")
    make.carry(make.again(item), "published")
    assert item.proposals.get().published.provenance["signed_by"] == ["vice_chair"]


def test_the_vice_chair_signs_for_a_rapporteur_who_is_recused() -> None:
    item = make.item("decided", at=make.meeting(rules={"signatures": ["chair", "rapporteur"]}))
    make.recusal(item, make.sitting(item.meeting, "rapporteur"))
    assert make.signing_seats(item) == ("chair", "vice_chair")
    make.sign(item)
    assert make.again(item).state == "signed"


def test_a_recusal_of_somebody_who_did_not_sign_leaves_the_signatures() -> None:
    item = make.item("signed")
    make.recusal(item)
    assert make.again(item).state == "signed"


# Meeting after meeting, correction after correction


def test_what_was_deferred_is_added_at_the_next_meeting_from_what_was_published() -> None:
    first = make.deferred()
    second = make.published(
        at=make.meeting(26), bases=(first,), asks=("Addition",), outcomes=("added",), reason="", by=make.secretary()
    )
    assert (second.recommendation, second.number, second.outcome) == (first.recommendation, 2, "added")
    assert [(entry.event, entry.year) for entry in second.content.facts.history] == [
        ("deferred", 2025),
        ("first_added", 2027),
    ]
    assert second.content.facts.status == "essential"
    assert second.recommendation.listing.version == second


def test_a_correction_is_corrected_and_one_of_a_removed_medicine_stays_removed() -> None:
    first = make.published()
    second = make.correction(first, "published").proposals.get().published
    third = make.correction(second, "published").proposals.get().published
    gone = make.removed(third, at=make.meeting(26), by=make.secretary())
    last = make.correction(gone, "published").proposals.get().published

    assert [version.number for version in (first, second, third, gone, last)] == [1, 2, 3, 4, 5]
    assert (third.corrects, last.corrects) == (second, gone)
    assert (third.outcome, third.effective_date) == (first.outcome, first.effective_date)
    assert last.content.facts.status == "removed"
    assert last.recommendation.listing.version == last


def test_a_version_that_is_not_the_newest_is_not_corrected() -> None:
    first = make.published()
    make.correction(first, "published")
    with pytest.raises(BadInput):
        make.correction(first)


def test_whoever_was_recused_takes_no_part_in_the_correction() -> None:
    item = make.item("signed", at=make.meeting(rules={"clearance": False}))
    member, staff = make.sitting(item.meeting), make.secretary("Selma Berg")
    for person in (member, staff):
        make.recusal(item, person)
    make.carry(item, "published")
    version = item.proposals.get().published

    correction = make.correction(version)
    assert [Item.objects.visible_to(person).filter(pk=correction.pk).exists() for person in (member, staff)] == [
        False,
        False,
    ]
    with pytest.raises(NotAllowed):
        make.correction(version, by=staff)


def test_lists_are_published_first_and_the_text_follows_as_a_correction() -> None:
    first = make.published(text=make.Narrative())
    assert first.recommendation.listing.has_narrative is False
    item = publication.open_correction(
        versions=[first], code="K.1", title="The text", note="The text follows.", by=make.the_secretary()
    )
    found = make.again(item).draft
    whole = found.newest.content.model_copy(update={"narrative": make.narrative()})
    draft.save_revision(draft=found, base=found.newest, content=whole, by=make.the_secretary())
    make.sign(item)
    publication.publish_item(item=item, by=make.the_publisher())
    assert first.recommendation.versions.count() == 2


# The record moves on while the committee works


def test_an_item_starts_anew_from_a_correction_that_was_published_meanwhile() -> None:
    at = make.meeting(rules={"clearance": False})
    base = make.published(at=at)
    item = make.item("signed", at=at, bases=(base,), outcomes=("changed",))
    save_facts(item, weight="> 25 kg")
    correction = make.correction(base)
    save_facts(correction, patents=Patents(status="expired"))
    make.sign(correction)
    publication.publish_item(item=correction, by=make.the_publisher())
    make.sign(item)
    assert missing(item) == ["base_moved"]

    renewal.renew(item=make.again(item), by=make.the_secretary())

    assert make.again(item).state == "decided"
    facts = facts_of(item)[0]
    assert (facts.weight, facts.patents) == ("> 25 kg", Patents(status="expired"))
    assert [entry.event for entry in facts.history] == ["first_added", "changed"]
    make.carry(make.again(item), "published")
    assert [version.number for version in base.recommendation.versions.order_by("number")] == [1, 2, 3]
    with pytest.raises(NotAllowed):
        renewal.renew(item=make.again(item), by=make.the_secretary())


def test_an_addition_starts_anew_from_what_was_published_meanwhile() -> None:
    at = make.meeting(rules={"clearance": False})
    item = make.item("decided", at=at)
    first = make.rejected(at=at)
    renewal.renew(item=item, by=make.the_secretary())
    make.carry(make.again(item), "published")
    second = item.proposals.get().published
    assert (second.recommendation, second.number, second.content.facts.status) == (
        first.recommendation,
        2,
        "essential",
    )


def test_nothing_starts_anew_where_nothing_newer_is_published() -> None:
    for item, refusal in (
        (make.item("in_review", about=(make.facts("Diazepam"),)), BadInput),
        (make.correction(make.published()), NotAllowed),
    ):
        with pytest.raises(refusal):
            renewal.renew(item=item, by=make.the_secretary())
