"""A reader looks for a medicine in a real browser: typing, choosing, going back; with keys alone, without scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Locator, Page, expect

from medicines.content.schema import Placement
from tests.journeys.looking import faults
from tests.medicines.build import CEREBRAL_PALSY, content, imported, published

pytestmark = pytest.mark.journey


@pytest.fixture
def record(cloned_database: str) -> None:
    published()
    imported(content(text=False, medicine="diazepam", indication="Convulsive seizures", atc=("N05BA01",)))
    removed = Placement(section=CEREBRAL_PALSY, unnamed_list="removed")
    imported(content(text=False, medicine="bacitracin", indication="Impetigo", atc=(), placements=(removed,)))
    for number in range(40):
        imported(content(text=False, medicine=f"medicine {number:02}", indication="Pain", atc=("N02BE01",)))
    connection.close()


def names(page: Page) -> Locator:
    return page.locator(".result .name")


def test_suggestions_lead_to_a_page_by_keyboard_alone(record: None, page: Page) -> None:
    page.goto("/")
    box = page.get_by_role("combobox", name="Medicine, indication or code")
    box.press_sequentially("bacl", delay=30)
    expect(page.get_by_role("option")).to_have_count(1)
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    expect(page.get_by_role("option", name="baclofen")).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", "suggestions-1-0")
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    assert box.input_value() == "bacl"
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url("**/medicines/*/")


def test_what_is_typed_is_searched_where_nothing_is_chosen(record: None, page: Page) -> None:
    page.goto("/recommendations/1/")
    box = page.get_by_role("combobox")
    box.press_sequentially("baclofne", delay=30)
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("Enter")
    page.wait_for_url("**/search/?q=baclofne")
    expect(page.get_by_text("These are the results for baclofen.")).to_be_visible()
    expect(names(page)).to_have_text(["Baclofen"])


def test_choices_apply_at_once_and_can_be_gone_back_on(record: None, new_page: Callable[..., Page]) -> None:
    page = new_page(viewport={"width": 1280, "height": 900})
    page.goto("/search/")
    expect(page.get_by_text("43 recommendations")).to_be_visible()
    page.get_by_label("Removed from the List").check()
    page.wait_for_url("**/search/?status=removed")
    expect(names(page)).to_have_text(["Bacitracin"])
    expect(page.get_by_label("Removed from the List")).to_be_focused()
    page.get_by_label("Essential medicine").check()
    expect(page.get_by_text("43 recommendations")).to_be_visible()
    page.locator(".chips a", has_text="Removed from the List").click()
    page.wait_for_url("**/search/?status=essential")
    expect(page.get_by_text("42 recommendations")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("43 recommendations")).to_be_visible()
    expect(page.get_by_label("Removed from the List")).to_be_checked()


def test_without_scripts_filters_are_a_form_and_links(record: None, new_page: Callable[..., Page]) -> None:
    page = new_page(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page.goto("/search/")
    page.locator("#filters > summary").click()
    page.get_by_label("Removed from the List").check()
    page.get_by_role("button", name="Apply filters").click()
    expect(names(page)).to_have_text(["Bacitracin"])
    page.locator(".chips a").click()
    page.locator(".pages").get_by_role("link", name="2").click()
    expect(names(page)).to_have_count(13)
    page.get_by_role("searchbox").fill("diazepam")
    page.get_by_role("button", name="Search").click()
    expect(names(page)).to_have_text(["Diazepam", "Baclofen"])  # The decision on baclofen speaks of it.


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    record: None, new_page: Callable[..., Page], width: int, scheme: str
) -> None:
    page = new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    found: dict[str, Any] = {}
    for path in (
        "/search/",
        "/search/?q=baclofne&status=essential&section=5.1",
        "/search/?q=nothing+baclofen",
        "/search/?q=baclofen&status=removed",
        "/ar/search/?atc=N02&route=oral",
    ):
        page.goto(path)
        if width < 960 and page.locator("#filters > summary").is_visible():
            page.locator("#filters > summary").click()
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        violations = faults(page)
        if wide or violations:
            found[path] = (wide, violations)
    page.goto("/")
    page.get_by_role("combobox").press_sequentially("bac", delay=30)
    expect(page.get_by_role("option").first).to_be_visible()
    if violations := faults(page):
        found["suggestions"] = (False, violations)
    assert found == {}


def test_the_list_asks_for_little(record: None, page: Page) -> None:
    answers: list[Any] = []
    page.on("response", lambda answer: answers.append(answer.url))
    page.goto("/search/")
    page.wait_for_load_state("networkidle")
    assert len(answers) <= 5, answers
