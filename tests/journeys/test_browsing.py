"""A reader who browses, in a real browser: everybody can use the pages, they fit a phone, and no script is needed."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from medicines.models import AtcCode, AwareEntry, Indication, Medicine
from tests.journeys.looking import faults
from tests.medicines.browse import editions, in_edition, named, place, stated
from tests.medicines.build import content, corrected, published

pytestmark = pytest.mark.journey

PATHS = [
    "/",
    "/medicines/",
    "/medicines/{medicine}/",
    "/ar/medicines/{medicine}/",
    "/indications/",
    "/indications/{indication}/",
    "/sections/",
    "/sections/24/5/",
    "/ru/sections/23/5/",
    "/atc/",
    "/atc/M03/",
    "/editions/",
    "/editions/24/",
    "/fr/editions/23-24/?show=changed",
    "/editions/23-24/?show=moved",
    "/meetings/",
    "/meetings/25/",
    "/figures/",
    "/ar/figures/",
]


@pytest.fixture
def record(cloned_database: str) -> dict[str, int]:
    """Something for each kind of page to show."""
    older, newer = editions()
    brain, mind, blood = place("5", "Brain", edition=23), place("5", "Brain and mind"), place("6", "Blood")
    for name in ("staylin", "movelin", "changelin"):
        in_edition(older, stated(name, "Hiccups", brain))
    in_edition(newer, stated("staylin", "Hiccups", mind))
    in_edition(newer, stated("movelin", "Hiccups", blood))
    in_edition(newer, stated("changelin", "Hiccups", place("5", "Brain and mind", strength="20 mg")))
    first = published(content(alternatives=named("diazepam", "staylin"), partners=("diazepam",)))
    corrected(
        first, content(alternatives=named("diazepam"), partners=("diazepam",), weight="> 25 kg"), note="The weight."
    )
    published(content(medicine="diazepam", alternatives=named("baclofen")))
    AtcCode.objects.create(code="M03", name="a class of medicines")
    medicine = Medicine.objects.get(key="baclofen")
    AwareEntry.objects.create(edition="2023", name="baclofen", key="baclofen", group="watch")
    Medicine.objects.filter(pk=medicine.pk).update(synonyms=[f"another name {number}" for number in range(20)])
    indication = Indication.objects.get(key="hiccups")
    connection.close()
    return {"medicine": medicine.pk, "indication": indication.pk}


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    record: dict[str, int], new_page: Callable[..., Page], width: int, scheme: str
) -> None:
    page = new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    found: dict[str, Any] = {}
    for path in PATHS:
        page.goto(path.format(**record))
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        violations = faults(page)
        if wide or violations:
            found[path] = (wide, violations)
    assert found == {}


def test_the_way_through_the_record_needs_no_script(record: dict[str, int], new_page: Callable[..., Page]) -> None:
    page = new_page(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page.goto("/fr/")
    ways = page.get_by_role("navigation", name="Parcourir").first
    assert not ways.get_by_role("link").first.is_visible()
    ways.locator("summary").click()
    ways.locator('a[href="/fr/medicines/"]').click()
    page.locator('.letters a[href="?letter=b"]').click()
    page.locator(".names").get_by_role("link", name="Baclofen").click()
    page.wait_for_url(f"**/fr/medicines/{record['medicine']}/")
    page.locator("#timeline ~ .years").get_by_role("link", name="Ajouté").first.click()
    page.wait_for_url("**/v1/")


def test_a_wide_screen_shows_the_ways_at_once(record: dict[str, int], new_page: Callable[..., Page]) -> None:
    page = new_page(viewport={"width": 1280, "height": 800})
    page.goto("/medicines/")
    link = page.locator(".ways").get_by_role("link", name="Sections")
    expect(link).to_be_visible()
    link.click()
    page.get_by_role("heading", level=1, name="Sections").wait_for()


def test_a_page_for_browsing_is_small_and_asks_for_little(record: dict[str, int], page: Page) -> None:
    answers: list[Any] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(f"/medicines/{record['medicine']}/")
    page.wait_for_load_state("networkidle")
    weight = sum(len(gzip.compress(answer.body())) for answer in answers)
    assert (len(answers) <= 5, weight <= 50_000) == (True, True), (len(answers), weight)
