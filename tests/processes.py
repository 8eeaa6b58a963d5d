"""Which processes run, for tests that nothing is left behind; and how long a test waits for something."""

import contextlib
import time
from collections.abc import Callable
from pathlib import Path

import psutil

PATIENCE = 300
"""Seconds after which a test counts as hung. Nothing is measured by it: a busy machine may take its time."""


def processes_of(folder: Path) -> list[str]:
    """The commands of all processes that name this folder."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            command = " ".join(process.cmdline())
            if str(folder) in command and process.status() != psutil.STATUS_ZOMBIE:
                found.append(command)
    return found


def eventually(condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait until the condition holds, and fail if it does not within that time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
