"""Stored renderings: made once, the same for everybody, and never older than the record."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, connections
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from django.utils import timezone

from medicines import conditional
from medicines.actions.editions import edition_for
from medicines.actions.import_list import import_list
from medicines.actions.rename import rename_medicine
from medicines.models import Edition, Medicine, Rendering, Section, Version
from medicines.renderings import stored
from tests import make
from tests.medicines.build import content, corrected, imported, published
from tests.medicines.lists import csv_file, row
from tests.processes import eventually

PAGE = "/recommendations/1/"
PAGES = (
    *("/", "/about/", PAGE, "/recommendations/1/v1/", "/recommendations/2/"),
    *("/fr/", "/ar/recommendations/1/", "/zh-hans/recommendations/2/"),
)


@pytest.fixture
def record(db: None) -> Version:
    make_record()
    return Version.objects.get(recommendation__number=1)


def make_record() -> None:
    edition = make.edition(24)
    make.section(edition, "5", "Medicines for neurological disorders")
    published()
    imported(content(text=False, medicine="tizanidine"))


def bodies(client: Client, pages: tuple[str, ...] = PAGES) -> dict[str, bytes]:
    answers = {page: client.get(page) for page in pages}
    assert {page: answer.status_code for page, answer in answers.items()} == dict.fromkeys(pages, 200)
    return {page: answer.content for page, answer in answers.items()}


def queries(ask: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as seen:
        ask()
    return len(seen)


# Made once


def test_a_page_is_made_once_and_then_takes_one_query(record: Version, client: Client) -> None:
    first = bodies(client)
    for page in PAGES:
        assert queries(lambda page=page: client.get(page)) == 1, page
    assert bodies(client) == first
    assert set(Rendering.objects.values_list("path", flat=True)) == set(PAGES)


def test_it_is_the_same_for_whoever_made_it_and_whoever_reads_it(record: Version) -> None:
    staff = Client()
    staff.force_login(make.secretary(language="fr"))
    made_by_staff = bodies(staff)
    assert bodies(Client()) == made_by_staff
    Rendering.objects.all().delete()
    assert bodies(Client()) == made_by_staff
    assert bodies(staff) == made_by_staff


def test_there_is_one_row_for_an_address_however_often_the_record_changes(record: Version, client: Client) -> None:
    version = record
    for weight in ("> 1 kg", "> 2 kg", "> 3 kg"):
        client.get(PAGE)
        version = corrected(version, content(weight=weight), note="Again.")
        client.get(PAGE, headers={"host": "127.0.0.1:8000"})
    assert Rendering.objects.count() == 1


# Never stale


def publish_more(record: Version) -> None:
    published(content(medicine="dantrolene"))


def correct(record: Version) -> None:
    corrected(record, content(weight="> 25 kg"), note="The weight was missing.")


def import_a_list(record: Version, folder: Path) -> None:
    rows = [row("baclofen", "Spastic cerebral palsy", section="Nerves"), row("newmed", "Spastic cerebral palsy")]
    import_list(file=csv_file(folder / "list.csv", rows), edition=edition_for(number=24))


def rename(record: Version) -> None:
    rename_medicine(medicine=Medicine.objects.get(key="tizanidine"), name="newname", source={"source": "A test"})


def retitle_a_section_in_the_admin(record: Version) -> None:
    staff = Client()
    staff.force_login(make.secretary())
    section = Section.objects.get()
    words = {"edition": section.edition_id, "number": "5", "title": "Medicines for the nerves"}
    assert staff.post(reverse("admin:medicines_section_change", args=[section.pk]), words).status_code == 302


def add_an_edition(record: Version) -> None:
    Edition.objects.create(number=25, year=2026, effective_date=timezone.localdate())


CHANGES: dict[str, Callable[..., None]] = {
    "a publication": publish_more,
    "a correction": correct,
    "an import": import_a_list,
    "a new name": rename,
    "a new title of a section": retitle_a_section_in_the_admin,
    "a new edition": add_an_edition,
}


@pytest.mark.parametrize("change", CHANGES)
def test_after_a_change_every_page_is_as_if_none_were_stored(
    change: str, record: Version, client: Client, tmp_path: Path
) -> None:
    before = bodies(client)
    CHANGES[change](record, *([tmp_path] if change == "an import" else []))
    after = bodies(client)
    Rendering.objects.all().delete()
    anew = bodies(client)
    assert after == anew
    assert any(after[page] != before[page] for page in PAGES), "Nothing here shows the change."


def test_a_new_release_or_another_operator_makes_every_page_anew(
    record: Version, client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies(client)
    settings.OPERATOR = "The Example Committee"
    assert b"The Example Committee" in client.get(PAGE).content
    assert queries(lambda: client.get(PAGE)) == 1
    monkeypatch.setattr(conditional, "release", lambda: "another release")
    assert queries(lambda: client.get(PAGE)) > 1
    assert queries(lambda: client.get(PAGE)) == 1


def test_an_edition_comes_into_force_at_midnight(
    record: Version, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = timezone.localdate()
    tomorrow = today + timezone.timedelta(days=1)
    Edition.objects.create(number=26, year=2027, effective_date=tomorrow)
    assert b"EML 26" not in client.get(PAGE).content
    monkeypatch.setattr(timezone, "localdate", lambda *args: tomorrow)
    assert b"EML 26" in client.get(PAGE).content


def test_a_publication_while_a_page_is_being_made_leaves_no_old_page_behind(cloned_database: str) -> None:
    """The page is read before the publication and stored after it."""
    make_record()

    @stored
    def slow(request: HttpRequest, number: int) -> HttpResponse:
        read = Version.objects.filter(recommendation__number=number).count()
        if read == 1:
            elsewhere(lambda: correct(Version.objects.get(recommendation__number=number)))
        return HttpResponse(f"{read} versions")

    assert ask(slow).content == b"1 versions"
    assert Rendering.objects.count() == 1
    assert ask(slow).content == b"2 versions"
    assert ask(slow).content == b"2 versions"


def test_whoever_asks_after_a_publication_reads_it(cloned_database: str) -> None:
    """Four readers without a pause, while twelve corrections are published one after another, each read at once."""
    make_record()
    committed, stale, reads = [0], [], []
    over = threading.Event()

    def read() -> None:
        client = Client()
        while not over.is_set():
            known = committed[0]
            words = client.get(PAGE).content.decode()
            reads.append(known)
            if not any(f"{number} kg" in words for number in range(known, 13)) and known:
                stale.append(known)
        connections.close_all()

    readers = [threading.Thread(target=read) for _each in range(4)]
    for reader in readers:
        reader.start()
    try:
        for number in range(1, 13):
            newest = Version.objects.filter(recommendation__number=1).newest_first()[0]
            corrected(newest, content(weight=f"{number} kg"), note=f"To {number} kg.")
            committed[0] = number
            eventually(partial(reads.__contains__, number))
    finally:
        over.set()
        for reader in readers:
            reader.join()
    assert stale == []


def elsewhere(act: Callable[[], object]) -> None:
    """In a thread with a connection of its own, to its end."""

    def run() -> None:
        act()
        connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def ask(view: Callable[..., Any], path: str = PAGE) -> Any:
    request = RequestFactory().get(path)
    request.resolver_match = resolve(path)
    return view(request, **request.resolver_match.kwargs)


# Kept elsewhere too


def test_an_answer_can_be_kept_and_asks_whether_it_still_holds(record: Version, client: Client) -> None:
    client.get(PAGE)
    Rendering.objects.update(made_at=timezone.now() - timezone.timedelta(hours=1))
    answer = client.get(PAGE)
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert dict(answer.cookies) == {}
    tag, day = answer.headers["ETag"], answer.headers["Last-Modified"]
    for given in ({"if-none-match": tag}, {"if-modified-since": day}, {"if-none-match": f'"other", {tag}'}):
        again = client.get(PAGE, headers=given)
        assert (again.status_code, again.content) == (304, b""), given
        assert again.headers["ETag"] == tag
    correct(record)
    for given in ({"if-none-match": tag}, {"if-modified-since": day}):
        assert client.get(PAGE, headers=given).status_code == 200, given


def test_a_second_that_is_not_over_is_not_told(record: Version, client: Client) -> None:
    """Another page could still be made in it, and would count as the same."""
    client.get(PAGE)
    Rendering.objects.update(made_at=timezone.now() + timezone.timedelta(hours=1))
    assert "Last-Modified" not in client.get(PAGE).headers


def test_a_page_that_a_change_left_as_it_was_keeps_its_tag(record: Version, client: Client) -> None:
    before = client.get("/about/").headers["ETag"]
    correct(record)
    assert client.get("/about/").headers["ETag"] == before


@pytest.mark.parametrize(
    ("accepted", "compressed"),
    [
        ("", False),
        ("identity", False),
        ("br, x-gzip", False),
        ("gzip;q=0, br", False),
        ("gzip ; q=0.0", False),
        ("gzip", True),
        ("br, GZIP", True),
        ("gzip, deflate, br", True),
        ("deflate, gzip;q=0.5", True),
        ("*", True),
    ],
)
def test_it_goes_out_compressed_to_whoever_takes_that(
    record: Version, client: Client, accepted: str, compressed: bool
) -> None:
    plain = client.get(PAGE)
    answer = client.get(PAGE, headers={"accept-encoding": accepted})
    assert answer.headers.get("Content-Encoding") == ("gzip" if compressed else None)
    assert (gzip.decompress(answer.content) if compressed else answer.content) == plain.content
    assert answer.headers["Content-Length"] == str(len(answer.content))
    assert answer.headers["ETag"] == plain.headers["ETag"]


def test_asking_for_the_head_alone_tells_the_same(record: Version, client: Client) -> None:
    made = client.head(PAGE)
    read = client.get(PAGE)
    assert (made.status_code, made.content) == (200, b"")
    for name in ("ETag", "Content-Type", "Content-Length", "Content-Language", "Cache-Control"):
        assert made.headers[name] == read.headers[name], name


# What is not stored


def test_what_has_no_address_of_its_own_is_not_stored(record: Version, client: Client) -> None:
    expected = client.get(PAGE).content
    for path, status in {
        "/?page=1": 200,
        f"{PAGE}?utm_source=mail": 200,
        "/recommendations/001/": 200,
        "/recommendations/999/": 404,
        "/recommendations/1/v9/": 404,
        "/no-such-page/": 404,
        "/fr": 301,
    }.items():
        assert client.get(path).status_code == status, path
    assert client.post(PAGE).status_code == 405
    assert list(Rendering.objects.values_list("path", flat=True)) == [PAGE]
    assert client.get(PAGE).content == expected


def test_what_is_not_stored_goes_out_compressed_too(record: Version, client: Client) -> None:
    plain = client.get(f"{PAGE}?utm_source=mail")
    answer = client.get(f"{PAGE}?utm_source=mail", headers={"accept-encoding": "gzip"})
    assert (plain.headers.get("Content-Encoding"), answer.headers["Content-Encoding"]) == (None, "gzip")
    assert gzip.decompress(answer.content) == plain.content
    assert answer.headers["ETag"] == plain.headers["ETag"]


def test_another_host_gets_its_own_links(record: Version, client: Client) -> None:
    for host in ("testserver", "127.0.0.1:8000", "testserver"):
        words = client.get(PAGE, headers={"host": host}).content.decode()
        assert f'href="http://{host}/recommendations/1/"' in words


def test_a_host_that_is_not_ours_is_refused_and_leaves_nothing_behind(record: Version, client: Client) -> None:
    """Nor does a proxy that nobody has named say what the host or the scheme is."""
    for host in ("evil.example", "testserver.evil.example", "testserver@evil.example", "evil.example:80"):
        assert client.get(PAGE, headers={"host": host}).status_code == 400
    assert not Rendering.objects.exists()
    forwarded = {"x-forwarded-host": "evil.example", "x-forwarded-proto": "https", "forwarded": "host=evil.example"}
    answer = client.get(PAGE, headers=forwarded)
    assert b"evil.example" not in answer.content
    assert b"https://testserver" not in answer.content
    assert list(Rendering.objects.values_list("site", flat=True)) == ["http://testserver"]


def test_a_port_of_any_length_breaks_no_page(record: Version, client: Client) -> None:
    assert client.get(PAGE, headers={"host": f"testserver:{'1' * 400}"}).status_code == 200
    assert not Rendering.objects.exists()


@pytest.mark.parametrize("look", ["session", "cookie", "token", "nonce"])
def test_what_looked_at_who_asks_is_not_stored(look: str, record: Version) -> None:
    @stored
    def personal(request: HttpRequest, number: int) -> HttpResponse:
        response = HttpResponse("Yours")
        if look == "session":
            request.session.accessed = True
        elif look == "cookie":
            response.set_cookie("yours", "1")
        elif look == "token":
            request.META["CSRF_COOKIE_NEEDS_UPDATE"] = True
        else:
            request._csp_nonce = "yours"  # type: ignore[attr-defined]
        return response

    request = RequestFactory().get(PAGE)
    request.resolver_match = resolve(PAGE)
    request.session = Client().session  # type: ignore[attr-defined]
    request.session.accessed = False
    assert personal(request, 1).content == b"Yours"
    assert Rendering.objects.count() == 0


def test_the_role_that_serves_may_store_and_drop_them(
    cloned_database: str, serving_connection: psycopg.Connection
) -> None:
    make_record()
    Client().get(PAGE)
    serving_connection.execute("UPDATE medicines_rendering SET tag = 'new'")
    serving_connection.execute("DELETE FROM medicines_rendering")
    assert serving_connection.execute("SELECT count(*) FROM medicines_rendering").fetchone() == (0,)


def test_two_makings_of_a_page_are_equal_byte_for_byte(record: Version, client: Client) -> None:
    """Whatever stands in a page for once only would be seen here: a token, a nonce, the hour."""
    first = bodies(client)
    Rendering.objects.all().delete()
    assert bodies(client) == first
