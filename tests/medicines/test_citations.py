"""Citation numbers, computed in reading order."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from medicines.content.citations import Numbering
from medicines.content.schema import Cost, Finding, Narrative, NarrativeSection, Reference


def cite(*refs):
    return "".join(f'<cite data-ref="{ref}"></cite>' for ref in refs)


def narrative(sections, references="abcdef", findings=(), costs=()):
    return Narrative(
        sections=tuple(
            NarrativeSection(key=key, html=f'<p data-block="{key}">{html}</p>') for key, html in sections.items()
        ),
        references=tuple(Reference(id=ref, csl={"title": ref}) for ref in references),
        findings=tuple(Finding(id=f"f{ref}", outcome="o", reference=ref) for ref in findings),
        costs=tuple(Cost(id=f"c{ref}", what="w", amount="1", reference=ref) for ref in costs),
    )


def test_numbers_follow_the_order_of_the_page_and_not_of_storage():
    text = narrative(
        {"harms": "x" + cite("a"), "background": "x" + cite("c") + " y" + cite("b", "c")}, findings="ea", costs="d"
    )
    numbering = Numbering(text)
    assert [(entry.number, entry.reference.id, entry.is_cited) for entry in numbering.entries] == [
        (1, "c", True),
        (2, "b", True),
        (3, "a", True),
        (4, "e", True),
        (5, "d", True),
        (6, "f", False),
    ]
    assert [reference.id for reference in numbering.uncited] == ["f"]
    assert numbering.number("nothing") is None


def test_each_place_that_cites_has_its_letter():
    numbering = Numbering(narrative({"background": "x" + cite("a") + "y" + cite("a")}, findings="a"))
    assert [(place.where, place.letter, place.anchor) for place in numbering.entries[0].places] == [
        ("background", "a", "cite-1a"),
        ("background", "b", "cite-1b"),
        ("findings", "c", "cite-1c"),
    ]


def test_neighbours_are_one_group():
    numbering = Numbering(narrative({"background": cite(*"abcdef")}))
    html = f"x{cite('d', 'e')} y {cite('a')}, {cite('c')} {cite('b')} z{cite('a', 'b', 'c', 'f', 'a')}"
    assert [group.text for group in numbering.groups(html)] == ["(4, 5)", "(1–3)", "(1–3, 6)"]
    assert numbering.written(html) == "x (4, 5) y (1–3) z (1–3, 6)"


def test_citations_become_links_that_lead_back():
    numbering = Numbering(narrative({"background": "One" + cite("a") + " and all" + cite("a", "b", "c") + "."}))
    assert numbering.linked("background") == (
        '<p data-block="background">One <span class="cite">(<a href="#ref-1" id="cite-1a">1</a>)</span> and all '
        '<span class="cite">(<a href="#ref-1" id="cite-1b">1</a>–<span id="cite-2a"></span>'
        '<a href="#ref-3" id="cite-3a">3</a>)</span>.</p>'
    )
    assert numbering.linked("harms") == ""


def test_a_citation_without_its_reference_is_shown_as_missing():
    text = narrative({"background": "x" + cite("a", "gone")}, findings=["lost"])
    numbering = Numbering(text)
    assert numbering.dangling == ("gone", "lost")
    assert numbering.written(text.section("background")) == '<p data-block="background">x (1, reference missing)</p>'
    assert '<strong class="cite-missing">reference missing</strong>' in numbering.linked("background")
    assert numbering.linked_row(text.findings[0]) == (
        '<span class="cite">(<strong class="cite-missing">reference missing</strong>)</span>'
    )


def test_a_row_links_to_its_reference():
    text = narrative({}, findings="a", costs="b")
    numbering = Numbering(text)
    assert numbering.linked_row(text.costs[0]) == '<span class="cite">(<a href="#ref-2" id="cite-2a">2</a>)</span>'
    assert numbering.linked_row(Cost(id="x", what="w", amount="1")) == ""


@given(
    st.dictionaries(
        st.sampled_from(["background", "harms", "benefits", "unplaced"]),
        st.lists(st.sampled_from(["a", "b", "c", "gone", " ", ", ", "word", "<em>x</em>"]), max_size=12),
    ),
    st.lists(st.sampled_from("abg"), max_size=3, unique=True),
)
@settings(print_blob=True, deadline=None)
def test_every_citation_has_exactly_one_anchor_to_come_back_to(parts, findings):
    sections = {
        key: "".join(cite(part) if part in ("a", "b", "c", "gone") else part for part in pieces)
        for key, pieces in parts.items()
    }
    text = narrative(sections, "abcd", findings)
    numbering = Numbering(text)
    shown = "".join(numbering.linked(key) for key in sections) + "".join(map(numbering.linked_row, text.findings))
    ids = re.findall(r' id="([^"]*)"', shown)
    assert sorted(ids) == sorted(place.anchor for entry in numbering.entries for place in entry.places)
    assert [entry.number for entry in numbering.entries] == [1, 2, 3, 4]
    assert "<cite" not in shown
