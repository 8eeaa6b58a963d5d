"""The secretariat brings a list in, in a real browser: reads what it would do, settles, confirms, keeps the report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from medicines.actions.editions import edition_for
from medicines.actions.import_list import import_list
from medicines.models import Medicine
from tests import make
from tests.journeys.looking import faults
from tests.medicines.lists import csv_file, row

pytestmark = pytest.mark.journey

PASSWORD = "a-long-password-of-the-test"


@pytest.fixture
def record(cloned_database: str, tmp_path: Path) -> None:
    """Somebody who may, the sections of the 24th edition, and a list of before."""
    make.secretary(email="secretary@example.org", password=PASSWORD)
    edition = edition_for(number=24)
    edition.save()
    for number in ("5.1", "6"):
        make.section(edition, number, "Brain")
    before = csv_file(tmp_path / "23.csv", [row("exemplin sulfate", atc="N05BA01")])
    import_list(file=before, edition=edition_for(number=23))
    connection.close()


def look(page: Page) -> None:
    page.wait_for_load_state()
    assert (page.url, faults(page, preload=False)) == (page.url, [])


@pytest.mark.parametrize("width", [360, 1280])
def test_a_list_is_brought_in_at_the_desk(
    record: None, new_page: Callable[..., Page], tmp_path: Path, width: int
) -> None:
    file = csv_file(tmp_path / "list.csv", [row(atc="N05BA01"), row("newin", "Cough", section="Brain")])
    page = new_page(viewport={"width": width, "height": 900})
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill("secretary@example.org")
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    page.get_by_role("link", name="Imports").first.click()
    page.wait_for_url("**/admin/medicines/listimport/")
    look(page)
    page.goto("/admin/medicines/listimport/add/")
    look(page)
    page.get_by_label("Edition", exact=True).fill("24")
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("heading", name="This is a preview")).to_be_visible()
    expect(page.get_by_text("2 questions are open")).to_be_visible()
    look(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_label("exemplin sulfate").select_option("exemplin")
    page.get_by_label("Brain").select_option("6 Brain")
    page.get_by_role("button", name="Settle and preview again").click()
    expect(page.get_by_label("exemplin sulfate")).to_have_value("to:exemplin")
    page.get_by_role("button", name="Carry out the import").click()
    expect(page.get_by_text("The import is carried out. This report is kept.")).to_be_visible()
    expect(page.get_by_role("button", name="Carry out the import")).to_have_count(0)
    look(page)
    with page.expect_download() as kept:
        page.get_by_role("link", name="Report as XLSX").click()
    assert kept.value.suggested_filename.endswith(".xlsx")
    assert Medicine.objects.get(name="exemplin").former_names == ["exemplin sulfate"]
