"""Odd requests: whatever is asked or sent, nothing breaks and nothing is lost.

A 500 would be raised by the test client, so each request that returns is one that did not break.
"""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import get_resolver

from tests.house import PEOPLE, House, body, build, changed, fingerprints
from tests.test_routes import SENT, all_addresses, arguments, posts, rows

pytestmark = pytest.mark.django_db

ODD = (
    "0",
    "-1",
    "١٢",
    str(10**30),
    str(2**31),
    str(2**63),
    "1e9",
    "0x1",
    "1%00",
    "%00",
    "1%0a",
    "%2e%2e",
    "..",
    "..%2f..%2fetc%2fpasswd",
    "%",
    "%25",
    "%FF%FE",
    "%ED%A0%80",
    "'",
    "1'--",
    "<script>",
    "1;2",
    " ",
    "a" * 3000,
    "١" * 40,
    "_5F",
    "%F0%9F%92%8A",
)

METHODS = ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "LOCK", "QUERY")


@pytest.fixture
def house() -> House:
    return build()


def asked(client: Client, address: str, method: str = "GET") -> HttpResponseBase:
    answer = client.generic(method, address)
    body(answer)
    assert answer.status_code < 500, (method, address[:200])
    return answer


# Addresses


def with_odd_ids() -> list[str]:
    """Every address of the tables with one of its ids, or a bare number in it, made odd."""
    found = []
    for pattern in all_addresses():
        pieces = pattern.partition("?")[0].split("/")
        for place, piece in enumerate(pieces):
            if piece.startswith("{") or any(sign.isdigit() for sign in piece):
                found.append("/".join([*pieces[:place], "ODD", *pieces[place + 1 :]]))
    return list(dict.fromkeys(found))


def test_no_id_in_an_address_breaks_a_page(house: House) -> None:
    """Two oddities for each place in turn, so that all places and all oddities are met."""
    secretary, stranger, given = house.client("secretary"), house.client("stranger"), arguments(house)
    addresses = with_odd_ids()
    assert len(addresses) > 50
    for number, address in enumerate(addresses):
        for step in range(2):
            path = address.format_map(given).replace("ODD", ODD[(number * 2 + step) % len(ODD)], 1)
            asked(secretary, path)
        asked(stranger, path)


def test_every_oddity_is_met_at_the_doors_that_matter(house: House) -> None:
    secretary, given = house.client("secretary"), arguments(house)
    for address in (
        "/recommendations/ODD/",
        "/recommendations/1/vODD/",
        "/recommendations/1/changes/1-ODD/",
        "/ar/recommendations/ODD/v1/cite.ris",
        "/committee/items/ODD/",
        "/committee/items/{item}/draft/comment/ODD/?revision=1",
        "/committee/items/{item}/draft/compare/1/ODD/",
        "/committee/documents/ODD/",
        "/admin/applications/item/ODD/change/",
        "/admin/applications/item/ODD/history/",
        "/admin/applications/draft/{draft}/preview/ODD/",
        "/admin/applications/meeting/ODD/change/",
        "/admin/applications/person/ODD/password/",
        "/admin/medicines/version/ODD/change/",
        "/admin/ODD/",
        "/ODD/",
        "/fr/ODD/",
    ):
        for odd in ODD:
            asked(secretary, address.format_map(given).replace("ODD", odd, 1))


@pytest.mark.parametrize(
    "path",
    [
        "//",
        "///committee/",
        "//evil.example/",
        "/./",
        "/../",
        "/committee//items/1/",
        "/%2fcommittee/",
        "/committee/../admin/",
        "/static/../settings.py",
        "/static/..%2f..%2fsettings.py",
        "/fr",
        "/fr//",
        "/xx/",
        "/" + "a/" * 900,
        "/?" + "q=" * 5000,
        "/%00",
        "/;/",
        "/.well-known/change-password",
        "/accounts/",
        "/index.php",
        "/committee/items/1/..;/",
    ],
)
def test_no_path_breaks_the_site_or_leads_to_another(house: House, path: str) -> None:
    for who in ("stranger", "member", "secretary"):
        answer = asked(house.client(who), path)
        where = answer.headers.get("Location", "/")
        assert where.startswith("/"), where
        assert not where.startswith("//"), where
        assert b"SECRET_KEY" not in body(answer)


QUERIES = (
    "q=%00&section=%00&page=%00",
    "q=%ED%A0%80&page=-1&section=%25",
    "page=99999999999999999999999&q=a",
    "q=" + "%F0%9F%92%8A" * 500,
    "a=1&a=2&" + "&".join(f"x{n}=1" for n in range(400)),
    "proposal=%00&revision=%00&from=%00&to=%00&version=%00&restore=%00",
    "proposal=x&revision=99999999999999999999&from=0&to=-1&a=x&b=y&version=99999999999999999999999",
    "next=%00",
    "o=%00&p=%00&e=1",
    "o=99.-99.x&p=99999999999999999999&all=",
    "_popup=%00&_to_field=%00&_changelist_filters=%00",
    "state__exact=%00&kind__exact=%00&meeting__id__exact=%00",
    "action=%00&at__gte=%00",
    "meeting__id__exact=99999999999999999999999999&is_staff__exact=x",
    "at__gte=nonsense&at__lt=99999999999&effective_date__gte=0000-00-00",
    "id__in=1,x,%00",
    "app_label=applications&model_name=member&field_name=person&term=%00&page=x",
    "app_label=%00&model_name=%00&field_name=%00",
    "app_label=applications&model_name=item&field_name=state",
    "to=%00",
)


def test_no_query_breaks_a_page(house: House) -> None:
    secretary, given = house.client("secretary"), arguments(house)
    plain = [pattern.format_map(given).partition("?")[0] for pattern in all_addresses()]
    for number, address in enumerate(dict.fromkeys(plain)):
        is_list = str(get_resolver().resolve(address).url_name).endswith(
            ("changelist", "export", "autocomplete", "search")
        )
        for query in QUERIES[number % 2 :: 2] if is_list else QUERIES[number % 10 :: 10]:
            asked(secretary, f"{address}?{query}")


def test_no_method_breaks_a_page_or_changes_anything(house: House) -> None:
    secretary, given = house.client("secretary"), arguments(house)
    before = fingerprints()
    for number, pattern in enumerate(all_addresses()):
        for method in ("HEAD", METHODS[1 + number % (len(METHODS) - 1)]):
            asked(secretary, pattern.format_map(given), method)
    assert changed(before) == []


def test_head_says_of_public_pages_what_get_says(house: House) -> None:
    client = Client()
    for address in (
        "/",
        "/about/",
        "/search/?q=x",
        "/recommendations/1/",
        "/recommendations/1/v1/cite.ris",
        "/nothing/",
    ):
        get, head = client.get(address), client.head(address)
        assert (head.status_code, head.content) == (get.status_code, b"")
        assert head.headers["Content-Type"] == get.headers["Content-Type"]


# What is sent


NUL = "a\0b"
BAD_VALUES: tuple[Any, ...] = (
    "",
    " \t\r\n",
    NUL,
    "99999999999999999999999999",
    "-1",
    "NaN",
    "{}",
    "[" * 30_000,
    '{"schema": 1, "proposals": [{"key": "\\u0000"}]}',
    "<img src=x onerror=alert(1)>",
    "💊" * 400,
    "é" * 70_000,
    ["1", "2", "x"],
)


def counts() -> dict[str, int]:
    tables = sorted(set(connection.introspection.table_names()) - {"django_session", "django_migrations"})
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}', count(*) FROM \"{table}\"" for table in tables))
        return dict(cursor.fetchall())


def taking(house: House) -> list[tuple[Client, str, str]]:
    """Who sends, what the tables call the address, and the address, of each form that this person may send."""
    given = arguments(house)
    clients = {"chair": house.client("chair"), "secretary": house.client("secretary")}
    found = []
    for pattern, cells in rows(SENT):
        who = "chair" if pattern.startswith("/committee/") else "secretary"
        if cells[PEOPLE.index(who) - 1] not in ("403", "404"):
            found.append((clients[who], pattern, pattern.format_map(given)))
    return found


def test_nothing_that_is_sent_breaks_a_form_or_loses_a_row(house: House) -> None:
    """Each form with all of its fields bad in the same way, then with a field missing or bad alone."""
    good = posts(house)
    before = counts()
    for number, (client, pattern, address) in enumerate(taking(house)):
        data = good.get(pattern, {})
        logged_in = deepcopy(client.cookies)
        some = list(data)[:8]
        sent: list[dict[str, Any]] = [dict.fromkeys(data, value) for value in BAD_VALUES]
        sent += [{key: value for key, value in data.items() if key != name} for name in some]
        sent += [data | {name: BAD_VALUES[(number + place) % 7]} for place, name in enumerate(some)]
        with transaction.atomic():
            for one in sent:
                client.cookies = deepcopy(logged_in)
                assert client.post(address, one).status_code < 500, (address, str(one)[:200])
            now = counts()
            # Saving the draft is what ends a copy of unsaved typing; a file that waits is there to be discarded.
            may_go = {"medicines_listimport"} if address.endswith("/discard/") else {"applications_workingcopy"}
            assert {name for name in before if now[name] < before[name]} <= may_go, address
            transaction.set_rollback(True)
        client.cookies = logged_in


RAW = (
    (b"", "application/x-www-form-urlencoded"),
    (b"\x00\xff\xfe", "application/x-www-form-urlencoded"),
    (b"a=" * 20_000, "application/x-www-form-urlencoded"),
    (b"&".join(b"x%d=1" % number for number in range(10_500)), "application/x-www-form-urlencoded"),
    (b"text=" + b"x" * (9 * 1024 * 1024), "application/x-www-form-urlencoded"),
    (b"--b\r\nnonsense", "multipart/form-data; boundary=b"),
    (b"", "multipart/form-data"),
    (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="../../x\x00.md"\r\n\r\nx\r\n--b--\r\n',
        "multipart/form-data; boundary=b",
    ),
    (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\n\r\n--b--\r\n',
        "multipart/form-data; boundary=b",
    ),
    (json.dumps({"text": "x"}).encode(), "application/json"),
    (b"\xff" * 100, "text/plain; charset=nonsense"),
)


def test_no_body_breaks_a_form(house: House) -> None:
    forms = taking(house)
    before = fingerprints()
    for client, pattern, address in forms:
        for data, kind in RAW:
            with transaction.atomic():
                answer = client.generic("POST", address, data, content_type=kind)
                assert answer.status_code < 500, (pattern, data[:40])
                transaction.set_rollback(True)
    assert changed(before) == []
