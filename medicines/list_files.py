"""Files of the whole record, made once for each state of it and kept, so that their checksums can be told.

A set of files lies in a folder of its own, whose name is part of their addresses: what an address gives never changes.
A set appears whole, by the renaming of its folder, or not at all.
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import override

from medicines.conditional import release
from medicines.documents.published import version_line
from medicines.exports import (
    FORMATS,
    ListFile,
    edition_file,
    file_name,
    notice,
    streamed,
    version_address,
    whole_title,
)
from medicines.models import RecordState, Version
from medicines.operator import licence, publisher
from medicines.statements import CHUNK, current_statements, editions_with_lists

KEPT = 2
"""How many sets there are at most: the newest, and the one that somebody may still be fetching."""

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
VERSIONS = "jsonl.gz"

_KEY = re.compile(r"[0-9]{1,20}-[0-9a-f]{12}")
_BLOCK = 1024 * 1024


class BeingMade(Exception):
    """Somebody else is making files at this moment."""


@dataclass(frozen=True)
class KeptFile:
    """``edition`` is 0 for the list as it is now, and for the file of all versions."""

    name: str
    extension: str
    edition: int
    size: int
    sha256: str


@dataclass(frozen=True)
class FileSet:
    """``key`` is the name of the folder; ``site`` the address that the files name as theirs."""

    key: str
    state: int
    changed_at: datetime
    site: str
    files: tuple[KeptFile, ...]

    @property
    def sums(self) -> str:
        """The checksums as ``sha256sum --check`` reads them."""
        return "".join(f"{file.sha256}  {file.name}\n" for file in self.files)

    def path(self, name: str) -> Path:
        return settings.FILES_ROOT / self.key / name


def newest_set() -> FileSet | None:
    """The set that was made last, if there is one."""
    return next((found for key in _keys() if (found := file_set(key))), None)


def file_set(key: str) -> FileSet | None:
    """The set of this name, or ``None`` where there is none, or no longer."""
    if not _KEY.fullmatch(key):
        return None
    try:
        words = json.loads((settings.FILES_ROOT / key / MANIFEST).read_bytes())
    except FileNotFoundError:
        return None
    files = tuple(KeptFile(**file) for file in words.pop("files"))
    return FileSet(files=files, changed_at=datetime.fromisoformat(words.pop("changed_at")), **words)


def make_files(*, site: str) -> FileSet:
    """Make the files of the record as it is, unless they are there; remove older ones. Raises ``BeingMade``.

    All are of one state of the record, whatever is published meanwhile. ``site`` is the address of the site without a
    slash at its end.
    """
    settings.FILES_ROOT.mkdir(parents=True, exist_ok=True)
    with _alone(), _snapshot(), override("en"):
        state = RecordState.objects.get()
        key = f"{state.number}-{_form(site)}"
        found = file_set(key)
        if found is None:
            found = _made(key, state, site)
        _tidy(keep=key)
        return found


def _made(key: str, state: RecordState, site: str) -> FileSet:
    folder = Path(tempfile.mkdtemp(prefix=".making-", dir=settings.FILES_ROOT))
    files = tuple(_file(folder, *wanted) for wanted in _wanted(site))
    made = FileSet(key, state.number, state.changed_at, site, files)
    told = asdict(made) | {"changed_at": made.changed_at.isoformat()}
    (folder / MANIFEST).write_text(json.dumps(told))
    (folder / SUMS).write_text(made.sums)
    folder.chmod(0o755)
    folder.rename(settings.FILES_ROOT / key)
    return made


Write = Callable[[BinaryIO], None]


def _wanted(site: str) -> Iterator[tuple[str, str, int, Write]]:
    """The files: name, what follows its dot, the edition, and how it is written."""
    for extension in FORMATS:
        source = site + reverse("public:search_download", args=[extension])
        whole = ListFile(whole_title, "essential-medicines", current_statements(), site, source)
        yield file_name(whole.name, extension), extension, 0, _writer(whole, extension)
    for edition in editions_with_lists():
        for extension in FORMATS:
            source = site + reverse("public:edition_download", args=[edition.number, extension])
            wanted = edition_file(edition, site=site, source=source)
            yield file_name(wanted.name, extension), extension, edition.number, _writer(wanted, extension)
    yield file_name("essential-medicines-versions", VERSIONS), VERSIONS, 0, lambda file: _versions(file, site)


def _writer(wanted: ListFile, extension: str) -> Write:
    return lambda file: file.writelines(streamed(wanted, extension))


def _file(folder: Path, name: str, extension: str, edition: int, write: Write) -> KeptFile:
    path = folder / name
    with path.open("wb") as file:
        write(file)
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return KeptFile(name, extension, edition, path.stat().st_size, digest.hexdigest())


def _versions(file: BinaryIO, site: str) -> None:
    """All versions with their contents, in the order in which they were published."""
    address = version_address(site)
    name, url = licence()
    same = {"publisher": publisher(), "licence": name, "licence_url": url, "notice": notice()}
    rows = Version.objects.order_by("position").values(
        *("kind", "outcome", "effective_date", "published_at", "note", "provenance", "fingerprint", "body"),
        version=F("number"),
        recommendation_number=F("recommendation__number"),
        corrected=F("corrects__number"),
    )
    with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed:
        for row in rows.iterator(chunk_size=CHUNK):
            told = {
                "number": row["recommendation_number"],
                "version": row["version"],
                "address": address(row["recommendation_number"], row["version"]),
                "kind": row["kind"],
                "outcome": row["outcome"] or None,
                "effective_date": row["effective_date"].isoformat(),
                "published_at": row["published_at"].isoformat(),
                "note": row["note"],
                "corrects": row["corrected"],
                "provenance": row["provenance"],
                "fingerprint": row["fingerprint"],
                **same,
            }
            packed.write(version_line(told, row["body"]).encode())


# Folders


def _keys() -> list[str]:
    """The names of the sets, the one that was made last first."""
    if not settings.FILES_ROOT.is_dir():
        return []
    folders = [folder for folder in settings.FILES_ROOT.iterdir() if _KEY.fullmatch(folder.name)]
    return [folder.name for folder in sorted(folders, key=lambda folder: folder.stat().st_mtime_ns, reverse=True)]


def _tidy(*, keep: str) -> None:
    """Remove all sets but the newest, and what was left half made."""
    (settings.FILES_ROOT / keep).touch()  # The newest is the one of the record as it is.
    old = [key for key in _keys() if key != keep][KEPT - 1 :]
    for folder in [*(settings.FILES_ROOT / key for key in old), *settings.FILES_ROOT.glob(".making-*")]:
        shutil.rmtree(folder)


def _form(site: str) -> str:
    """What the files depend on beside the record."""
    words = json.dumps([release(), site, *licence(), publisher()])
    return hashlib.sha256(words.encode()).hexdigest()[:12]


@contextmanager
def _alone() -> Iterator[None]:
    with (settings.FILES_ROOT / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BeingMade from error
        yield


@contextmanager
def _snapshot() -> Iterator[None]:
    """See the record as it is now, until the end. Inside a transaction that has begun, as that sees it."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
