"""The page of data: files that are made once for each state of the record, their checksums, and the schema."""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import io
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from medicines import list_files
from medicines.content.fingerprint import fingerprint
from medicines.content.schema import Content
from medicines.list_files import KEPT, BeingMade, FileSet, file_set, make_files, newest_set
from medicines.models import EditionEntry, Version
from tests import make
from tests.house import body
from tests.medicines.build import content, corrected, imported, published

SITE = "https://medicines.example.org"

FILES = {
    f"demonstration-essential-medicines{part}.{extension}"
    for part in ("", "-eml-24")
    for extension in ("csv", "json", "xlsx", "docx")
} | {"demonstration-essential-medicines-versions.jsonl.gz"}


@pytest.fixture(autouse=True)
def files_root(tmp_path: Path) -> Iterator[Path]:
    with override_settings(FILES_ROOT=tmp_path / "lists"):
        yield tmp_path / "lists"


@pytest.fixture
def record(db: None) -> Version:
    first = published()
    EditionEntry.objects.create(edition=make.edition(24), recommendation=first.recommendation, version=first)
    corrected(first, content(weight="> 25 kg"), note="The weight was missing.")
    imported(content(text=False, medicine="zinc", indication="Diarrhoea"))
    return first


def page(language: str = "") -> str:
    answer = Client().get(f"{language}/data/")
    assert answer.status_code == 200
    return answer.content.decode()


def fetched(found: FileSet, name: str) -> bytes:
    answer = Client().get(f"/data/files/{found.key}/{name}")
    assert answer.status_code == 200
    return body(answer)


# The page


def test_the_page_offers_the_list_and_each_edition_in_every_format(record: Version):
    words = page()
    for extension in ("csv", "json", "xlsx", "docx"):
        assert f'href="/search/list.{extension}"' in words
        assert f'href="/editions/24/list.{extension}"' in words
        assert f'href="/fr/editions/24/list.{extension}"' in page("/fr")
    assert 'href="/data/schema/1.json"' in words
    assert "None has been made yet." in words


def test_the_page_leads_to_the_feeds(db: None) -> None:
    assert [each for each in ("decisions", "corrections") if f'href="/feeds/{each}.atom"' not in page()] == []


def test_an_edition_of_which_the_record_has_no_list_has_no_files(record: Version):
    make.edition(23)
    assert "/editions/23/" not in page()
    assert not [file.name for file in make_files(site=SITE).files if "eml-23" in file.name]


def test_an_empty_record_has_the_page_too(db: None):
    assert "/search/list.csv" in page()


def test_the_page_shows_the_checksums_of_the_files_and_whether_they_are_of_the_record_as_it_is(record: Version):
    made = make_files(site=SITE)
    words = page()
    assert {file.name for file in made.files} == FILES
    for file in made.files:
        assert f'href="/data/files/{made.key}/{file.name}"' in words
        assert file.sha256 in words
    assert "The record has changed since" not in words
    imported(content(text=False, medicine="new", indication="A use"))
    changed = page()
    assert "The record has changed since" in changed
    assert made.key in changed


def test_the_page_tells_search_engines_of_its_files(record: Version):
    found = make_files(site=SITE)
    imported(content(text=False, medicine="new", indication="A use"))  # The files are older now, and say so.
    told = json.loads(page().split('<script type="application/ld+json">')[1].split("</script>")[0])
    assert (told["@type"], told["url"]) == ("Dataset", "http://testserver/data/")
    assert (told["version"], told["dateModified"][:19]) == (str(found.state), found.changed_at.isoformat()[:19])
    assert [(each["contentUrl"], each["sha256"]) for each in told["distribution"]] == [
        (f"http://testserver/data/files/{found.key}/{file.name}", file.sha256) for file in found.files
    ]


def test_the_page_asks_as_often_for_many_editions_as_for_few(record: Version):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            page()
        return len(seen)

    few = queries()
    for number in (20, 21, 22):
        EditionEntry.objects.create(edition=make.edition(number), recommendation=record.recommendation, version=record)
    assert queries() == few <= 2


def test_the_page_says_the_licence_only_where_one_is_stated(record: Version):
    assert "has stated no licence" in page()
    with override_settings(LICENCE="Example Licence", LICENCE_URL="https://licence.example.org/"):
        words = page()
    assert "Example Licence" in words
    assert 'href="https://licence.example.org/" rel="license"' in words


def test_looking_at_the_page_makes_no_file(record: Version, files_root: Path):
    page()
    assert not files_root.exists()


# The files


def test_checksums_are_of_exactly_the_bytes_that_are_handed_out(record: Version):
    made = make_files(site=SITE)
    for file in made.files:
        data = fetched(made, file.name)
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file.size, file.sha256)
    sums = fetched(made, "SHA256SUMS").decode()
    assert sums == "".join(f"{file.sha256}  {file.name}\n" for file in made.files)


def test_a_file_may_be_kept_for_ever_and_names_itself(record: Version):
    made = make_files(site=SITE)
    file = made.files[0]
    address = f"/data/files/{made.key}/{file.name}"
    for answer in (Client().head(address), Client().get(address)):
        body(answer)
        assert answer.headers["ETag"] == f'"{file.sha256}"'
        assert answer.headers["Content-Length"] == str(file.size)
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{file.name}"'


def test_files_are_made_once_for_a_state(record: Version):
    made = make_files(site=SITE)
    before = {path: path.stat().st_mtime_ns for path in (settings.FILES_ROOT / made.key).iterdir()}
    assert make_files(site=SITE) == made
    assert {path: path.stat().st_mtime_ns for path in (settings.FILES_ROOT / made.key).iterdir()} == before
    imported(content(text=False, medicine="new", indication="A use"))
    assert make_files(site=SITE).key != made.key


def test_the_same_record_gives_the_same_bytes(record: Version):
    first = make_files(site=SITE)
    for file in (settings.FILES_ROOT / first.key).iterdir():
        file.unlink()
    (settings.FILES_ROOT / first.key).rmdir()
    assert make_files(site=SITE) == first


def test_other_settings_make_other_files_at_other_addresses(record: Version):
    made = make_files(site=SITE)
    with override_settings(LICENCE="Example Licence"):
        other = make_files(site=SITE)
    assert other.state == made.state
    assert other.key != made.key


def test_old_files_go_but_for_those_that_somebody_may_be_fetching(record: Version, files_root: Path):
    sets = []
    for number in range(4):
        imported(content(text=False, medicine=f"new {number}", indication="A use"))
        sets.append(make_files(site=SITE))
        (files_root / f".making-{number}").mkdir()
    assert sorted(path.name for path in files_root.iterdir()) == sorted(
        [".lock", ".making-3", *(each.key for each in sets[-KEPT:])]
    )
    assert newest_set() == sets[-1]
    assert file_set(sets[0].key) is None
    assert Client().get(f"/data/files/{sets[0].key}/{sets[0].files[0].name}").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/data/files/1-0123456789ab/SHA256SUMS",
        "/data/files/../SHA256SUMS",
        "/data/files/.lock/manifest.json",
        "/data/files/%2e%2e/manifest.json",
        "/data/schema/2.json",
    ],
)
def test_there_is_nothing_at_other_addresses(record: Version, address: str):
    make_files(site=SITE)
    assert Client().get(address).status_code == 404


def test_what_lies_beside_the_files_is_not_handed_out(record: Version):
    made = make_files(site=SITE)
    assert Client().get(f"/data/files/{made.key}/manifest.json").status_code == 404


def test_a_failure_leaves_no_half_made_set(record: Version, monkeypatch: pytest.MonkeyPatch, files_root: Path):
    def fail(*args: Any, **options: Any) -> None:
        raise OSError("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(list_files, "version_line", fail)
        with pytest.raises(OSError, match="The disk is full"):
            make_files(site=SITE)
    assert newest_set() is None
    assert {file.name for file in make_files(site=SITE).files} == FILES
    assert not list(files_root.glob(".making-*"))


def test_two_do_not_make_files_at_once(record: Version, files_root: Path):
    files_root.mkdir()
    with (files_root / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(BeingMade):
            make_files(site=SITE)
        with pytest.raises(CommandError, match="being made by another process"):
            call_command("make_files")
    assert newest_set() is None


def test_the_command_tells_the_checksums(record: Version, capsys: pytest.CaptureFixture[str]):
    call_command("make_files", site=f"{SITE}/")
    told = capsys.readouterr().out
    made = newest_set()
    assert made is not None
    assert made.site == SITE
    assert all(file.sha256 in told and file.name in told for file in made.files)


def test_files_are_of_one_state_whatever_is_published_meanwhile(cloned_database: str, monkeypatch: pytest.MonkeyPatch):
    """A publication that falls between two files of a set is in none of them."""
    make.edition(24)
    published()
    streamed = list_files.streamed

    def publish_meanwhile() -> None:
        imported(content(text=False, medicine="meanwhile", indication="A use"))
        connections.close_all()

    def interrupted(wanted: Any, extension: str) -> Iterator[bytes]:
        if extension == "json" and wanted.name == "essential-medicines":
            thread = threading.Thread(target=publish_meanwhile)
            thread.start()
            thread.join()
        return streamed(wanted, extension)

    monkeypatch.setattr(list_files, "streamed", interrupted)
    made = make_files(site=SITE)
    assert Version.objects.count() == 2
    whole = json.loads(made.path("demonstration-essential-medicines.json").read_bytes())
    assert [row["medicine"] for row in whole["rows"]] == ["baclofen"]
    assert whole["about"]["record_state"] == made.state
    lines = gzip.decompress(made.path("demonstration-essential-medicines-versions.jsonl.gz").read_bytes())
    assert len(lines.splitlines()) == 1
    assert "The record has changed since" in page()


# The file of all versions


def lines_of(made: FileSet) -> list[dict[str, Any]]:
    data = fetched(made, "demonstration-essential-medicines-versions.jsonl.gz")
    return [json.loads(line) for line in gzip.GzipFile(fileobj=io.BytesIO(data))]


def test_the_file_of_versions_holds_each_version_whole(record: Version):
    lines = lines_of(make_files(site=SITE))
    versions = list(Version.objects.order_by("position").select_related("recommendation"))
    assert [(line["number"], line["version"], line["kind"], line["corrects"]) for line in lines] == [
        (1, 1, "decision", None),
        (1, 2, "correction", 1),
        (2, 1, "imported", None),
    ]
    for line, version in zip(lines, versions, strict=True):
        assert Content.from_dict(line["content"]) == version.content
        assert line["address"] == f"{SITE}{version.get_absolute_url()}"
        assert line["provenance"] == version.provenance
        assert line["notice"].endswith("This is not a site of WHO.")


def test_the_content_of_a_line_has_the_fingerprint_that_it_tells(record: Version):
    data = fetched(make_files(site=SITE), "demonstration-essential-medicines-versions.jsonl.gz")
    for line in gzip.decompress(data).decode().splitlines():
        body_of_it = line.partition('"content":')[2].removesuffix("}")
        assert fingerprint(body_of_it) == json.loads(line)["fingerprint"]


# The schema


def schema() -> dict[str, Any]:
    answer = Client().get("/fr/data/schema/1.json")
    assert answer.headers["Content-Type"] == "application/schema+json"
    found = json.loads(answer.content)
    jsonschema_rs.meta.validate(found)
    return found


def test_the_schema_has_a_lasting_address_of_its_own(db: None):
    found = schema()
    assert found["$id"] == "http://testserver/data/schema/1.json"
    assert found["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert {"Content", "Facts", "Narrative", "PublishedVersion", "ListFile", "Row", "About"} <= set(found["$defs"])


def test_all_that_is_given_out_as_json_fits_the_schema(record: Version):
    validator = jsonschema_rs.Draft202012Validator(schema())
    made = make_files(site=SITE)
    validator.validate(json.loads(fetched(made, "demonstration-essential-medicines.json")))
    validator.validate(json.loads(body(Client().get("/meetings/25/outcomes.json"))))
    for line in lines_of(made):
        validator.validate(line)
    validator.validate(json.loads(body(Client().get("/recommendations/1/v1/content.json"))))


def test_what_departs_from_the_schema_does_not_fit(record: Version):
    validator = jsonschema_rs.Draft202012Validator(schema())
    whole = json.loads(body(Client().get("/search/list.json")))
    whole["rows"][0]["eml"] = "perhaps"
    assert not validator.is_valid(whole)


FORM = "8a13e10a51422658cb5c3c3b6a20ebe881344c70f323d5e44b2fce9377f7d2c1"
"""The SHA-256 of the schema with the number 1, without what it says to people."""


def without_words(value: Any) -> Any:
    """A schema without what is for people alone."""
    if isinstance(value, dict):
        told = {"title", "description", "$id"} if "$ref" in value or "type" in value or "$schema" in value else set()
        return {key: without_words(entry) for key, entry in value.items() if key not in told}
    return [without_words(entry) for entry in value] if isinstance(value, list) else value


def test_a_form_that_was_given_out_stays_as_it_was(db: None):
    """Whoever changes what files say gives the schema a new number, and keeps this one at its address."""
    words = json.dumps(without_words(schema()), sort_keys=True)
    assert (
        hashlib.sha256(words.encode()).hexdigest() == "8a13e10a51422658cb5c3c3b6a20ebe881344c70f323d5e44b2fce9377f7d2c1"
    )
