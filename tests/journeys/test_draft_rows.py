"""The drafting desk in a real browser: rows, autosave, and the same without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from applications.models import Draft
from medicines.content.schema import Formulation
from tests import make
from tests.processes import eventually

pytestmark = pytest.mark.journey

PASSWORD = "a-long-password-of-the-test"


@pytest.fixture
def draft(cloned_database: str) -> Draft:
    make.secretary(email="secretary@example.org", password=PASSWORD)
    made = make.item("in_review").draft
    connection.close()
    return made


def at_the_desk(page: Page, draft: Draft) -> Page:
    page.goto(f"/accounts/login/?next=/admin/applications/draft/{draft.pk}/change/")
    page.locator("input[name=login]").fill("secretary@example.org")
    page.locator("input[name=password]").fill(PASSWORD)
    with page.expect_navigation(url=re.compile("^[^?]*/change/$")):
        page.get_by_role("main").get_by_role("button", name="Log in").click()
    return page


def rows(page: Page, ending: str):
    return page.locator(f"[data-rows$='{ending}'] > [data-in] > [data-item]")


def test_a_save_that_changes_nothing_makes_no_revision(page: Page, draft: Draft):
    desk = at_the_desk(page, draft)
    desk.wait_for_load_state("networkidle")
    expect(desk.locator(".richtext-text").first).to_be_visible()
    desk.locator("button[name=save]").click()
    expect(desk.locator(".messagelist")).to_contain_text("Nothing was changed")
    assert draft.revisions.count() == 1


def test_rows_are_added_within_rows_moved_and_removed(page: Page, draft: Draft):
    desk = at_the_desk(page, draft)
    desk.locator("[data-rows$='-placements'] > [data-add]").click()
    place = rows(desk, "-placements").last
    place.locator("select[name$='-eml']").select_option("core")
    place.locator("[data-rows$='-formulations'] > [data-add]").click()
    place.locator("[name$='-route']").last.fill("Oral > Solid")
    place.locator("[name$='-strengths']").last.fill("5 mg\n10 mg")
    place.locator("> .row-tools [data-up]").click()
    first_formulation = rows(desk, "-placements-0-formulations").first
    first_formulation.locator("[data-remove]").click()
    desk.locator("button[name=save]").click()
    expect(desk.locator(".messagelist")).to_contain_text("Saved as revision 2")
    old = draft.revisions.last().content.proposals[0].facts.placements[0]
    new = draft.revisions.first().content.proposals[0].facts.placements
    assert (new[0].eml, new[0].formulations) == (
        "core",
        (Formulation(route=("Oral", "Solid"), strengths=("5 mg", "10 mg")),),
    )
    assert new[1:] == (old.model_copy(update={"formulations": old.formulations[1:]}),)


def test_a_new_reference_can_be_cited_before_it_is_saved(page: Page, draft: Draft):
    desk = at_the_desk(page, draft)
    desk.locator("[data-rows=references] > [data-add]").click()
    title = rows(desk, "references").last.locator("[name$='-title']")
    title.fill("A new study")
    title.blur()
    rows(desk, "findings").first.locator("select[name$='-reference']").select_option(label="A new study")
    desk.locator("button[name=save]").click()
    expect(desk.locator(".messagelist")).to_contain_text("Saved as revision 2")
    narrative = draft.revisions.first().content.narrative
    assert narrative.references[-1].csl["title"] == "A new study"
    assert narrative.findings[0].reference == narrative.references[-1].id


def test_typing_is_kept_by_itself_and_comes_back(page: Page, draft: Draft):
    desk = at_the_desk(page, draft)
    desk.locator("[name=note]").fill("Half a note")
    expect(desk.locator("[data-kept]")).to_contain_text("not yet saved")
    desk.goto(f"/admin/applications/draft/{draft.pk}/change/")
    desk.get_by_role("link", name="Restore").click()
    expect(desk.locator("[name=note]")).to_have_value("Half a note")
    assert draft.revisions.count() == 1


def test_typing_is_kept_when_the_page_is_left(page: Page, draft: Draft):
    desk = at_the_desk(page, draft)
    desk.locator("[name=note]").fill("In a hurry")
    desk.goto("/admin/")
    eventually(lambda: draft.working_copies.exists())
    desk.goto(f"/admin/applications/draft/{draft.pk}/change/")
    expect(desk.get_by_role("link", name="Restore")).to_be_visible()


def test_rows_are_added_and_removed_without_javascript(new_page: Callable[..., Page], draft: Draft):
    desk = at_the_desk(new_page(java_script_enabled=False), draft)
    desk.locator("[data-rows=costs] > [data-add]").click()
    desk.locator("[name=costs-1-what]").fill("A pump")
    desk.locator("[name=costs-1-amount]").fill("9000")
    desk.locator("[name=costs-0-DELETE]").check()
    desk.locator("button[name=save]").click()
    expect(desk.locator(".messagelist")).to_contain_text("Saved as revision 2")
    assert [(cost.what, cost.amount) for cost in draft.revisions.first().content.narrative.costs] == [
        ("A pump", "9000")
    ]
