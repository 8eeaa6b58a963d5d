# ruff: noqa: E501, a table is read along its lines
"""Every route and every person: who gets what, and who changes what.

The tables below name all addresses of the site. A route that stands in none of them fails the first test: say there
what each person gets before it goes out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.house import LEFT_OUT, PEOPLE, House, body, build, changed, fingerprints, headers, same_for_all, upload
from tests.sent import sent

pytestmark = pytest.mark.django_db

# An address, then what everybody gets. In braces stands what `House.arguments` knows. `login` is the redirect to the
# log-in page; another redirect is told by where it leads, without what follows "?".

EVERYBODY = """
/favicon.ico                                        /static/favicon.svg
/                                                   200
/about/                                             200
/search/?q=baclofen                                 200
/search/suggestions/?q=bac                          200
/medicines/                                         200
/medicines/{medicine}/                              200
/indications/                                       200
/indications/{indication}/                          200
/sections/                                          200
/sections/24/5/                                     200
/atc/                                               200
/atc/M03/                                           200
/editions/                                          200
/editions/24/                                       200
/editions/23-24/                                    200
/editions/23-24/changes.csv                         200
/meetings/                                          200
/meetings/25/                                       200
/figures/                                           200
/data/                                              200
/data/schema/1.json                                 200
/data/files/1-0123456789ab/SHA256SUMS               404
/search/list.csv?q=baclofen                         200
/editions/24/list.json                              200
/sections/24/5/list.xlsx                            200
/meetings/25/outcomes.docx                          200
/medicines/{medicine}/list.csv                      200
/recommendations/{number}/                          200
/recommendations/{number}/v1/                       200
/recommendations/{number}/changes/1-2/              200
/recommendations/{number}/v1/cite.ris               200
/recommendations/{number}/v1/cite.bib               200
/recommendations/{number}/v1/references.bib         200
/recommendations/{number}/v1/references.ris         200
/recommendations/{number}/v1/content.json           200
/api/                                               200
/api/v1/                                            200
/api/v1/openapi.json                                200
/api/v1/recommendations                             200
/api/v1/recommendations/{number}                    200
/api/v1/recommendations/{number}/versions           200
/api/v1/recommendations/{number}/versions/1         200
/api/v1/recommendations/{number}/changes/1/2        200
/api/v1/medicines                                   200
/api/v1/medicines/{medicine}                        200
/api/v1/indications                                 200
/api/v1/indications/{indication}                    200
/api/v1/atc                                         200
/api/v1/atc/M03                                     200
/api/v1/editions                                    200
/api/v1/editions/24                                 200
/api/v1/editions/24/sections                        200
/api/v1/editions/24/sections/5                      200
/api/v1/editions/24/entries                         200
/api/v1/meetings                                    200
/api/v1/meetings/25                                 200
/api/v1/meetings/25/outcomes                        200
/feeds/decisions.atom                               200
/feeds/corrections.atom                             200
/sections/24/5/feed.atom                            200
/medicines/{medicine}/feed.atom                     200
/robots.txt                                         200
/sitemap.xml                                        200
/sitemap-pages-0.xml                                200
/accounts/inactive/                                 200
/accounts/password/reset/                           200
/accounts/password/reset/done/                      200
/accounts/password/reset/key/1-some-key/            200
/accounts/password/reset/key/done/                  200
"""

# The committee room and the accounts: strangers are sent to log in, whatever the address.

PERSONAL = """
                                                    outsider     elsewhere    recused      member       chair        secretary  recused_secretary  publisher
/committee/                                         200          200          200          200          200          200        200                200
/committee/language/                                405          405          405          405          405          405        405                405
/committee/items/{item}/                            404          404          404          200          200          200        404                200
/committee/items/{item}/draft/                      404          404          404          200          200          200        404                200
/committee/items/{item}/draft/comment/{block}/?revision={b}  404  404         404          200          200          200        404                200
/committee/items/{item}/draft/compare/?a=1&b={b}    404          404          404          compared     compared     compared   404                compared
/committee/items/{item}/draft/compare/{a}/{b}/      404          404          404          200          200          200        404                200
/committee/items/{item}/sign/                       404          404          404          403          200          403        404                403
/committee/threads/{thread}/                        404          404          404          200          200          200        404                200
/committee/documents/{document}/                    404          404          404          200          200          200        404                200
/accounts/login/                                    /committee/  /committee/  /committee/  /committee/  /committee/  /admin/    /admin/            /admin/
/accounts/login/code/confirm/                       /committee/  /committee/  /committee/  /committee/  /committee/  /admin/    /admin/            /admin/
/accounts/logout/                                   200          200          200          200          200          200        200                200
/accounts/signup/                                   /committee/  /committee/  /committee/  /committee/  /committee/  /admin/    /admin/            /admin/
/accounts/reauthenticate/                           200          200          200          200          200          200        200                200
/accounts/password/change/                          200          200          200          200          200          200        200                200
/accounts/password/set/                             change       change       change       change       change       change     change             change
/accounts/2fa/                                      200          200          200          200          200          200        200                200
/accounts/2fa/authenticate/                         /committee/  /committee/  /committee/  /committee/  /committee/  /admin/    /admin/            /admin/
/accounts/2fa/reauthenticate/                       again        again        again        again        again        again      again              again
/accounts/2fa/totp/activate/                        again        again        again        again        again        again      again              again
/accounts/2fa/totp/deactivate/                      404          404          404          404          404          404        404                404
/accounts/2fa/recovery-codes/                       404          404          404          404          404          404        404                404
/accounts/2fa/recovery-codes/generate/              again        again        again        again        again        again      again              again
/accounts/2fa/recovery-codes/download/              404          404          404          404          404          404        404                404
"""

STRANGERS_ALLOWED = {"/accounts/login/": "200", "/accounts/signup/": "200", "/accounts/logout/": "/"}
"""Where a stranger is not sent to log in, of the addresses above."""

# The admin. Strangers are sent to log in; whoever is not staff finds nothing. `change` is the same address with
# "change/" at its end.

ADMIN = """
                                                              secretary  recused_secretary  publisher
/admin/                                                       200        200                200
/admin/login/                                                 /admin/    /admin/            /admin/
/admin/logout/                                                405        405                405
/admin/password_change/                                       200        200                200
/admin/password_change/done/                                  200        200                200
/admin/autocomplete/?app_label=applications&model_name=member&field_name=person  200  200  200
/admin/jsi18n/                                                200        200                200
/admin/applications/                                          200        200                200
/admin/nothing/here/                                          404        404                404

/admin/applications/item/                                     200        200                200
/admin/applications/item/add/                                 200        200                200
/admin/applications/item/upload/                              200        200                200
/admin/applications/item/correct/?version={newest}            200        200                200
/admin/applications/item/{item}/                              change     change             change
/admin/applications/item/{item}/change/                       200        404                200
/admin/applications/item/{item}/history/                      200        404                200
/admin/applications/item/{item}/delete/                       403        403                403
/admin/applications/item/{item}/decide/                       200        404                200
/admin/applications/item/{item}/clear/                        403        404                403
/admin/applications/item/{item}/publish/                      200        404                200
/admin/applications/item/{item}/move/?to=withdrawn            403        404                403
/admin/applications/item/{item}/amend/                        200        404                200
/admin/applications/item/{item}/recuse/                       200        404                200
/admin/applications/item/{item}/renew/                        200        404                200
/admin/applications/item/{item}/document/                     200        404                200
/admin/applications/item/{item}/application/                  200        404                200
/admin/applications/item/{item}/proposal/                     200        404                200

/admin/applications/draft/                                    /admin/applications/item/  /admin/applications/item/  /admin/applications/item/
/admin/applications/draft/add/                                403        403                403
/admin/applications/draft/{draft}/                            change     change             change
/admin/applications/draft/{draft}/change/                     200        404                200
/admin/applications/draft/{draft}/history/                    200        404                200
/admin/applications/draft/{draft}/delete/                     403        403                403
/admin/applications/draft/{draft}/working-copy/               405        405                405
/admin/applications/draft/{draft}/resolve/                    405        405                405
/admin/applications/draft/{draft}/revisions/                  200        404                200
/admin/applications/draft/{draft}/revisions/{a}/              200        404                200
/admin/applications/draft/{draft}/revisions/{a}/restore/      405        405                405
/admin/applications/draft/{draft}/compare/?from=1&to={b}      200        404                200
/admin/applications/draft/{draft}/preview/{key}/              200        404                200

/admin/applications/document/                                 200        200                200
/admin/applications/document/add/                             403        403                403
/admin/applications/document/{document}/                      change     change             change
/admin/applications/document/{document}/change/               200        404                200
/admin/applications/document/{document}/history/              200        404                200
/admin/applications/document/{document}/delete/               403        403                403
/admin/applications/document/{document}/split/                405        405                405

/admin/applications/event/                                    200        200                200
/admin/applications/event/add/                                403        403                403
/admin/applications/event/{event}/                            change     change             change
/admin/applications/event/{event}/change/                     404        404                404
/admin/applications/event/{event}/history/                    200        404                200
/admin/applications/event/{event}/delete/                     403        403                403

/admin/applications/recusal/                                  200        200                200
/admin/applications/recusal/add/                              403        403                403
/admin/applications/recusal/{recusal}/                        change     change             change
/admin/applications/recusal/{recusal}/change/                 404        404                404
/admin/applications/recusal/{recusal}/history/                200        404                200
/admin/applications/recusal/{recusal}/delete/                 403        403                403

/admin/applications/meeting/                                  200        200                200
/admin/applications/meeting/add/                              200        200                200
/admin/applications/meeting/{meeting}/                        change     change             change
/admin/applications/meeting/{meeting}/change/                 200        200                200
/admin/applications/meeting/{meeting}/history/                200        200                200
/admin/applications/meeting/{meeting}/delete/                 403        403                403

/admin/applications/person/                                   200        200                200
/admin/applications/person/add/                               200        200                200
/admin/applications/person/{person}/                          change     change             change
/admin/applications/person/{person}/change/                   200        200                200
/admin/applications/person/{person}/password/                 403        403                403
/admin/applications/person/{person}/link/                     405        405                405
/admin/applications/person/{person}/history/                  200        200                200
/admin/applications/person/{person}/delete/                   403        403                403

/admin/medicines/recommendation/                              200        200                200
/admin/medicines/recommendation/add/                          403        403                403
/admin/medicines/recommendation/{recommendation}/             change     change             change
/admin/medicines/recommendation/{recommendation}/change/      200        200                200
/admin/medicines/recommendation/{recommendation}/history/     200        200                200
/admin/medicines/recommendation/{recommendation}/delete/      403        403                403

/admin/medicines/version/                                     200        200                200
/admin/medicines/version/add/                                 403        403                403
/admin/medicines/version/{version}/                           change     change             change
/admin/medicines/version/{version}/change/                    200        200                200
/admin/medicines/version/{version}/history/                   200        200                200
/admin/medicines/version/{version}/delete/                    403        403                403

/admin/medicines/edition/                                     200        200                200
/admin/medicines/edition/add/                                 200        200                200
/admin/medicines/edition/import/                              200        200                200
/admin/medicines/edition/process_import/                      405        405                405
/admin/medicines/edition/export/                              200        200                200
/admin/medicines/edition/{edition}/                           change     change             change
/admin/medicines/edition/{edition}/change/                    200        200                200
/admin/medicines/edition/{edition}/history/                   200        200                200
/admin/medicines/edition/{edition}/delete/                    403        403                403

/admin/medicines/section/                                     200        200                200
/admin/medicines/section/add/                                 200        200                200
/admin/medicines/section/import/                              200        200                200
/admin/medicines/section/process_import/                      405        405                405
/admin/medicines/section/export/                              200        200                200
/admin/medicines/section/{section}/                           change     change             change
/admin/medicines/section/{section}/change/                    200        200                200
/admin/medicines/section/{section}/history/                   200        200                200
/admin/medicines/section/{section}/delete/                    403        403                403

/admin/medicines/atccode/                                     200        200                200
/admin/medicines/atccode/add/                                 403        403                403
/admin/medicines/atccode/{atc_code}/                          change     change             change
/admin/medicines/atccode/{atc_code}/change/                   200        200                200
/admin/medicines/atccode/{atc_code}/history/                  200        200                200
/admin/medicines/atccode/{atc_code}/delete/                   403        403                403

/admin/medicines/icd11entity/                                 200        200                200
/admin/medicines/icd11entity/add/                             403        403                403
/admin/medicines/icd11entity/{icd11_entity}/                  change     change             change
/admin/medicines/icd11entity/{icd11_entity}/change/           200        200                200
/admin/medicines/icd11entity/{icd11_entity}/history/          200        200                200
/admin/medicines/icd11entity/{icd11_entity}/delete/           403        403                403

/admin/medicines/awareentry/                                  200        200                200
/admin/medicines/awareentry/add/                              403        403                403
/admin/medicines/awareentry/{aware_entry}/                    change     change             change
/admin/medicines/awareentry/{aware_entry}/change/             200        200                200
/admin/medicines/awareentry/{aware_entry}/history/            200        200                200
/admin/medicines/awareentry/{aware_entry}/delete/             403        403                403

/admin/medicines/listimport/                                  200        200                200
/admin/medicines/listimport/add/                              200        200                200
/admin/medicines/listimport/{import}/                         change     change             change
/admin/medicines/listimport/{import}/change/                  200        200                200
/admin/medicines/listimport/{import}/history/                 200        200                200
/admin/medicines/listimport/{import}/delete/                  403        403                403
/admin/medicines/listimport/{import}/edition/                 405        405                405
/admin/medicines/listimport/{import}/settle/                  405        405                405
/admin/medicines/listimport/{import}/carry-out/               405        405                405
/admin/medicines/listimport/{import}/discard/                 405        405                405
/admin/medicines/listimport/{import}/file/                    200        200                200
/admin/medicines/listimport/{import}/report.json              200        200                200
/admin/medicines/listimport/{import}/report.xlsx              200        200                200
/admin/medicines/listimport/{import}/report/missing/          200        200                200

/admin/medicines/medicine/                                    200        200                200
/admin/medicines/medicine/add/                                403        403                403
/admin/medicines/medicine/{medicine}/                         change     change             change
/admin/medicines/medicine/{medicine}/change/                  200        200                200
/admin/medicines/medicine/{medicine}/history/                 200        200                200
/admin/medicines/medicine/{medicine}/rename/                  200        200                200
/admin/medicines/medicine/{medicine}/delete/                  403        403                403

"""

# What is sent, and what becomes of it; an answer with ! has changed a table. Strangers are sent to log in.

SENT = """
                                                            outsider  elsewhere  recused  member  chair  secretary  recused_secretary  publisher
/committee/language/                                        302!      302!       302!     302!    302!   302!       302!               302!
/committee/items/{item}/draft/                              404       404        404      302!    302!   403        404                403
/committee/items/{item}/draft/comment/{block}/?revision={b} 404       404        404      302!    302!   302!       404                302!
/committee/threads/{thread}/                                404       404        404      302!    302!   302!       404                302!
/committee/items/{item}/sign/                               404       404        404      403     302!   403        404                403
/admin/applications/item/add/                               404       404        404      404     404    302!       302!               302!
/admin/applications/item/upload/                            404       404        404      404     404    302!       302!               302!
/admin/applications/item/correct/?version={newest}          404       404        404      404     404    302!       302!               302!
/admin/applications/item/{item}/decide/                     404       404        404      404     404    302!       404                302!
/admin/applications/item/{item}/clear/                      404       404        404      404     404    403        404                403
/admin/applications/item/{item}/publish/                    404       404        404      404     404    409        404                409
/admin/applications/item/{item}/move/?to=withdrawn          404       404        404      404     404    403        404                403
/admin/applications/item/{item}/amend/                      404       404        404      404     404    302!       404                302!
/admin/applications/item/{item}/recuse/                     404       404        404      404     404    302!       404                302!
/admin/applications/item/{item}/renew/                      404       404        404      404     404    422        404                422
/admin/applications/item/{item}/document/                   404       404        404      404     404    302!       404                302!
/admin/applications/item/{item}/application/                404       404        404      404     404    302!       404                302!
/admin/applications/item/{item}/proposal/                   404       404        404      404     404    422        404                422
/admin/applications/item/{item}/delete/                     404       404        404      404     404    403        403                403
/admin/applications/draft/{draft}/change/                   404       404        404      404     404    302!       404                302!
/admin/applications/draft/{draft}/working-copy/             404       404        404      404     404    200!       404                200!
/admin/applications/draft/{draft}/resolve/                  404       404        404      404     404    302!       404                302!
/admin/applications/draft/{draft}/revisions/{a}/restore/    404       404        404      404     404    302!       404                302!
/admin/applications/draft/{draft}/delete/                   404       404        404      404     404    403        403                403
/admin/applications/document/{document}/split/              404       404        404      404     404    403        404                403
/admin/applications/document/{document}/delete/             404       404        404      404     404    403        403                403
/admin/applications/event/add/                              404       404        404      404     404    403        403                403
/admin/applications/event/{event}/delete/                   404       404        404      404     404    403        403                403
/admin/applications/recusal/{recusal}/delete/               404       404        404      404     404    403        403                403
/admin/applications/meeting/add/                            404       404        404      404     404    302!       302!               302!
/admin/applications/meeting/{meeting}/delete/               404       404        404      404     404    403        403                403
/admin/applications/person/add/                             404       404        404      404     404    302!       302!               302!
/admin/applications/person/{person}/password/               404       404        404      404     404    403        403                403
/admin/applications/person/{person}/link/                   404       404        404      404     404    302        302                302
/admin/applications/person/{publisher}/link/                404       404        404      404     404    403        403                403
/admin/applications/person/{publisher}/change/              404       404        404      404     404    403        403                403
/admin/applications/person/{publisher}/password/            404       404        404      404     404    403        403                403
/admin/applications/person/{person}/delete/                 404       404        404      404     404    403        403                403
/admin/medicines/version/{version}/change/                  404       404        404      404     404    403        403                403
/admin/medicines/version/{version}/delete/                  404       404        404      404     404    403        403                403
/admin/medicines/recommendation/add/                        404       404        404      404     404    403        403                403
/admin/medicines/recommendation/{recommendation}/delete/    404       404        404      404     404    403        403                403
/admin/medicines/edition/{edition}/delete/                  404       404        404      404     404    403        403                403
/admin/medicines/section/{section}/delete/                  404       404        404      404     404    403        403                403
/admin/medicines/section/add/                               404       404        404      404     404    302!       302!               302!
/admin/medicines/listimport/add/                            404       404        404      404     404    302!       302!               302!
/admin/medicines/listimport/{import}/edition/               404       404        404      404     404    302!       302!               302!
/admin/medicines/listimport/{import}/settle/                404       404        404      404     404    302!       302!               302!
/admin/medicines/listimport/{import}/carry-out/             404       404        404      404     404    302!       302!               302!
/admin/medicines/listimport/{import}/discard/               404       404        404      404     404    302!       302!               302!
/admin/medicines/listimport/{import}/delete/                404       404        404      404     404    403        403                403
/admin/medicines/medicine/{medicine}/rename/                404       404        404      404     404    302!       302!               302!
/admin/medicines/medicine/{medicine}/delete/                404       404        404      404     404    403        403                403
"""


@pytest.fixture
def house() -> House:
    return build()


def rows(table: str) -> Iterator[tuple[str, list[str]]]:
    """The lines of a table: an address and its cells. A line of names and empty lines are left out."""
    for line in table.strip().splitlines():
        address, *cells = line.split() or [""]
        if address.startswith("/"):
            yield address, cells


def all_addresses() -> list[str]:
    return [address for table in (EVERYBODY, PERSONAL, ADMIN) for address, _cells in rows(table)]


def expected(who: str) -> dict[str, str]:
    """What a person gets from every address of the tables."""
    answers = {address: cells[0] for address, cells in rows(EVERYBODY)}
    for address, cells in rows(PERSONAL):
        if who == "stranger":
            answers[address] = STRANGERS_ALLOWED.get(address, "login")
        else:
            answers[address] = cells[PEOPLE.index(who) - 1]
    staff = PEOPLE[-3:]
    for address, cells in rows(ADMIN):
        nobody = "login" if who == "stranger" else "404"
        answers[address] = cells[staff.index(who)] if who in staff else nobody
    return answers


def routes(patterns: list[Any], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, before + str(pattern.pattern))
        else:
            yield before + str(pattern.pattern), pattern


def arguments(house: House, *, absent: bool = False) -> dict[str, Any]:
    newest = house.version.recommendation.versions.order_by("-number").first()
    publisher = house.someone("publisher").pk
    return house.arguments(absent=absent) | {"newest": newest.pk if newest else 0, "publisher": publisher}


def shown(answer: HttpResponseBase, address: str) -> str:
    """An answer as the tables write it."""
    if answer.status_code not in (301, 302):
        return str(answer.status_code)
    target = answer.headers["Location"].partition("?")[0]
    short = {
        "/accounts/login/": "login",
        "/accounts/reauthenticate/": "again",
        "/accounts/password/change/": "change",
        f"{address}change/": "change",
    }
    if re.fullmatch(r"/committee/items/\d+/draft/compare/1/\d+/", target):
        return "compared"
    return short.get(target, target)


# Which routes there are


class Filled(dict[str, Any]):
    """Arguments of which each is a plain 1, to fill in an address without a house."""

    def __missing__(self, name: str) -> str:
        return "1"


def test_every_route_stands_in_the_tables() -> None:
    resolver = get_resolver()
    listed = set()
    for address in all_addresses():
        match = resolver.resolve(address.format_map(Filled()).partition("?")[0])
        listed.add(match.route)
    there = {route.replace("^", "").replace("$", "") for route, _pattern in routes(resolver.url_patterns)}
    unlisted = sorted(there - {route.replace("^", "").replace("$", "") for route in listed})
    assert unlisted == [], f"Say in the tables of {__file__} what each person gets from these routes."


# Who gets what


@pytest.mark.parametrize("who", PEOPLE)
def test_each_person_gets_from_every_route_what_the_table_says(house: House, who: str) -> None:
    client, given = house.client(who), arguments(house)
    found = {}
    before = fingerprints()
    for pattern in expected(who):
        address = pattern.format_map(given)
        answer = client.get(address)
        body(answer)  # Files are closed when they are read.
        found[pattern] = shown(answer, address)
    wrong = {address: (found[address], cell) for address, cell in expected(who).items() if found[address] != cell}
    assert wrong == {}, "address: (what came, what the table says)"
    assert changed(before) == [], "A page was only looked at, and something was written."


def hidden_addresses() -> list[str]:
    """The addresses that name something of the hidden item."""
    names = ("{item}", "{draft}", "{document}", "{thread}", "{event}", "{recusal}")
    return [address for address in all_addresses() if any(name in address for name in names)]


@pytest.mark.parametrize("who", LEFT_OUT)
def test_what_is_hidden_answers_byte_for_byte_as_what_never_was(house: House, who: str) -> None:
    client, there, nowhere = house.client(who), arguments(house), arguments(house, absent=True)
    for method in (client.get, client.post, client.options):
        for pattern in hidden_addresses():
            hidden, absent = pattern.format_map(there), pattern.format_map(nowhere)
            assert told(method(hidden), hidden) == told(method(absent), absent), (method.__name__, pattern)


ASKED_BY_HAND = (
    "/admin/applications/item/?id={item}",
    "/admin/applications/item/?pk__in={item}",
    "/admin/applications/item/?draft={draft}",
    "/admin/applications/item/?recusals={recusal}",
    "/admin/applications/item/?documents={document}",
    "/admin/applications/document/?item={item}",
    "/admin/applications/event/?item={item}",
    "/admin/applications/event/?item__id__exact={item}",
    "/admin/applications/recusal/?item={item}",
    "/admin/applications/meeting/?items={item}",
    "/admin/applications/meeting/?items__in={item}",
    "/admin/applications/meeting/?items__gte={item}",
    "/admin/applications/meeting/?items__draft={draft}",
    "/admin/applications/person/?recusals={recusal}",
    "/admin/applications/person/?recusals__gte={recusal}",
    "/admin/applications/person/?recusals__item={item}",
    "/committee/items/{item}/draft/?proposal={key}",
)
"""Addresses that no page links to: filters that somebody types to learn whether an id exists."""


def test_a_question_typed_by_hand_learns_nothing_of_what_is_hidden(house: House) -> None:
    client, there, nowhere = house.client("recused_secretary"), arguments(house), arguments(house, absent=True)
    learned = [
        pattern
        for pattern in ASKED_BY_HAND
        if found_by(client, pattern.format_map(there)) != found_by(client, pattern.format_map(nowhere))
    ]
    assert learned == []


def found_by(client: Client, address: str) -> tuple[int, list[str], list[str]]:
    """What a list or form shows: its rows by where they lead, and its words on how many there are."""
    answer = client.get(address)
    page = answer.content.decode()
    counts = re.findall(r'class="paginator">(.*?)</p>', page, re.DOTALL)
    return answer.status_code, re.findall(r'href="([^"?]*)', page), counts


def told(answer: HttpResponseBase, address: str) -> tuple[Any, ...]:
    """Everything that an answer tells, but for the address itself, which pages repeat."""
    path = address.partition("?")[0]
    page = same_for_all(body(answer)).replace(path.encode(), b"HERE")
    kept = {name: value.replace(path, "HERE") for name, value in headers(answer).items()}
    return answer.status_code, kept, page, dict(answer.cookies)


# Who changes what


def posts(house: House) -> dict[str, dict[str, Any]]:
    """Something good to send to each address of the table, as a person sends it who may."""
    secretary, given = house.client("secretary"), arguments(house)
    head = house.head

    def form(pattern: str, form_id: str = "") -> dict[str, Any]:
        return dict(sent(secretary.get(pattern.format_map(given)).content.decode(), form_id))

    draft = form("/admin/applications/draft/{draft}/change/", "draft-form")
    proposal = f"proposal-{house.hidden.proposals.get().pk}"
    nobody_yet = {"email": "new@example.org", "name": "New", "language": "en", "usable_password": "false"}
    return {
        "/committee/language/": {"language": "ru"},
        "/committee/items/{item}/draft/": {"verdict": "ready", "revision": head.number},
        "/committee/items/{item}/draft/comment/{block}/?revision={b}": {"text": "Words", "revision": head.number},
        "/committee/threads/{thread}/": {"text": "Words"},
        "/committee/items/{item}/sign/": {"fingerprint": head.fingerprint},
        "/admin/applications/item/add/": {
            "meeting": house.meeting.pk,
            "code": "N.1",
            "title": "New",
            "kind": "matter",
        },
        "/admin/applications/item/upload/": {
            "meeting": house.meeting.pk,
            "file": "# Benefits\n\nIt helps.\n\n# Harms\n\nIt harms.",
        },
        "/admin/applications/item/correct/?version={newest}": {
            "versions": given["newest"],
            "code": "K.99",
            "title": "Correction",
            "note": "Wrong.",
        },
        "/admin/applications/item/{item}/decide/": {
            f"{proposal}-outcome": "not_recommended",
            f"{proposal}-method": "consensus",
        },
        "/admin/applications/item/{item}/clear/": {"fingerprint": head.fingerprint, "words": "Somebody"},
        "/admin/applications/item/{item}/publish/": {"fingerprint": head.fingerprint},
        "/admin/applications/item/{item}/move/?to=withdrawn": {"words": "Words"},
        "/admin/applications/item/{item}/amend/": {"code": "Z.9", "title": "Words"},
        "/admin/applications/item/{item}/recuse/": {"person": house.someone("member").pk, "reason": "Words"},
        "/admin/applications/item/{item}/document/": {"file": "Words"},
        "/admin/applications/item/{item}/application/": {
            "title": "New",
            "applicant": "Somebody",
            "received_on": "2024-11-01",
        },
        "/admin/applications/item/{item}/proposal/": {"asks": "New", "medicine": "New", "indication": "New"},
        "/admin/applications/draft/{draft}/change/": draft | {"text-language": "fr", "note": "Words"},
        "/admin/applications/draft/{draft}/working-copy/": draft | {"note": "Typed"},
        "/admin/applications/draft/{draft}/resolve/": {
            "base": head.pk,
            "head": head.pk,
            "mine": head.body.replace("Second words", "Other words"),
        },
        "/admin/applications/meeting/add/": form("/admin/applications/meeting/add/")
        | {
            "number": "30",
            "name": "Thirtieth",
            "year": "2035",
            "starts_on": "2035-05-05",
            "ends_on": "2035-05-09",
            "lists_on": "2035-09-05",
            "signatures": "chair",
            "delegate": "chair",
        },
        "/admin/applications/person/add/": nobody_yet,
        "/admin/applications/person/{person}/password/": {
            "password1": "another of some length",
            "password2": "another of some length",
            "usable_password": "true",
            "set-password": "1",
        },
        "/admin/applications/person/{publisher}/change/": nobody_yet | {"is_active": "on"},
        "/admin/medicines/section/add/": {"edition": house.edition.pk, "number": "6", "title": "New"},
        "/admin/medicines/listimport/add/": {"kind": "sections", "edition": "24", "file": "number,title\n6,New\n"},
        "/admin/medicines/listimport/{import}/edition/": {"edition": "24"},
        "/admin/medicines/listimport/{import}/settle/": {"plan": house.waiting.report["plan"]},
        "/admin/medicines/listimport/{import}/carry-out/": {"plan": house.waiting.report["plan"]},
        "/admin/medicines/listimport/{import}/discard/": {"sure": "yes"},
        "/admin/medicines/medicine/{medicine}/rename/": {"name": "Another name", "reason": "A letter"},
    } | {
        address: {"post": "yes"}
        for address, _cells in rows(SENT)
        if address.endswith("/delete/") or address in ("/admin/applications/event/add/",)
    }


def send(client: Client, address: str, data: dict[str, Any]) -> HttpResponseBase:
    """Send a form; a file is made of its words anew each time, for it is read once."""
    if "file" in data:
        data = data | {"file": upload(data["file"])}
    return client.post(address, data)


@pytest.mark.parametrize("who", PEOPLE)
def test_whoever_may_not_changes_nothing_by_sending(house: House, who: str) -> None:
    client, given, good = house.client(who), arguments(house), posts(house)
    before = fingerprints()
    found = {}
    logged_in = deepcopy(client.cookies)
    for pattern, _cells in rows(SENT):
        client.cookies = deepcopy(logged_in)  # What is sent may change the session, and that is taken back.
        with transaction.atomic():
            answer = send(client, pattern.format_map(given), good.get(pattern, {}))
            found[pattern] = f"{answer.status_code}{'!' if changed(before) else ''}"
            transaction.set_rollback(True)
    table = {pattern: "302" if who == "stranger" else cells[PEOPLE.index(who) - 1] for pattern, cells in rows(SENT)}
    wrong = {pattern: (found[pattern], cell) for pattern, cell in table.items() if found[pattern] != cell}
    assert wrong == {}, "address: (what came, what the table says)"


def test_no_other_route_takes_a_word(house: House) -> None:
    """What stands in no table of things sent changes nothing either, whoever sends."""
    given = arguments(house)
    takes = {address for address, _cells in rows(SENT)}
    clients = [house.client(who) for who in ("stranger", "member", "secretary")]
    before = fingerprints()
    for client in clients:
        logged_in = deepcopy(client.cookies)
        for pattern in sorted(set(all_addresses()) - takes):
            with transaction.atomic():
                client.cookies = deepcopy(logged_in)  # One of the addresses is to log out.
                client.post(pattern.format_map(given), {"word": "word", "action": "word"})
                assert changed(before) == [], pattern
                transaction.set_rollback(True)
