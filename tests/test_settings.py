"""Settings: each that is missing or unsafe stops the start and says what to do."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from emlreview import environment

PRODUCTION = {
    "EMLREVIEW_DEMO": "0",
    "EMLREVIEW_SECRET_KEY": "correct-horse-battery-staple-0123456789-abcdefghijk",
    "EMLREVIEW_HOSTS": "medicines.example.org",
    "EMLREVIEW_OPERATOR": "The Example Committee",
    "EMLREVIEW_MAIL_FROM": "Secretariat <secretariat@example.org>",
    "EMLREVIEW_SMTP_HOST": "smtp.example.org",
    "DATABASE_URL": "postgresql://serving:secret@localhost/emlreview",
    "DATABASE_OWNER_URL": "postgresql://owner:secret@localhost/emlreview",
}
SHOW = "from django.conf import settings as s; print({})"


def python(code: str, **variables: str | None) -> tuple[int, str, str]:
    """Run code with these variables only, and with the settings of the site."""
    environ = {name: os.environ[name] for name in ("PATH", "HOME", "EMLREVIEW_DATA") if name in os.environ}
    environ |= {"DJANGO_SETTINGS_MODULE": "emlreview.settings"}
    environ |= {name: value for name, value in variables.items() if value is not None}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, env=environ, capture_output=True, text=True
    )
    return done.returncode, done.stdout.strip(), done.stderr.strip().split("\n")[-1]


@pytest.mark.parametrize(
    ("change", "advice"),
    [
        ({"EMLREVIEW_SECRET_KEY": None}, "EMLREVIEW_SECRET_KEY is not set. It signs log-ins"),
        ({"EMLREVIEW_SECRET_KEY": "short"}, "EMLREVIEW_SECRET_KEY is too easy to guess"),
        ({"EMLREVIEW_HOSTS": None}, "EMLREVIEW_HOSTS is not set. Name the hosts"),
        ({"EMLREVIEW_HOSTS": "*"}, "EMLREVIEW_HOSTS must name hosts in full"),
        ({"EMLREVIEW_OPERATOR": None}, "EMLREVIEW_OPERATOR is not set. Name who runs this site"),
        ({"EMLREVIEW_MAIL_FROM": None}, "EMLREVIEW_MAIL_FROM is not set"),
        ({"EMLREVIEW_SMTP_HOST": None}, "EMLREVIEW_SMTP_HOST is not set"),
        ({"EMLREVIEW_SMTP_PORT": "smtp"}, "EMLREVIEW_SMTP_PORT is 'smtp'. Write a whole number"),
        ({"EMLREVIEW_DEBUG": "1"}, "EMLREVIEW_DEBUG is for the demonstration only"),
        ({"EMLREVIEW_DEMO": "perhaps"}, "EMLREVIEW_DEMO is 'perhaps'. Write 1 for yes or 0 for no."),
        ({"EMLREVIEW_DEMO": "1"}, "A demonstration makes its own key"),
        ({"DATABASE_URL": None}, "DATABASE_URL is not set. Name a PostgreSQL database"),
        ({"DATABASE_URL": "mysql://localhost/emlreview"}, "DATABASE_URL must name a PostgreSQL database"),
        ({"EMLREVIEW_ROLE": "owner", "DATABASE_OWNER_URL": None}, "DATABASE_OWNER_URL is not set"),
        ({"EMLREVIEW_ROLE": "king"}, "EMLREVIEW_ROLE is 'king'"),
    ],
)
def test_a_missing_or_unsafe_setting_stops_the_start_with_advice(change: dict[str, str | None], advice: str) -> None:
    code, shown, error = python(SHOW.format("s.DEMO"), **PRODUCTION | change)
    assert (code, shown) == (1, "")
    assert error.startswith(f"django.core.exceptions.ImproperlyConfigured: {advice}")


def test_nothing_set_at_all_is_no_demonstration_for_a_server() -> None:
    code, _, error = python("import emlreview.wsgi")
    assert code == 1
    assert "EMLREVIEW_SECRET_KEY is not set" in error


def test_a_real_site_is_not_served_with_the_key_of_a_demonstration() -> None:
    assert settings.DEMO  # Whose key stands in the data folder by now.
    code, _, error = python(SHOW.format("s.DEMO"), **PRODUCTION | {"EMLREVIEW_SECRET_KEY": settings.SECRET_KEY})
    assert code == 1
    assert "is that of the demonstration in the data folder" in error


def test_a_demonstration_is_served_to_this_machine_only() -> None:
    assert python(SHOW.format("s.DEMO, s.DEBUG, s.ALLOWED_HOSTS"), EMLREVIEW_DEMO="1") == (
        0,
        "True False ['localhost', '127.0.0.1', '[::1]']",
        "",
    )


def test_the_server_and_the_migrations_have_roles_of_their_own() -> None:
    show = SHOW.format("s.DATABASES['default']['USER'], s.SERVING_ROLE")
    assert python(show, **PRODUCTION) == (0, "serving serving", "")
    assert python(show, **PRODUCTION, EMLREVIEW_ROLE="owner") == (0, "owner serving", "")
    assert python(show, EMLREVIEW_DEMO="1") == (0, "emlreview_serving emlreview_serving", "")
    assert python(show, EMLREVIEW_DEMO="1", EMLREVIEW_ROLE="owner") == (0, "emlreview_owner emlreview_serving", "")


def test_the_deployment_checks_of_django_find_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], **PRODUCTION},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "System check identified no issues (0 silenced)."), done.stderr


def test_an_address_of_a_database_is_read_whole() -> None:
    assert environment.database("postgresql://o%40:p%2Fq@db.example.org:5433/eml%20list?sslmode=require") == {
        "ENGINE": "emlreview.postgresql",
        "NAME": "eml list",
        "USER": "o@",
        "PASSWORD": "p/q",
        "HOST": "db.example.org",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }
    assert environment.database("postgres:///emlreview?host=/var/run/postgresql")["HOST"] == "/var/run/postgresql"


@pytest.mark.parametrize(
    ("url", "advice"),
    [
        ("postgresql://localhost:port/emlreview", "DATABASE_URL cannot be read"),
        ("postgresql://localhost", "DATABASE_URL names no database"),
        ("sqlite:///file", "DATABASE_URL must name a PostgreSQL database"),
    ],
)
def test_an_address_that_names_no_database_gets_its_form_explained(url: str, advice: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=advice):
        environment.database(url)
