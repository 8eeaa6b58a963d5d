"""Canaries: words that stand in confidential texts alone, and pages, files, mail and headers in which they never sing.

Every person walks the site from their first page by its links, and tries every address of the route tables as well.
Somebody who is entitled to a text has to find its canary, so that a canary that died would be noticed.
"""

from __future__ import annotations

import gzip
import io
import logging
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import update_last_login
from django.contrib.auth.signals import user_logged_in
from django.core import mail
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client

from medicines.exports import FORMATS
from medicines.list_files import make_files
from medicines.models import ListImport, RecordState, Rendering
from tests import make
from tests.house import CANARIES, PEOPLE, House, body, build, canaries_in, headers, same_for_all
from tests.test_routes import all_addresses, arguments

pytestmark = pytest.mark.django_db

START = ("/", "/committee/", "/admin/")

SEARCHES = (
    "/search/?",
    "/ar/search/?",
    "/search/suggestions/?",
    "/api/v1/recommendations?",
    *(f"/{path}.{extension}?" for path in ("search/list", "ru/search/list") for extension in FORMATS),
)

QUESTIONS = (
    "/search/?q=anarymedicine",
    "/search/?section=anary",
    "/fr/search/?q=anaryindication",
    "/admin/applications/item/?q=anary",
    "/admin/applications/item/?q=anarymedicine",
    "/admin/applications/document/?q=anary",
    "/admin/applications/event/?q=anary",
    "/admin/applications/recusal/?q=anary",
    "/admin/applications/person/?q=anary",
    "/admin/medicines/recommendation/?q=anary",
    "/admin/medicines/version/?q=anary",
    "/admin/autocomplete/?app_label=applications&model_name=event&field_name=item&term=anary",
    "/admin/autocomplete/?app_label=applications&model_name=application&field_name=item&term=",
    "/admin/autocomplete/?app_label=applications&model_name=revision&field_name=draft&term=",
    "/admin/autocomplete/?app_label=applications&model_name=member&field_name=person&term=",
    *(f"{path}q=anarymedicine" for path in SEARCHES),
    "/search/suggestions/?q=canar",
    "/search/suggestions/?q=canarymedicin",
    "/search/?q=canarymedicin",
    "/api/v1/recommendations?q=anaryindication",
    "/api/v1/medicines?name=anary",
    "/api/v1/indications?name=anary",
    "/api/v1/openapi.json",
    "/sitemap.xml",
    *(f"/sitemap-{kind}-0.xml" for kind in ("pages", "sections", "recommendations", "medicines", "indications")),
    "/feeds/decisions.atom",
    "/feeds/corrections.atom",
    "/feed/",
    "/files/",
    "/media/documents/",
    "/static/documents/",
    "/no-such-page/",
    "/committee/no-such-page/",
    "/admin/no-such-page/",
)
"""Searches, and addresses where other sites keep things. A page repeats what is searched for: hence no whole canary."""

READ_BY = {
    # The title is read by all members of the meeting; the register, the history and typing by the secretariat.
    "recused": {"title"},
    "member": set(CANARIES) - {"recusal", "event", "clearance", "typing"},
    "chair": set(CANARIES) - {"recusal", "event", "clearance", "typing"},
    "secretary": set(CANARIES),
}
"""Which canaries a person finds; whoever is not named finds none."""

LINK = re.compile(r'(?:href|action)="([^"]*)"')

LEAD_AWAY = re.compile(r"^/static/|^/accounts/|^/admin/logout/|[?&](o|e|p|all|_changelist_filters)=")
"""What is not followed: files of the site itself, the account, and other orders of the same list."""

OTHER_LANGUAGES = tuple(f"/{code}/" for code, _name in settings.LANGUAGES if code != "en")


@pytest.fixture
def house() -> House:
    return build()


def walk(
    client: Client, starts: tuple[str, ...], *, skip: tuple[str, ...] = ()
) -> Iterator[tuple[str, HttpResponseBase, bytes]]:
    """Every answer that is reached by links from the starts, each address once, with all that it says."""
    ahead, seen = list(starts), set(starts)
    while ahead:
        address = ahead.pop()
        answer = client.get(address)
        page = body(answer)
        yield address, answer, page
        found = [answer.headers["Location"]] if "Location" in answer.headers else []
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            found += [unescape(link) for link in LINK.findall(page.decode())]
        for link in found:
            parts = urlsplit(urljoin(address, link))
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            if parts.netloc or target in seen or LEAD_AWAY.search(target) or target.startswith(skip):
                continue
            if parts.query and "?" in address:
                continue  # One filter at a time.
            seen.add(target)
            ahead.append(target)
        assert len(seen) < 2000, f"The site has no end: {sorted(seen)[::20]}"


def everything(
    house: House, who: str, *, skip: tuple[str, ...] = OTHER_LANGUAGES
) -> Iterator[tuple[str, HttpResponseBase, bytes]]:
    """All that somebody can ask for: by links, by the route tables, by searching and by guessing."""
    given = arguments(house)
    tables = tuple(pattern.format_map(given) for pattern in all_addresses())
    file = house.document.file.name
    guesses = (f"/files/{file}", f"/media/{file}", f"/{file}", f"/static/{file}")
    return walk(house.client(who), (*START, *tables, *QUESTIONS, *guesses), skip=skip)


def sings(answer: HttpResponseBase, page: bytes) -> set[str]:
    """The canaries in an answer: its page, what is packed in it, its headers, its cookies."""
    beside = f"{answer.headers} {answer.cookies}"
    return canaries_in(unpacked(page)) | canaries_in(beside)


def unpacked(page: bytes) -> bytes:
    """A workbook, a document of Word and what is compressed, with the words that are in it; anything else as it is."""
    if page.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(page)) as parts:
            return b"".join(name.encode() + parts.read(name) for name in parts.namelist())
    return gzip.decompress(page) if page.startswith(b"\x1f\x8b") else page


# Who hears what


@pytest.mark.parametrize("who", [who for who in PEOPLE if who != "publisher"])  # Who reads what the secretary reads.
def test_each_person_hears_the_canaries_they_are_entitled_to_and_no_other(
    house: House, who: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    heard: dict[str, set[str]] = {}
    broken = []
    # Public pages are the same for all, so one person reads them in the other languages.
    skip = () if who == "stranger" else OTHER_LANGUAGES
    for address, answer, page in everything(house, who, skip=skip):
        if answer.status_code >= 500:
            broken.append(address)
        for name in sings(answer, page):
            heard.setdefault(name, set()).add(address)
    assert broken == []
    entitled = READ_BY.get(who, set())
    assert {name: sorted(where) for name, where in heard.items() if name not in entitled} == {}
    assert entitled - set(heard) == set(), "An entitled person does not find these: the test would not see a leak."
    logged = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    assert canaries_in(" ".join(logged)) <= entitled


def test_the_search_of_the_admin_finds_for_staff_what_is_open_to_them_alone(house: House) -> None:
    found = {}
    for who in ("secretary", "recused_secretary"):
        client = house.client(who)
        for word in ("anarytitle", "anarymedicine", "anaryindication"):
            page = client.get(f"/admin/applications/item/?q={word}").content.decode()
            found[who, word] = f"/admin/applications/item/{house.hidden.pk}/change/" in page
    assert {who for (who, _word), is_found in found.items() if is_found} == {"secretary"}
    assert all(is_found for (who, _word), is_found in found.items() if who == "secretary")


def test_no_mail_and_no_note_of_the_admin_tells_of_the_item(house: House) -> None:
    secretary = house.client("secretary")
    item = house.hidden
    secretary.post(
        f"/admin/applications/item/{item.pk}/application/", {"title": "canarytitle", "received_on": "2024-11-01"}
    )
    secretary.post(
        f"/admin/applications/item/{item.pk}/recuse/", {"person": house.someone("member").pk, "reason": "canaryrecusal"}
    )
    told = [f"{message.subject} {message.body} {message.extra_headers}" for message in mail.outbox]
    assert canaries_in(" ".join(told)) == set()
    notes = [f"{entry.object_repr} {entry.change_message}" for entry in LogEntry.objects.all()]
    assert canaries_in(" ".join(notes)) == set()


def test_uploaded_files_have_no_address_of_their_own(house: House) -> None:
    assert settings.MEDIA_URL in ("", "/")
    assert "canary" not in house.document.file.name, "The name of a file on the disk is made by chance."
    assert not str(settings.MEDIA_ROOT).startswith(str(settings.STATIC_ROOT))


def test_the_ear_hears_what_is_packed(tmp_path: Path) -> None:
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("word/document.xml", "A canarytitle sings")
    assert canaries_in(book.getvalue()) == set()
    assert canaries_in(unpacked(book.getvalue())) == {"title"}
    assert canaries_in(unpacked(gzip.compress(b"canarynote"))) == {"note"}


def test_the_files_of_the_whole_record_hold_no_canary(house: House, tmp_path: Path, settings: Any) -> None:
    settings.FILES_ROOT = tmp_path
    found = make_files(site="http://testserver")
    client = Client()
    told = [(file.name, body(client.get(f"/data/files/{found.key}/{file.name}"))) for file in found.files]
    told += [
        ("the page", client.get("/data/").content),
        ("the manifest", (tmp_path / found.key / "manifest.json").read_bytes()),
    ]
    assert len(told) > 2
    assert {name for name, words in told if canaries_in(unpacked(words))} == set()
    assert all(b"published" in unpacked(words).lower() for name, words in told if name.endswith(".jsonl.gz"))


def test_no_table_that_readers_ask_knows_a_canary(house: House) -> None:
    """The words that mistypings are corrected to, the texts of the search, the stored pages."""
    for path in ("/", "/search/", "/medicines/", "/recommendations/1/"):
        house.client("secretary").get(path)
    tables = [name for name in connection.introspection.table_names() if name.startswith("medicines_")]
    singing = set()
    with connection.cursor() as cursor:
        for table in sorted(set(tables) - {"medicines_rendering"}):
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t")
            if canaries_in(cursor.fetchone()[0]):
                singing.add(table)
    assert singing == set()
    pages = list(Rendering.objects.all())
    assert pages
    assert [page.path for page in pages if canaries_in(unpacked(bytes(page.body)))] == []


# What does not change


MADE_AT = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*")
"""The hour at which a workbook of the desk was asked for."""


def pages_of(house: House, who: str) -> dict[str, tuple[int, bytes, str]]:
    """All that somebody finds, without what differs between any two answers."""
    return {
        address: (
            answer.status_code,
            MADE_AT.sub(b"", same_for_all(unpacked(page))),
            str(sorted(headers(answer).items())),
        )
        for address, answer, page in everything(house, who)
    }


def happen(house: House) -> None:
    """Something of every kind befalls the hidden item, and another one is made that is closed to the same secretary."""
    item, secretary, chair = house.hidden, house.someone("secretary"), house.someone("chair")
    make.thread(item, text="One more", by=chair)
    make.resolved(item, by=house.someone("member"))
    make.reading(item, "needs_changes", why="More", by=chair)
    make.revise(item, "More words", by=secretary)
    make.add_document(item, name="more.md", data=b"More")
    make.recusal(item, house.meeting.members.get(seat="vice_chair").person)
    make.decide(make.again(item), "not_recommended", by=secretary)
    make.sign(item)
    another = make.item("in_review", at=house.nobodys, by=secretary, title="Another", document="another.md")
    make.recusal(another, house.someone("recused_secretary"))


@pytest.fixture
def no_last_login() -> Iterator[None]:
    """Logging in leaves no hour behind: pages on people show it, and a minute may pass between two looks."""
    user_logged_in.disconnect(dispatch_uid="update_last_login")
    yield
    user_logged_in.connect(update_last_login, dispatch_uid="update_last_login")


@pytest.mark.parametrize("who", ["stranger", "outsider", "elsewhere", "recused", "recused_secretary"])
def test_nothing_that_happens_behind_a_door_changes_a_byte_before_it(
    house: House, no_last_login: None, who: str
) -> None:
    before = pages_of(house, who)
    happen(house)
    after = pages_of(house, who)
    assert sorted(after) == sorted(before)
    assert [address for address in before if after[address] != before[address]] == []


def test_nothing_that_happens_behind_a_door_moves_the_state_of_the_record(house: House) -> None:
    """Tags and dates of public answers tell of that state, and would tell that somebody is at work."""
    before = RecordState.objects.values().get()
    tags = [Client().get(path).headers.get("ETag") for path in ("/", "/search/", "/api/v1/recommendations")]
    happen(house)
    house.client("chair").get(f"/committee/items/{house.hidden.pk}/draft/")
    house.client("secretary").get(f"/admin/applications/item/{house.hidden.pk}/change/")
    ListImport.objects.create(name="a list that waits.csv", sha256="0" * 64)
    assert RecordState.objects.values().get() == before
    assert [Client().get(path).headers.get("ETag") for path in ("/", "/search/", "/api/v1/recommendations")] == tags
    assert None not in tags
