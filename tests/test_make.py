"""The builders themselves: what they make is what people could have made."""

import pytest

from applications.models import Event, Item
from applications.states import State
from medicines.actions.verify import verify_record
from medicines.models import Medicine, Recommendation
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", make.ROAD)
def test_an_item_comes_as_far_as_it_was_asked_to(state):
    made = make.item(state)
    assert made.state == state
    moves = Event.objects.filter(item=made).exclude(target="").order_by("pk").values_list("target", flat=True)
    assert list(moves) == list(make.ROAD[: make.ROAD.index(state) + 1])


def test_an_item_that_ends_early_says_why():
    assert make.withdrawn(reason="A better study comes.").state == State.WITHDRAWN
    assert make.item("not_proceeding", reason="It is empty.").state == State.NOT_PROCEEDING
    words = Event.objects.filter(target__in=[State.WITHDRAWN, State.NOT_PROCEEDING]).order_by("pk")
    assert list(words.values_list("words", flat=True)) == ["A better study comes.", "It is empty."]


def test_an_item_before_publication_leaves_the_public_record_empty():
    make.item("cleared")
    assert (Medicine.objects.count(), Recommendation.objects.count()) == (0, 0)


def test_what_is_published_says_what_was_decided():
    added = make.published(about=[make.facts("Aciclovir")])
    rejected = make.rejected(about=[make.facts("Bevacizumab")])
    deferred = make.deferred(about=[make.facts("Cefazolin")])
    removed = make.removed(added)
    versions = (added, rejected, deferred, removed)
    assert [(v.recommendation.number, v.number, v.outcome, v.content.facts.status) for v in versions] == [
        (1, 1, "added", "essential"),
        (2, 1, "not_recommended", "not_recommended"),
        (3, 1, "deferred", "not_listed"),
        (1, 2, "removed", "removed"),
    ]
    assert verify_record().holds


def test_an_item_can_add_and_reject_at_once():
    made = make.item(
        "published",
        asks=["Addition for adults", "Addition for children"],
        about=[make.facts(indication="Spasticity"), make.facts(indication="Dystonia")],
        outcomes=["added", "not_recommended"],
    )
    outcomes = made.proposals.order_by("pk").values_list("published__outcome", flat=True)
    assert list(outcomes) == ["added", "not_recommended"]


def test_a_correction_makes_version_two_and_leaves_version_one():
    first = make.published()
    before = first.body
    made = make.correction(first, "published", words="Corrected.")
    second = made.proposals.get().published
    first.refresh_from_db()
    assert (second.number, second.kind, second.corrects, first.body) == (2, "correction", first, before)
    assert "Corrected." in second.body


def test_canary_words_lie_where_they_were_put():
    made = make.item(
        "in_review", title="Canary title", words="canary draft", note="canary note", document="canary.docx"
    )
    thread = make.thread(made, text="canary comment", replies=["canary reply"])
    make.reading(made, "needs_changes", why="canary why")
    head = make.again(made).draft.head
    assert "canary draft" in head.body
    assert head.note == "canary note"
    assert made.documents.get().name == "canary.docx"
    assert [comment.text for comment in thread.comments.all()] == ["canary comment", "canary reply"]
    assert head.readings.get().why == "canary why"


def test_facts_can_be_published_without_a_narrative():
    version = make.imported("Aciclovir", "Herpes zoster")
    assert version.content.facts.indication == "Herpes zoster"
    assert version.content.narrative.is_empty
    assert Item.objects.count() == 0
