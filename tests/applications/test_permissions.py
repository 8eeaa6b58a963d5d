"""The gate: who sees which rows of the confidential review."""

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser

from applications import permissions
from applications.actions import draft as drafts
from applications.models import Item
from applications.permissions import GATE, GatedManager
from tests import make

pytestmark = pytest.mark.django_db

PLAIN = {"Person", "Meeting", "Member"}
"""Models that tell of no item: who is who, and who sits at which meeting."""


def test_every_confidential_model_is_behind_the_gate():
    models = {model.__name__: model for model in apps.get_app_config("applications").get_models()}
    assert set(models) == set(GATE) | PLAIN
    assert [name for name in GATE if not isinstance(models[name]._default_manager, GatedManager)] == []


@pytest.fixture
def item() -> Item:
    """A published item that has a row of every confidential model."""
    item = make.item("in_review", document="dossier.docx")
    make.resolved(item)
    make.reading(item)
    make.recusal(item, make.sitting(item.meeting, "vice_chair"))
    item = make.carry(make.again(item), "at_meeting")
    make.decide(item, dissents=[make.dissent(item.meeting.members.get(seat="rapporteur"))])
    make.sign(item)
    make.clear(item)
    item = make.again(item)
    drafts.keep_working_copy(draft=item.draft, base=item.draft.head, fields={"note": "x"}, by=make.the_secretary())
    return item


def seen_by(person) -> set[str]:
    models = {name: apps.get_model("applications", name) for name in GATE}
    return {name for name, model in models.items() if model.objects.visible_to(person).exists()}


def test_there_is_a_row_of_every_confidential_model(item: Item):
    assert {name for name in GATE if apps.get_model("applications", name).objects.exists()} == set(GATE)


def test_strangers_and_people_without_a_seat_see_nothing(item: Item):
    elsewhere = make.sitting(make.meeting(26), "chair")
    inactive = make.secretary(is_active=False)
    for person in (AnonymousUser(), make.person(), elsewhere, inactive):
        assert seen_by(person) == set()


def test_a_recused_member_sees_nothing_whatever_the_seat(item: Item):
    assert seen_by(make.sitting(item.meeting, "vice_chair")) == set()


def test_recused_staff_see_nothing_and_a_superuser_is_no_exception(item: Item):
    for person in (make.secretary(), make.publisher(), make.secretary(is_superuser=True)):
        assert seen_by(person) == set(GATE) - {"WorkingCopy"}
        make.recusal(item, person)
        assert seen_by(person) == set()


def test_a_member_sees_all_but_the_register_the_history_and_what_others_type(item: Item):
    assert seen_by(make.sitting(item.meeting)) == set(GATE) - {"Recusal", "Event", "WorkingCopy"}


def test_the_secretary_sees_all_and_of_unsaved_typing_only_the_own(item: Item):
    assert seen_by(make.the_secretary()) == set(GATE)
    assert seen_by(make.secretary("Another")) == set(GATE) - {"WorkingCopy"}


@pytest.mark.parametrize("state", ["received", "screened"])
def test_before_the_review_members_see_the_item_but_not_its_draft(state: str):
    item = make.item(state)
    member = make.sitting(item.meeting)
    assert seen_by(member) == {"Item", "Application", "Proposal"}
    assert not permissions.may_read_draft(member, item)
    make.carry(item, "in_review")
    assert "Draft" in seen_by(member)


def test_the_agenda_names_items_from_which_a_member_is_recused_and_no_other_meetings(item: Item):
    other = make.item(at=make.meeting(26))
    recused = make.sitting(item.meeting, "vice_chair")
    assert list(Item.objects.on_agenda_of(recused)) == [item]
    assert list(Item.objects.on_agenda_of(make.sitting(other.meeting))) == [other]
    assert list(Item.objects.on_agenda_of(make.person())) == []


def test_only_items_stand_on_an_agenda(item: Item):
    with pytest.raises(TypeError):
        type(item.draft).objects.on_agenda_of(make.sitting(item.meeting))


def test_who_may_do_what_with_an_item_in_each_state():
    make.meeting()
    staff, publisher = make.secretary(), make.publisher()
    table = {}
    for state in make.ROAD:
        item = make.item(state)
        member, chair = make.sitting(item.meeting), make.sitting(item.meeting, "chair")
        table[state] = {
            "edit": permissions.may_edit(staff, item),
            "comment": permissions.may_comment(member, item),
            "verdict": permissions.may_give_verdict(member, item),
            "decide": permissions.may_decide(staff, item),
            "sign": permissions.may_sign(chair, item),
            "clear": permissions.may_clear(staff, item),
            "publish": permissions.may_publish(publisher, item),
        }
        assert not permissions.may_edit(member, item)
        assert not permissions.may_sign(member, item)
        assert not permissions.may_publish(staff, item)
        assert not permissions.may_give_verdict(staff, item)
    allowed = {state: {name for name, value in row.items() if value} for state, row in table.items()}
    assert allowed == {
        "received": {"edit", "publish"},
        "screened": {"edit", "publish"},
        "in_review": {"edit", "comment", "verdict", "publish"},
        "at_meeting": {"edit", "comment", "verdict", "decide", "publish"},
        "decided": {"edit", "comment", "verdict", "decide", "sign", "publish"},
        "signed": {"edit", "comment", "verdict", "decide", "clear", "publish"},
        "cleared": {"edit", "comment", "verdict", "decide", "publish"},
        "published": set(),
    }
