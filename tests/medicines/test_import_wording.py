"""Reports of imports: kept as codes and values, and read in the language of whoever reads them."""

from __future__ import annotations

import ast
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from medicines.lists import wording
from medicines.lists.findings import Finding
from medicines.lists.shown import finding, parts
from medicines.models import ListImport
from tests import make
from tests.medicines.lists import row
from tests.medicines.test_list_desk import waiting

FOLDERS = (settings.BASE_DIR / "medicines/lists", settings.BASE_DIR / "medicines/actions")


class Asked(dict[str, int]):
    """Values that remember which of them were asked for."""

    def __init__(self, values: dict[str, int]) -> None:
        super().__init__(values)
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> int:
        self.asked.add(name)
        return super().__getitem__(name)


def calls(name: str) -> Iterator[ast.Call]:
    for source in (path for folder in FOLDERS for path in folder.glob("*.py")):
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == name:
                yield node


def test_every_finding_has_words_and_gives_them_all_their_values():
    said = {ast.literal_eval(call.args[2]): {word.arg for word in call.keywords} for call in calls("Finding.of")}
    asked = {}
    for code, message in wording.FINDINGS.items():
        values = Asked(dict.fromkeys(said.get(code, ()), 2))
        assert str(message % values)
        asked[code] = values.asked
    assert said == asked


def test_every_heading_has_words():
    told = {call.args[1].value for call in calls("Told") if isinstance(call.args[1], ast.Constant)}
    assert told <= set(wording.HEADINGS)


def test_a_finding_is_kept_as_a_code_and_read_in_the_language_of_the_reader():
    kept = Finding.of((3, 4), "EML section", "section_ambiguous", title="Spine", numbers=("5.2", "6")).to_dict()
    assert json.loads(json.dumps(kept)) == {
        "rows": [3, 4],
        "field": "EML section",
        "code": "section_ambiguous",
        "values": {"title": "Spine", "numbers": ["5.2", "6"]},
    }
    words = "“Spine” may be any of these sections: 5.2, 6. The title is kept without a number."
    assert finding(kept).message == words
    with translation.override("ar"):
        assert "\u2068Spine\u2069" in finding(kept).message  # Isolated in a line from right to left.


def test_a_report_of_an_earlier_release_is_shown_as_it_is():
    report = {
        "counts": {"created": 1},
        "refused": [{"rows": [3], "field": "Status", "message": "is empty: Added or Removed."}],
        "warnings": [],
        "told": [{"name": "shared", "heading": "Synonyms that others have too", "lines": ["Row 2, a: b (also c)"]}],
    }
    with translation.override("fr"):
        refused, shared = parts(report)
        assert [(each.message, each.language) for each in refused.rows] == [("is empty: Added or Removed.", "en")]
    assert (shared.heading, shared.form, [*shared.rows]) == (
        "Synonyms that others have too",
        "lines",
        ["Row 2, a: b (also c)"],
    )


@pytest.fixture
def french() -> Client:
    client = Client()
    reader = make.secretary()
    reader.language = "fr"
    reader.save()
    client.force_login(reader)
    return client


@pytest.mark.django_db
def test_a_report_leaves_the_desk_in_the_language_of_whoever_takes_it(tmp_path: Path, french: Client):
    make.section(make.edition(24), "5", "Nerves")
    with translation.override("ru"):  # Whoever brought the file in.
        one = waiting(tmp_path, row(atc="n05ba01", section=""), row(section="Nowhere"))
    page = f"/admin/medicines/listimport/{one.pk}/"
    report = json.loads(french.get(f"{page}report.json").content)
    with translation.override("fr"):
        words = str(wording.FINDINGS["code_form_kept"]) % {"code": "n05ba01"}
        created = str(wording.FIGURES["created"])
    assert report["language"] == "fr"
    assert report["counts"] == one.report["counts"]
    assert report["warnings"][0] == one.report["warnings"][0] | {"message": words}
    assert re.search(rf"<td>{words}</td>", french.get(f"{page}change/").content.decode())
    book = openpyxl.load_workbook(io.BytesIO(french.get(f"{page}report.xlsx").content))
    assert created in {cell.value for cell in next(book.worksheets[1].iter_cols(max_col=1))}
    assert words in {line[3].value for line in book.worksheets[2].iter_rows()}
    with translation.override("fr"):
        asked = (translation.gettext("Sections"), "Nowhere", None, translation.gettext("Not settled"))
    assert [*book.worksheets[3].iter_rows(min_row=2, values_only=True)] == [asked]


@pytest.mark.django_db
def test_the_language_of_the_desk_does_not_make_a_preview_another_one(tmp_path: Path):
    with translation.override("fr"):
        plan = waiting(tmp_path, row(section="Nowhere"), row("")).report["plan"]
    with translation.override("ar"):
        assert waiting(tmp_path, row(section="Nowhere"), row("")).report["plan"] == plan
    assert ListImport.objects.count() == 2
