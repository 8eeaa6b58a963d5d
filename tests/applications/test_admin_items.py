"""What staff do with items in the admin, each by one action."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from applications.models import Item, Meeting, Person
from medicines.models import Version
from tests import make
from tests.sent import sent

pytestmark = pytest.mark.django_db


def as_person(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def desk() -> Client:
    return as_person(make.the_secretary())


def at(name: str, item: Item) -> str:
    return reverse(f"admin:applications_item_{name}", args=[item.pk])


DOSSIER = b"""# Baclofen

Indication: Spastic cerebral palsy

## Background

Some words on the background (1).

## Harms

Some words on harms.

## References

1. Writer A. A study. Journal of Examples. 2020;12(3):45-52.
"""


def test_a_dossier_becomes_an_item_with_a_report(desk):
    meeting = make.meeting()
    file = SimpleUploadedFile("dossier.md", DOSSIER)
    answer = desk.post(reverse("admin:applications_item_upload"), {"file": file, "meeting": meeting.pk})
    item = Item.objects.get()
    document = item.documents.get()
    assert answer["Location"] == reverse("admin:applications_document_change", args=[document.pk])
    page = desk.get(answer["Location"]).content.decode()
    assert "dossier.md" in page
    assert [section.key for section in item.draft.head.content.narrative.sections] == ["background", "harms"]


@pytest.mark.parametrize(
    ("name", "data"), [("a.md", b" "), ("a.exe", b"MZ"), ("a.docx", b"no archive"), ("a.md", b"Only words.")]
)
def test_a_file_that_cannot_be_read_is_refused_at_its_field(desk, name, data):
    meeting = make.meeting()
    address = reverse("admin:applications_item_upload")
    answer = desk.post(address, {"file": SimpleUploadedFile(name, data), "meeting": meeting.pk, "applicant": "Typed"})
    assert (answer.status_code, Item.objects.count()) == (422, 0)
    assert "file" in answer.context["form"].errors
    assert sent(answer.content.decode())["applicant"] == ["Typed"]


def test_a_file_that_is_too_large_is_refused_before_it_is_read(desk, monkeypatch):
    monkeypatch.setattr("applications.forms.items.MAX_SIZE", 10)
    item = make.item("received")
    for address in (at("document", item), reverse("admin:applications_item_upload")):
        data = {"file": SimpleUploadedFile("a.md", b"x" * 11), "meeting": item.meeting_id}
        assert "file" in desk.post(address, data).context["form"].errors
    assert item.documents.count() == 0


def test_a_document_is_kept_as_it_came(desk):
    item = make.item("received")
    desk.post(at("document", item), {"file": SimpleUploadedFile("letter.pdf", b"%PDF-1.7")})
    document = item.documents.get()
    with document.file.open() as kept:
        assert (document.name, kept.read(), document.report) == ("letter.pdf", b"%PDF-1.7", None)
    assert desk.get(reverse("admin:applications_document_change", args=[document.pk])).status_code == 200


def test_a_code_that_is_taken_is_refused_at_its_field(desk):
    item = make.item("received", code="A.1")
    data = {"meeting": item.meeting_id, "code": "A.1", "title": "Again", "kind": "application"}
    form = desk.post(reverse("admin:applications_item_add"), data).context["form"]
    assert form.errors == {"code": ["The meeting has an item A.1 already. Choose another code."]}


def test_an_item_is_entered_by_hand_and_gets_a_proposal_and_a_draft(desk):
    meeting = make.meeting()
    desk.post(
        reverse("admin:applications_item_add"),
        {
            "meeting": meeting.pk,
            "code": "A.1",
            "title": "By hand",
            "kind": "application",
            "applicant": "NGO",
            "received_on": "2026-01-02",
        },
    )
    item = Item.objects.get()
    refused = desk.post(at("proposal", item), {"asks": "Addition"})
    assert refused.context["form"].errors.keys() == {"medicine", "indication"}
    for medicine in ("Alpha", "Beta"):
        desk.post(at("proposal", item), {"asks": "Addition", "medicine": medicine, "indication": "Use"})
    content = make.again(item).draft.head.content
    assert [entry.facts.medicine for entry in content.proposals] == ["Alpha", "Beta"]
    assert [a.applicant for a in item.applications.all()] == ["NGO"]


def test_a_proposal_on_a_published_recommendation_starts_from_it(desk):
    version = make.published()
    item = make.item("received")
    desk.post(at("proposal", item), {"asks": "Change", "recommendation": version.recommendation.number})
    added = item.proposals.last()
    assert (added.base, make.again(item).draft.head.content.facts_of(added.key)) == (version, version.content.facts)


def test_an_item_is_moved_by_a_button_and_not_by_an_address(desk):
    item = make.item("received")
    address = at("move", item) + "?to=screened"
    assert desk.get(address).status_code == 200
    assert make.again(item).state == "received"
    desk.post(address, {})
    assert make.again(item).state == "screened"
    assert desk.post(at("move", item) + "?to=published").status_code == 403


def test_an_end_needs_a_reason_and_keeps_what_was_typed(desk):
    item = make.item("received")
    address = at("move", item) + "?to=not_proceeding"
    refused = desk.post(address, {"words": " "})
    assert (refused.status_code, make.again(item).state) == (422, "received")
    desk.post(address, {"words": "Incomplete."})
    assert make.again(item).state == "not_proceeding"


def verdict(item: Item, **values: str) -> dict[str, str]:
    given = {"method": "consensus"} | values
    return {f"proposal-{item.proposals.get().pk}-{name}": value for name, value in given.items()}


def test_a_decision_is_recorded_with_lists_and_dissent(desk):
    item = make.item("at_meeting")
    member = item.meeting.members.filter(seat="member").first()
    data = verdict(
        item,
        outcome="added",
        eml="core",
        emlc="not_listed",
        note="Inside",
        member_0=str(member.pk),
        opinion_0="I differ.",
    )
    assert desk.post(at("decide", item), data).status_code == 302
    decision = item.proposals.get().decisions.get()
    assert (decision.outcome, decision.eml, decision.emlc, decision.note) == ("added", "core", "not_listed", "Inside")
    assert [(d.member, d.opinion) for d in decision.dissents.all()] == [(member, "I differ.")]
    assert make.again(item).state == "decided"
    page = desk.get(at("change", item)).content.decode()
    assert "I differ." in page


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"outcome": "added"}, "eml"),
        ({"outcome": "deferred"}, "asked"),
        ({"outcome": "removed"}, "outcome"),
        ({"outcome": "added", "eml": "core", "method": "poll"}, "votes_for"),
        ({"outcome": "added", "eml": "core", "votes_for": "3"}, "method"),
        ({"eml": "core"}, "outcome"),
        ({"outcome": "added", "eml": "core", "opinion_0": "Whose?"}, "member_0"),
        ({}, "outcome"),
    ],
)
def test_an_unsound_decision_is_refused_at_its_field(desk, given, field):
    item = make.item("at_meeting")
    answer = desk.post(at("decide", item), verdict(item, **given))
    ((form, _proposal, _facts),) = answer.context["lines"]
    assert (answer.status_code, list(form.errors)) == (422, [field])
    assert not item.proposals.get().decisions.exists()


def test_a_poll_is_recorded_with_its_counts(desk):
    item = make.item("at_meeting")
    data = verdict(item, outcome="added", eml="core", method="poll", votes_for="3", votes_against="1", abstentions="1")
    assert desk.post(at("decide", item), data).status_code == 302
    decision = item.proposals.get().decisions.get()
    assert (decision.votes_for, decision.votes_against, decision.abstentions) == (3, 1, 1)


def test_a_clearance_is_bound_to_the_text_on_the_screen(desk):
    item = make.item("signed")
    assert desk.post(at("clear", item), {"fingerprint": "0" * 64, "words": "DG"}).status_code == 422
    fields = sent(desk.get(at("clear", item)).content.decode())
    desk.post(at("clear", item), fields | {"words": "Director-General, letter 5"})
    assert make.again(item).state == "cleared"


def test_a_closed_gate_says_all_that_is_missing(desk):
    item = make.item("decided")
    page = desk.get(at("publish", item))
    assert page.status_code == 200
    assert len(page.context["missing"]) >= 2
    assert "fingerprint" not in sent(page.content.decode())


def test_publishing_is_confirmed_on_the_text_that_was_read():
    item = make.item("cleared")
    publisher = as_person(make.the_publisher())
    page = publisher.get(at("publish", item)).content.decode()
    key = item.proposals.get().key
    framed = (
        reverse("admin:applications_draft_preview", args=[item.draft.pk, key]) + f"?revision={item.draft.head.number}"
    )
    assert framed in page
    assert '<article class="decision">' in publisher.get(framed).content.decode()
    assert publisher.post(at("publish", item), {"fingerprint": "0" * 64}).status_code == 409
    assert Version.objects.count() == 0
    fields = sent(page)
    assert publisher.post(at("publish", item), fields).status_code == 302
    assert (make.again(item).state, Version.objects.count()) == ("published", 1)
    assert publisher.post(at("publish", item), fields).status_code == 409
    assert Version.objects.count() == 1


def test_who_wrote_the_text_cannot_publish_it(desk):
    item = make.item("cleared")
    fields = {"fingerprint": item.draft.head.fingerprint}
    assert desk.post(at("publish", item), fields).status_code == 409
    assert Version.objects.count() == 0


def test_a_correction_is_opened_for_all_versions_that_carry_a_text(desk):
    make.item(
        "published",
        asks=("One", "Two"),
        about=[make.facts("Alpha"), make.facts("Beta")],
        outcomes=("added", "added"),
    )
    one, two = Version.objects.order_by("pk")
    address = reverse("admin:applications_item_correct") + f"?version={one.pk}"
    offered = desk.get(address).context["form"].fields["versions"].queryset
    assert set(offered) == {one, two}
    desk.post(
        address, {"versions": [one.pk, two.pk], "code": "K.1", "title": "A slip", "note": "A strength was wrong."}
    )
    correction = Item.objects.get(code="K.1")
    again = desk.post(address, {"versions": [one.pk], "code": "K.1", "title": "A slip", "note": "Wrong."})
    assert again.context["form"].errors.keys() == {"code"}
    assert (correction.state, correction.proposals.count()) == ("drafted", 2)
    assert desk.get(at("change", correction)).status_code == 200


def test_offered_splits_are_applied_as_one_revision(desk):
    text = (
        b"# Baclofen\n\n## Harms\n\nSome words on harms were seen in two studies. "
        b"Oral baclofen versus placebo The studies were small and the studies differ.\n"
    )
    make.meeting()
    file = SimpleUploadedFile("dossier.md", text)
    desk.post(reverse("admin:applications_item_upload"), {"file": file, "meeting": Meeting.objects.get().pk})
    document = Item.objects.get().documents.get()
    address = reverse("admin:applications_document_change", args=[document.pk])
    splits = desk.get(address).context["splits"]
    assert [split.words for split in splits] == ["Oral baclofen versus placebo"]
    chosen = [f"{split.block}:{split.offset}" for split in splits]
    desk.post(reverse("admin:applications_document_split", args=[document.pk]), {"split": chosen})
    head = make.again(Item.objects.get()).draft.head
    assert head.number == 2
    assert ">Oral baclofen versus placebo</h3>" in head.content.narrative.section("harms")
    assert desk.get(address).context["splits"] == []


@pytest.mark.parametrize(
    "state", ["received", "in_review", "at_meeting", "decided", "signed", "cleared", "published", "withdrawn"]
)
def test_every_state_has_an_overview(desk, state):
    item = make.item("in_review") if state == "withdrawn" else make.item(state)
    if state == "withdrawn":
        item = make.carry(item, "withdrawn")
    page = desk.get(at("change", item))
    assert page.status_code == 200
    assert [step.state.label for step in page.context["road"] if step.is_current] == [item.get_state_display()]


def test_rules_of_a_meeting_are_fields():
    client = as_person(make.the_secretary())
    meeting = make.meeting(rules={"signatures": ["chair", "rapporteur"], "clearance": False})
    address = reverse("admin:applications_meeting_change", args=[meeting.pk])
    fields = sent(client.get(address).content.decode(), "meeting_form")
    assert (fields["signatures"], "clearance" in fields) == (["chair", "rapporteur"], False)
    assert client.post(address, fields | {"clearance": "on", "delegate": "rapporteur"}).status_code == 302
    meeting.refresh_from_db()
    agreed = meeting.agreed
    assert (agreed.signatures, agreed.delegate, agreed.clearance, agreed.binding_poll) == (
        ("chair", "rapporteur"), "rapporteur", True, False,
    )  # fmt: skip


def test_staff_enter_members_but_accounts_of_staff_are_for_administrators():
    client = as_person(make.the_secretary())
    data = {"name": "New Member", "email": "New@Example.org", "language": "fr", "usable_password": "false"}
    assert client.post(reverse("admin:applications_person_add"), data).status_code == 302
    member = Person.objects.get(email="new@example.org")
    assert (member.is_staff, member.may_publish, member.language) == (False, False, "fr")
    address = reverse("admin:applications_person_change", args=[member.pk])
    fields = sent(client.get(address).content.decode(), "person_form")
    client.post(address, fields | {"is_staff": "on", "may_publish": "on"})
    member.refresh_from_db()
    assert (member.is_staff, member.may_publish) == (False, False)
    publisher = make.the_publisher()
    for name in ("person_change", "auth_user_password_change"):
        name = f"admin:applications_{name}" if name.startswith("person") else f"admin:{name}"
        assert client.post(reverse(name, args=[publisher.pk]), {"password1": "x", "password2": "x"}).status_code == 403


def test_a_member_is_sent_a_link_to_set_the_password(mailoutbox):
    client = as_person(make.the_secretary())
    member = make.person("New Member")
    assert client.post(reverse("admin:applications_person_link", args=[member.pk])).status_code == 302
    assert [mail.to for mail in mailoutbox] == [[member.email]]
    assert "/accounts/password/reset/key/" in mailoutbox[0].body
    publisher = make.the_publisher()
    assert client.post(reverse("admin:applications_person_link", args=[publisher.pk])).status_code == 403


def test_the_address_of_somebody_who_logs_in_is_changed_by_administrators_alone():
    """The link that sets a password goes there: whoever could change the address could sign as a member."""
    new, known = make.person("New Member"), make.person("Mara Haddad", password="a password of some length")
    kept = known.email
    for who, expected in (
        (make.the_secretary(), ("new@example.org", kept)),
        (make.person("Ada", is_staff=True, is_superuser=True), ("new@example.org", "known@example.org")),
    ):
        client = as_person(who)
        for member, address in ((new, "new@example.org"), (known, "known@example.org")):
            page = reverse("admin:applications_person_change", args=[member.pk])
            fields = sent(client.get(page).content.decode(), "person_form") | {"email": address}
            assert client.post(page, fields).status_code == 302
            member.refresh_from_db()
        assert (new.email, known.email) == expected


def test_the_public_record_is_looked_at_and_not_edited(desk):
    version = make.published()
    for address in (
        reverse("admin:medicines_recommendation_changelist"),
        reverse("admin:medicines_recommendation_changelist") + "?q=Baclofen",
        reverse("admin:medicines_version_changelist") + "?q=Baclofen",
        reverse("admin:medicines_recommendation_change", args=[version.recommendation.pk]),
        reverse("admin:medicines_version_changelist"),
        reverse("admin:medicines_version_change", args=[version.pk]),
    ):
        assert desk.get(address).status_code == 200
    address = reverse("admin:medicines_version_change", args=[version.pk])
    assert desk.post(address, {"note": "x"}).status_code == 403
