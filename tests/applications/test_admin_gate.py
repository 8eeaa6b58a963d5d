"""The admin reads through the gate: what is closed to somebody answers as an id that never existed."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import Item
from applications.permissions import GATE
from tests import make

pytestmark = pytest.mark.django_db

CANARY = "zanzibarite"


def as_person(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def closed() -> tuple[Item, Client, Client]:
    """An item full of canary words, somebody of the staff who is recused from it, and somebody who is not."""
    recused = make.secretary("Rita Recused")
    entitled = make.secretary("Eva Entitled")
    item = make.item(
        "signed",
        by=make.the_secretary(),
        title=f"Title {CANARY}",
        applicant=f"Applicant {CANARY}",
        about=[make.facts(f"Medicine {CANARY}", f"Use {CANARY}")],
        words=f"Words {CANARY}",
        note=f"Note {CANARY}",
        document=f"{CANARY}.docx",
    )
    make.thread(item, text=f"Comment {CANARY}")
    make.recusal(item, recused)
    return item, as_person(recused), as_person(entitled)


def addresses(item: Item) -> list[str]:
    draft, document = item.draft, item.documents.get()
    of_item = [
        reverse(f"admin:applications_item_{name}", args=[item.pk])
        for name in ("change", "move", "recuse", "document", "application", "proposal", "decide", "clear", "publish")
    ]
    of_draft = [
        reverse(f"admin:applications_draft_{name}", args=[draft.pk])
        for name in ("change", "revisions", "compare", "working_copy", "resolve")
    ]
    numbered = [reverse(f"admin:applications_draft_{name}", args=[draft.pk, 1]) for name in ("revision", "restore")]
    return [
        *of_item,
        *of_draft,
        *numbered,
        reverse("admin:applications_draft_preview", args=[draft.pk, item.proposals.get().key]),
        reverse("admin:applications_document_change", args=[document.pk]),
        reverse("admin:applications_document_split", args=[document.pk]),
        reverse("admin:applications_item_history", args=[item.pk]),
        reverse("admin:applications_item_delete", args=[item.pk]),
    ]


LISTS = [
    "admin:index",
    "admin:applications_item_changelist",
    "admin:applications_document_changelist",
    "admin:applications_event_changelist",
    "admin:applications_recusal_changelist",
]


def test_every_page_of_an_item_answers_as_for_an_id_that_never_existed(closed):
    item, recused, _entitled = closed
    for address in addresses(item):
        unknown = address.replace(f"/{item.pk}/", "/987654/", 1) if "/item/" in address else None
        for method in ("get", "post"):
            answer = getattr(recused, method)(address)
            assert (address, method, answer.status_code in (403, 404, 405)) == (address, method, True)
            assert CANARY not in answer.content.decode()
            if unknown:
                never = getattr(recused, method)(unknown)
                # The page names the address that was asked for, in its links to other languages.
                said, said_of_nothing = answer.content.decode(), never.content.decode().replace(unknown, address)
                assert (answer.status_code, said) == (never.status_code, said_of_nothing)


def test_no_list_no_count_and_no_search_tells_of_it(closed):
    _item, recused, entitled = closed
    for name in LISTS:
        address = reverse(name)
        assert (name, CANARY in recused.get(address).content.decode()) == (name, False)
        assert (name, CANARY in entitled.get(address).content.decode()) == (name, True)
    searched = recused.get(reverse("admin:applications_item_changelist"), {"q": CANARY})
    assert searched.context["cl"].result_count == 0
    assert entitled.get(reverse("admin:applications_item_changelist"), {"q": CANARY}).context["cl"].result_count == 1


def test_the_search_finds_medicines_of_drafts(closed):
    _item, _recused, entitled = closed
    found = entitled.get(reverse("admin:applications_item_changelist"), {"q": f"use medicine {CANARY}"})
    assert found.context["cl"].result_count == 1


def test_one_s_own_recusal_ends_in_front_of_the_desk(closed):
    item, _recused, _entitled = closed
    person = make.secretary("Self Recused")
    address = reverse("admin:applications_item_recuse", args=[item.pk])
    answer = as_person(person).post(address, {"person": person.pk, "reason": "Family"})
    assert (answer.status_code, answer["Location"]) == (302, reverse("admin:index"))


def test_a_member_finds_no_admin_and_a_stranger_is_sent_to_log_in(closed):
    item, _recused, _entitled = closed
    member = as_person(make.sitting(item.meeting))
    for address in (*addresses(item), *map(reverse, LISTS)):
        assert member.get(address).status_code == 404
        assert Client().get(address)["Location"].startswith("/accounts/login/")


def test_every_confidential_model_of_the_admin_reads_through_the_gate():
    found = {model.__name__ for model in admin.site._registry if model.__name__ in GATE}
    assert found == {"Item", "Document", "Draft", "Event", "Recusal"}
    for model, model_admin in admin.site._registry.items():
        assert not model_admin.has_delete_permission(_request(make.secretary())) or model._meta.app_label == "mfa"
        if model.__name__ in found:
            assert model_admin.get_queryset(_request(make.person("Nobody"))).count() == 0


def test_django_s_own_log_says_nothing_of_items(closed):
    assert LogEntry.objects.count() == 0


def test_lists_cost_the_same_however_long_they_are():
    client = as_person(make.the_secretary())
    for state in ("received", "signed"):
        make.thread(make.item(state), text="Talk") if state == "signed" else make.item(state, document="a.docx")
    costs = {}
    for _round in range(2):
        for name in LISTS:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(reverse(name)).status_code == 200
            costs.setdefault(name, []).append(len(queries))
        for _item in range(4):
            make.thread(make.item("signed", document="b.docx"), text="More talk")
    assert {name: first == second for name, (first, second) in costs.items()} == dict.fromkeys(LISTS, True)


def _request(person):
    request = RequestFactory().get("/")
    request.user = person
    return request
