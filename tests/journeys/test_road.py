"""The whole road in a real browser: a dossier is taken in, edited, discussed, decided, signed, published and read."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Locator, Page, expect

from applications.models import Item, Revision
from medicines.actions.verify import verify_record
from tests import make
from tests.journeys.editing import until_the_editor_has_heard
from tests.journeys.looking import faults

pytestmark = [pytest.mark.journey, pytest.mark.long]

PASSWORD = "a-long-password-of-the-test"
OWN = Path(__file__).parents[1] / "fixtures" / "dossier.md"
REAL = settings.BASE_DIR.parent / "shared" / "data" / "baclofen-2025-page.md"
EVERYWHERE, AT_ITS_TEXT = "", "/draft/|/recommendations/"

NewPage = Callable[..., Page]


@pytest.fixture
def people(cloned_database: str) -> None:
    """A meeting, and everybody who can log in to it."""
    meeting = make.meeting(25)
    make.secretary(email="secretary@example.org", password=PASSWORD)
    make.publisher(email="publisher@example.org", password=PASSWORD)
    for seat in ("chair", "member"):
        person = make.sitting(meeting, seat)
        person.email = f"{seat}@example.org"
        person.set_password(PASSWORD)
        person.save()
    connection.close()


class Walk:
    """One person's way through the site: the pages that they come to are looked at with axe, each once in each state.

    The second dossier leads to the same pages; of these, those with its own text are looked at again.
    """

    def __init__(self, page: Page, seen: set[tuple[str, str]], *, only: str) -> None:
        self.page, self.seen, self.only = page, seen, only

    def log_in(self, name: str) -> None:
        self.go("/accounts/login/")
        self.page.locator("input[name=login]").fill(f"{name}@example.org")
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.press("Log in")

    def go(self, path: str) -> None:
        response = self.page.goto(path)
        assert response is not None
        assert response.ok, path
        self.look()

    def follow(self, name: str) -> None:
        self.turn(self.page.get_by_role("main").get_by_role("link", name=name, exact=True).first)

    def press(self, name: str) -> None:
        self.turn(self.page.get_by_role("main").get_by_role("button", name=name).first)

    def turn(self, button: Locator) -> None:
        """Press what leads to the next page, and wait until that is there."""
        with self.page.expect_navigation():
            button.click()
        self.look()

    def look(self) -> None:
        kind = re.sub(r"\d+", "N", urlsplit(self.page.url).path)
        state = Item.objects.values_list("state", flat=True).first() or "none"
        if (kind, state) in self.seen or not re.search(self.only, kind):
            return
        self.seen.add((kind, state))
        # Its preloading of style sheets is refused by the site's policy, and only one rule on tilted screens needs it.
        assert (self.page.url, faults(self.page, preload=False)) == (self.page.url, [])


@pytest.mark.parametrize(("dossier", "looked_at"), [(OWN, EVERYWHERE), (REAL, AT_ITS_TEXT)], ids=["own", "real"])
def test_a_dossier_goes_the_whole_road(dossier: Path, looked_at: str, people: None, new_page: NewPage) -> None:
    if not dossier.exists():
        pytest.skip("needs shared/data")
    seen: set[tuple[str, str]] = set()

    def walk() -> Walk:
        return Walk(new_page(), seen, only=looked_at)

    secretary = walk()
    secretary.log_in("secretary")
    take_in(secretary, dossier)
    edit(secretary)
    move(secretary, "Screened", "In review")

    discuss(walk(), secretary)

    move(secretary, "At the meeting")
    decide(secretary)
    chair = walk()
    chair.log_in("chair")
    sign(chair)
    clear(secretary)
    publisher = walk()
    publisher.log_in("publisher")
    publish(publisher)

    read_in_french(walk())
    assert verify_record().holds
    assert {kind for kind, _state in seen} >= {"/admin/applications/draft/N/change/", "/fr/recommendations/N/"}


def item() -> Item:
    return Item.objects.get()


def take_in(secretary: Walk, dossier: Path) -> None:
    secretary.go("/admin/")
    secretary.follow("Take in a dossier")
    secretary.page.get_by_label("Dossier").set_input_files(dossier)
    secretary.press("Take in")
    splits = secretary.page.locator("input[name=split]")
    assert splits.count() > 0
    splits.first.check()
    secretary.press("Apply")
    assert item().draft.head.number == 2


def edit(secretary: Walk) -> None:
    secretary.go(f"/admin/applications/draft/{item().draft.pk}/change/")
    page = secretary.page
    editors = page.locator(".ProseMirror")
    expect(editors.first).to_be_visible()
    before = Revision.objects.count()
    secretary.press("Save")
    assert Revision.objects.count() == before, "a save through the editor that changes nothing makes no revision"

    secretary.go(f"/admin/applications/draft/{item().draft.pk}/change/")
    expect(editors.first).to_be_visible()
    unplaced = page.locator(".unplaced .ProseMirror")
    if unplaced.count():
        unplaced.click()
        until_the_editor_has_heard(page)
        page.keyboard.press("Control+a")
        until_the_editor_has_heard(page)
        page.keyboard.press("Delete")
        expect(unplaced).to_have_text("")
    recommendation = page.locator(".section:not(.unplaced) .ProseMirror").first
    recommendation.click()
    until_the_editor_has_heard(page)
    page.keyboard.press("Control+Home")
    until_the_editor_has_heard(page)
    page.keyboard.type("The Committee met and considered this. ")
    page.get_by_label("Note").last.fill("An opening sentence")
    secretary.press("Save")
    assert item().draft.head.number == 3
    assert "considered this. " in item().draft.head.content.narrative.section("recommendation")


def move(secretary: Walk, *states: str) -> None:
    for state in states:
        secretary.go(f"/admin/applications/item/{item().pk}/change/")
        ways = {
            "Screened": "Mark as screened",
            "In review": "Open for review",
            "At the meeting": "Bring to the meeting",
        }
        secretary.follow(ways[state])
        secretary.turn(secretary.page.get_by_role("main").locator("form button.button").first)
        assert item().get_state_display() == state


def discuss(member: Walk, secretary: Walk) -> None:
    member.log_in("member")
    member.go(f"/committee/items/{item().pk}/draft/")
    beside = member.page.locator(f"#block-{make.first_block(item())} + .beside")
    beside.locator(".talk").click()
    beside.get_by_label("Your comment").fill("Is this sentence needed?")
    beside.get_by_role("button", name="Comment").click()
    expect(beside.locator(".note")).to_contain_text("Is this sentence needed?")
    member.look()
    thread = item().draft.threads.get()
    assert thread.comments.get().text == "Is this sentence needed?"

    secretary.go(f"/committee/threads/{thread.pk}/")
    secretary.page.get_by_label("Your reply").fill("It opens the page.")
    secretary.press("Mark as resolved")
    thread.refresh_from_db()
    assert (thread.is_resolved, thread.comments.count()) == (True, 2)

    member.go(f"/committee/items/{item().pk}/draft/")
    member.page.get_by_label("Ready", exact=True).check()
    member.press("Give this verdict")
    assert item().draft.head.readings.get().verdict == "ready"


def decide(secretary: Walk) -> None:
    secretary.go(f"/admin/applications/item/{item().pk}/decide/")
    page = secretary.page
    page.get_by_label("Outcome").select_option("added")
    page.get_by_label("EML", exact=True).select_option("complementary")
    page.get_by_label("EMLc", exact=True).select_option("complementary")
    secretary.press("Record")
    assert item().state == "decided"


def sign(chair: Walk) -> None:
    chair.go("/committee/")
    chair.go(f"/committee/items/{item().pk}/sign/")
    chair.press("Sign")
    assert item().state == "signed"


def clear(secretary: Walk) -> None:
    secretary.go(f"/admin/applications/item/{item().pk}/clear/")
    secretary.page.get_by_label("Reference").fill("Director-General, 1 July 2025, ref. 17")
    secretary.turn(secretary.page.get_by_role("main").locator("form button.button").first)
    assert item().state == "cleared"


def publish(publisher: Walk) -> None:
    publisher.go(f"/admin/applications/item/{item().pk}/publish/")
    publisher.press("Publish")
    assert item().state == "published"


def read_in_french(reader: Walk) -> None:
    reader.go("/fr/recommendations/1/")
    page = reader.page
    content = item().draft.head.content
    facts = content.proposals[0].facts
    assert page.locator("html").get_attribute("lang") == "fr"
    expect(page.get_by_role("heading", level=1)).to_contain_text(facts.medicine)
    main = page.get_by_role("main")
    expect(main.get_by_text("The Committee met and considered this.")).to_be_visible()
    headings = {"Effets bénéfiques", "Effets néfastes", "Références", "Recommandation du Comité d’experts"}
    assert headings <= set(main.get_by_role("heading", level=2).all_inner_texts())
    written = main.inner_text()
    for code in (*facts.atc, *facts.icd11, *(s.number for p in facts.placements for s in p.section.steps)):
        assert code in written
    for strength in (s for p in facts.placements for f in p.formulations for s in f.strengths):
        assert strength in written
    citation = main.locator(".cite a").first
    citation.click()
    target = page.locator(citation.get_attribute("href"))
    expect(target).to_be_in_viewport()
    target.locator("a[href^='#cite-']").first.click()
    expect(citation).to_be_in_viewport()
    assert page.context.cookies() == []
