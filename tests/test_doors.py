"""The doors: who does not belong behind one cannot tell what is there. And the language of a page."""

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import translation

PATHS = [
    "/committee/",
    "/committee",
    "/committee/items/1/",
    "/committee/no/such/page",
    "/admin/",
    "/admin",
    "/admin/x/",
]


@pytest.mark.parametrize("path", PATHS)
def test_a_stranger_is_sent_to_log_in_whatever_the_path(db: None, client: Client, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.headers["Location"], response.content) == (
        302,
        f"/accounts/login/?next={path}",
        b"",
    )


def test_a_stranger_who_sends_something_is_sent_to_log_in_too(db: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    for path in ("/committee/items/1/", "/admin/login/", "/committee/nothing"):
        response = strict.post(path, {"word": "canary"})
        # Without a token, a refusal of its own would tell which pages exist.
        assert (response.status_code, response.headers.get("Location")) == (302, "/accounts/login/?next=/committee/")


def test_who_is_not_staff_finds_one_and_the_same_nothing_under_admin(db: None, client: Client) -> None:
    client.force_login(get_user_model().objects.create_user("member@example.org", "irrelevant", name="Member"))
    answers = set()
    for path in PATHS:
        if path.startswith("/admin"):
            response = client.get(path)
            answers.add((response.status_code, response.content))
    assert len(answers) == 1
    assert answers.pop()[0] == 404


def test_staff_reach_the_admin(db: None, client: Client) -> None:
    staff = get_user_model().objects.create_user("staff@example.org", "irrelevant", name="Staff", is_staff=True)
    client.force_login(staff)
    assert client.get("/admin/").status_code == 200


def test_nobody_signs_up(db: None, client: Client) -> None:
    client.post(
        "/accounts/signup/",
        {"email": "new@example.org", "password1": "a long enough one", "password2": "a long enough one"},
    )
    assert get_user_model().objects.count() == 0


@pytest.mark.parametrize(
    ("path", "language"),
    [("/no-such-page/", "en"), ("/fr/no/", "fr"), ("/zh-hans/no/", "zh-hans"), ("/ar/no/", "ar"), ("/de/no/", "en")],
)
def test_a_public_page_has_the_language_of_its_path_and_negotiates_nothing(
    db: None, client: Client, path: str, language: str
) -> None:
    response = client.get(path, headers={"Accept-Language": "es", "Cookie": "django_language=ru"})
    assert response.headers["Content-Language"] == language
    assert "Vary" not in response.headers
    assert response.cookies == {}
    assert translation.get_language() == settings.LANGUAGE_CODE


def test_behind_the_doors_a_person_reads_their_own_language(db: None, client: Client) -> None:
    person = get_user_model().objects.create_user(
        "staff@example.org", "irrelevant", name="Staff", is_staff=True, language="fr"
    )
    client.force_login(person)
    assert client.get("/admin/", headers={"Accept-Language": "es"}).headers["Content-Language"] == "fr"


def test_a_strict_policy_stands_on_every_answer(db: None, client: Client) -> None:
    staff = get_user_model().objects.create_user("staff@example.org", "irrelevant", name="Staff", is_staff=True)
    for sign_in in (False, True):
        if sign_in:
            client.force_login(staff)
        for path in ("/", "/no-such-page/", "/committee/", "/admin/", "/accounts/login/"):
            response = client.get(path)
            policy = dict(part.strip().split(" ", 1) for part in response.headers["Content-Security-Policy"].split(";"))
            scripts = policy.pop("script-src").split()
            assert [word for word in scripts if not word.startswith("'nonce-")] == ["'self'"]
            assert policy == {
                "default-src": "'none'",
                "style-src": "'self'",
                "img-src": "'self' data:",
                "font-src": "'self'",
                "connect-src": "'self'",
                "form-action": "'self'",
                "base-uri": "'none'",
                "frame-ancestors": "'none'",
            }
            assert response.headers["X-Frame-Options"] == "DENY"
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["Referrer-Policy"] == "same-origin"


def test_the_role_that_serves_owns_no_table_and_cannot_truncate(serving_connection: psycopg.Connection) -> None:
    tables = [
        name
        for (name,) in serving_connection.execute(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY 1"
        )
    ]
    assert {"applications_item", "medicines_version"} <= set(tables)
    may = "SELECT has_table_privilege(%s, p) FROM unnest(%s::text[]) p"
    for table in tables:
        denied = serving_connection.execute(may, [table, ["TRUNCATE", "TRIGGER", "REFERENCES"]]).fetchall()
        assert denied == [(False,)] * 3, table
        granted = serving_connection.execute(may, [table, ["SELECT", "INSERT", "UPDATE", "DELETE"]]).fetchall()
        writes = table != "django_migrations"
        assert granted == [(True,), (writes,), (writes,), (writes,)], table
    owned = serving_connection.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user").fetchone()
    assert owned == (0,)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        serving_connection.execute("TRUNCATE django_session")
    serving_connection.rollback()
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        serving_connection.execute("CREATE TABLE public.mine ()")


def test_the_log_in_page_speaks_the_language_that_the_browser_asks_for(db: None, client: Client) -> None:
    response = client.get("/accounts/login/", headers={"Accept-Language": "ar,en;q=0.5"})
    assert (response.headers["Content-Language"], "Accept-Language" in response.headers["Vary"]) == ("ar", True)
