"""The editor and the sanitiser write the same bytes, and ids stay with their words."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.urls import path
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page, expect

from applications.forms.richtext import RichTextField
from medicines.content.richtext import blocks, sanitise, text
from tests.journeys.editing import until_the_editor_has_heard
from tests.journeys.looking import faults
from tests.medicines.test_richtext import FORMS, TREES, clean

pytestmark = pytest.mark.journey

REFERENCES = [
    {"id": "r1", "text": "Novak I. State of the evidence traffic lights. 2020."},
    {"id": "r2", "text": "Élan B. Étude. 2001."},
    {"id": "r3", "text": "World Health Organization. Guideline. 2023."},
]

RICH = clean(
    "<h3>Ünïcode &amp; &lt;signs&gt;</h3>"
    "<p>“a” 'b' \"c\" 10&nbsp;mg\u2009≥\u20095 µg, CO<sub>2</sub> m<sup>2</sup> <b>bold <i>both</i></b> <i>em</i></p>"
    '<p>cited <cite data-ref="r2"></cite><cite data-ref="r3"></cite>, <a href="https://e.org/?a=1&amp;b=\'2\'">link</a>'
    '<br>line <data data-finding="f1"></data></p>'
    "<ul><li>one<ol><li>deep<ul><li>deeper</li></ul></li></ol><p>after</p></li><li>two</li></ul>"
    "<blockquote><p>said</p><ul><li>in a list</li></ul></blockquote>"
    '<table><caption>Effects <cite data-ref="r1"></cite></caption><thead><tr><td></td><th colspan=2>Group</th></tr>'
    "<tr><th>Outcome<th>A<th>B</tr></thead><tr><th colspan=3>Adults<tr><th>x<td rowspan=2>1<p>2<td><ul><li>c</ul>"
    "<tr><td>y<td>z</table><h4>Last</h4><p>end</p>"
)


class TextForm(forms.Form):
    background = RichTextField(label="Background", required=False)
    benefits = RichTextField(label="Benefits", required=False)


PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Texts</title><link rel="icon" href="data:,">
{{ media }}</head>
<body><main><h1>Texts</h1><h2>Sections</h2>
<form method="post">{% csrf_token %}{{ form.as_div }}<button>Save</button>
<ol>{% for reference in references %}<li data-reference="{{ reference.id }}"><b data-reference-number></b>
<input aria-label="Title" value="{{ reference.text }}"></li>{% endfor %}</ol></form></main>
{{ references|json_script:"richtext-references" }}</body></html>"""

shown: dict[str, str] = {}


def texts(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        form = TextForm(request.POST)
        form.is_valid()
        return JsonResponse({"posted": request.POST, "cleaned": form.cleaned_data})
    form = TextForm(initial=shown)
    media = form.media.with_nonce(request.csp_nonce)  # type: ignore[attr-defined]
    context = {"form": form, "media": media, "references": REFERENCES}
    return HttpResponse(engines["django"].from_string(PAGE).render(context, request))


urlpatterns = [path("texts/", texts)]


@pytest.fixture
def open_texts(live_url: str, new_page: Callable[..., Page], settings: Any) -> Callable[..., Page]:
    """Open the form with these texts in the site's own settings, its policy included."""
    settings.ROOT_URLCONF = __name__

    def open_page(background: str, benefits: str = "", **options: Any) -> Page:
        shown.update(background=background, benefits=benefits)
        page = new_page(**options)
        page.goto("/texts/")
        if options.get("java_script_enabled", True):
            page.wait_for_function("document.querySelector('[name=benefits]').richtext")
        return page

    return open_page


def html(page: Page, name: str = "background") -> str:
    return page.evaluate("name => document.querySelector(`[name=${name}]`).richtext.html()", name)


def save(page: Page) -> dict[str, dict[str, str]]:
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()
    return json.loads(page.inner_text("body"))


def put_cursor(page: Page, block_id: str, offset: int) -> None:
    """Put the cursor into a block of the first editor; an offset below zero counts from the end."""
    page.evaluate(
        """([id, offset]) => {
            const { editor } = document.querySelector('[name=background]').richtext
            editor.view.focus()
            editor.state.doc.descendants((node, pos) => {
                if (node.attrs.block !== id) return
                const start = pos + 1
                editor.commands.setTextSelection(offset < 0 ? start + node.content.size + 1 + offset : start + offset)
            })
        }""",
        [block_id, offset],
    )
    until_the_editor_has_heard(page)


def ids_and_texts(html: str) -> list[tuple[str, str]]:
    """The blocks with their ids, without those that the server has minted."""
    return [(block.id if block.id in {"a", "b", "c"} else "new", block.text) for block in blocks(sanitise(html))]


def test_an_unchanged_text_is_posted_unchanged(open_texts):
    page = open_texts(RICH, "<p data-block='z'>z</p>")
    assert html(page) == RICH
    answer = save(page)
    assert answer["posted"]["background"] == RICH
    assert answer["cleaned"]["background"] == RICH


def test_a_change_taken_back_leaves_the_text_as_it_was(open_texts):
    page = open_texts(RICH)
    first = blocks(RICH)[0]
    put_cursor(page, first.id, -1)
    page.keyboard.type(" more")
    assert html(page) == RICH.replace("&lt;signs&gt;</h3>", "&lt;signs&gt; more</h3>")
    for _letter in " more":  # One step of the history is what was typed without a pause, and a busy machine makes some.
        if html(page) != RICH:
            page.keyboard.press("Control+z")
    assert save(page)["posted"]["background"] == RICH


def test_every_form_of_text_comes_back_from_the_editor_as_it_is(open_texts):
    page = open_texts("")
    page.evaluate(
        """async () => {
            const { serialise, toDocument } = await import("richtext/html")
            const { schema } = document.querySelector("textarea").richtext.editor
            window.roundTrip = (html) => {
                const doc = toDocument(schema, html)
                doc.check()
                return serialise(doc)
            }
        }"""
    )

    def round_trip(form: str) -> str:
        return page.evaluate("form => roundTrip(form)", form)

    forms = [form for _, form in FORMS.values()]
    assert [round_trip(form) for form in forms] == forms

    @settings(max_examples=60, suppress_health_check=list(HealthCheck))
    @given(st.lists(TREES, max_size=3).map("".join))
    def any_text(given_html: str) -> None:
        form = clean(given_html)
        assert round_trip(form) == form

    any_text()


TWO = '<p data-block="a">first words</p><p data-block="b">second words</p><p data-block="c">third</p>'

EDITS = {
    "typing": (("b", -1), ["!"], [("a", "first words"), ("b", "second words!"), ("c", "third")]),
    "Enter inside leaves the id with the first half": (
        ("b", 6),
        ["Enter"],
        [("a", "first words"), ("b", "second"), ("new", "words"), ("c", "third")],
    ),
    "Enter at the end begins a new block": (
        ("b", -1),
        ["Enter", "x"],
        [("a", "first words"), ("b", "second words"), ("new", "x"), ("c", "third")],
    ),
    "Enter at the start leaves the id with the words": (
        ("b", 0),
        ["Enter", "ArrowUp", "x"],
        [("a", "first words"), ("new", "x"), ("b", "second words"), ("c", "third")],
    ),
    "joining leaves the id of the first": (
        ("b", 0),
        ["Backspace"],
        [("a", "first wordssecond words"), ("c", "third")],
    ),
    "an emptied block hands its id to nobody": (
        ("b", -1),
        ["Shift+Home", "Delete", "Delete"],
        [("a", "first words"), ("c", "third")],
    ),
    "a block emptied and joined from below hands its id to nobody": (
        ("b", -1),
        ["Shift+Home", "Delete", "ArrowDown", "Home", "Backspace"],
        [("a", "first words"), ("c", "third")],
    ),
    "a copy gets an id of its own, even before the original": (
        ("b", -1),
        ["Shift+Home", "Control+c", "Home", "Enter", "ArrowUp", "Control+v"],
        [("a", "first words"), ("new", "second words"), ("b", "second words"), ("c", "third")],
    ),
}


@pytest.mark.parametrize(("cursor", "keys", "expected"), EDITS.values(), ids=EDITS)
def test_ids_stay_with_their_words(open_texts, cursor, keys, expected):
    page = open_texts(TWO)
    put_cursor(page, *cursor)
    for key in keys:
        page.keyboard.press(key)
        until_the_editor_has_heard(page)
    assert ids_and_texts(save(page)["posted"]["background"]) == expected


@pytest.mark.parametrize(
    ("button", "expected"),
    [
        ("Heading", '<p data-block="a">first words</p><h3 data-block="b">second words</h3><p data-block="c">third</p>'),
        (
            "Bulleted list",
            (
                '<p data-block="a">first words</p><ul><li><p data-block="b">second words</p></li></ul>'
                '<p data-block="c">third</p>'
            ),
        ),
        (
            "Quotation",
            (
                '<p data-block="a">first words</p><blockquote><p data-block="b">second words</p></blockquote>'
                '<p data-block="c">third</p>'
            ),
        ),
    ],
)
def test_a_button_changes_a_block_and_its_second_press_takes_it_back(open_texts, button, expected):
    page = open_texts(TWO)
    put_cursor(page, "b", 2)
    item = page.get_by_role("toolbar").first.get_by_role("button", name=button, exact=True)
    item.click()
    assert html(page) == expected
    expect(item).to_have_attribute("aria-pressed", "true")
    item.click()
    assert html(page) == TWO


def test_a_table_is_made_changed_and_deleted(open_texts):
    page = open_texts(TWO)
    put_cursor(page, "a", 2)
    toolbar = page.get_by_role("toolbar").first
    toolbar.get_by_role("button", name="Insert table").click()
    until_the_editor_has_heard(page)
    page.keyboard.type("Doses")
    page.get_by_role("textbox", name="Background").locator("th").first.click()
    until_the_editor_has_heard(page)
    page.keyboard.type("Age")
    page.keyboard.press("Tab")
    until_the_editor_has_heard(page)
    page.keyboard.type("Dose")
    toolbar.get_by_role("button", name="Delete row").click()
    assert [text(block.html) for block in blocks(sanitise(html(page)))][1] == "Doses\n\t\t\n\t\t".strip("\n")
    page.keyboard.press("Control+z")
    posted = html(page)
    assert "<caption>Doses</caption><thead><tr>" in posted
    assert '<th scope="col"><p>Age</p></th><th scope="col"><p>Dose</p></th><td><p></p></td>' not in posted
    toolbar.get_by_role("button", name="Delete table").click()
    assert html(page) == TWO


def test_citations_are_numbered_in_reading_order_over_all_texts(open_texts):
    page = open_texts(
        '<p data-block="a">x <cite data-ref="r2"></cite><cite data-ref="r1"></cite> y <cite data-ref="r2"></cite></p>',
        '<p data-block="b">z <cite data-ref="r3"></cite><cite data-ref="gone"></cite></p>',
    )
    background, benefits = (page.get_by_role("textbox", name=name) for name in ("Background", "Benefits"))
    expect(background).to_have_text("x (1, 2) y (1)")
    expect(benefits).to_have_text("z (3, ?)")
    expect(page.locator("[data-reference-number]")).to_have_text(["2", "1", "3"])

    put_cursor(page, "a", 0)
    page.get_by_role("toolbar").first.get_by_role("button", name="Insert citation").click()
    page.keyboard.type("world guide")
    page.keyboard.press("Enter")
    expect(background).to_have_text("(1)x (2, 3) y (2)")
    expect(benefits).to_have_text("z (1, ?)")
    assert html(page).startswith('<p data-block="a"><cite data-ref="r3"></cite>x ')

    expect(background).to_be_focused()
    until_the_editor_has_heard(page)
    page.keyboard.press("ArrowLeft")  # onto the citation
    expect(page.get_by_role("status").filter(has_text="1. World Health Organization")).to_be_visible()
    page.get_by_role("button", name="Go to the reference").click()
    expect(page.get_by_role("textbox", name="Title").nth(2)).to_be_focused()

    background.locator("cite").first.click()
    page.get_by_role("button", name="Remove citation").click()
    expect(background).to_have_text("x (1, 2) y (1)")
    answer = save(page)
    assert answer["posted"]["background"] == answer["cleaned"]["background"] == shown["background"]


def test_a_dismissed_dialog_changes_nothing_and_gives_the_focus_back(open_texts):
    page = open_texts(TWO)
    put_cursor(page, "a", 3)
    for button in ("Insert citation", "Link"):
        page.keyboard.press("Shift+ArrowRight")
        page.get_by_role("toolbar").first.get_by_role("button", name=button).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("textbox", name="Background")).to_be_focused()
    assert html(page) == TWO


def test_a_link_is_checked_before_it_is_set(open_texts):
    page = open_texts('<p data-block="a">words</p>')
    put_cursor(page, "a", 0)
    page.keyboard.press("Shift+End")
    until_the_editor_has_heard(page)
    page.get_by_role("button", name="Link", exact=True).first.click()
    address = page.get_by_label("Address")
    address.fill("javascript:alert(1)")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("Give an address that begins with https://, http:// or mailto:")
    address.fill("example.org/a?b=1&c=2")
    page.keyboard.press("Enter")
    expect(page.locator(".ProseMirror a")).to_have_text("words")
    assert html(page) == '<p data-block="a"><a href="https://example.org/a?b=1&amp;c=2">words</a></p>'


def test_pasted_html_comes_out_clean(open_texts):
    page = open_texts('<p data-block="a">words</p>')
    put_cursor(page, "a", -1)
    page.keyboard.press("Enter")
    page.evaluate(
        """() => {
            const data = new DataTransfer()
            data.setData("text/html", `<h1 style="color:red">T</h1>
                <p onclick="x">a <b>b</b> <a href="javascript:x">c</a>
                <script>alert(1)</script></p><table><caption>C</caption><tr><th>h<th>i<tr><td>1<td>2</table>`)
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true,
                cancelable: true }))
        }"""
    )
    answer = save(page)
    assert answer["cleaned"]["background"].count("data-block") == 4
    assert clean(answer["posted"]["background"]) == clean(
        '<p data-block="a">words</p><h3>T</h3><p>a <b>b</b> c</p>'
        "<table><caption>C</caption><tr><th>h<th>i<tr><td>1<td>2</table>"
    )


def test_a_change_is_told_on_the_textarea(open_texts):
    page = open_texts(TWO)
    page.evaluate("document.addEventListener('richtext:change', (event) => { window.told = event.detail.html })")
    put_cursor(page, "c", -1)
    page.keyboard.type("!")
    assert page.evaluate("told") == TWO.replace("third", "third!")


def test_the_toolbar_is_one_stop_with_arrows_inside(open_texts):
    page = open_texts(TWO)
    put_cursor(page, "a", 0)
    page.keyboard.press("Alt+F10")
    expect(page.get_by_role("button", name="Heading", exact=True).first).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Bold").first).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("textbox", name="Background")).to_be_focused()


def test_axe_finds_nothing(open_texts):
    page = open_texts(RICH)
    assert faults(page) == []
    page.get_by_role("textbox", name="Background").locator("cite").first.click()
    page.get_by_role("toolbar").first.get_by_role("button", name="Insert citation").click()
    assert faults(page) == []


def test_without_scripts_the_text_is_edited_as_html(open_texts):
    page = open_texts(RICH, java_script_enabled=False)
    area = page.get_by_label("Background")
    expect(area).to_have_value(RICH)
    area.fill(RICH + "<p>typed <script>x</script></p>")
    answer = save(page)
    assert answer["cleaned"]["background"].startswith(RICH + "<p data-block=")
    assert text(answer["cleaned"]["background"]).endswith("\ntyped")
