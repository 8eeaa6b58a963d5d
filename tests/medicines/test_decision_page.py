"""The renderer that the public page and the committee's preview share."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import override

from medicines.content.schema import Narrative, NarrativeSection
from medicines.documents.html import DecisionPage, VersionWords
from medicines.documents.words import only_in, route_word
from tests.medicines.build import content

TABLE = '<table data-block="t1"><tbody><tr><td><p>Nigeria</p></td></tr></tbody></table>'
NESTED = (
    '<p data-block="b1">One.</p><ul><li><p data-block="b2">Two.</p><ul><li><p data-block="b3">Three.</p></li></ul></li>'
    f'</ul><blockquote><p data-block="b4">Four.</p></blockquote>{TABLE}'
)


def draft(html: str, **options: object) -> DecisionPage:
    narrative = Narrative(sections=(NarrativeSection(key="benefits", html=html),))
    return DecisionPage(content().model_copy(update={"narrative": narrative}), **options)  # type: ignore[arg-type]


def about() -> VersionWords:
    return VersionWords(
        number=7,
        version=2,
        kind="decision",
        outcome="added",
        effective_date=date(2025, 9, 5),
        published_at=datetime(2025, 9, 5, tzinfo=UTC),
        provenance={"meeting": "25th Expert Committee"},
    )


def test_a_preview_has_the_same_words_as_the_public_page() -> None:
    preview = render_to_string("public/parts/decision.html", {"page": DecisionPage(content())})
    public = render_to_string("public/parts/decision.html", {"page": DecisionPage(content(), about=about())})
    assert preview[preview.index('class="leaf"') :] == public[public.index('class="leaf"') :]


def test_a_preview_links_to_no_page_of_the_record() -> None:
    html = render_to_string("public/parts/decision.html", {"page": DecisionPage(content())})
    assert [link for link in re.findall(r'href="([^"]*)"', html) if link.startswith("/")] == []


def test_a_preview_inside_a_page_has_a_title_of_the_second_level() -> None:
    html = render_to_string("public/parts/decision.html", {"page": DecisionPage(content()), "heading": 2})
    assert ("<h1" in html, '<h2 class="title">Baclofen</h2>' in html) == (False, True)


def test_blocks_get_anchors_only_where_they_are_asked_for() -> None:
    assert 'id="block-' not in draft(NESTED).evidence[0].html
    with_anchors = draft(NESTED, anchors=True)
    found = re.findall(r' data-block="([^"]*)" id="block-([^"]*)"', with_anchors.evidence[0].html)
    assert found == [("b1", "b1"), ("b2", "b2"), ("b3", "b3"), ("b4", "b4"), ("t1", "t1")]
    assert with_anchors.block_ids == ("b1", "b2", "b3", "b4", "t1")


def test_what_belongs_behind_a_block_stands_right_behind_it() -> None:
    after = {block: mark_safe(f"<b>{block}</b>") for block in ("b1", "b2", "b3", "b4", "t1", "gone")}
    assert draft(NESTED, after=after).evidence[0].html == (
        '<p data-block="b1">One.</p><b>b1</b><ul><li><p data-block="b2">Two.</p><b>b2</b><ul><li>'
        '<p data-block="b3">Three.</p><b>b3</b></li></ul></li></ul><blockquote><p data-block="b4">Four.</p><b>b4</b>'
        f'</blockquote><div class="swipe" role="group" tabindex="0" aria-label="Table">{TABLE}</div><b>t1</b>'
    )


def test_unsafe_words_behind_a_block_are_escaped() -> None:
    after = {"b1": "<script>"}
    assert draft(NESTED, after=after).evidence[0].html.startswith('<p data-block="b1">One.</p>&lt;script&gt;')


def test_an_unplaced_text_shows_in_a_preview_and_comes_last() -> None:
    sections = (
        NarrativeSection(key="unplaced", html='<p data-block="u">Where to?</p>'),
        NarrativeSection(key="harms", html='<p data-block="h">Harm.</p>'),
    )
    page = DecisionPage(content().model_copy(update={"narrative": Narrative(sections=sections)}))
    assert [section.key for section in page.sections] == ["harms", "unplaced"]


def test_a_figure_shows_its_row() -> None:
    page = DecisionPage(content())
    shown = page.content.narrative.model_copy(
        update={
            "sections": (
                NarrativeSection(
                    key="benefits", html='<p data-block="b">By <data data-finding="f1"></data>, at last.</p>'
                ),
            )
        }
    )
    html = DecisionPage(page.content.model_copy(update={"narrative": shown})).evidence[0].html
    assert '<data data-finding="f1"><bdi>SMD −1.70 (−2.15 to −1.25)</bdi></data>' in html


def test_the_summary_is_plain_words() -> None:
    assert DecisionPage(content(), about=about()).summary == (
        "Baclofen – Spastic cerebral palsy: Essential medicine. On the complementary list of the EML and of the EMLc. "
        "Listed since 2025. 25th Expert Committee: listing recommended."
    )


def test_words_of_routes_are_known_in_any_case() -> None:
    assert (str(route_word("Solid")), str(route_word("TABLET")), route_word("Gadget")) == ("solid", "tablet", None)


def test_the_note_names_the_language_of_the_text() -> None:
    with override("es"):
        assert only_in("fr").casefold().endswith("francés")
    assert only_in("en") == "This text is available in English only"
    assert only_in("tlh").endswith("tlh")
