"""A small house with people at every door, for the tests that try the doors.

One item of the 25th meeting is hidden from a member and from a secretary. It has a row of every confidential model,
and a word of its own in every text, so that whatever a page lets out says where it came from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client

from applications.actions import draft as drafts
from applications.actions import item as items
from applications.models import Document, Item, Meeting, Person, Recusal, Revision, Thread
from medicines.actions.list_imports import receive
from medicines.models import AtcCode, AwareEntry, Edition, Icd11Entity, ListImport, Section, Version
from tests import make

CANARIES = {
    "title": "canarytitle",
    "application": "canaryapplication",
    "applicant": "canaryapplicant",
    "proposal": "canaryproposal",
    "medicine": "canarymedicine",
    "indication": "canaryindication",
    "draft": "canarydraft",
    "newer draft": "canarynewer",
    "note": "canarynote",
    "comment": "canarycomment",
    "reply": "canaryreply",
    "verdict": "canaryverdict",
    "document": "canarydocument",
    "file": "canaryfile",
    "decision": "canarydecision",
    "dissent": "canarydissent",
    "clearance": "canaryclearance",
    "event": "canaryevent",
    "recusal": "canaryrecusal",
    "typing": "canarytyping",
}
"""What each confidential text says. The title of an item is read by the members of its meeting, recused or not."""

PASSWORD = "a password of some length"

ABSENT = 900_000
"""Added to an id, it makes one that never existed."""


@dataclass
class House:
    meeting: Meeting
    elsewhere: Meeting
    nobodys: Meeting
    hidden: Item
    document: Document
    thread: Thread
    head: Revision
    recusal: Recusal
    version: Version
    edition: Edition
    section: Section
    classified: dict[str, int]
    waiting: ListImport
    people: dict[str, Person | None] = field(default_factory=dict)

    def client(self, who: str) -> Client:
        """A browser at which this person has logged in."""
        client = Client()
        if person := self.people[who]:
            client.force_login(person)
        return client

    def arguments(self, *, absent: bool = False) -> dict[str, Any]:
        """What stands in addresses: of the hidden item, or of one that never existed."""
        far = ABSENT if absent else 0
        hidden = self.hidden
        return {
            "item": hidden.pk + far,
            "draft": hidden.draft.pk + far,
            "document": self.document.pk + far,
            "thread": self.thread.pk + far,
            "event": hidden.events.order_by("pk")[0].pk + far,
            "recusal": self.recusal.pk + far,
            "key": "0123abcd" if absent else hidden.proposals.get().key,
            "block": make.first_block(hidden),
            "a": 1,
            "b": self.head.number,
            # What is hidden from nobody who may look at such things at all.
            "meeting": self.meeting.pk,
            "person": self.someone("member").pk,
            "number": self.version.recommendation.number,
            "recommendation": self.version.recommendation.pk,
            "version": self.version.pk,
            "edition": self.edition.pk,
            "section": self.section.pk,
            **self.classified,
            "import": self.waiting.pk,
            "medicine": self.version.recommendation.medicine_id,
            "indication": self.version.recommendation.indication_id,
        }

    def someone(self, who: str) -> Person:
        person = self.people[who]
        assert person is not None
        return person


PEOPLE = (
    "stranger",
    "outsider",
    "elsewhere",
    "recused",
    "member",
    "chair",
    "secretary",
    "recused_secretary",
    "publisher",
)
"""Nobody logged in; somebody without a seat; the chair of another meeting; then people of this meeting and staff."""

LEFT_OUT = ("outsider", "elsewhere", "recused", "recused_secretary")
"""Those who have logged in and to whom the item is closed."""


def build() -> House:
    meeting, elsewhere = make.meeting(25), make.meeting(26)
    people = {
        "stranger": None,
        "outsider": make.person("Olga Outsider"),
        "elsewhere": make.sitting(elsewhere, "chair"),
        "recused": make.sitting(meeting),
        "member": meeting.members.get(person__name="Mina Rahman").person,
        "chair": make.sitting(meeting, "chair"),
        "secretary": make.secretary(),
        "recused_secretary": make.secretary("Rene Recused"),
        "publisher": make.publisher(),
    }
    _with_passwords(people)
    make.edition(23)
    edition = make.edition(24)
    section = make.section(edition, "5", "Medicines for neurological disorders")
    version = make.published(at=meeting, title="Something published", by=people["secretary"])
    make.correction(version, "published", by=people["secretary"])
    hidden = _hidden_item(meeting, people)
    return House(
        meeting=meeting,
        elsewhere=elsewhere,
        nobodys=make.meeting(27, seated=False),
        hidden=hidden,
        document=hidden.documents.get(),
        thread=Thread.objects.get(draft=hidden.draft),
        head=hidden.draft.head,
        recusal=hidden.recusals.get(person=people["recused"]),
        version=version,
        edition=edition,
        section=section,
        classified=_classified(),
        waiting=_waiting(),
        people=people,
    )


def _waiting() -> ListImport:
    """A file at the desk that nobody has confirmed yet."""
    file = ContentFile(b"number,title\n5.1,New\n")
    return receive(file=file, name="sections.csv", kind="sections", edition="24")


def _classified() -> dict[str, int]:
    """A row of each classification, by the name that addresses have for it."""
    return {
        "atc_code": AtcCode.objects.create(code="M03", name="An invented class").pk,
        "icd11_entity": Icd11Entity.objects.create(
            release="2025-01",
            place=1,
            kind="category",
            code="8D20",
            title="Invented stiffness",
            key="invented stiffness",
        ).pk,
        "aware_entry": AwareEntry.objects.create(edition="2023", name="Exemplin", key="exemplin", group="watch").pk,
    }


def _with_passwords(people: dict[str, Person | None]) -> None:
    for person in people.values():
        if person:
            person.set_password(PASSWORD)
            person.save(update_fields=["password"])


def _hidden_item(meeting: Meeting, people: dict[str, Any]) -> Item:
    """Signed, cleared, then changed: it waits for signatures again, and what came before is still in its tables."""
    words, secretary = CANARIES, people["secretary"]
    item = make.item(
        "screened",
        at=meeting,
        by=secretary,
        title=words["title"],
        applicant=words["applicant"],
        asks=[words["proposal"]],
        about=[make.facts(words["medicine"], words["indication"])],
        words=words["draft"],
        note=words["note"],
    )
    items.add_application(
        item=item, title=words["application"], applicant="Somebody", received_on=date(2024, 11, 2), by=secretary
    )
    make.add_document(item, name=f"{words['document']}.md", data=words["file"].encode())
    items.move(item=item, to="in_review", by=secretary, words=words["event"])
    for who in ("recused", "recused_secretary"):
        make.recusal(item, people[who], reason=words["recusal"])
    thread = make.thread(item, text=words["comment"], by=people["chair"])
    item = make.carry(make.again(item), "at_meeting", by=secretary)
    opinion = make.dissent(meeting.members.get(seat="rapporteur"), words["dissent"])
    make.decide(item, dissents=[opinion], note=words["decision"], by=secretary)
    make.sign(item)
    make.clear(item, words=words["clearance"], by=secretary)
    make.revise(item, words["newer draft"], by=secretary)
    make.reading(item, "needs_changes", why=words["verdict"], by=people["chair"])
    make.reply(thread, text=words["reply"], by=secretary)
    item = make.again(item)
    drafts.keep_working_copy(draft=item.draft, base=item.draft.head, fields={"note": words["typing"]}, by=secretary)
    return item


# Answers


def body(answer: HttpResponseBase) -> bytes:
    """All that was answered; a file is read to its end."""
    return b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]


TOKENS = re.compile(rb'(name="csrfmiddlewaretoken" value="|nonce="|data-csrf="|nonce-)[^"\']*')


def same_for_all(page: bytes) -> bytes:
    """A page without what differs between any two answers: tokens against forgery, and nonces."""
    return TOKENS.sub(rb"\1", page)


def headers(answer: HttpResponseBase) -> dict[str, str]:
    """What a reader gets beside the page, without the hour, and the length, in which tokens and address are counted."""
    policy = TOKENS.sub(rb"\1", answer.headers.get("Content-Security-Policy", "").encode())
    of_the_hour = ("Content-Length", "Expires", "Last-Modified")  # The last is told once its second is over.
    kept = {name: value for name, value in answer.headers.items() if name not in of_the_hour}
    return kept | {"Content-Security-Policy": policy.decode()}


def canaries_in(text: bytes | str) -> set[str]:
    """The names of the canaries that sing in a text, whatever their case."""
    low = (text if isinstance(text, bytes) else text.encode()).lower()
    return {name for name, word in CANARIES.items() if word.encode() in low}


def upload(words: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("new.md", words.encode(), "text/markdown")


# The database


UNREMARKABLE = ("django_session", "django_migrations", "medicines_rendering")
"""Sessions are touched by logging in and by messages; nobody can tell whether a rendering is stored."""


def fingerprints(leave_out: Iterable[str] = UNREMARKABLE) -> dict[str, str]:
    """What each table holds, as a number of rows and a checksum, in one query."""
    tables = sorted(set(connection.introspection.table_names()) - set(leave_out))
    each = [
        f"SELECT '{table}', count(*) || ' ' || coalesce(md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))), '')"
        f' FROM "{table}" t'
        for table in tables
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return dict(cursor.fetchall())


def changed(before: dict[str, str]) -> list[str]:
    """The tables that hold something else now."""
    return sorted(table for table, sum_now in fingerprints().items() if before.get(table) != sum_now)
