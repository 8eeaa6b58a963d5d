"""The demonstration's server: one for each data folder, with workers that do not outlive it.

An orderly end stops the workers. After `kill -9` nobody would, and they would keep the port: so each waits for a lock
that the parent has as long as it lives.
"""

import fcntl
import os
import signal
import threading
from pathlib import Path

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from granian import Granian
from granian.constants import Interfaces

ADDRESS = "127.0.0.1"
WORKERS = 2
THREADS = 8  # Each keeps a connection, and the embedded server has a hundred.


def claim(data_folder: Path) -> bool:
    """Be the demonstration on this data folder until this process ends; False if there is one already."""
    descriptor = _open_lock(data_folder)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return False
    # A forked worker would hold the lock together with us, and wait for itself.
    os.register_at_fork(after_in_child=lambda: os.close(descriptor))
    return True


def serve(port: int) -> None:
    """Serve until Ctrl-C, SIGTERM or the end of the terminal."""
    server = Granian(
        "emlreview.demo:make_application",
        factory=True,
        address=ADDRESS,
        port=port,
        interface=Interfaces.WSGI,
        workers=WORKERS,
        blocking_threads=THREADS,
        websockets=False,
        workers_kill_timeout=5,
        log_level="error",  # type: ignore[arg-type]
    )
    # A forked worker must not share our connections.
    connections.close_all()
    # For Granian a hang-up means new workers; here it means that the terminal was closed.
    server.on_startup(lambda: signal.signal(signal.SIGHUP, server.signal_handler_interrupt))
    server.serve()


def make_application() -> WSGIHandler:
    """The site, in a worker that ends when its parent does."""
    from emlreview.wsgi import application

    # Ctrl-C is for the parent, which then ends its workers; one that hears it twice takes long to end.
    os.setpgid(0, 0)
    threading.Thread(target=_end_with_parent, args=(settings.DATA_DIR,), daemon=True).start()
    return application


def _end_with_parent(data_folder: Path) -> None:
    fcntl.flock(_open_lock(data_folder), fcntl.LOCK_SH)
    os._exit(0)


def _open_lock(data_folder: Path) -> int:
    return os.open(data_folder / "demo.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
