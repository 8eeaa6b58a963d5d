"""A site of the bench's own: its data folder, its commands with their cost, its server."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Cost:
    """Of one command: seconds from its start to its end, and the most memory that its process had, in MB."""

    seconds: float
    memory: float


class Failed(Exception):
    """A command did not do what it was asked to; the message is its own."""


class Site:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            "EMLREVIEW_DEMO": "1",
            "EMLREVIEW_DATA": str(folder),
            "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
            "PYTHONPATH": str(ROOT),
        }

    def manage(self, *arguments: str, role: str = "serving") -> Cost:
        """Run a command of the site. Raises ``Failed``."""
        started = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment | {"EMLREVIEW_ROLE": role},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr
        complaint = process.stderr.read()
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise Failed(f"{' '.join(arguments)}: {complaint.strip()[-2000:]}")
        in_mb = 1024 * 1024 if sys.platform == "darwin" else 1024
        return Cost(time.monotonic() - started, usage.ru_maxrss / in_mb)

    def set_up(self) -> None:
        """Tables and static files; what is there already is brought in step."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.manage("migrate", "--verbosity", "0", role="owner")
        self.manage("collectstatic", "--no-input", "--verbosity", "0")

    def begin_anew(self) -> None:
        self.manage("reset_demo")
        self.set_up()

    def filled(self, size: int) -> dict[str, Any]:
        """Fill the record, unless an earlier run has; return what that cost."""
        note = self.folder / f"filled-{size}.json"
        if note.exists():
            self.set_up()
            return {**json.loads(note.read_text()), "earlier": True}
        self.begin_anew()
        cost = self.manage("make_load", str(size))
        note.write_text(json.dumps(vars(cost)))
        return {**vars(cost), "earlier": False}

    def ask(self, module: str) -> Any:
        """What a program of the bench prints as JSON when it runs on this site."""
        found = subprocess.run(
            [sys.executable, "-m", module], cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        if found.returncode:
            raise Failed(found.stderr.strip()[-2000:])
        return json.loads(found.stdout)

    @contextmanager
    def served(self) -> Iterator[Server]:
        with socket.socket() as trial:
            trial.bind(("127.0.0.1", 0))
            port = trial.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.serve", str(port)], cwd=ROOT, env=self.environment
        )
        try:
            _wait_for(port, process)
            yield Server(port, process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


@dataclass(frozen=True)
class Server:
    port: int
    pid: int

    @property
    def memory(self) -> float:
        """In MB, of the worker that has most."""
        workers = psutil.Process(self.pid).children()
        return max(worker.memory_info().rss for worker in workers) / 1024 / 1024


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("GET", "/bench/empty/")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise Failed("The server did not start.")
