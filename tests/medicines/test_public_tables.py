"""Public pages are made of the public record alone: of its tables, without a cookie, and of nothing that is coming."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from medicines.models import Version
from tests import make
from tests.house import body, headers, same_for_all
from tests.test_routes import routes

pytestmark = pytest.mark.django_db

PATHS = (
    "",
    "about/",
    "api/",
    "feeds/decisions.atom",
    "feeds/corrections.atom",
    "sections/24/5/feed.atom",
    "medicines/1/feed.atom",
    "search/",
    "search/?q=baclofen",
    "search/suggestions/?q=bac",
    "search/?q=brandnewamab",
    "search/?section=5",
    "search/?section=5.1.4&page=2",
    "medicines/",
    "medicines/?letter=b",
    "medicines/1/",
    "indications/",
    "indications/1/",
    "sections/",
    "sections/24/5.1/",
    "atc/",
    "atc/M03/",
    "editions/",
    "editions/24/",
    "editions/23-24/",
    "editions/23-24/changes.json",
    "meetings/",
    "meetings/25/",
    "figures/",
    "data/",
    "data/schema/1.json",
    "data/files/1-0123456789ab/SHA256SUMS",
    "search/list.csv",
    "search/list.xlsx?status=essential",
    "search/list.docx?q=brandnewamab",
    "editions/24/list.json",
    "sections/24/5/list.docx",
    "meetings/25/outcomes.json",
    "medicines/1/list.csv",
    "recommendations/1/",
    "recommendations/1/v1/",
    "recommendations/1/v2/",
    "recommendations/1/changes/1-2/",
    "recommendations/1/v1/cite.ris",
    "recommendations/1/v1/cite.bib",
    "recommendations/1/v1/references.ris",
    "recommendations/1/v1/references.bib",
    "recommendations/1/v1/content.json",
    "recommendations/2/",
    "recommendations/3/",
    "recommendations/4/",
    "recommendations/999/",
    "no-such-page/",
)
ALONE = (
    "api/v1/",
    "api/v1/openapi.json",
    "api/v1/recommendations",
    "api/v1/recommendations?q=brandnewamab",
    "api/v1/recommendations/1",
    "api/v1/recommendations/1/versions",
    "api/v1/recommendations/1/versions/1",
    "api/v1/recommendations/1/changes/1/2",
    "api/v1/medicines",
    "api/v1/medicines/1",
    "api/v1/indications",
    "api/v1/indications/1",
    "api/v1/atc",
    "api/v1/atc/M03",
    "api/v1/editions",
    "api/v1/editions/24",
    "api/v1/editions/24/sections",
    "api/v1/editions/24/sections/5.1",
    "api/v1/editions/24/entries",
    "api/v1/meetings",
    "api/v1/meetings/25",
    "api/v1/meetings/25/outcomes",
    "robots.txt",
    "sitemap.xml",
    "sitemap-pages-0.xml",
    "sitemap-recommendations-0.xml",
)
"""What has no language: files for programs."""

LANGUAGES = tuple("" if code == "en" else f"{code}/" for code, _name in settings.LANGUAGES)
ADDRESSES = tuple(f"/{language}{path}" for language in LANGUAGES for path in PATHS)
ADDRESSES += tuple(f"/{path}" for path in ALONE)

IN_ENGLISH = ADDRESSES[: len(PATHS)] + ADDRESSES[-len(ALONE) :]

TABLE = re.compile(
    r'(?:FROM|JOIN|INTO|UPDATE|TABLE)\s+(?!SET\b)(?!unnest\()(?:ONLY\s+)?"?(?:public"?\.)?"?(\w+)"?', re.IGNORECASE
)
NAMED = re.compile(r"\b(applications|auth|account|mfa|django|csp|import_export|pg)_\w+")


@pytest.fixture
def record() -> Version:
    """A decision with a correction, one facts-only recommendation, a rejection, a second use; an edition."""
    make.edition(23)
    edition = make.edition(24)
    section = make.section(edition, "5", "Medicines for neurological disorders")
    make.section(edition, "5.1", "Medicines for central nervous system disorders", parent=section)
    first = make.published()
    make.correction(first, "published")
    make.imported()
    make.rejected(about=[make.facts("Bromazepam", "Insomnia")])
    make.published(about=[make.facts("Baclofen", "Hiccups")])
    return first


def public_routes() -> set[str]:
    """The routes that are neither behind a door nor about accounts."""
    personal = ("committee/", "admin/", "accounts/")
    return {route for route, _pattern in routes(get_resolver().url_patterns) if not route.startswith(personal)}


def test_the_addresses_here_are_of_all_public_routes(record: Version) -> None:
    known = [path for path in (*PATHS, *ALONE) if "no-such" not in path]
    resolved = {get_resolver().resolve(f"/{path}".partition("?")[0]).route for path in known}
    assert public_routes() - resolved == {"favicon.ico"}


def tables_in(statement: str) -> set[str]:
    named = set(TABLE.findall(statement)) | {found[0] for found in NAMED.finditer(statement)}
    return {table for table in named if not table.startswith("medicines_")}


def test_the_parser_sees_tables_where_there_are_some() -> None:
    """It would be no use if it overlooked them."""
    assert tables_in('SELECT 1 FROM "applications_item" JOIN django_session ON 1=1') == {
        "applications_item",
        "django_session",
    }
    assert tables_in('SELECT (SELECT U0."id" FROM "auth_user" U0) FROM "medicines_version"') == {"auth_user"}
    assert tables_in('UPDATE "account_emailaddress" SET x=1') == {"account_emailaddress"}


@pytest.mark.parametrize("who", ["a stranger", "a secretary"])
def test_public_pages_touch_tables_of_the_record_alone(record: Version, who: str) -> None:
    client = Client()
    if who == "a secretary":
        client.force_login(make.the_secretary())
    touched: dict[str, set[str]] = {}
    asked = 0
    for address in ADDRESSES:
        with CaptureQueriesContext(connection) as seen:
            body(client.get(address))
        asked += len(seen)
        if found := set().union(*(tables_in(query["sql"]) for query in seen.captured_queries)):
            touched[address] = found
    assert touched == {}
    assert asked > len(ADDRESSES)


def test_public_pages_are_the_same_for_everybody(record: Version) -> None:
    """Who has logged in, with a language of their own and a browser that asks for another, reads the same bytes."""
    stranger, secretary = Client(), Client(headers={"Accept-Language": "es", "Cookie": "django_language=ar"})
    secretary.force_login(make.secretary(language="ru"))
    for address in ADDRESSES:
        assert told(secretary.get(address)) == told(stranger.get(address)), address


def test_no_public_answer_has_to_do_with_cookies_and_each_carries_the_strict_policy(record: Version) -> None:
    client = Client()
    for address in ADDRESSES:
        answer = client.get(address)
        body(answer)  # Files are closed when they are read.
        assert answer.cookies == {}, address
        assert "Set-Cookie" not in answer.headers
        assert not {"cookie", "accept-language"} & set(
            answer.headers.get("Vary", "").lower().replace(" ", "").split(",")
        )
        policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == "'none'", address
        assert re.fullmatch(r"'self'( 'nonce-[^']+')?", policy["script-src"]), address
        assert policy["style-src"] == "'self'", address
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


# What is coming


def told(answer: HttpResponseBase) -> tuple[Any, ...]:
    return answer.status_code, headers(answer), same_for_all(body(answer))


def every_page(addresses: tuple[str, ...] = ADDRESSES) -> dict[str, tuple[Any, ...]]:
    client = Client()
    return {address: told(client.get(address)) for address in addresses}


def test_an_item_for_a_new_medicine_changes_no_public_byte_until_it_is_published(record: Version) -> None:
    """Taken in, reviewed, talked about, decided, signed, cleared: the public learns of it when it is published."""
    before = every_page()
    new = make.facts("Brandnewamab", "A new use", atc=("L04AZ99",))
    item = make.item("received", title="Brandnewamab", about=[new], document="brandnewamab.docx")
    old = make.item(
        "received",
        title="Baclofen again",
        asks=["Change"],
        bases=[record.recommendation.versions.newest_first().first()],
    )
    for state in make.ROAD[1:-1]:
        item = make.carry(item, state)
        if state == "in_review":
            make.resolved(item)
            make.reading(item)
            make.recusal(item, make.sitting(item.meeting, "vice_chair"))
        old = make.carry(old, state, outcomes=("removed",))
        changed = [address for address, answer in every_page(IN_ENGLISH).items() if answer != before[address]]
        assert changed == [], state
    make.correction(record.recommendation.versions.newest_first()[0])
    make.withdrawn(title="Another", about=[make.facts("Brandnewamab", "Another use")])
    assert every_page() == before
    make.carry(item, "published")
    assert every_page() != before, "The comparison would not notice a publication either."


# What it costs


def queries_of(address: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert Client().get(address).status_code == 200
    return len(seen)


def test_a_recommendation_takes_two_queries_at_most_and_one_when_it_is_stored(record: Version) -> None:
    """Looking for the stored page and storing it come on top, once."""
    for address in ADDRESSES:
        if "/recommendations/" in address and "999" not in address:
            is_page = address.endswith("/")
            assert queries_of(address) <= (1 + 2 + 1 if is_page else 2), address
            assert queries_of(address) <= (1 if is_page else 2), address


def test_lists_and_search_ask_as_often_for_many_rows_as_for_few(record: Version) -> None:
    lists = ("/", "/search/?q=medicine", "/search/?section=5", "/recommendations/1/")
    few = {address: queries_of(address) for address in lists}
    for number in range(40):
        make.imported(f"Medicine {number}", "Spastic cerebral palsy")
    assert {address: queries_of(address) for address in lists} == few
