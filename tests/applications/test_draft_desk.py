"""The drafting desk: saving, conflicts, autosave, and the history of a draft."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from applications.models import Draft, Revision, WorkingCopy
from tests import make
from tests.sent import sent

pytestmark = pytest.mark.django_db


class Desk:
    """Somebody at the desk with one draft before them."""

    def __init__(self, draft: Draft, name: str) -> None:
        self.draft = draft
        self.person = make.secretary(name)
        self.client = Client()
        self.client.force_login(self.person)
        self.address = reverse("admin:applications_draft_change", args=[draft.pk])

    def at(self, name: str, *args) -> str:
        return reverse(f"admin:applications_draft_{name}", args=[self.draft.pk, *args])

    def opens(self, **query) -> dict[str, list[str]]:
        page = self.client.get(self.address, query)
        assert page.status_code == 200
        return sent(page.content.decode(), "draft-form")

    def saves(self, fields, **changes):
        return self.client.post(
            self.address, fields | {key.replace("__", "-"): value for key, value in changes.items()}
        )


@pytest.fixture
def draft() -> Draft:
    return make.item("in_review").draft


def section(draft: Draft, key: str) -> str:
    return Revision.objects.filter(draft=draft).first().content.narrative.section(key)


def test_opening_and_saving_makes_no_revision(draft):
    desk = Desk(draft, "Ada")
    answer = desk.saves(desk.opens())
    assert (answer.status_code, draft.revisions.count()) == (302, 1)


def test_a_change_makes_a_revision_with_its_note(draft):
    desk = Desk(draft, "Ada")
    desk.saves(desk.opens(), sections__harms='<p data-block="harms-1">Milder.</p>', note="Harms shortened")
    newest = draft.revisions.first()
    assert (newest.number, newest.note, newest.author, newest.content.narrative.section("harms")) == (
        2, "Harms shortened", desk.person, '<p data-block="harms-1">Milder.</p>',
    )  # fmt: skip


def test_a_refused_save_returns_what_was_typed_with_the_error_at_its_field(draft):
    desk = Desk(draft, "Ada")
    key = draft.item.proposals.get().key
    answer = desk.saves(desk.opens(), **{f"facts-{key}-medicine": "", "sections-harms": "<p>Typed words.</p>"})
    page = answer.content.decode()
    assert (answer.status_code, draft.revisions.count()) == (422, 1)
    assert "Typed words." in sent(page, "draft-form")["sections-harms"][0]
    assert f'id="id_facts-{key}-medicine_error"' in page


def test_two_people_who_change_different_words_are_merged(draft):
    ada, ben = Desk(draft, "Ada"), Desk(draft, "Ben")
    of_ada, of_ben = ada.opens(), ben.opens()
    ada.saves(of_ada, sections__harms='<p data-block="harms-1">Of Ada.</p>')
    ben.saves(of_ben, sections__availability='<p data-block="availability-1">Of Ben.</p>')
    assert (section(draft, "harms"), section(draft, "availability")) == (
        '<p data-block="harms-1">Of Ada.</p>',
        '<p data-block="availability-1">Of Ben.</p>',
    )


@pytest.fixture
def conflict(draft):
    """Ben's answer after Ada has changed the same two blocks and one fact."""
    ada, ben = Desk(draft, "Ada"), Desk(draft, "Ben")
    of_ada, of_ben = ada.opens(), ben.opens()
    weight = f"facts-{draft.item.proposals.get().key}-weight"
    two = '<p data-block="harms-1">One of {0}.</p><p data-block="harms-2">Two of {0}.</p>'
    ada.saves(of_ada, **{"sections-harms": two.format("Ada"), weight: "> 1 kg"})
    answer = ben.saves(of_ben, **{"sections-harms": two.format("Ben"), weight: "> 2 kg", "note": "Ben was here"})
    return ben, answer


def choices(answer, **changes) -> dict[str, list[str]]:
    form = answer.content.decode().partition("/resolve/")
    assert form[1]
    return sent(answer.content.decode()) | changes


def test_a_conflict_shows_both_texts_and_writes_nothing(conflict):
    ben, answer = conflict
    page = answer.content.decode()
    assert (answer.status_code, ben.draft.revisions.count()) == (409, 2)
    for words in ("of", "Ada", "Ben", "&gt; 1 kg", "&gt; 2 kg"):
        assert words in page
    assert WorkingCopy.objects.get(draft=ben.draft, person=ben.person).fields["sections-harms"][0].count("Ben") == 2


def test_a_conflict_is_settled_place_by_place(conflict):
    ben, answer = conflict
    places = answer.context["places"]
    assert [place.conflict.is_text for place in places].count(True) == 2
    chosen = {}
    for place in places:
        if not place.conflict.is_text:
            chosen[f"choice-{place.number}"] = "mine"
        elif place.conflict.key.endswith("harms-1"):
            chosen[f"choice-{place.number}"] = "both"
        else:
            chosen |= {f"choice-{place.number}": "edited", f"edited-{place.number}": "<p>Two of us.</p>"}
    saved = ben.client.post(ben.at("resolve"), choices(answer) | chosen)
    assert saved.status_code == 302
    newest = ben.draft.revisions.first()
    harms = newest.content.narrative.section("harms")
    assert [words in harms for words in ("One of Ada.", "One of Ben.", "Two of us.", "Two of Ada.")] == [
        True, True, True, False,
    ]  # fmt: skip
    assert newest.content.proposals[0].facts.weight == "> 2 kg"
    assert newest.note == "Ben was here"
    assert not WorkingCopy.objects.filter(draft=ben.draft).exists()


def test_a_place_without_a_choice_is_asked_for_again_and_nothing_is_lost(conflict):
    ben, answer = conflict
    typed = choices(answer) | {"choice-0": "edited", "edited-0": "<p>Edited words.</p>"}
    typed = {name: value for name, value in typed.items() if not name.startswith("choice-") or name == "choice-0"}
    again = ben.client.post(ben.at("resolve"), typed)
    assert (again.status_code, ben.draft.revisions.count()) == (409, 2)
    assert "Edited words." in again.content.decode() or not again.context["places"][0].conflict.is_text
    assert sent(again.content.decode())["mine"] == sent(answer.content.decode())["mine"]


def test_a_conflict_after_a_conflict_is_shown_again(conflict):
    ben, answer = conflict
    cleo = Desk(ben.draft, "Cleo")
    cleo.saves(cleo.opens(), sections__harms='<p data-block="harms-1">One of Cleo.</p>')
    chosen = {f"choice-{place.number}": "mine" for place in answer.context["places"]}
    again = ben.client.post(ben.at("resolve"), choices(answer) | chosen)
    page = again.content.decode()
    assert again.status_code == 409
    assert all(words in page for words in ("Ben", "Cleo"))


def test_words_can_be_edited_where_one_deleted_what_the_other_changed(draft):
    ada, ben = Desk(draft, "Ada"), Desk(draft, "Ben")
    of_ada, of_ben = ada.opens(), ben.opens()
    ada.saves(of_ada, sections__harms='<p data-block="harms-1">Of Ada.</p><p data-block="harms-2">Second words.</p>')
    answer = ben.saves(of_ben, sections__harms='<p data-block="harms-2">Second words.</p>')
    assert answer.status_code == 409
    chosen = {"choice-0": "edited", "edited-0": "<p>Of both.</p>"}
    ben.client.post(ben.at("resolve"), choices(answer) | chosen)
    assert section(draft, "harms") == '<p data-block="harms-1">Of both.</p><p data-block="harms-2">Second words.</p>'


@pytest.mark.parametrize("mine", ["{", "{}", "[" * 100_000])
def test_nonsense_at_a_conflict_is_refused_in_words(conflict, mine):
    ben, answer = conflict
    bad = ben.client.post(ben.at("resolve"), choices(answer) | {"mine": mine})
    assert bad.status_code == 400


def test_typing_is_kept_and_comes_back(draft):
    desk = Desk(draft, "Ada")
    fields = desk.opens() | {"sections-harms": "<p>Half a sent", "note": "half"}
    kept = desk.client.post(desk.at("working_copy"), fields)
    assert (kept.status_code, draft.revisions.count()) == (200, 1)
    assert "restore=1" in desk.client.get(desk.address).content.decode()
    restored = desk.opens(restore="1")
    assert "Half a sent" in restored["sections-harms"][0]
    desk.saves(restored)
    assert "Half a sent" in section(draft, "harms")
    assert not WorkingCopy.objects.exists()


def test_typing_is_kept_for_the_one_who_typed_alone(draft):
    ada, ben = Desk(draft, "Ada"), Desk(draft, "Ben")
    ada.client.post(ada.at("working_copy"), ada.opens() | {"sections-harms": "<p>Secret haste</p>"})
    assert "Secret haste" not in ben.client.get(ben.address, {"restore": "1"}).content.decode()


def test_typing_can_be_discarded(draft):
    desk = Desk(draft, "Ada")
    desk.client.post(desk.at("working_copy"), desk.opens())
    desk.client.post(desk.address, {"base": draft.head_id, "discard": "1"})
    assert not WorkingCopy.objects.exists()


def test_a_row_is_added_on_the_server_and_keeps_what_was_typed(draft):
    desk = Desk(draft, "Ada")
    answer = desk.saves(desk.opens(), note="kept", **{"add-row": "findings"})
    again = sent(answer.content.decode(), "draft-form")
    assert (answer.status_code, again["findings-TOTAL_FORMS"], again["note"]) == (200, ["2"], ["kept"])
    assert draft.revisions.count() == 1


def test_a_get_writes_nothing(draft):
    desk = Desk(draft, "Ada")
    for name in ("working_copy", "resolve"):
        assert desk.client.get(desk.at(name)).status_code == 405
    assert desk.client.get(desk.at("restore", 1)).status_code == 405


def test_an_old_text_is_restored_as_a_new_revision(draft):
    desk = Desk(draft, "Ada")
    before = section(draft, "harms")
    desk.saves(desk.opens(), sections__harms="<p>Other</p>")
    desk.client.post(desk.at("restore", 1))
    assert (draft.revisions.count(), section(draft, "harms")) == (3, before)


def test_two_revisions_are_compared_with_marked_words(draft):
    desk = Desk(draft, "Ada")
    desk.saves(desk.opens(), sections__harms='<p data-block="harms-1">First words on mischief.</p>')
    page = desk.client.get(desk.at("compare"), {"from": 1, "to": 2}).content.decode()
    assert "<ins>mischief" in page
    assert "<del>" in page
    listed = desk.client.get(desk.at("revisions"))
    assert listed.status_code == 200
    assert listed.context["revisions"][0].comparison.words_added >= 1


def test_a_preview_shows_the_text_as_the_public_page_does(draft):
    desk = Desk(draft, "Ada")
    page = desk.client.get(desk.at("preview", draft.item.proposals.get().key)).content.decode()
    assert '<article class="decision">' in page
    assert desk.client.get(desk.at("preview", "nothing")).status_code == 404


def test_a_final_item_is_read_and_not_edited():
    version = make.published()
    draft = Draft.objects.get(item__proposals__published=version)
    desk = Desk(draft, "Ada")
    assert desk.client.get(desk.address)["Location"] == desk.at("revision", draft.head.number)
    assert desk.client.get(desk.at("revision", draft.head.number)).status_code == 200


def test_a_signed_text_that_is_changed_goes_back_to_be_signed():
    item = make.item("signed")
    desk = Desk(item.draft, "Ada")
    desk.saves(desk.opens(), sections__harms="<p>Changed.</p>")
    assert make.again(item).state == "decided"


def test_each_problem_leads_to_its_place_on_the_page(draft):
    desk = Desk(draft, "Ada")
    desk.saves(
        desk.opens(),
        **{"sections-harms": '<p data-block="harms-1">Mild mild.</p>', "sections-recommendation": "", "note": "worse"},
    )
    page = desk.client.get(desk.address).content.decode()
    places = re.findall(r'<li class="(?:error|warning)"><strong>[^<]*</strong> <a href="#([^"]*)">', page)
    ids = set(re.findall(r'\sid="([^"]*)"', page))
    assert {"section-harms", "section-recommendation"} <= set(places)
    assert set(places) <= ids
