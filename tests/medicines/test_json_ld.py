"""Data of schema.org in the pages: what they say, and that nothing in them can break out of their element."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page

from medicines.documents.json_ld import DataFile, dataset, script
from medicines.models import Version
from tests.medicines import build

BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def data_of(path: str) -> dict[str, Any]:
    found = BLOCK.findall(Client().get(path).content.decode())
    assert len(found) == 1
    return json.loads(found[0])


@pytest.mark.django_db
def test_a_decision_says_what_it_is_about_and_which_version_it_is() -> None:
    version = build.published()
    told = data_of("/recommendations/1/")
    there = "http://testserver/recommendations/1/v1/"
    assert told["@context"] == "https://schema.org"
    assert told["@type"] == "MedicalWebPage"
    assert (told["@id"], told["url"], told["version"]) == (there, there, 1)
    assert told["name"] == "Baclofen – Spastic cerebral palsy"
    assert told["identifier"] == [
        {"@type": "PropertyValue", "propertyID": "recommendation", "value": "1"},
        {"@type": "PropertyValue", "propertyID": "SHA-256", "value": version.fingerprint},
    ]
    assert told["dateModified"] == version.published_at.isoformat(timespec="seconds")
    drug, condition = told["about"]
    assert (drug["@type"], drug["name"]) == ("Drug", "baclofen")
    assert drug["code"] == [{"@type": "MedicalCode", "codeValue": "M03BX01", "codingSystem": "ATC"}]
    assert (condition["@type"], condition["name"]) == ("MedicalCondition", "Spastic cerebral palsy")
    assert condition["code"] == [{"@type": "MedicalCode", "codeValue": "8D20", "codingSystem": "ICD-11"}]
    assert told["mainEntity"]["guidelineDate"] == "2025-09-05"
    assert [work["name"] for work in told["citation"]] == [
        reference.csl["title"] for reference in version.content.narrative.references
    ]
    assert told["citation"][0]["url"] == "https://doi.org/10.1000/example.1"


@pytest.mark.django_db
def test_what_is_not_stated_is_left_out() -> None:
    build.imported(build.content(text=False, atc=(), icd11=(), links=()))
    told = data_of("/recommendations/1/")
    assert "citation" not in told
    assert "license" not in told
    assert "code" not in told["about"][0]
    assert "code" not in told["about"][1]


@pytest.mark.django_db
def test_each_version_tells_of_itself_in_the_language_of_its_page() -> None:
    version = build.published()
    build.corrected(version, build.content(atc=("N05BA01",)), note="The code was wrong.")
    assert data_of("/recommendations/1/v1/")["version"] == 1
    assert data_of("/recommendations/1/")["version"] == 2
    assert data_of("/zh-hans/recommendations/1/")["inLanguage"] == "zh-Hans"


def test_nothing_can_end_the_element() -> None:
    odd = "</script><script>alert(1)</script><!-- & \u2028"
    html = script({"name": odd, "empty": "", "none": None, "list": []})
    inside = html.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert "<" not in inside
    assert "&" not in inside
    assert "\u2028" not in inside
    assert json.loads(inside) == {"name": odd}


def test_a_data_set_has_its_files() -> None:
    told = dataset(
        name="The list",
        description="Words.",
        url="https://example.org/data/",
        version="12",
        modified=datetime(2025, 9, 5, tzinfo=UTC),
        publisher="The Committee",
        licence_url="https://example.org/licence",
        files=[DataFile("https://example.org/data/list.csv", "text/csv", 12, "ab")],
    )
    assert told["distribution"] == [
        {
            "@type": "DataDownload",
            "contentUrl": "https://example.org/data/list.csv",
            "encodingFormat": "text/csv",
            "contentSize": "12 B",
            "sha256": "ab",
        }
    ]
    assert json.loads(BLOCK.findall(script(told))[0]) == told


@pytest.mark.journey
def test_the_policy_has_nothing_against_a_block_of_data(new_page: Callable[..., Page]) -> None:
    """The fixture fails the test where the browser refuses anything by the policy."""
    odd = "</script><img src=x>"
    version: Version = build.published(build.content(indication=odd))
    page = new_page()
    page.goto("/recommendations/1/")
    told = page.evaluate("JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)")
    assert told["identifier"][1]["value"] == version.fingerprint
    assert told["about"][1]["name"] == odd
