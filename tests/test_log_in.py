"""Logging in and out: what the forms tell about accounts, what the cookies allow, and where one is led."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.test.utils import override_settings

from applications.models import Person
from tests import make
from tests.house import PASSWORD, changed, fingerprints, headers, same_for_all

pytestmark = pytest.mark.django_db

KNOWN, UNKNOWN = "known@example.org", "other@example.org"


@pytest.fixture(autouse=True)
def no_attempts_yet() -> None:
    """Attempts are counted in the cache, which outlives a test."""
    cache.clear()


@pytest.fixture
def known() -> Person:
    return make.person("Known", email=KNOWN, password=PASSWORD)


def log_in(client: Client, email: str = KNOWN, password: str = PASSWORD, **more: str) -> HttpResponse:
    return client.post("/accounts/login/", {"login": email, "password": password, **more})


def told(answer: HttpResponse, email: str) -> tuple[Any, ...]:
    """An answer without the address, which the form keeps."""
    return answer.status_code, headers(answer), same_for_all(answer.content).replace(email.encode(), b"ADDRESS")


# What the forms tell


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(known: Person) -> None:
    make.person("Inactive", email="gone1@example.org", password=PASSWORD, is_active=False)
    answers = [
        told(log_in(Client(), email, "a wrong password"), email) for email in (KNOWN, UNKNOWN, "gone1@example.org")
    ]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0] == 200


def test_asking_for_a_new_password_does_not_tell_whether_the_address_is_known(known: Person) -> None:
    answers = []
    for email in (KNOWN, UNKNOWN):
        client = Client()
        asked = client.post("/accounts/password/reset/", {"email": email})
        answers.append((told(asked, email), told(client.get(asked.headers["Location"]), email)))
    assert answers[0] == answers[1]
    assert [message.to for message in mail.outbox] == [[KNOWN]]


def test_a_link_for_a_new_password_works_once_and_is_not_in_the_address_of_the_form(known: Person) -> None:
    client = Client()
    client.post("/accounts/password/reset/", {"email": KNOWN})
    (link,) = re.findall(r"https?://[^/]+(/accounts/password/reset/key/\S+)", mail.outbox[0].body)
    form = client.get(link)
    key = link.rstrip("/").rpartition("/")[2].partition("-")[2]
    assert key not in form.headers["Location"]
    new = {"password1": "another of some length", "password2": "another of some length"}
    assert client.post(form.headers["Location"], new).status_code == 302
    assert client.login(username=KNOWN, password="another of some length") or log_in(client, password=new["password1"])
    again = Client()
    assert b'name="password1"' not in again.get(link, follow=True).content


def test_looking_at_a_link_for_a_new_password_writes_nothing(known: Person) -> None:
    before = fingerprints()
    Client().get(f"/accounts/password/reset/key/{known.pk}-0123-abcdef/")
    assert changed(before) == []


def test_an_address_that_staff_have_replaced_opens_nothing_any_more(known: Person) -> None:
    Client().post("/accounts/password/reset/", {"email": KNOWN})
    known.email = "new@example.org"
    known.save()
    mail.outbox.clear()
    Client().post("/accounts/password/reset/", {"email": KNOWN})
    assert mail.outbox == []
    client = Client()
    log_in(client)
    assert "_auth_user_id" not in client.session


def test_an_inactive_person_does_not_get_in_and_is_put_out(known: Person) -> None:
    client = Client()
    log_in(client)
    assert client.get("/committee/").status_code == 200
    known.is_active = False
    known.save()
    assert client.get("/committee/").status_code == 302
    fresh = Client()
    log_in(fresh)
    assert fresh.get("/committee/").status_code == 302


def test_guessing_passwords_is_stopped(known: Person) -> None:
    answers = [log_in(Client(), KNOWN, f"wrong guess {number}") for number in range(15)]
    assert told(log_in(Client(), KNOWN, PASSWORD), KNOWN)[0] == 200, "Even the right one does not help now."
    assert b"Too many" in answers[-1].content


# Cookies and sessions


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(known: Person) -> None:
    client = Client()
    cookies = log_in(client).cookies
    session = cookies[settings.SESSION_COOKIE_NAME]
    assert (session["httponly"], session["samesite"], session["path"], session["domain"]) == (True, "Lax", "/", "")
    assert (session["max-age"], session["expires"]) == ("", ""), "It ends with the browser."
    assert cookies[settings.CSRF_COOKIE_NAME]["httponly"] is True


def test_logging_in_begins_a_new_session(known: Person) -> None:
    client = Client()
    client.get("/accounts/login/")
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    log_in(client)
    assert client.session.session_key != session.session_key
    assert not Session.objects.filter(pk=session.session_key).exists()


def test_logging_out_ends_the_session_and_takes_a_click(known: Person) -> None:
    client = Client()
    log_in(client)
    old = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.get("/accounts/logout/")
    assert client.get("/committee/").status_code == 200
    left = client.post("/accounts/logout/")
    assert (left.status_code, left.headers["Location"]) == (302, "/")
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = old
    assert thief.get("/committee/").status_code == 302
    assert not Session.objects.filter(pk=old).exists()


def test_a_new_password_ends_all_other_sessions(known: Person) -> None:
    here, elsewhere = Client(), Client()
    log_in(here)
    log_in(elsewhere)
    new = {"oldpassword": PASSWORD, "password1": "another of some length", "password2": "another of some length"}
    assert here.post("/accounts/password/change/", new).status_code == 302
    assert elsewhere.get("/committee/").status_code == 302


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/accounts/logout/", "/committee/language/", "/accounts/password/change/"]
)
def test_a_form_of_another_site_does_nothing(known: Person, path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(known)
    before = fingerprints()
    assert client.post(path, {"language": "fr", "login": KNOWN, "password": PASSWORD}).status_code == 403
    assert changed(before) == []


# Where one is led


ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "https:evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/%0d%0aSet-Cookie:x=1",
    "\t//evil.example/",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_led_to_another_site(known: Person, target: str) -> None:
    client = Client()
    answers = [log_in(client, next=target)]
    answers.append(client.get("/accounts/login/", {"next": target}))
    answers.append(client.post("/committee/language/", {"language": "fr", "next": target}))
    answers.append(client.post("/accounts/logout/", {"next": target}))
    for answer in answers:
        where = answer.headers.get("Location", "/")
        assert re.match(r"/(?![/\\])", where), where
        assert "\r" not in where
        assert "\n" not in where
        assert "x=1" not in str(answer.cookies)


def test_after_logging_in_one_reads_what_one_asked_for(known: Person) -> None:
    client = Client()
    way = client.get("/committee/items/7/draft/?proposal=a").headers["Location"]
    assert way == "/accounts/login/?next=/committee/items/7/draft/%3Fproposal%3Da"
    assert (
        log_in(client, next="/committee/items/7/draft/?proposal=a").headers["Location"]
        == "/committee/items/7/draft/?proposal=a"
    )


@override_settings(ALLOWED_HOSTS=["records.example"])
def test_a_host_that_is_not_ours_is_refused() -> None:
    assert Client(headers={"Host": "evil.example"}).get("/accounts/password/reset/").status_code == 400
