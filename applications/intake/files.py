"""Opening a file from outside: its size, its ending against its content, and what its archive would unpack to.

Nothing here fetches anything or writes to the disk. What passes is safe to hand to a reader.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePath

from . import refusals

MEGABYTE = 1024 * 1024
MAX_SIZE = 25 * MEGABYTE
MAX_MEMBERS = 2_000
MAX_UNPACKED = 200 * MEGABYTE
MAX_RATIO = 200
"""Word's own XML packs up to about 1:30. The ratio is asked of members above one megabyte only."""

TEXT_ENDINGS = {".md": "markdown", ".markdown": "markdown", ".txt": "markdown"}
PANDOC_ENDINGS = {".docx": "docx", ".odt": "odt", ".rtf": "rtf", ".html": "html", ".htm": "html"}
ENDINGS = (*TEXT_ENDINGS, *PANDOC_ENDINGS)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The container of Word's oldest files, and of today's files under a password."""

ARCHIVES = {"docx": "word/document.xml", "odt": "content.xml"}
DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
FOREIGN_TEXT = re.compile(rb"\A\s*(?:\{\\rtf|%PDF-|PK\x03\x04)")
HTML = re.compile(r"<\s*(?:!doctype|html|head|body|p|h[1-6]|div|table|ul|ol|article|section)\b", re.IGNORECASE)


@dataclass(frozen=True)
class SafeFile:
    """A file that was looked through. ``format`` is "markdown" or the name of a pandoc reader."""

    name: str
    format: str
    data: bytes

    @property
    def text(self) -> str:
        """The text of a text file. Only meaningful where ``format`` is "markdown"."""
        return _decoded(self.data)


def open_safely(source: bytes | str | Path, filename: str) -> SafeFile:
    """Return the file, looked through. Raises a subclass of ``IntakeRefused``; reads at most the limit."""
    data = _read(source)
    if len(data) > MAX_SIZE:
        size = _size(source)
        raise refusals.TooLarge(size=-(-size // MEGABYTE), limit=MAX_SIZE // MEGABYTE)
    if not data.strip():
        raise refusals.EmptyFile()
    ending = PurePath(filename).suffix.lower()
    format = TEXT_ENDINGS.get(ending) or PANDOC_ENDINGS.get(ending)
    if not format:
        raise refusals.UnknownEnding(ending=ending or filename, endings=", ".join(ENDINGS))
    if format in ARCHIVES:
        _check_archive(data, format, ending)
    elif format == "rtf":
        if not data.lstrip().startswith(b"{\\rtf"):
            raise refusals.WrongEnding(ending=ending)
    else:
        _check_text(data, format, ending)
    return SafeFile(name=PurePath(filename).name, format=format, data=data)


def read_member(archive: zipfile.ZipFile, name: str) -> bytes:
    """Unpack one member of an archive that ``open_safely`` has passed."""
    with archive.open(name) as member:
        return member.read()


def _read(source: bytes | str | Path) -> bytes:
    if isinstance(source, bytes):
        return source
    with Path(source).open("rb") as file:
        return file.read(MAX_SIZE + 1)


def _size(source: bytes | str | Path) -> int:
    return len(source) if isinstance(source, bytes) else Path(source).stat().st_size


def _check_text(data: bytes, format: str, ending: str) -> None:
    if FOREIGN_TEXT.match(data) or data.startswith(OLE):
        raise refusals.WrongEnding(ending=ending)
    text = _decoded(data)
    if "\0" in text:
        raise refusals.WrongEnding(ending=ending)
    if format == "html" and not HTML.search(text):
        raise refusals.WrongEnding(ending=ending)
    if not text.strip("\ufeff \t\r\n"):
        raise refusals.EmptyFile()


def _decoded(data: bytes) -> str:
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Old editors on Windows; Latin-1 below gives every byte some letter.
        try:
            return data.decode("cp1252")
        except UnicodeDecodeError:
            return data.decode("latin-1")


def _check_archive(data: bytes, format: str, ending: str) -> None:
    if data.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise refusals.EncryptedFile()
        raise refusals.WrongEnding(ending=ending)
    if not data.startswith(b"PK"):
        raise refusals.WrongEnding(ending=ending)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_members(archive)
            names = set(archive.namelist())
            if ARCHIVES[format] not in names:
                raise refusals.WrongEnding(ending=ending)
            if format == "odt" and b"encryption-data" in read_member(archive, "META-INF/manifest.xml"):
                raise refusals.EncryptedFile()
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError, NotImplementedError) as error:
        raise refusals.CorruptFile() from error


def _check_members(archive: zipfile.ZipFile) -> None:
    """Look at what is declared, then unpack all of it once, piece by piece, so that no declaration is trusted."""
    members = archive.infolist()
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
        raise refusals.ZipBomb()
    if any(member.flag_bits & 1 for member in members):
        raise refusals.EncryptedFile()
    unpacked = 0
    for member in members:
        large = member.file_size > MEGABYTE
        if large and member.file_size > MAX_RATIO * max(member.compress_size, 1):
            raise refusals.ZipBomb()
        is_xml = member.filename.lower().endswith((".xml", ".rels"))
        with archive.open(member) as file:
            tail = b""
            while piece := file.read(MEGABYTE):
                unpacked += len(piece)
                if unpacked > MAX_UNPACKED:
                    raise refusals.ZipBomb()
                # UTF-16 hides the words behind null bytes.
                window = (tail + piece).replace(b"\0", b"")
                if is_xml and DOCTYPE.search(window):
                    raise refusals.ExternalEntities()
                tail = piece[-32:]
