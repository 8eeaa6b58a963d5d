"""The data folder: where the embedded database, uploaded files, mail and the key of a demonstration are kept."""

import hashlib
import os
import pwd
import secrets
import stat
import tempfile
from pathlib import Path
from typing import Any

OWNER = "emlreview_owner"
SERVING = "emlreview_serving"
SUPERUSER = "postgres"
DATABASE = "emlreview"

SERVER_USER_FOR_ROOT = "nobody"  # PostgreSQL refuses to run as root.

# A socket's address holds 107 bytes on Linux and 103 on macOS, its name being `.s.PGSQL.5432`.
_SOCKET_FOLDER_LIMIT = 103 - len("/.s.PGSQL.5432")


def folder(checkout: Path) -> Path:
    """The data folder: EMLREVIEW_DATA, else `.data` in the checkout.

    Where root's checkout stands under a closed folder, PostgreSQL, which then runs as another user, could not reach
    it: such a checkout has its data under /var/lib.
    """
    chosen = os.environ.get("EMLREVIEW_DATA")
    if chosen:
        return Path(chosen).expanduser().resolve()
    if os.geteuid() == 0 and not _open_to_others(checkout):
        return Path("/var/lib") / f"emlreview-{_digest(checkout)}"
    return checkout / ".data"


def cluster(data_folder: Path) -> Path:
    """The folder of the database's own files."""
    return data_folder / "postgres"


def socket_folder(data_folder: Path) -> Path:
    """The folder of the server's socket: in the data folder, or, where its path is too long, in a short one."""
    inside = data_folder / "socket"
    # libpq reads a comma in a host as the start of another host.
    if len(os.fsencode(inside)) <= _SOCKET_FOLDER_LIMIT and "," not in str(inside):
        return inside
    return Path("/tmp") / f"emlreview-{os.geteuid()}-{_digest(data_folder)}"  # noqa: S108, its owner is checked


def database(data_folder: Path, role: str) -> dict[str, Any]:
    """Django's settings for the embedded database, as the owner of the tables or as the role that serves."""
    return {
        "ENGINE": "emlreview.embedded",
        "NAME": DATABASE,
        "USER": {"owner": OWNER, "serving": SERVING}[role],
        "HOST": str(socket_folder(data_folder)),
        "DATA_FOLDER": data_folder,
    }


def secret_key(data_folder: Path) -> str:
    """The secret key of the demonstration in this folder, made by chance when first asked for."""
    path = data_folder / "secret-key"
    key = existing_secret_key(data_folder)
    if key:
        return key
    make_folder(data_folder)
    # Written apart and linked into place, so that of two processes that start at once both read the same key.
    descriptor, draft = tempfile.mkstemp(dir=data_folder)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(50))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)
    return path.read_text()


def existing_secret_key(data_folder: Path) -> str:
    """The key that a demonstration left in this folder, or nothing."""
    try:
        return (data_folder / "secret-key").read_text()
    except OSError:
        return ""


def make_folder(data_folder: Path) -> None:
    """Make the data folder. Others may pass through root's, where PostgreSQL is another user, but not list it."""
    data_folder.mkdir(parents=True, exist_ok=True)
    if data_folder.stat().st_uid == os.geteuid():
        data_folder.chmod(0o711 if os.geteuid() == 0 else 0o700)


def server_user() -> pwd.struct_passwd:
    """The user as whom PostgreSQL runs."""
    return pwd.getpwnam(SERVER_USER_FOR_ROOT) if os.geteuid() == 0 else own_user()


def own_user() -> pwd.struct_passwd:
    """The user who runs this process."""
    return pwd.getpwuid(os.geteuid())


def _open_to_others(path: Path) -> bool:
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in (path, *path.parents))


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
