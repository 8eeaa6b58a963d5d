"""PostgreSQL's parent: waits until nobody holds the users' lock, then stops it. A program of its own, see `server`.

python supervisor.py USERS_LOCK SUPERVISOR_LOCK UID:GID PROGRAM ARGUMENT...
"""

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import threading
from typing import Any

PR_SET_PDEATHSIG = 1


def main(users_lock: str, supervisor_lock: str, user: str, *command: str) -> None:
    alive = os.open(supervisor_lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(alive, fcntl.LOCK_EX)
    os.close(sys.stdout.fileno())  # Whoever started us reads this as: the lock is held.
    os.dup2(sys.stderr.fileno(), 1)
    # A signal meant for whoever started the server is not meant for the server.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    identity: dict[str, Any] = {}
    if os.geteuid() == 0:
        uid, gid = map(int, user.split(":"))
        identity = {"user": uid, "group": gid, "extra_groups": []}
    postgres = subprocess.Popen(command, preexec_fn=_die_with_parent, **identity)
    threading.Thread(target=_stop_after_last_user, args=(users_lock, postgres), daemon=True).start()
    postgres.wait()
    os._exit(0)


def _die_with_parent() -> None:
    """In the child: undo what the parent ignores and, where the kernel can, be stopped when the parent is killed."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() == 1:
            os._exit(1)


def _stop_after_last_user(users_lock: str, postgres: subprocess.Popen[bytes]) -> None:
    users = os.open(users_lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(users, fcntl.LOCK_EX)
    postgres.send_signal(signal.SIGINT)  # "Fast": sessions end, what was committed is on disk.


if __name__ == "__main__":
    main(*sys.argv[1:])
