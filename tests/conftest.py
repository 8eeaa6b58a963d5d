"""What every test stands on: a database with all migrations applied, clones of it, and a real browser.

Tests run as the owner of the tables, in a transaction that is rolled back. Those that need committed rows, because
threads or a browser look at them, take `cloned_database`: a copy of the template, thrown away afterwards, so that
nothing is ever truncated.

Several runs may go on at once, on one server and from one checkout: a template is named by what it was made from, and
a worker's database by a number that no other worker has.
"""

import hashlib
import inspect
import os
import random
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

# Playwright's loop runs in the test's own thread, and Django would take that for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

import hypothesis
import psycopg
import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.db import connection, connections
from django.test.utils import override_settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright
from psycopg import sql
from pytest_django.live_server_helper import LiveServer

from emlreview import environment
from emlreview.embedded import data
from tests import browser as chromium
from tests.processes import PATIENCE

NAME = django_settings.DATABASES["default"]["TEST"]["NAME"]

# A busy machine takes longer to make examples, and that is no fault of what is tested.
SLOWNESS = [hypothesis.HealthCheck.too_slow]
hypothesis.settings.register_profile("emlreview", print_blob=True, deadline=None, suppress_health_check=SLOWNESS)
hypothesis.settings.load_profile("emlreview")


# Randomness: one seed for all workers, printed, so that a failure can be had again.


def pytest_configure(config: pytest.Config) -> None:
    given = config.getoption("hypothesis_seed", None)
    seed = given if given and given.isdecimal() else os.environ.get("EMLREVIEW_TEST_SEED", random.getrandbits(32))
    os.environ["EMLREVIEW_TEST_SEED"] = str(seed)
    hypothesis.core.global_force_seed = int(seed)  # type: ignore[assignment]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: where one worker waits for the database or a browser, another goes on."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests begin first, so that at the end no worker is left alone with one; then those in a browser."""
    items.sort(key=lambda item: (not item.get_closest_marker("long"), not item.get_closest_marker("journey")))


def pytest_report_header() -> str:
    return f"random seed: {os.environ['EMLREVIEW_TEST_SEED']} (again with --hypothesis-seed=...)"


@pytest.fixture(scope="session", autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Uploads of tests, and files that they make, go to folders of the run's own."""
    names = {"MEDIA_ROOT": "files", "STATIC_ROOT": "static", "FILES_ROOT": "lists"}
    with override_settings(**{setting: tmp_path_factory.mktemp(name) for setting, name in names.items()}):
        yield


# Databases


@pytest.fixture(scope="session")
def template(django_test_environment: None, django_db_blocker: Any) -> Iterator[str]:
    """A database with all migrations applied; yields its name. The first worker makes it, and later runs find it."""
    fingerprint = _fingerprint()
    name = f"{NAME}_{fingerprint[:12]}"
    with django_db_blocker.unblock(), _server() as server:
        # Other workers, and other runs on this server, wait here.
        server.execute("SELECT pg_advisory_lock(hashtext(%s))", [NAME])
        # Held as long as we run: nobody takes the template away.
        server.execute("SELECT pg_advisory_lock_shared(hashtext(%s))", [name])
        if _remark(server, name) != fingerprint:
            _make_template(name)
            remark = sql.SQL("COMMENT ON DATABASE {} IS {}")
            server.execute(remark.format(sql.Identifier(name), sql.Literal(fingerprint)))
            _drop_others(server, name)
        server.execute("SELECT pg_advisory_unlock(hashtext(%s))", [NAME])
        yield name


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, template: str, django_db_blocker: Any) -> Iterator[None]:
    """This worker's own database, a copy of the template."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    with django_db_blocker.unblock(), _free_name(f"{NAME}_{worker}") as name, _clone(template, name):
        yield


@pytest.fixture
def cloned_database(django_db_setup: None, template: str, django_db_blocker: Any) -> Iterator[str]:
    """A database of the test's own, whose changes are committed and seen by threads and browsers; yields its name.

    It takes the place of `db` and of transactional tests.
    """
    name = f"{connection.settings_dict['NAME']}_clone"
    with django_db_blocker.unblock(), _clone(template, name):
        yield name


@pytest.fixture
def serving_connection(django_db_setup: None) -> Iterator[psycopg.Connection]:
    """A connection to the test's database as the role that serves. It sees what is committed only."""
    database = serving_database()
    with psycopg.connect(
        host=database["HOST"],
        port=database["PORT"] or None,
        user=database["USER"],
        password=database["PASSWORD"] or None,
        dbname=connection.settings_dict["NAME"],
        **database["OPTIONS"],
    ) as serving:
        yield serving
        serving.rollback()


@contextmanager
def _free_name(wanted: str) -> Iterator[str]:
    """This name, or one like it where another run on the same server has it. What a killed run left is no matter."""
    with _server() as server:
        for number in count(1):
            name = wanted if number == 1 else f"{wanted}_{number}"
            if _have_alone(server, name):
                break
        yield name


@contextmanager
def _clone(template: str, name: str) -> Iterator[None]:
    """Copy the template under this name, and let Django's default connection point at the copy meanwhile."""
    with _server() as server:
        _drop(server, name)
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
    before = connection.settings_dict["NAME"]
    _point_at(name)
    try:
        yield
    finally:
        _point_at(before)
        with _server() as server:
            _drop(server, name)


def _make_template(name: str) -> None:
    original = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = name
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    _keep_from_counting()
    _point_at(original)


def _remark(server: psycopg.Connection, database: str) -> str | None:
    """What a database says of itself; it says nothing where it is not there, or was not made to its end."""
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    found = server.execute(query, [database]).fetchone()
    return found[0] if found else None


def _drop_others(server: psycopg.Connection, template: str) -> None:
    """Drop the templates of other migrations that no run is using."""
    names = server.execute("SELECT datname FROM pg_database WHERE datname ~ %s", [f"^{NAME}_[0-9a-f]{{12}}$"])
    for (name,) in names.fetchall():
        if name != template and _have_alone(server, name):
            _drop(server, name)
            server.execute("SELECT pg_advisory_unlock(hashtext(%s))", [name])


def _have_alone(server: psycopg.Connection, name: str) -> bool:
    """Whether nobody else has this name; it is ours, then, as long as the connection lives."""
    return server.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [name]).fetchone() == (True,)


def _keep_from_counting() -> None:
    """Keep the server from counting rows. Tests roll theirs back, so it would find none, and then plan for none: a
    query over a list that a test has just brought in would go through it once for every row.
    """
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(sql.SQL("ALTER TABLE {} SET (autovacuum_enabled = false)").format(sql.Identifier(table)))


def _fingerprint() -> str:
    """What the template was made from: every migration, and what is done after migrating."""
    digest = hashlib.sha256(inspect.getsource(_keep_from_counting).encode())
    for config in sorted(apps.get_app_configs(), key=lambda config: config.label):
        for path in sorted(Path(config.path, "migrations").glob("*.py")):
            digest.update(path.read_bytes())
        for model in config.get_models():
            digest.update(repr((model._meta.label, model._meta.verbose_name, model._meta.permissions)).encode())
    digest.update(inspect.getsource(import_module("emlreview.grants")).encode())
    return digest.hexdigest()


def _server() -> psycopg.Connection:
    """A connection to the server, apart from any test database."""
    connection.close()
    with connection._nodb_cursor() as cursor:
        parameters = cursor.connection.info.get_parameters() | {"password": cursor.connection.info.password}
    return psycopg.connect(**{name: value for name, value in parameters.items() if value}, autocommit=True)


def _drop(server: psycopg.Connection, name: str) -> None:
    """Drop a database. Sessions of the serving role cannot be ended by the owner: they get a moment to end."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _point_at(name: str) -> None:
    connections.close_all()
    for database in (django_settings.DATABASES["default"], connection.settings_dict):
        database["NAME"] = name


def serving_database() -> dict[str, Any]:
    """Where the test's database is, for the role that serves."""
    url = os.environ.get("DATABASE_URL")
    database = environment.database(url) if url else data.database(django_settings.DATA_DIR, "serving")
    return {name: database.get(name, default) for name, default in _SERVER.items()}


_SERVER: dict[str, Any] = {"USER": "", "PASSWORD": "", "HOST": "", "PORT": "", "OPTIONS": {}}


# The browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium without a window. Without one a journey fails, and says how to get one."""
    with sync_playwright() as playwright:
        path = chromium.find(playwright.chromium.executable_path)
        if path is None:
            pytest.fail(chromium.ADVICE, pytrace=False)
        expect.set_options(timeout=chromium.PATIENCE)
        started = playwright.chromium.launch(executable_path=path, args=chromium.flags(), timeout=chromium.PATIENCE)
        yield started
        started.close()


@pytest.fixture
def live_url(cloned_database: str) -> Iterator[str]:
    """The address of the site, served from a clone of the template, as the role that serves."""
    owner = {name: connection.settings_dict[name] for name in _SERVER}
    _be(serving_database())
    server = LiveServer("localhost")
    try:
        yield server.url
    finally:
        server.stop()
        _be(owner)


@pytest.fixture
def new_page(browser: Browser, live_url: str, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Makes a page in a browser of its own, so that each person of a journey has one: `new_page(locale="fr")`.

    The test fails if a script failed or something was refused by the content security policy; of a failed test,
    pictures of its pages are kept in test-results.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(**options: Any) -> Page:
        context = browser.new_context(**{"base_url": live_url, "reduced_motion": "reduce", **options})
        context.set_default_timeout(chromium.PATIENCE)
        contexts.append(context)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on("console", lambda message: _note_refusal(message, complaints))
        return context.new_page()

    yield make
    failed = getattr(request.node, "failed_call", False)
    for number, context in enumerate(contexts):
        for page in context.pages if failed else []:
            name = re.sub(r"[^\w-]+", "-", request.node.name)
            page.screenshot(path=f"test-results/{name}-{number}.png", full_page=True)
        context.close()
    assert complaints == []


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A page of the site in the browser."""
    return new_page()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    report = yield
    if report.when == "call" and report.failed:
        item.failed_call = True  # type: ignore[attr-defined]
    return report


def _note_refusal(message: ConsoleMessage, complaints: list[str]) -> None:
    if message.type == "error" and "Content Security Policy" in message.text:
        complaints.append(message.text)


def _be(role: dict[str, Any]) -> None:
    connections.close_all()
    for database in (django_settings.DATABASES["default"], connection.settings_dict):
        database.update(role)
