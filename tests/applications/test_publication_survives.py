"""A server that is killed in the middle of a publication leaves the old record or the new one, never a part."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from emlreview.embedded import data
from tests.processes import PATIENCE

CHECKOUT = Path(__file__).parents[2]

pytestmark = pytest.mark.long


@pytest.fixture
def data_folder() -> Iterator[Path]:
    """A data folder of the test's own, where PostgreSQL's user can reach it."""
    base = Path(tempfile.mkdtemp(prefix="emlreview-"))
    base.chmod(0o711)
    yield base / "data"
    shutil.rmtree(data.socket_folder(base / "data"), ignore_errors=True)
    shutil.rmtree(base)


def run(arguments: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=CHECKOUT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=6 * PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_killing_the_server_after_any_statement_leaves_old_or_new(data_folder: Path):
    unset = ("DATABASE_URL", "DATABASE_OWNER_URL", "EMLREVIEW_SECRET_KEY", "EMLREVIEW_ROLE")
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    environment |= {
        "EMLREVIEW_DEMO": "1",
        "EMLREVIEW_DATA": str(data_folder),
        "DJANGO_SETTINGS_MODULE": "emlreview.settings",
    }
    run(["manage.py", "migrate", "--verbosity", "0"], environment)
    # What a process has written outlives it also where the disk has not got it yet, and each start is much faster.
    with (data.cluster(data_folder) / "postgresql.conf").open("a") as settings:
        settings.write("fsync = off\n")
    lines = [line.split() for line in run(["-m", "tests.killing"], environment).splitlines()]
    *killed, last = [(int(versions), state, holds) for _statement, versions, state, holds in lines]
    assert len(killed) > 30
    assert set(killed) == {(0, "cleared", "True")}
    assert last == (2, "published", "True")
