"""Files that are not taken in: each is refused by name, with a sentence that says what to do."""

import io
import re
import zipfile

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from applications.intake import MAX_SIZE, IntakeRefused, files, pandoc, read_dossier

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def word_file(text: str = "Benefits") -> bytes:
    document = Document()
    document.add_paragraph(text)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def with_member(data: bytes, name: str, content: bytes) -> bytes:
    """A copy of an archive in which one member says something else."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
        new.writestr(name, content)
    return file.getvalue()


def encrypted_zip() -> bytes:
    """Word never writes this, but a zip with a password looks so: the first bit of each member's flags is set."""
    data = bytearray(word_file())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for found in re.finditer(re.escape(signature), bytes(data)):
            data[found.start() + offset] |= 1
    return bytes(data)


def refusal(data: bytes, name: str) -> IntakeRefused:
    with pytest.raises(IntakeRefused) as caught:
        read_dossier(data, name)
    return caught.value


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document>&e;</w:document>'

REFUSED = {
    "nothing at all": (b"", "a.docx", "empty"),
    "blanks only": (b" \r\n\t ", "a.txt", "empty"),
    "a byte order mark only": (b"\xef\xbb\xbf", "a.md", "empty"),
    "a byte too many": (b"x" * (MAX_SIZE + 1), "a.md", "too_large"),
    "an ending that nobody reads": (b"%PDF-1.7", "a.pdf", "unknown_ending"),
    "no ending": (b"Benefits", "dossier", "unknown_ending"),
    "text under Word's name": (b"Benefits\n\nIt helps.", "a.docx", "wrong_ending"),
    "Word under a text's name": (word_file(), "a.md", "wrong_ending"),
    "a PDF under a text's name": (b"%PDF-1.7 Benefits", "a.txt", "wrong_ending"),
    "bytes under a text's name": (b"Benefits\0\n", "a.txt", "wrong_ending"),
    "text under a page's name": (b"Benefits", "a.html", "wrong_ending"),
    "text under RTF's name": (b"Benefits", "a.rtf", "wrong_ending"),
    "an old Word file": (OLE + b"\0" * 600, "a.docx", "wrong_ending"),
    "a Word file that is cut off": (word_file()[:2000], "a.docx", "corrupt"),
    "a Word file with a damaged middle": (
        word_file()[:800] + b"\xff" * 400 + word_file()[1200:],
        "a.docx",
        "corrupt",
    ),
    "a Word file whose XML is broken": (
        with_member(word_file(), "word/document.xml", b"<w:document>"),
        "a.docx",
        "corrupt",
    ),
    "a Word file under a password": (
        OLE + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le"),
        "a.docx",
        "encrypted",
    ),
    "a zip under a password": (encrypted_zip(), "a.docx", "encrypted"),
    "entities": (with_member(word_file(), "word/document.xml", ENTITIES), "a.docx", "external_entities"),
    "entities in UTF-16": (
        with_member(word_file(), "word/styles.xml", ENTITIES.decode().encode("utf-16")),
        "a.docx",
        "external_entities",
    ),
    "no section": (b"Dear colleagues,\n\nthank you for your letter.", "a.txt", "no_section"),
    "no section in Word": (word_file("Dear colleagues"), "a.docx", "no_section"),
    "references alone": (b"References\n\n1. Alpha B. C. J. 2018;1:2.", "a.md", "no_section"),
}


@pytest.mark.parametrize(("data", "name", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_a_bad_file_is_refused_by_name_with_a_sentence(data, name, code):
    refused = refusal(data, name)
    assert refused.code == code
    assert refused.message.endswith(".")
    assert "%" not in refused.message


def test_the_sentence_names_size_and_limit():
    assert refusal(b"x" * (MAX_SIZE + 1), "a.md").message == (
        "The file is 26 MB; the most that can be taken in is 25 MB. Make its pictures smaller or leave them out."
    )


def test_an_archive_without_a_document_is_no_word_file():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/zip")
    assert refusal(file.getvalue(), "a.docx").code == "wrong_ending"
    assert refusal(file.getvalue(), "a.odt").code == "wrong_ending"


def test_a_zip_bomb_is_not_unpacked():
    assert refusal(with_member(word_file(), "word/media/x.bin", b"\0" * 40_000_000), "a.docx").code == "zip_bomb"


def test_a_zip_of_very_many_members_is_not_unpacked():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(files.MAX_MEMBERS + 1):
            archive.writestr(f"{number}.xml", b"")
    assert refusal(file.getvalue(), "a.docx").code == "zip_bomb"


def test_a_file_that_declares_less_than_it_unpacks_to_is_refused():
    data = bytearray(with_member(word_file(), "word/media/x.bin", b"\0" * 3_000_000))
    record = data.rfind(b"PK\x01\x02", 0, data.rfind(b"word/media/x.bin"))
    data[record + 24 : record + 28] = (100).to_bytes(4, "little")
    assert refusal(bytes(data), "a.docx").code == "corrupt"


def test_reading_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(pandoc, "SECONDS", 0.001)
    assert refusal(word_file(), "a.docx").code == "took_too_long"


def test_reading_that_takes_too_much_memory_is_given_up(monkeypatch):
    monkeypatch.setattr(pandoc, "MEMORY", "2M")
    page = b"<html><body><h1>Benefits</h1>" + b"<p>It <b>helps</b> a <i>lot</i>.</p>" * 40_000
    assert refusal(page, "a.html").code == "took_too_long"


@settings(max_examples=25)
@given(st.binary(max_size=400), st.sampled_from(files.ENDINGS))
def test_any_bytes_under_any_ending_are_refused_or_read(data, ending):
    try:
        read_dossier(data, f"a{ending}")
    except IntakeRefused as refused:
        assert refused.message  # noqa: PT017  either way is right, and nothing else may be raised


def test_a_path_is_read_like_bytes(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("# Benefits\n\nIt helps.")
    assert read_dossier(path, path.name).narrative.section("benefits")
    path.write_bytes(b"x" * (MAX_SIZE + 1))
    with pytest.raises(IntakeRefused) as caught:
        read_dossier(path, path.name)
    assert caught.value.code == "too_large"
