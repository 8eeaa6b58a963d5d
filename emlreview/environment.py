"""Settings from the environment, with advice where one is missing or wrong."""

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None, *, advice: str = "") -> str:
    """The value of a variable; without a default, a missing or empty one stops the start with advice."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"{name} is not set. {advice}".strip())
    return default


def flag(name: str, default: bool = False) -> bool:
    """True for 1, true, yes, on; False for 0, false, no, off; anything else stops the start."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}. Write 1 for yes or 0 for no.")


def number(name: str, default: int) -> int:
    """A whole number that is not negative."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} is {value!r}. Write a whole number, such as {default}.")
    return int(value)


def words(name: str, default: list[str] | None = None, *, advice: str = "") -> list[str]:
    """A list divided by commas."""
    value = text(name, None if default is None else "", advice=advice)
    return [word.strip() for word in value.split(",") if word.strip()] or (default or [])


def database(url: str, *, name: str = "DATABASE_URL") -> dict[str, Any]:
    """Django's settings for a database at `postgresql://user:password@host:port/name?sslmode=require`.

    A socket's folder is given as `?host=/var/run/postgresql`. Everything else in the query goes to libpq.
    """
    form = "postgresql://user:password@host:5432/name"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} cannot be read ({error}). Its form is {form}") from error
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured(f"{name} must name a PostgreSQL database. Its form is {form}")
    options = dict(parse_qsl(parts.query))
    database_name = unquote(parts.path.removeprefix("/"))
    if not database_name:
        raise ImproperlyConfigured(f"{name} names no database. Its form is {form}")
    return {
        "ENGINE": "emlreview.postgresql",
        "NAME": database_name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(port or options.pop("port", "")),
        "OPTIONS": options,
    }
