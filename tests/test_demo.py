"""`make demo`: what it starts, what it leaves behind, and what it keeps."""

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import psutil
import pytest
from django.conf import settings

from tests.processes import PATIENCE, eventually, processes_of

pytestmark = pytest.mark.long


def free_port() -> int:
    """A port that is nobody's, from below those that a system gives to whoever asks for any: it takes seconds until
    the demonstration has it.
    """
    while True:
        with socket.socket() as trial, contextlib.suppress(OSError):
            trial.bind(("127.0.0.1", port := random.randrange(20_000, 30_000)))
            return port


class Demo:
    """The demonstration, as somebody starts it who has set nothing."""

    started: ClassVar[list["Demo"]] = []

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--port", str(self.port)],
            cwd=settings.BASE_DIR,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.started.append(self)

    @property
    def environment(self) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "EMLREVIEW_DATA": str(self.folder)}

    def is_up(self) -> bool:
        assert self.process.poll() is None, self.process.communicate()[0]
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=PATIENCE) as response:
                return response.status == 200
        except OSError:
            return False

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
        )

    def workers(self) -> list[psutil.Process]:
        return [each for each in psutil.Process(self.process.pid).children() if "demo" in each.cmdline()]

    def end(self, number: signal.Signals) -> str:
        """Send a signal as a terminal does, to all of its processes, or SIGKILL to the first alone."""
        if number == signal.SIGKILL:
            self.process.kill()
        else:
            os.killpg(self.process.pid, number)
        output = self.process.communicate(timeout=PATIENCE)[0]
        return str(output)


@pytest.fixture
def folder() -> Iterator[Path]:
    base = Path(tempfile.mkdtemp(prefix="emlreview-demo-"))
    base.chmod(0o711)
    yield base / "data"
    while Demo.started:
        Demo.started.pop().process.kill()
    eventually(lambda: processes_of(base) == [])
    shutil.rmtree(base)


def test_it_starts_from_nothing_leaves_no_process_and_keeps_its_data(folder: Path) -> None:
    first = Demo(folder)
    eventually(first.is_up)
    count = ("shell", "-v0", "-c", "from medicines.models import Version; print(Version.objects.count())")
    beside = first.manage(*count)
    assert int(beside.stdout) > 0, beside.stderr
    assert "End it first" in first.manage("reset_demo").stderr
    assert "A demonstration already runs on" in first.manage("demo", "--port", "0").stderr
    eventually(lambda: len(first.workers()) == 2)
    workers = first.workers()
    output = first.end(signal.SIGINT)
    assert f"The demonstration is at http://127.0.0.1:{first.port}/" in output
    assert "Traceback" not in output
    assert processes_of(folder) == []
    assert [worker for worker in workers if worker.is_running()] == []

    second = Demo(folder)
    eventually(second.is_up)
    assert second.manage(*count).stdout == beside.stdout
    workers = second.workers()
    second.end(signal.SIGKILL)
    eventually(lambda: processes_of(folder) == [] and not any(worker.is_running() for worker in workers))

    assert second.manage("reset_demo").returncode == 0
    assert not (folder / "postgres").exists()


def test_a_port_in_use_is_named_with_the_way_out(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused = subprocess.run(
            [sys.executable, "manage.py", "demo", "--port", str(port)],
            cwd=settings.BASE_DIR,
            env={"PATH": os.environ["PATH"], "EMLREVIEW_DATA": str(folder)},
            capture_output=True,
            text=True,
        )
    assert refused.returncode == 1
    assert f"Port {port} cannot be used" in refused.stderr
    assert f"PORT={port + 1} make demo" in refused.stderr
