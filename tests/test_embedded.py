"""The embedded server: it starts for whoever needs it, and leaves no process behind, whoever is killed."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
from django.conf import settings

from emlreview.embedded import data, server
from tests.processes import PATIENCE, eventually, processes_of

PROGRAM = """
import sys
from pathlib import Path
from emlreview.embedded import server
server.hold(Path(sys.argv[1]))
print("held", flush=True)
if sys.stdin.readline() == "revive\\n":
    server.revive(Path(sys.argv[1]))
    print("revived", flush=True)
    sys.stdin.readline()
"""


class User:
    """Another process that needs the server."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, folder],
            cwd=settings.BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def says(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip() or self.process.communicate()[1]

    def leave(self) -> None:
        self.process.communicate("\n", timeout=PATIENCE)
        assert self.process.returncode == 0

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder of the test's own, where PostgreSQL's user can reach it, with a space in its name."""
    base = Path(tempfile.mkdtemp(prefix="emlreview test "))
    base.chmod(0o711)
    yield base / "data"
    eventually(lambda: processes_of(base) == [])
    shutil.rmtree(data.socket_folder(base / "data"), ignore_errors=True)
    shutil.rmtree(base)


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[[], User]]:
    """Starts another user of the server in that folder."""
    users: list[User] = []

    def make() -> User:
        users.append(User(folder))
        return users[-1]

    yield make
    for user in users:
        if user.process.poll() is None:
            user.kill()


def postmaster(folder: Path) -> int:
    return int((data.cluster(folder) / "postmaster.pid").read_text().split("\n")[0])


def ask(folder: Path, query: Any, user: str = data.OWNER) -> Any:
    with psycopg.connect(host=str(data.socket_folder(folder)), user=user, dbname=data.DATABASE) as connection:
        found = connection.execute(query)
        return found.fetchone() if found.description else None


def test_the_last_one_out_stops_the_server(folder: Path, start: Callable[[], User]) -> None:
    first, second = start(), start()
    assert (first.says(), second.says()) == ("held", "held")
    pid = postmaster(folder)
    first.leave()
    assert postmaster(folder) == pid
    assert ask(folder, "SELECT current_user") == ("emlreview_owner",)
    second.leave()
    assert processes_of(folder) == []


def test_many_that_come_at_once_share_one_server(folder: Path, start: Callable[[], User]) -> None:
    users = [start() for _ in range(6)]
    assert [user.says() for user in users] == ["held"] * 6
    assert len([line for line in processes_of(folder) if "supervisor.py" in line]) == 1
    for user in users:
        user.leave()
    assert processes_of(folder) == []


def test_it_stops_when_its_user_is_killed_and_keeps_what_was_committed(folder: Path, start: Callable[[], User]) -> None:
    killed = start()
    assert killed.says() == "held"
    ask(folder, "CREATE TABLE kept AS SELECT 42 AS number")
    killed.kill()
    eventually(lambda: processes_of(folder) == [])
    again = start()
    assert again.says() == "held"
    assert ask(folder, "SELECT number FROM kept") == (42,)
    again.leave()


def test_a_killed_server_is_started_again_for_those_who_hold_it(folder: Path, start: Callable[[], User]) -> None:
    user = start()
    assert user.says() == "held"
    ask(folder, "CREATE TABLE kept AS SELECT 42 AS number")
    pid = postmaster(folder)
    os.kill(pid, signal.SIGKILL)
    assert user.process.stdin is not None
    user.process.stdin.write("revive\n")
    user.process.stdin.flush()
    assert user.says() == "revived"
    assert ask(folder, "SELECT number FROM kept") == (42,)
    assert postmaster(folder) != pid
    user.leave()
    assert processes_of(folder) == []


def test_a_killed_supervisor_leaves_no_server_in_the_way(folder: Path, start: Callable[[], User]) -> None:
    user = start()
    assert user.says() == "held"
    psutil.Process(postmaster(folder)).parent().kill()
    user.kill()
    again = start()
    assert again.says() == "held"
    assert ask(folder, "SELECT 1") == (1,)
    again.leave()
    assert processes_of(folder) == []


def test_a_path_too_long_for_a_socket_gets_a_short_one(folder: Path) -> None:
    long = folder / ("long " * 30).strip()
    assert data.socket_folder(folder) == folder / "socket"
    assert data.socket_folder(long).parent == Path("/tmp")
    user = User(long)
    try:
        assert user.says() == "held"
        assert ask(long, "SELECT 1") == (1,)
    finally:
        user.kill()
        eventually(lambda: processes_of(folder) == [])
        shutil.rmtree(data.socket_folder(long))


def test_it_listens_on_a_socket_that_only_its_user_enters(folder: Path, start: Callable[[], User]) -> None:
    user = start()
    assert user.says() == "held"
    assert ask(folder, "SHOW listen_addresses") == ("",)
    assert data.socket_folder(folder).stat().st_mode & 0o777 == 0o700
    assert data.cluster(folder).stat().st_mode & 0o777 == 0o700
    assert (folder / "pg_hba.conf").read_text() == "local all all peer map=emlreview\n"
    user.leave()


def test_a_socket_folder_of_somebody_else_is_refused(folder: Path) -> None:
    folder.mkdir()
    data.socket_folder(folder).mkdir(mode=0o777)
    data.socket_folder(folder).chmod(0o777)
    with pytest.raises(server.ServerError, match="belongs to somebody else or is open to others"):
        server.hold(folder)


def test_the_two_roles_are_no_superusers_and_the_serving_one_makes_no_database(
    folder: Path, start: Callable[[], User]
) -> None:
    user = start()
    assert user.says() == "held"
    powers = "SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
    assert ask(folder, powers, data.OWNER) == (False, False, True)
    assert ask(folder, powers, data.SERVING) == (False, False, False)
    user.leave()


def test_data_of_another_version_are_left_alone(folder: Path, start: Callable[[], User]) -> None:
    user = start()
    assert user.says() == "held"
    user.leave()
    (data.cluster(folder) / "PG_VERSION").write_text("12\n")
    with pytest.raises(server.ServerError, match="were written by PostgreSQL 12"):
        server.hold(folder)
