"""The road of an item: the table, its guards, and the database that refuses the same."""

from itertools import product

import pytest
from django.db import DatabaseError, connection, transaction

from applications.actions import item as items
from applications.actions.errors import BadInput, NoSuchMove, NotAllowed, NotYet
from applications.models import Event, Item, Recusal
from applications.states import CORRECTION, FINAL, REVIEW, Kind, State, find, first_state
from tests import make

pytestmark = pytest.mark.django_db


def test_the_database_allows_exactly_the_moves_of_the_table():
    item = make.item()
    for kind, source, target in product((Kind.APPLICATION, Kind.CORRECTION), State, State):
        if source == target:
            continue
        with transaction.atomic():
            with connection.cursor() as cursor:
                row = [item.meeting_id, f"{kind}-{source}-{target}"[:20], "Title", kind, source]
                cursor.execute("DELETE FROM applications_item WHERE false")
                cursor.execute(
                    "INSERT INTO applications_item (meeting_id, code, title, kind, state, public_note, made_at)"
                    " VALUES (%s, %s, %s, %s, %s, '', now()) RETURNING id",
                    row,
                )
                pk = cursor.fetchone()[0]
            try:
                with transaction.atomic():
                    Item.objects.filter(pk=pk).update(state=target)
                allowed = True
            except DatabaseError:
                allowed = False
            transaction.set_rollback(True)
        assert allowed == (find(kind, source, target) is not None), (kind, source, target)


def test_no_way_leads_out_of_a_final_state():
    assert not [move for move in (*REVIEW, *CORRECTION) if set(move.sources) & set(FINAL)]


def test_every_state_can_be_reached_from_the_first():
    for kind, table in ((Kind.APPLICATION, REVIEW), (Kind.CORRECTION, CORRECTION)):
        reached = {first_state(kind)}
        for _ in table:
            reached |= {move.target for move in table if reached & set(move.sources)}
        assert reached == {state for move in table for state in (*move.sources, move.target)}


def test_every_move_is_written_down():
    by = make.secretary()
    item = make.item("at_meeting", by=by)
    moved = Event.objects.filter(item=item).exclude(source="").values_list("source", "target", "person_id")
    assert list(moved) == [
        ("received", "screened", by.pk),
        ("screened", "in_review", by.pk),
        ("in_review", "at_meeting", by.pk),
    ]


def test_a_move_that_the_table_lacks_is_refused_and_named():
    item = make.item()
    with pytest.raises(NoSuchMove, match="“Received” to “At the meeting”"):
        items.move(item=item, to=State.AT_MEETING, by=make.the_secretary())
    assert make.again(item).state == State.RECEIVED


@pytest.mark.parametrize("target", [State.DECIDED, State.SIGNED, State.CLEARED, State.PUBLISHED])
def test_nobody_moves_by_hand_what_follows_from_decision_signature_or_clearance(target: State):
    before = {State.DECIDED: "at_meeting", State.SIGNED: "decided", State.CLEARED: "signed", State.PUBLISHED: "cleared"}
    item = make.item(before[target])
    with pytest.raises(NoSuchMove):
        items.move(item=item, to=target, by=make.the_publisher())
    assert make.again(item).state == before[target]


def test_an_item_without_draft_and_proposal_is_not_screened_and_says_all_that_is_missing():
    by = make.secretary()
    item = items.open_item(meeting=make.meeting(), code="A.1", title="Empty", by=by)
    with pytest.raises(NotYet) as refusal:
        items.move(item=item, to=State.SCREENED, by=by)
    assert [entry.code for entry in refusal.value.missing] == ["no_proposal", "no_draft"]


def test_withdrawing_needs_a_reason():
    item = make.item()
    with pytest.raises(NotYet):
        items.move(item=item, to=State.WITHDRAWN, by=make.the_secretary(), words="  ")
    items.move(item=item, to=State.WITHDRAWN, by=make.the_secretary(), words="The applicant asked.")
    assert make.again(item).state == State.WITHDRAWN


def test_members_and_recused_staff_move_nothing():
    item = make.item()
    recused = make.secretary()
    make.recusal(item, recused)
    for person in (make.sitting(item.meeting, "chair"), recused, make.person()):
        with pytest.raises(NotAllowed):
            items.move(item=item, to=State.SCREENED, by=person)
    assert make.again(item).state == State.RECEIVED


def test_recusing_twice_is_one_recusal():
    item, member = (
        make.item(),
        make.sitting(make.the_meeting() if hasattr(make, "the_meeting") else Item.objects.get().meeting),
    )
    first, second = make.recusal(item, member), make.recusal(item, member)
    assert first == second
    assert Recusal.objects.count() == 1


def test_a_recusal_needs_a_reason_and_only_staff_record_it():
    item = make.item()
    member = make.sitting(item.meeting)
    with pytest.raises(BadInput):
        items.recuse(item=item, person=member, reason=" ", by=make.the_secretary())
    with pytest.raises(NotAllowed):
        items.recuse(item=item, person=make.sitting(item.meeting, "chair"), reason="Rivalry.", by=member)
    assert not Recusal.objects.exists()


def test_an_agenda_line_can_be_mended_and_its_history_keeps_it():
    item = make.item(code="A.1", title="Baclofne")
    amended = items.amend(item=item, code="A.2", title="Baclofen", public_note="", by=make.the_secretary())
    assert (amended.code, amended.title) == ("A.2", "Baclofen")
    assert Event.objects.filter(item=item, action="amended").get().words == "A.1 Baclofne"


def test_an_agenda_line_is_mended_by_staff_who_take_part_and_not_into_one_that_is_taken():
    item, other = make.item(code="A.1"), make.item(code="A.2")
    with pytest.raises(BadInput):
        items.amend(item=item, code=other.code, title="x", public_note="", by=make.the_secretary())
    recused = make.secretary()
    make.recusal(item, recused)
    for person in (recused, make.sitting(item.meeting, "chair")):
        with pytest.raises(NotAllowed):
            items.amend(item=item, code="A.9", title="x", public_note="", by=person)
    assert make.again(item).code == "A.1"


def test_the_note_of_a_correction_does_not_change_once_it_is_signed():
    item = make.correction(make.published(), "signed")
    with pytest.raises(BadInput) as refusal:
        items.amend(item=item, code=item.code, title=item.title, public_note="Else.", by=make.the_secretary())
    assert refusal.value.field == "public_note"


def test_a_code_stands_once_on_an_agenda():
    item = make.item(code="A.1")
    with pytest.raises(BadInput) as refusal:
        items.open_item(meeting=item.meeting, code="A.1", title="Another", by=make.the_secretary())
    assert refusal.value.field == "code"
