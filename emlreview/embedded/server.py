"""Start the embedded server for whoever needs it, and let it stop with the last of them.

Whoever needs the server holds a shared lock on one file. The supervisor, a small process that is PostgreSQL's parent,
waits to have that lock alone: it gets it when the last holder has let go or died, be it by `kill -9`, because the
kernel drops the locks of the dead. Then it stops PostgreSQL and ends. Should the supervisor be killed, the kernel
stops PostgreSQL on Linux, and elsewhere the next holder does.
"""

import atexit
import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg

from emlreview.embedded import binaries, cluster, data

START_TIMEOUT = 60
RETRY_TIMEOUT = 15
STOP_TIMEOUT = 30

_held: dict[Path, int] = {}
_supervisors: dict[Path, subprocess.Popen[bytes]] = {}


class ServerError(Exception):
    """The embedded server does not start; the text says why and what to do."""


def hold(data_folder: Path) -> None:
    """Have the server of this data folder running until this process ends. Free of cost when it is held already."""
    if data_folder in _held:
        return
    data.make_folder(data_folder)
    with _alone(data_folder / "start.lock"):
        if data_folder in _held:  # Another thread was quicker.
            return
        users = _open(data_folder / "users.lock")
        # A supervisor that is stopping has this lock alone, and lets go of it when PostgreSQL has ended.
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            _have_running(data_folder)
        except BaseException:
            os.close(users)
            raise
        _held[data_folder] = users
    atexit.register(release, data_folder)


def revive(data_folder: Path) -> None:
    """Start the server again if it was killed while it was held."""
    with _alone(data_folder / "start.lock"):
        _have_running(data_folder)


def release(data_folder: Path) -> None:
    """Let go of the server and, if nobody else holds it, wait until it has stopped."""
    users = _held.pop(data_folder, None)
    if users is None:
        return
    # Nobody comes or goes while we find out whether we are the last.
    with _alone(data_folder / "start.lock"):
        last = _try(users, fcntl.LOCK_EX)
        # Refused: others hold it too, or the supervisor was quicker, which then has it alone.
        last = last or not _try(users, fcntl.LOCK_SH)
        os.close(users)
        if last:
            with _alone(data_folder / "supervisor.lock"):
                pass
            if data_folder in _supervisors:
                _supervisors.pop(data_folder).wait()


@contextlib.contextmanager
def stopped(data_folder: Path) -> Iterator[bool]:
    """Keep the server from starting meanwhile; yields False, and does not, where somebody has it running."""
    data.make_folder(data_folder)
    with _alone(data_folder / "start.lock"):
        users = _open(data_folder / "users.lock")
        try:
            yield _try(users, fcntl.LOCK_EX)
        finally:
            os.close(users)


def _have_running(data_folder: Path) -> None:
    socket_folder = data.socket_folder(data_folder)
    try:
        if not _answers(socket_folder):
            _start(data_folder)
        cluster.check_socket_folder(socket_folder)
    except (cluster.ClusterError, binaries.MissingBinaries) as error:
        raise ServerError(str(error)) from error


def _answers(socket_folder: Path) -> bool:
    try:
        cluster.check_socket_folder(socket_folder)
        cluster.connect(socket_folder).close()
    except (FileNotFoundError, psycopg.OperationalError):
        return False
    return True


def _start(data_folder: Path) -> None:
    socket_folder = data.socket_folder(data_folder)
    begin = time.monotonic()
    spawned = False
    while not _answers(socket_folder):
        waited = time.monotonic() - begin
        if not _supervised(data_folder):
            # After `kill -9` its sessions take a moment to end, and a new server refuses to start as long as one lives.
            if spawned and waited > RETRY_TIMEOUT:
                raise ServerError(f"PostgreSQL did not start. The end of its log:\n{_end_of_log(data_folder)}")
            if spawned:
                time.sleep(0.2)
            cluster.make(data_folder)
            cluster.write_access_rules(data_folder)
            _end_orphan(data.cluster(data_folder))
            _spawn(data_folder)
            spawned = True
        elif waited > START_TIMEOUT:
            raise ServerError(f"PostgreSQL does not answer. The end of its log:\n{_end_of_log(data_folder)}")
        time.sleep(0.01)
    cluster.make_roles_and_database(socket_folder)


def _spawn(data_folder: Path) -> None:
    user = data.server_user()
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": '"{}"'.format(str(data.socket_folder(data_folder)).replace('"', '""')),
        "unix_socket_permissions": "0700",
        "hba_file": data_folder / "pg_hba.conf",
        "ident_file": data_folder / "pg_ident.conf",
        # What a search of 100,000 recommendations reads; of a smaller record, nothing is taken that is not used.
        "shared_buffers": "256MB",
        # A page asks for little: to start helpers takes longer than what they would do.
        "max_parallel_workers_per_gather": "0",
        "timezone": "UTC",
        "log_timezone": "UTC",
        # The log is for the reasons why a start failed; statements with confidential words stay out of it.
        "log_min_error_statement": "panic",
        "log_min_messages": "fatal",
    }
    command = [str(binaries.folder(data_folder) / "postgres"), "-D", str(data.cluster(data_folder))]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    log = os.open(_log(data_folder), os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    reader, writer = os.pipe()
    try:
        _supervisors[data_folder] = subprocess.Popen(
            [
                *(sys.executable, "-I", "-S", str(Path(__file__).with_name("supervisor.py"))),
                *(str(data_folder / "users.lock"), str(data_folder / "supervisor.lock")),
                *(f"{user.pw_uid}:{user.pw_gid}", *command),
            ],
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=writer,
            stderr=log,
            start_new_session=True,
        )
        os.close(writer)
        os.read(reader, 1)  # The supervisor says so when it has its lock.
    finally:
        os.close(reader)
        os.close(log)


def _supervised(data_folder: Path) -> bool:
    supervisor = _open(data_folder / "supervisor.lock")
    try:
        return not _try(supervisor, fcntl.LOCK_SH)
    finally:
        os.close(supervisor)


def _end_orphan(place: Path) -> None:
    """Stop a PostgreSQL whose supervisor was killed."""
    try:
        pid = int((place / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return
    begin = time.monotonic()
    while _serves(pid, place):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT if time.monotonic() - begin < STOP_TIMEOUT else signal.SIGQUIT)
        time.sleep(0.05)


def _serves(pid: int, place: Path) -> bool:
    """Whether this process is the PostgreSQL of these files: the number could have gone to another one since."""
    try:
        return psutil.Process(pid).cmdline()[1:3] == ["-D", str(place)]
    except psutil.Error:
        return False


def _end_of_log(data_folder: Path) -> str:
    try:
        return "\n".join(_log(data_folder).read_text(errors="replace").splitlines()[-20:])
    except FileNotFoundError:
        return "(there is none)"


def _log(data_folder: Path) -> Path:
    return data_folder / "postgres.log"


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    descriptor = _open(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _try(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _forget_in_child() -> None:
    """A forked child shares its parent's locks, and would give them up in its name: it takes its own."""
    for descriptor in _held.values():
        os.close(descriptor)
    _held.clear()
    for supervisor in _supervisors.values():
        supervisor.returncode = 0  # It is the parent's child, not ours.
    _supervisors.clear()


os.register_at_fork(after_in_child=_forget_in_child)
