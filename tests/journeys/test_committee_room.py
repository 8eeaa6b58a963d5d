"""A member in a real browser: talk in the margin of a draft, with scripts and without."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from applications.models import Comment, Item, Thread
from tests import make
from tests.journeys.looking import faults

pytestmark = pytest.mark.journey

PASSWORD = "a long password"


@pytest.fixture
def item(cloned_database: str) -> Item:
    """An item at the meeting with talk of every kind, and a member who can log in."""
    meeting = make.meeting(seated=False)
    make.member(meeting, "chair", who=make.person("Chen Wei", email="chair@example.org", password=PASSWORD))
    make.member(meeting, who=make.person("Mina Rahman", email="mina@example.org", password=PASSWORD))
    made = make.item("at_meeting", at=meeting, document="dossier.docx")
    make.thread(made, text="Is it so?", block="harms-1", replies=["It is."])
    make.resolved(made, text="A comma.", block="background-1")
    make.reading(made, "needs_changes", why="The harms.")
    make.revise(made, "New words.")
    make.item("decided", at=meeting, title="To be signed")
    make.recusal(make.item("in_review", at=meeting, title="Not theirs"), make.sitting(meeting))
    connection.close()
    return made


def log_in(page: Page, email: str) -> None:
    page.goto("/committee/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    with page.expect_navigation(url=re.compile("^[^?]*/committee/$")):
        page.get_by_role("button", name="Log in").click()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_axe_finds_nothing_in_the_room(item: Item, new_page: Callable[..., Page], width: int, scheme: str) -> None:
    page = new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    log_in(page, "chair@example.org")
    signing = Item.objects.get(title="To be signed").pk
    paths = [
        "/committee/",
        f"/committee/items/{item.pk}/",
        f"/committee/items/{item.pk}/draft/",
        f"/committee/items/{item.pk}/draft/comment/harms-2/?revision=2",
        f"/committee/items/{item.pk}/draft/compare/1/2/",
        f"/committee/threads/{Thread.objects.order_by('pk')[0].pk}/",
        f"/committee/items/{signing}/sign/",
        "/accounts/password/change/",
        "/accounts/2fa/",
    ]
    connection.close()
    found = {}
    for path in paths:
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        violations = faults(page)
        if wide or violations:
            found[path] = (wide, violations)
    assert found == {}


def test_a_comment_is_made_in_its_place_and_words_typed_elsewhere_stay(item: Item, page: Page) -> None:
    log_in(page, "mina@example.org")
    page.goto(f"/committee/items/{item.pk}/draft/")
    page.locator("#block-benefits-1 + .beside .talk").click()
    elsewhere = page.locator("#block-benefits-1 + .beside").get_by_label("Your comment")
    elsewhere.fill("Not yet sent")
    beside = page.locator("#block-harms-2 + .beside")
    beside.locator(".talk").click()
    beside.get_by_label("Your comment").fill("Which second words?")
    beside.get_by_role("button", name="Comment").click()
    note = beside.locator(".note")
    expect(note).to_contain_text("Which second words?")
    expect(note).to_be_focused()
    expect(elsewhere).to_have_value("Not yet sent")
    expect(page.locator(".side")).to_contain_text("Which second words?")

    note.get_by_role("link", name="Reply or resolve").click()
    note.get_by_label("Your reply").fill("These, I see.")
    note.get_by_role("button", name="Mark as resolved").click()
    expect(note.locator("summary")).to_have_text("Resolved: 2 comments")
    expect(elsewhere).to_have_value("Not yet sent")
    thread = Thread.objects.get(block="harms-2")
    assert (thread.is_resolved, [c.text for c in thread.comments.all()]) == (
        True,
        ["Which second words?", "These, I see."],
    )
    connection.close()


def test_words_stay_in_their_box_when_the_log_in_has_ended_meanwhile(item: Item, page: Page) -> None:
    log_in(page, "mina@example.org")
    page.goto(f"/committee/items/{item.pk}/draft/")
    beside = page.locator("#block-harms-2 + .beside")
    beside.locator(".talk").click()
    beside.get_by_label("Your comment").fill("Which second words?")
    page.context.clear_cookies()
    beside.get_by_role("button", name="Comment").click()
    expect(beside.get_by_role("alert")).to_contain_text("This was not sent.")
    expect(beside.get_by_label("Your comment")).to_have_value("Which second words?")


def test_a_comment_on_words_that_are_gone_meanwhile_is_kept_and_shown_as_lost(item: Item, page: Page) -> None:
    log_in(page, "mina@example.org")
    page.goto(f"/committee/items/{item.pk}/draft/")
    beside = page.locator("#block-harms-2 + .beside")
    beside.locator(".talk").click()
    beside.get_by_label("Your comment").fill("Which second words?")
    drop_section("harms", item)
    beside.get_by_role("button", name="Comment").click()
    expect(page.locator("#lost")).to_contain_text("Which second words?")


def drop_section(key: str, item: Item) -> None:
    from applications.actions.draft import save_revision

    draft = make.again(item).draft
    text = draft.head.content.narrative
    rest = tuple(section for section in text.sections if section.key != key)
    content = draft.head.content.model_copy(
        update={"narrative": text.model_copy(update={"sections": rest, "findings": ()})}
    )
    save_revision(draft=draft, base=draft.head, content=content, by=make.the_secretary())
    connection.close()


def test_without_scripts_a_comment_has_a_page_of_its_own(item: Item, new_page: Callable[..., Page]) -> None:
    page = new_page(java_script_enabled=False)
    log_in(page, "mina@example.org")
    page.goto(f"/committee/items/{item.pk}/draft/")
    page.locator("#block-harms-2 + .beside .talk").click()
    page.get_by_label("Your comment").fill("Which second words?")
    page.get_by_role("button", name="Comment").click()
    expect(page.locator("#block-harms-2 + .beside .note")).to_contain_text("Which second words?")
    page.locator("#block-harms-2 + .beside").get_by_role("link", name="Reply or resolve").click()
    page.get_by_label("Your reply").fill("These, I see.")
    page.get_by_role("button", name="Reply").click()
    expect(page.locator("#block-harms-2 + .beside .note")).to_contain_text("These, I see.")
    assert Comment.objects.filter(thread__block="harms-2").count() == 2
    connection.close()
