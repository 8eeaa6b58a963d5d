"""The database's own files: made once, with two roles and one database."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import psycopg
from psycopg import sql

from emlreview.embedded import binaries, data


class ClusterError(Exception):
    """The files cannot be made or used; the text says why and what to do."""


def make(data_folder: Path) -> None:
    """Make the database's files if they are not there, and the folder of the socket."""
    user = data.server_user()
    programs = binaries.folder(data_folder)
    place = data.cluster(data_folder)
    _private_folder(data.socket_folder(data_folder))
    if place.exists():
        _check_version(place, programs)
        return
    draft = place.with_name("postgres.new")
    if draft.exists():
        shutil.rmtree(draft)
    draft.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(draft, user.pw_uid, user.pw_gid)
    # The built-in provider knows the letters of all six languages and sorts by code point; this build has no ICU.
    made = subprocess.run(
        [
            programs / "initdb",
            *("--pgdata", draft, "--username", data.SUPERUSER, "--encoding", "UTF8", "--auth", "peer"),
            *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C"),
            *("--no-instructions", "--no-sync"),
        ],
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
        capture_output=True,
        text=True,
        **binaries.as_server_user(),
    )
    if made.returncode:
        raise ClusterError(
            f"PostgreSQL could not make its files in {data_folder}: {made.stderr.strip() or made.stdout.strip()}\n"
            f"They belong to the user {user.pw_name}, who must be able to reach that folder. "
            "EMLREVIEW_DATA names another one."
        )
    draft.rename(place)


def write_access_rules(data_folder: Path) -> None:
    """Only the person who runs the demonstration gets in, and only through the socket; there is no password.

    The rules stand outside the cluster, so that PostgreSQL's user cannot change them where that is not our own.
    """
    name = data.own_user().pw_name
    roles = (data.SUPERUSER, data.OWNER, data.SERVING)
    (data_folder / "pg_hba.conf").write_text("local all all peer map=emlreview\n")
    (data_folder / "pg_ident.conf").write_text("".join(f'emlreview "{name}" {role}\n' for role in roles))


def make_roles_and_database(socket_folder: Path) -> None:
    """Make the two roles and the database if they are not there. The server is running."""
    with connect(socket_folder) as connection:
        present = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        for role, powers in ((data.OWNER, "CREATEDB"), (data.SERVING, "")):
            if role not in present:
                connection.execute(
                    sql.SQL("CREATE ROLE {} LOGIN " + powers).format(sql.Identifier(role))  # type: ignore[arg-type]
                )
        if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [data.DATABASE]).rowcount:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(data.DATABASE), sql.Identifier(data.OWNER))
            )


def connect(socket_folder: Path) -> psycopg.Connection:
    """A connection as the superuser of the embedded server, in autocommit mode."""
    return psycopg.connect(
        host=str(socket_folder), user=data.SUPERUSER, dbname="postgres", autocommit=True, connect_timeout=5
    )


def check_socket_folder(folder: Path) -> None:
    """Refuse a socket's folder that somebody else could have made: who owns it could pretend to be the server."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != data.server_user().pw_uid or found.st_mode & 0o077:
        raise ClusterError(
            f"{folder} belongs to somebody else or is open to others. Remove it, or choose a shorter EMLREVIEW_DATA."
        )


def _private_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        if os.geteuid() == 0:
            user = data.server_user()
            os.chown(folder, user.pw_uid, user.pw_gid)
    check_socket_folder(folder)


def _check_version(place: Path, programs: Path) -> None:
    try:
        written_by = (place / "PG_VERSION").read_text().strip()
    except PermissionError as error:
        raise ClusterError(
            f"{place} belongs to another user. Run as that user, or choose another folder in EMLREVIEW_DATA."
        ) from error
    version = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    major = version.split()[-1].split(".")[0]
    if written_by != major:
        raise ClusterError(
            f"The data in {place} were written by PostgreSQL {written_by}, and {major} is installed. "
            "Start over with make reset, or choose another folder in EMLREVIEW_DATA."
        )
