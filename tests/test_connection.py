"""A connection that was kept: whether it still lives is seen without a query."""

from __future__ import annotations

import select

import psycopg
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.processes import eventually


def test_a_living_connection_is_usable_and_no_query_asks(db: None) -> None:
    connection.ensure_connection()
    with CaptureQueriesContext(connection) as seen:
        assert connection.is_usable() is True
    assert len(seen) == 0


def test_one_that_the_server_ended_is_not(cloned_database: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (process,) = cursor.fetchone()
    with another() as other:
        other.execute("SELECT pg_terminate_backend(%s)", [process])
    eventually(lambda: not connection.is_usable())
    connection.close()
    assert connection.is_usable() is False


def test_one_to_which_the_server_said_something_is_asked(cloned_database: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("LISTEN something")
    with another() as other:
        other.execute("NOTIFY something")
    waiting = select.poll()
    waiting.register(connection.connection.pgconn.socket, select.POLLIN)
    eventually(lambda: bool(waiting.poll(0)))
    assert connection.is_usable() is True
    assert not waiting.poll(0)


def another() -> psycopg.Connection:
    parameters = connection.get_connection_params()
    wanted = {name: parameters[name] for name in ("host", "port", "user", "password", "dbname") if name in parameters}
    return psycopg.connect(**wanted, autocommit=True)
