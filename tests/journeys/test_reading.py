"""A reader in a real browser: what a page costs, whether everybody can use it, and that it works without scripts."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Page

from medicines.content.schema import Placement, StatusEvent
from tests.journeys.looking import faults
from tests.medicines.build import CEREBRAL_PALSY, MEETING, content, corrected, imported, published

pytestmark = pytest.mark.journey


@pytest.fixture
def record(cloned_database: str) -> None:
    """One page of each kind."""
    corrected(published(), content(weight="> 25 kg"), note="The weight was missing.")
    imported(content(text=False, medicine="diazepam"))
    rejected = content(
        medicine="examplimab",
        placements=(Placement(section=CEREBRAL_PALSY, eml="not_listed"),),
        history=(StatusEvent(event="not_recommended", year=2025),),
    )
    dissent = {"name": "Prof Example Person", "seat": "member", "opinion": "I would have waited."}
    published(rejected, outcome="not_recommended", source={**MEETING, "dissents": [dissent]})
    connection.close()


PATHS = [
    "/",
    "/about/",
    "/search/?q=baclofen",
    "/search/?q=nothing",
    "/recommendations/1/",
    "/recommendations/1/v1/",
    "/ar/recommendations/1/",
    "/fr/recommendations/2/",
    "/recommendations/3/",
    "/recommendations/1/changes/1-2/",
    "/nowhere/",
]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    record: None, new_page: Callable[..., Page], width: int, scheme: str
) -> None:
    page = new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    found: dict[str, Any] = {}
    for path in PATHS:
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        # axe is put in by the browser's own tool, which the policy does not bind.
        violations = faults(page)
        if wide or violations:
            found[path] = (wide, violations)
    assert found == {}


def test_a_page_is_small_and_asks_for_little(record: None, page: Page) -> None:
    answers: list[Any] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto("/recommendations/1/")
    page.wait_for_load_state("networkidle")
    weight = sum(len(gzip.compress(answer.body())) for answer in answers)
    assert (len(answers) <= 5, weight <= 50_000) == (True, True), (len(answers), weight)
    assert {answer.url.split("/")[2] for answer in answers} == {page.url.split("/")[2]}
    assert page.context.cookies() == []


def test_a_page_is_whole_without_scripts(record: None, new_page: Callable[..., Page]) -> None:
    page = new_page(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page.goto("/recommendations/1/")
    page.get_by_text("On this page").click()
    page.locator(".toc").get_by_role("link", name="Harms").click()
    page.wait_for_url("**#harms")
    page.locator("#cite-2a").click()
    page.wait_for_url("**#ref-2")
    page.locator("#ref-2").get_by_role("link", name="Back to citation 2a in the text").click()
    page.wait_for_url("**#cite-2a")


def test_the_contents_list_follows_the_reader(record: None, new_page: Callable[..., Page]) -> None:
    page = new_page(viewport={"width": 1280, "height": 800})
    page.goto("/recommendations/1/")
    page.locator("#harms").scroll_into_view_if_needed()
    page.evaluate("document.getElementById('harms').scrollIntoView()")
    page.locator('.toc [aria-current="true"]', has_text="Harms").wait_for()


def test_the_recommendation_stands_within_two_screens_of_a_phone(record: None, new_page: Callable[..., Page]) -> None:
    page = new_page(viewport={"width": 360, "height": 740})
    for path in ("/recommendations/1/", "/recommendations/3/", "/ar/recommendations/1/"):
        page.goto(path)
        box = page.locator("#recommendation").bounding_box()
        assert box is not None
        assert box["y"] < 2 * 740, (path, box)


def test_references_are_printed_even_if_folded_away(record: None, page: Page) -> None:
    page.goto("/recommendations/1/")
    page.get_by_text("Show references").click()
    assert page.locator("#ref-1").is_hidden()
    page.emulate_media(media="print")
    assert page.locator("#ref-1").is_visible()
    assert page.locator(".mast").is_hidden()
