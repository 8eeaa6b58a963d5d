"""The committee room: who finds what there, and what it refuses."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from applications.models import Approval, Comment, Item, Meeting, Person, Reading, Thread
from tests import make

pytestmark = pytest.mark.django_db

CANARIES = {
    "draft": "canarydraft",
    "note": "canarynote",
    "thread": "canarythread",
    "asks": "canaryasks",
    "applicant": "canaryapplicant",
    "document": "canarydocument.docx",
    "verdict": "canaryverdict",
}


@pytest.fixture
def item() -> Item:
    """An item at the meeting that carries a canary in everything confidential, and from which a member is recused."""
    made = make.item(
        "at_meeting",
        title="Public title",
        words=CANARIES["draft"],
        note=CANARIES["note"],
        asks=[CANARIES["asks"]],
        applicant=CANARIES["applicant"],
        document=CANARIES["document"],
    )
    make.recusal(made, recused(made))
    make.thread(made, text=CANARIES["thread"], by=chair(made))
    make.reading(made, "needs_changes", why=CANARIES["verdict"], by=chair(made))
    return make.again(made)


def chair(of: Item) -> Person:
    return make.sitting(of.meeting, "chair")


def recused(of: Item) -> Person:
    """The first plain member."""
    return make.sitting(of.meeting)


def reader(of: Item) -> Person:
    """A plain member who takes part."""
    return of.meeting.members.get(person__name="Mina Rahman").person


def logged_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def addresses(of: Item) -> dict[str, str]:
    """Every address of the room that leads to the item."""
    head = of.draft.head
    thread = Thread.objects.get(draft=of.draft)
    block = make.first_block(of)
    return {
        "item": reverse("committee:item", args=[of.pk]),
        "draft": reverse("committee:draft", args=[of.pk]),
        "comment": reverse("committee:comment", args=[of.pk, block]) + f"?revision={head.number}",
        "choose_revisions": reverse("committee:choose_revisions", args=[of.pk]) + "?a=1&b=1",
        "draft_compare": reverse("committee:draft_compare", args=[of.pk, 1, 1]),
        "sign": reverse("committee:sign", args=[of.pk]),
        "thread": reverse("committee:thread", args=[thread.pk]),
        "document": reverse("committee:document", args=[of.documents.get().pk]),
    }


def strip_tokens(html: bytes) -> bytes:
    """A page without what differs between any two answers: its anti-forgery tokens."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]*"', b"", html)


def headers(answer: HttpResponse) -> dict[str, str]:
    """All but the length, which tells how long the address was that the page repeats, and the hour."""
    return {name: value for name, value in answer.headers.items() if name not in ("Content-Length", "Expires")}


def read(client: Client, address: str) -> HttpResponse:
    """An answer, read to its end: files are closed then."""
    answer = client.get(address)
    list(answer)
    return answer


# Who finds what


def test_a_member_who_takes_part_reads_everything_of_the_item(item):
    client = logged_in(reader(item))
    found = {name: client.get(address) for name, address in addresses(item).items() if name != "choose_revisions"}
    assert {name: answer.status_code for name, answer in found.items()} == {
        "item": 200,
        "draft": 200,
        "comment": 200,
        "draft_compare": 200,
        "sign": 403,
        "thread": 200,
        "document": 200,
    }
    page = found["item"].content.decode()
    assert [word for word in ("asks", "applicant", "document") if CANARIES[word] not in page] == []
    page = found["draft"].content.decode()
    assert [word for word in ("draft", "note", "thread", "verdict") if CANARIES[word] not in page] == []
    assert b"".join(found["document"]) == b"A dossier."


def test_a_recused_member_finds_the_title_and_nothing_else(item):
    client = logged_in(recused(item))
    page = client.get(reverse("committee:home")).content.decode()
    assert "Public title" in page
    assert "You take no part in this item." in page
    assert addresses(item)["item"] not in page
    assert "At the meeting" not in page
    assert [canary for canary in CANARIES.values() if canary in page] == []


def outsiders(item: Item) -> dict[str, Person]:
    other = make.meeting(24)
    staff = make.secretary("Recused Staff")
    make.recusal(item, staff)
    return {
        "recused member": recused(item),
        "member of another meeting": make.sitting(other),
        "person without a seat": make.person("Nobody"),
        "recused staff": staff,
    }


def test_an_outsider_gets_for_every_address_what_an_unknown_one_gives(item):
    for who, person in outsiders(item).items():
        client = logged_in(person)
        for name, address in addresses(item).items():
            unknown = re.sub(r"/\d+/", "/999999/", address, count=1)
            for method in (client.get, client.post):
                hidden, absent = method(address), method(unknown)
                assert (hidden.status_code, absent.status_code) == (absent.status_code, absent.status_code), (who, name)
                assert absent.status_code in (404, 405), (who, name)
                paths = [found.partition("?")[0].encode() for found in (address, unknown)]
                same = hidden.content.replace(*paths)
                assert strip_tokens(same) == strip_tokens(absent.content), (who, name)
                assert headers(hidden) == headers(absent), (who, name)
                text = hidden.content.decode()
                assert [canary for canary in CANARIES.values() if canary in text] == [], (who, name)


def test_an_address_with_a_number_beyond_all_numbers_is_unknown(item):
    assert logged_in(reader(item)).get(f"/committee/items/{10**30}/").status_code == 404


def test_a_stranger_gets_one_redirect_whatever_the_address(item):
    answers = {Client().get(address).headers["Location"].partition("?")[0] for address in addresses(item).values()}
    assert answers == {reverse("account_login")}


def test_the_secretariat_reads_and_comments_without_a_seat(item):
    client = logged_in(make.the_secretary())
    page = client.get(addresses(item)["draft"]).content.decode()
    assert CANARIES["draft"] in page
    assert "Your verdict" not in page
    answer = client.post(addresses(item)["comment"], {"text": "Answered", "revision": 1})
    assert answer.status_code == 302


def test_members_do_not_read_a_draft_that_is_not_open_to_them():
    made = make.item("screened", words="canarydraft")
    client = logged_in(chair(made))
    assert client.get(reverse("committee:draft", args=[made.pk])).status_code == 404
    page = client.get(reverse("committee:item", args=[made.pk])).content.decode()
    assert "The draft is not open to the committee." in page


def test_members_are_told_why_an_item_does_not_go_on():
    made = make.withdrawn(reason="A better study is coming.")
    page = logged_in(chair(made)).get(reverse("committee:item", args=[made.pk])).content.decode()
    assert "A better study is coming." in page


def test_no_answer_of_the_room_may_be_kept(item):
    client = logged_in(reader(item))
    kept = [
        name
        for name, address in {**addresses(item), "home": reverse("committee:home")}.items()
        if (answer := read(client, address)).status_code < 400 and "no-store" not in answer.headers["Cache-Control"]
    ]
    assert kept == []


# What awaits


def awaits(person: Person) -> list[str]:
    """The addresses in the list of what awaits somebody."""
    page = logged_in(person).get(reverse("committee:home")).content.decode()
    part = page.partition('class="awaiting"')[2].partition("</section>")[0]
    return re.findall(r'<a href="(/committee/[^"]*)"', part)


def test_a_text_awaits_its_reader_until_the_newest_revision_has_a_verdict():
    made = make.item("in_review")
    draft = reverse("committee:draft", args=[made.pk])
    person = make.sitting(made.meeting)
    assert awaits(person) == [draft]
    make.reading(made, by=person)
    assert awaits(person) == []
    make.revise(made, "New words")
    assert awaits(person) == [draft, reverse("committee:draft_compare", args=[made.pk, 1, 2])]


def test_an_open_thread_awaits_those_who_spoke_in_it(item):
    thread = Thread.objects.get()
    make.reading(item, by=reader(item))
    assert reverse("committee:thread", args=[thread.pk]) in awaits(chair(item))
    assert awaits(reader(item)) == []


def test_a_decided_text_awaits_its_signature():
    made = make.item("decided")
    sign = reverse("committee:sign", args=[made.pk])
    assert sign in awaits(chair(made))
    assert sign not in awaits(make.sitting(made.meeting))
    make.sign(made)
    assert awaits(chair(made)) == []


def test_the_vice_chair_is_asked_to_sign_where_the_chair_is_recused():
    made = make.item("decided")
    sign = reverse("committee:sign", args=[made.pk])
    vice = make.sitting(made.meeting, "vice_chair")
    assert sign not in awaits(vice)
    make.recusal(made, chair(made))
    assert sign in awaits(vice)
    assert awaits(chair(made)) == []


def test_somebody_without_a_seat_is_told_so():
    page = logged_in(make.person("Nobody")).get(reverse("committee:home")).content.decode()
    assert "You have no seat at a meeting." in page


def test_the_agenda_stands_in_the_order_of_its_codes_with_earlier_meetings_below():
    old, new = make.meeting(24, seated=False), make.meeting(25, seated=False)
    person = make.person()
    for meeting in (old, new):
        make.member(meeting, who=person)
    for code, meeting in (("A.10", new), ("A.9", new), ("C.1", new), ("A.1", old)):
        make.item(at=meeting, code=code, title=f"Item {code}")
    page = logged_in(person).get(reverse("committee:home")).content.decode()
    assert re.findall(r"<bdi>(Item [^<]*)</bdi></a></th>", page) == ["Item A.9", "Item A.10", "Item C.1", "Item A.1"]


def queries_of(person: Person, address: str, django_assert_max_num_queries) -> int:
    client = logged_in(person)
    client.get(address)
    with django_assert_max_num_queries(40) as seen:
        assert client.get(address).status_code == 200
    return len(seen.captured_queries)


def test_the_agenda_asks_as_often_for_thirty_items_as_for_three(django_assert_max_num_queries):
    meeting = make.meeting()
    person = make.sitting(meeting, "chair")

    def add(count: int) -> None:
        for _ in range(count):
            made = make.item("decided", at=meeting)
            make.thread(made, by=person)

    add(3)
    few = queries_of(person, reverse("committee:home"), django_assert_max_num_queries)
    add(27)
    assert queries_of(person, reverse("committee:home"), django_assert_max_num_queries) == few


def test_the_draft_asks_as_often_for_twenty_threads_as_for_two(django_assert_max_num_queries):
    made = make.item("in_review")
    address = reverse("committee:draft", args=[made.pk])
    person = make.sitting(made.meeting)

    def add(count: int) -> None:
        for _ in range(count):
            make.thread(made, replies=["Yes.", "No."])

    add(2)
    few = queries_of(person, address, django_assert_max_num_queries)
    add(18)
    assert queries_of(person, address, django_assert_max_num_queries) == few


# Files


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("dossier.docx", 'attachment; filename="dossier.docx"'),
        ('a "b".html', 'attachment; filename="a \\"b\\".html"'),
        ("Résumé.pdf", "attachment; filename*=utf-8''R%C3%A9sum%C3%A9.pdf"),
    ],
)
def test_a_file_is_handed_out_to_be_kept_and_never_opened_here(name, header):
    made = make.item("in_review", document=name)
    answer = logged_in(chair(made)).get(reverse("committee:document", args=[made.documents.get().pk]))
    assert b"".join(answer) == b"A dossier."
    assert {key: answer.headers[key] for key in HELD} == {**HELD, "Content-Disposition": header}


HELD = {
    "Content-Disposition": "",
    "Content-Type": "application/octet-stream",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


# Language, log-in


def test_a_person_reads_the_room_in_the_language_of_their_choice():
    made = make.item("in_review")
    person = chair(made)
    client = logged_in(person)
    answer = client.post(reverse("committee:language"), {"language": "ar", "next": "/committee/items/1/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/committee/items/1/")
    person.refresh_from_db()
    assert person.language == "ar"
    assert 'dir="rtl"' in client.get(reverse("committee:home")).content.decode()


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_choosing_a_language_leads_nowhere_else(address):
    client = logged_in(make.person())
    answer = client.post(reverse("committee:language"), {"language": "fr", "next": address})
    assert answer.headers["Location"] == reverse("committee:home")


def test_a_language_that_the_site_lacks_is_refused():
    person = make.person()
    assert logged_in(person).post(reverse("committee:language"), {"language": "xx"}).status_code == 400
    person.refresh_from_db()
    assert person.language == "en"


def test_looking_at_the_language_form_changes_nothing():
    assert logged_in(make.person()).get(reverse("committee:language"), {"language": "fr"}).status_code == 405


@pytest.mark.parametrize(("staff", "landing"), [(True, "/admin/"), (False, "/committee/")])
def test_people_land_at_their_door_after_logging_in(staff, landing):
    make.person(email="who@example.org", password="a long password", is_staff=staff)
    answer = Client().post(reverse("account_login"), {"login": "who@example.org", "password": "a long password"})
    assert (answer.status_code, answer.headers["Location"]) == (302, landing)


def test_a_wrong_password_says_so_and_keeps_the_address():
    answer = Client().post(reverse("account_login"), {"login": "who@example.org", "password": "wrong"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="who@example.org"' in page
    assert "errorlist" in page


# Talking


def test_a_comment_opens_a_thread_on_its_block(item):
    client = logged_in(reader(item))
    address = reverse("committee:comment", args=[item.pk, "harms-2"]) + "?revision=1"
    assert "Second words." in client.get(address).content.decode()
    answer = client.post(address, {"text": "  Are they second?  "})
    thread = Thread.objects.latest("pk")
    assert answer.headers["Location"] == reverse("committee:draft", args=[item.pk]) + f"#thread-{thread.pk}"
    assert (thread.block, thread.quotation, thread.revision.number) == ("harms-2", "Second words.", 1)
    assert [(c.author, c.text) for c in thread.comments.all()] == [(reader(item), "Are they second?")]


def test_an_empty_comment_is_refused_at_its_field(item):
    before = Thread.objects.count()
    answer = logged_in(reader(item)).post(addresses(item)["comment"], {"text": " "})
    assert answer.status_code == 422
    assert "Write a comment first." in answer.content.decode()
    assert Thread.objects.count() == before


def test_a_comment_that_is_too_long_is_given_back(item):
    words = "word " * 5000
    answer = logged_in(reader(item)).post(addresses(item)["comment"], {"text": words})
    assert answer.status_code == 422
    assert words.strip() in answer.content.decode()


def test_a_comment_goes_with_the_revision_that_was_read(item):
    block = make.first_block(item)
    make.revise(item, "Quite other words")
    client = logged_in(reader(item))
    client.post(reverse("committee:comment", args=[item.pk, block]), {"text": "As I read it", "revision": "1"})
    thread = Thread.objects.latest("pk")
    assert thread.revision.number == 1
    assert "Quite other words" not in thread.quotation


@pytest.mark.parametrize("query", ["", "?revision=", "?revision=99", "?revision=x", "?revision=1&x", "?revision=²"])
def test_an_unknown_block_or_revision_is_not_found(item, query):
    client = logged_in(reader(item))
    block = "no-such-block" if query == "?revision=1&x" else make.first_block(item)
    assert client.get(reverse("committee:comment", args=[item.pk, block]) + query).status_code == 404


def test_a_thread_is_answered_resolved_and_opened_again(item):
    thread = Thread.objects.get()
    address = reverse("committee:thread", args=[thread.pk])
    logged_in(reader(item)).post(address, {"text": "It is so."})
    logged_in(chair(item)).post(address, {"text": "", "resolve": "1"})
    thread.refresh_from_db()
    assert (thread.resolved_by, thread.comments.count()) == (chair(item), 2)
    logged_in(reader(item)).post(address, {"text": "It is not."})
    thread.refresh_from_db()
    assert (thread.is_resolved, thread.comments.count()) == (False, 3)


def test_words_in_the_box_are_kept_when_the_thread_is_resolved(item):
    thread = Thread.objects.get()
    logged_in(chair(item)).post(reverse("committee:thread", args=[thread.pk]), {"text": "Thanks.", "resolve": "1"})
    thread.refresh_from_db()
    assert thread.is_resolved
    assert [comment.text for comment in thread.comments.all()] == [CANARIES["thread"], "Thanks."]


def test_nobody_but_staff_and_the_opener_resolves(item):
    thread = Thread.objects.get()
    address = reverse("committee:thread", args=[thread.pk])
    client = logged_in(reader(item))
    assert "Mark as resolved" not in client.get(address).content.decode()
    assert client.post(address, {"text": "Done", "resolve": "1"}).status_code == 403
    thread.refresh_from_db()
    assert (thread.is_resolved, thread.comments.count()) == (False, 1)


def test_an_empty_reply_is_refused(item):
    answer = logged_in(reader(item)).post(reverse("committee:thread", args=[Thread.objects.get().pk]), {"text": ""})
    assert (answer.status_code, Comment.objects.count()) == (422, 1)
    assert "Write a reply first." in answer.content.decode()


def test_nobody_talks_about_a_text_at_its_end():
    made = make.item("in_review")
    make.thread(made)
    made = make.carry(make.again(made), "at_meeting")
    made = make.carry(made, "decided")
    make.sign(made)
    thread = Thread.objects.get()
    logged_in(make.the_secretary()).post(reverse("committee:thread", args=[thread.pk]), {"text": "", "resolve": "1"})
    made = make.carry(make.again(made), "published")
    client = logged_in(make.sitting(made.meeting))
    assert client.get(reverse("committee:thread", args=[thread.pk])).status_code == 200
    assert client.post(reverse("committee:thread", args=[thread.pk]), {"text": "More"}).status_code == 403
    block = make.first_block(made)
    head = made.draft.head.number
    assert client.get(reverse("committee:comment", args=[made.pk, block]) + f"?revision={head}").status_code == 403
    assert client.post(reverse("committee:draft", args=[made.pk]), {"verdict": "ready"}).status_code == 403


def test_a_thread_whose_block_has_changed_says_so(item):
    make.revise(item, "x", block="harms-1")
    page = logged_in(reader(item)).get(addresses(item)["draft"]).content.decode()
    assert "The text has changed since this comment" not in page
    head = make.again(item).draft.head
    text = head.content.narrative
    sections = tuple(
        section.model_copy(update={"html": section.html.replace("First words on recommendation", "Other words")})
        for section in text.sections
    )
    save(item, text.model_copy(update={"sections": sections}))
    page = logged_in(reader(item)).get(addresses(item)["draft"]).content.decode()
    assert "The text has changed since this comment" in page


def test_a_thread_whose_block_is_gone_is_shown_as_lost_with_its_quotation(item):
    text = make.again(item).draft.head.content.narrative
    rest = tuple(section for section in text.sections if section.key != "recommendation")
    save(item, text.model_copy(update={"sections": rest}))
    page = logged_in(reader(item)).get(addresses(item)["draft"]).content.decode()
    lost = page.partition('id="lost"')[2]
    assert "First words on recommendation." in lost
    assert CANARIES["thread"] in lost


def save(item: Item, narrative) -> None:
    from applications.actions.draft import save_revision

    head = make.again(item).draft.head
    content = head.content.model_copy(update={"narrative": narrative})
    save_revision(draft=make.again(item).draft, base=head, content=content, by=make.the_secretary())


# Verdicts


def test_a_verdict_is_given_on_the_revision_on_screen(item):
    client = logged_in(reader(item))
    answer = client.post(addresses(item)["draft"], {"revision": "1", "verdict": "ready", "why": ""})
    assert answer.headers["Location"] == addresses(item)["draft"] + "#verdict"
    reading = Reading.objects.get(person=reader(item))
    assert (reading.revision, reading.verdict, reading.why) == (item.draft.head, "ready", "")


def test_a_verdict_on_a_text_that_has_changed_is_refused_and_the_words_are_kept(item):
    make.revise(item, "New words")
    client = logged_in(reader(item))
    sent = {"revision": "1", "verdict": "needs_changes", "why": "The second paragraph is wrong."}
    answer = client.post(addresses(item)["draft"], sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "The second paragraph is wrong." in page
    assert 'name="revision" value="2"' in page
    assert reverse("committee:draft_compare", args=[item.pk, 1, 2]) in page
    assert not Reading.objects.filter(person=reader(item)).exists()


def test_changes_are_asked_for_with_a_reason(item):
    answer = logged_in(reader(item)).post(addresses(item)["draft"], {"revision": "1", "verdict": "needs_changes"})
    assert "Say what needs to change." in answer.content.decode()
    assert not Reading.objects.filter(person=reader(item)).exists()


def test_the_secretariat_gives_no_verdict(item):
    client = logged_in(make.the_secretary())
    assert client.post(addresses(item)["draft"], {"revision": "1", "verdict": "ready"}).status_code == 403


def test_one_of_several_proposals_is_shown_at_a_time():
    made = make.item(
        "in_review",
        asks=["For adults", "For children"],
        about=[make.facts(indication="Spasticity"), make.facts(indication="Dystonia")],
    )
    client = logged_in(chair(made))
    draft = reverse("committee:draft", args=[made.pk])
    keys = [proposal.key for proposal in made.proposals.all()]
    first, second = client.get(draft).content.decode(), client.get(f"{draft}?proposal={keys[1]}").content.decode()
    assert ("Baclofen Spasticity" in plain(first), "Baclofen Dystonia" in plain(first)) == (True, False)
    assert ("Baclofen Spasticity" in plain(second), "Baclofen Dystonia" in plain(second)) == (False, True)
    assert client.get(f"{draft}?proposal=none").status_code == 404


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", "", html).split())


# Comparing and signing


def test_a_comparison_marks_the_words_that_changed(item):
    make.revise(item, "Inserted")
    page = logged_in(reader(item)).get(reverse("committee:draft_compare", args=[item.pk, 1, 2])).content.decode()
    assert re.findall(r"<ins>(.*?)</ins>", page) == ["Inserted "]
    assert re.findall(r"<del>(.*?)</del>", page) == []


def test_two_revisions_are_chosen_in_a_form(item):
    answer = logged_in(reader(item)).get(addresses(item)["choose_revisions"])
    assert answer.headers["Location"] == reverse("committee:draft_compare", args=[item.pk, 1, 1])


def test_the_chair_signs_the_text_on_the_screen():
    made = make.item("decided")
    client = logged_in(chair(made))
    sign = reverse("committee:sign", args=[made.pk])
    fingerprint = made.draft.head.fingerprint
    assert f'name="fingerprint" value="{fingerprint}"' in client.get(sign).content.decode()
    answer = client.post(sign, {"fingerprint": fingerprint})
    assert answer.headers["Location"] == reverse("committee:item", args=[made.pk])
    assert list(Approval.objects.values_list("fingerprint", "member__person")) == [(fingerprint, chair(made).pk)]
    assert make.again(made).state == "signed"


def test_who_has_signed_is_led_from_the_signing_page_to_the_item():
    item = make.item("signed")
    client = Client()
    client.force_login(make.sitting(item.meeting, "chair"))
    response = client.get(f"/committee/items/{item.pk}/sign/")
    assert (response.status_code, response.headers["Location"]) == (302, f"/committee/items/{item.pk}/")


def test_a_text_that_has_changed_is_not_signed_and_the_change_is_shown():
    made = make.item("decided")
    seen = made.draft.head.fingerprint
    make.revise(made, "Slipped in")
    answer = logged_in(chair(made)).post(reverse("committee:sign", args=[made.pk]), {"fingerprint": seen})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Nothing was signed." in page
    assert re.findall(r"<ins>(.*?)</ins>", page) == ["Slipped in "]
    assert f'name="fingerprint" value="{make.again(made).draft.head.fingerprint}"' in page
    assert not Approval.objects.exists()


@pytest.mark.parametrize("fingerprint", ["", "x", "0" * 64, "' OR 1=1"])
def test_a_signature_without_a_text_signs_nothing(fingerprint):
    made = make.item("decided")
    answer = logged_in(chair(made)).post(reverse("committee:sign", args=[made.pk]), {"fingerprint": fingerprint})
    assert (answer.status_code, Approval.objects.count()) == (409, 0)


@pytest.mark.parametrize("seat", ["member", "vice_chair", "rapporteur"])
def test_nobody_signs_whom_the_meeting_has_not_named(seat):
    made = make.item("decided")
    client = logged_in(make.sitting(made.meeting, seat))
    sign = reverse("committee:sign", args=[made.pk])
    assert client.get(sign).status_code == 403
    assert client.post(sign, {"fingerprint": made.draft.head.fingerprint}).status_code == 403
    assert not Approval.objects.exists()


def test_a_correction_is_signed_on_what_it_changes_in_the_published_text():
    version = make.published()
    made = make.correction(version, words="Mended", note="A word was wrong.")
    page = logged_in(chair(made)).get(reverse("committee:sign", args=[made.pk])).content.decode()
    assert re.findall(r"<ins>(.*?)</ins>", page) == ["Mended "]
    assert "A word was wrong." in page


def test_members_read_how_it_was_decided_and_who_dissented():
    made = make.item("at_meeting")
    vice = made.meeting.members.get(seat="vice_chair")
    make.decide(
        made, method="poll", votes=(3, 1, 1), note="Closed session.", dissents=[make.dissent(vice, "Too small.")]
    )
    page = plain(logged_in(chair(made)).get(reverse("committee:item", args=[made.pk])).content.decode())
    assert "By poll (for 3, against 1, abstentions 1)" in page
    assert "Closed session." in page
    assert "Vera Lind Vice-chairToo small." in page
    assert "Awaited: Chair" in page


# Nothing is written by looking


def test_looking_at_every_page_writes_nothing(item, django_assert_max_num_queries):
    client = logged_in(reader(item))
    client.get(reverse("committee:home"))
    for address in [*addresses(item).values(), reverse("committee:home")]:
        with django_assert_max_num_queries(60) as seen:
            read(client, address)
        written = [
            q["sql"] for q in seen.captured_queries if not q["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))
        ]
        assert written == [], address


def test_meetings_are_not_mixed_up():
    """A seat at one meeting opens nothing of another, even for the chair."""
    make.meeting(25)
    other = make.meeting(24)
    made = make.item("in_review", at=Meeting.objects.get(number=25))
    client = logged_in(make.sitting(other, "chair"))
    assert client.get(reverse("committee:draft", args=[made.pk])).status_code == 404
