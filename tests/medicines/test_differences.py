"""What differs between two documents, legible without colour."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from medicines.content import richtext
from medicines.content.differences import compare, marked_html
from medicines.content.schema import (
    Aware,
    Content,
    Cost,
    Facts,
    Finding,
    Formulation,
    Narrative,
    NarrativeSection,
    Placement,
    Reference,
    SectionPath,
    SectionStep,
    StatusEvent,
)
from tests.random_drafts import EDITS, START, draft, edited, p, written


def cite(ref):
    return f'<cite data-ref="{ref}"></cite>'


def content(html="", *, sections=None, facts=None, **narrative):
    sections = sections or {"background": html}
    return Content(
        facts=facts or Facts(medicine="examplafen", indication="a condition"),
        narrative=Narrative(
            sections=tuple(NarrativeSection(key=key, html=text) for key, text in sections.items()), **narrative
        ),
    )


def shown(comparison):
    return [
        (change.kind, marked_html(change))
        for section in comparison.sections
        for change in section.blocks
        if change.is_change
    ]


def changes(old, new, **same):
    return shown(compare(content(old, **same), content(new, **same)))


def test_equal_documents_are_empty_whatever_their_salt():
    comparison = compare(content(p("a", "One")), content(p("a", "One")).model_copy(update={"salt": "other"}))
    assert comparison.is_empty
    assert [block.kind for section in comparison.sections for block in section.blocks] == ["same"]
    assert (comparison.words_added, comparison.words_removed) == (0, 0)
    assert not comparison.layout_changed


def test_words_are_marked_within_their_block():
    old, new = content(p("a", "It works &lt; twice a day.")), content(p("a", "It works &lt; three times a day."))
    comparison = compare(old, new)
    assert shown(comparison) == [("changed", "<p>It works &lt; <del>twice</del><ins>three times</ins> a day.</p>")]
    assert (comparison.words_added, comparison.words_removed) == (2, 1)


def test_figures_are_words_and_a_lone_space_joins_two_changes():
    assert changes(p("a", "was −1.70 here"), p("a", "was −1.7 here")) == [
        ("changed", "<p>was <del>−1.70</del><ins>−1.7</ins> here</p>")
    ]
    assert changes(p("a", "one two end"), p("a", "three four end")) == [
        ("changed", "<p><del>one two</del><ins>three four</ins> end</p>")
    ]


def test_chinese_is_compared_by_character_and_arabic_by_word():
    assert changes(p("a", "推荐列入清单"), p("a", "不推荐列入")) == [
        ("changed", "<p><ins>不</ins>推荐列入<del>清单</del></p>")
    ]
    assert changes(p("a", "دواءٌ أساسي"), p("a", "دواءٌ جديد")) == [
        ("changed", "<p>دواءٌ <del>أساسي</del><ins>جديد</ins></p>")
    ]


def test_a_change_of_emphasis_or_of_a_link_is_a_change():
    assert changes(p("a", "so it is"), p("a", "so <em>it</em> is")) == [
        ("changed", "<p>so <del>it</del><ins><em>it</em></ins> is</p>")
    ]
    assert changes(p("a", '<a href="https://a.org/">x</a>'), p("a", '<a href="https://b.org/">x</a>')) == [
        ("changed", '<p><del><a href="https://a.org/">x</a></del><ins><a href="https://b.org/">x</a></ins></p>')
    ]


REFERENCES = tuple(Reference(id=ref, csl={"title": ref}) for ref in "abc")


def test_a_citation_is_changed_when_it_points_elsewhere_and_not_when_its_number_moves():
    old = p("x", f"First{cite('a')}.") + p("y", f"Then{cite('b')}.")
    assert changes(old, p("x", f"First{cite('c')}.") + p("y", f"Then{cite('b')}."), references=REFERENCES) == [
        ("changed", "<p>First<del> (1)</del><ins> (1)</ins>.</p>")
    ]
    assert changes(old, p("x", "First.") + p("y", f"Then{cite('b')}."), references=REFERENCES) == [
        ("changed", "<p>First<del> (1)</del>.</p>")
    ]


def test_one_reference_under_another_id_is_the_same():
    old = content(p("x", f"First{cite('a')}."), references=(Reference(id="a", csl={"title": "T"}),))
    new = content(p("x", f"First{cite('z')}."), references=(Reference(id="z", csl={"title": "T"}),))
    comparison = compare(old, new)
    assert shown(comparison) == []
    assert comparison.references == ()


def test_blocks_come_go_and_move():
    old = p("a", "Alpha beta") + p("b", "Gamma delta") + p("c", "Epsilon zeta")
    comparison = compare(
        content(sections={"background": old}),
        content(sections={"background": p("c", "Epsilon zeta") + p("a", "Alpha beta"), "harms": p("n", "New one")}),
    )
    blocks = [block for section in comparison.sections for block in section.blocks]
    assert [(block.kind, block.is_moved, marked_html(block)) for block in blocks] == [
        ("same", True, "<p>Epsilon zeta</p>"),
        ("same", False, "<p>Alpha beta</p>"),
        ("removed", False, "<p><del>Gamma delta</del></p>"),
        ("added", False, "<p><ins>New one</ins></p>"),
    ]


def test_a_block_moved_to_another_section_says_where_it_was():
    old = content(sections={"background": p("a", "One"), "harms": p("b", "Two")})
    new = content(sections={"background": p("b", "Two")})
    comparison = compare(old, new)
    (moved,) = [block for section in comparison.sections for block in section.blocks if block.is_moved]
    assert (moved.kind, str(moved.moved_from), moved.id) == ("same", "Harms", "b")


def test_blocks_without_a_common_id_are_known_by_their_words():
    assert changes(p("a", "A long enough line of words"), p("z", "A long enough line of new words")) == [
        ("changed", "<p>A long enough line of <ins>new </ins>words</p>")
    ]
    assert [kind for kind, _ in changes(p("a", "Alpha beta"), p("z", "Gamma delta"))] == ["removed", "added"]


def test_a_paragraph_that_becomes_an_item_is_a_change_of_form():
    comparison = compare(content(p("a", "One")), content(f"<ul><li>{p('a', 'One')}</li></ul>"))
    (block,) = comparison.sections[0].blocks
    assert (block.kind, block.depth) == ("changed", 1)
    assert [str(form) for form in block.form] == ["Paragraph", "Bulleted list"]


def table(*rows, block="t"):
    body = "".join("<tr>" + "".join(f"<td><p>{cell}</p></td>" for cell in row) + "</tr>" for row in rows)
    return richtext.sanitise(f'<table data-block="{block}"><tbody>{body}</tbody></table>')


def test_tables_are_marked_cell_by_cell():
    assert changes(table(("Death", "12 of 40")), table(("Death", "13 of 40"), ("Falls", "2"))) == [
        (
            "changed",
            (
                "<table><tbody><tr><td>Death</td><td><del>12</del><ins>13</ins> of 40</td></tr>"
                "<tr><td><ins>Falls</ins></td><td><ins>2</ins></td></tr></tbody></table>"
            ),
        )
    ]


def test_a_table_of_other_columns_is_shown_old_and_new():
    assert changes(table(("a", "b")), table(("a", "b", "c"))) == [
        (
            "changed",
            (
                "<table><tbody><tr><td><del>a</del></td><td><del>b</del></td></tr>"
                "<tr><td><ins>a</ins></td><td><ins>b</ins></td><td><ins>c</ins></td></tr></tbody></table>"
            ),
        )
    ]


def placed(number, **fields):
    step = SectionStep(number=number, title="Invented")
    return Placement(section=SectionPath(edition="EML 24", steps=(step,)), **fields)


def fields_of(old, new):
    comparison = compare(content(facts=old), content(facts=new))
    return [
        (str(entry.label), entry.before, entry.after, marked_html(entry))
        for change in comparison.facts
        for entry in change.fields
    ]


def facts(**fields):
    return Facts(medicine="examplafen", indication="a condition", **fields)


def test_facts_are_told_field_by_field_in_words():
    old = facts(
        atc=("A01",),
        placements=(placed("5.1", eml="core", formulations=(Formulation(route=("Oral",), strengths=("10 mg",)),)),),
    )
    new = facts(
        atc=("A01", "B02"),
        aware=Aware(group="watch", edition="2023"),
        placements=(
            placed("5.1", eml="complementary", formulations=(Formulation(route=("Oral",), strengths=("25 mg",)),)),
        ),
        history=(StatusEvent(event="added", year=2025, report="TRS 1064"),),
    )
    assert fields_of(old, new) == [
        ("ATC codes", "A01", "A01, B02", "A01<ins>, B02</ins>"),
        ("Antibiotic group (AWaRe)", "", "Watch group, 2023", "<ins>Watch group, 2023</ins>"),
        ("EML", "Core list", "Complementary list", "<del>Core</del><ins>Complementary</ins> list"),
        ("Formulations", "Oral: 10 mg", "Oral: 25 mg", "Oral: <del>10</del><ins>25</ins> mg"),
        ("Status history", None, "Added in 2025, TRS 1064", "<ins>Added in 2025, TRS 1064</ins>"),
    ]


def test_of_several_sections_each_is_named():
    old = facts(placements=(placed("5.1", eml="core"), placed("7", eml="core")))
    new = facts(placements=(placed("5.1", eml="core"), placed("8", eml="removed")))
    assert [(label, before, after) for label, before, after, _ in fields_of(old, new)] == [
        ("Section", "7 Invented (EML 24)", "8 Invented (EML 24)"),
        ("EML, section 8", "Core list", "Removed"),
    ]


def test_drafts_are_compared_proposal_by_proposal():
    old, new = draft(), draft(facts=facts(weight="> 5 kg"))
    assert [(change.kind, change.key, change.title) for change in compare(old, new).facts] == [
        ("changed", "1", "examplafen – a condition")
    ]


def test_rows_are_added_removed_and_changed():
    old = content(
        findings=(Finding(id="f1", outcome="Death", estimate="0.80"),),
        costs=(Cost(id="c1", what="Tablet", amount="0.07"),),
        references=(Reference(id="a", csl={"title": "Old"}),),
    )
    new = content(
        findings=(Finding(id="f1", outcome="Death", estimate="-0.8", certainty="low"),),
        references=(Reference(id="a", csl={"title": "New"}),),
    )
    comparison = compare(old, new)
    assert [
        [(row.kind, row.label, [(str(f.label), f.before, f.after) for f in row.fields]) for row in rows]
        for rows in (comparison.findings, comparison.costs, comparison.references)
    ] == [
        [
            (
                "changed",
                "Death",
                [("Effect", "0.80", "−0.8"), ("Certainty of evidence", "", "Low")],
            )
        ],
        [("removed", "Tablet", [("What is counted", "Tablet", None), ("Amount", "0.07", None)])],
        [("changed", "New.", [("Reference", "Old.", "New.")])],
    ]


def test_what_shows_nowhere_is_a_change_of_layout():
    two, one = (f"<ul><li>{p('a', 'One')}</li></ul>{joint}<ul><li>{p('b', 'Two')}</li></ul>" for joint in ("", None))
    one = f"<ul><li>{p('a', 'One')}</li><li>{p('b', 'Two')}</li></ul>"
    comparison = compare(content(two), content(one))
    assert not comparison.is_empty
    assert comparison.layout_changed


def without(tag, html):
    return re.sub(r"<[^>]*>", "", re.sub(rf"<{tag}>.*?</{tag}>", "", html, flags=re.DOTALL))


@given(START, EDITS, EDITS)
@settings(print_blob=True, deadline=None)
def test_what_is_kept_and_gone_is_the_old_text_and_what_is_kept_and_new_is_the_new(start, first, second):
    rows = [(key, kind, f"b{index}", words) for index, (key, kind, words) in enumerate(start)]
    old = draft(sections=written(edited(rows, first, "m")))
    new = draft(sections=written(edited(rows, second, "t")))
    comparison = compare(old, new)
    blocks = [block for section in comparison.sections for block in section.blocks]
    html = [marked_html(block) for block in blocks]
    for document, tag in ((old, "ins"), (new, "del")):
        texts = [block.text for section in document.narrative.sections for block in richtext.blocks(section.html)]
        assert sorted(filter(None, (without(tag, each) for each in html))) == sorted(texts)
    assert comparison.is_empty == (old == new)


@given(st.text(max_size=20), st.text(max_size=20))
@settings(print_blob=True, deadline=None)
def test_marked_words_are_escaped_and_whole(old, new):
    before, after = (richtext.sanitise(f"<p>{text}</p>", mint=lambda: "a") for text in (old, new))
    for section in compare(content(before), content(after)).sections:
        for block in section.blocks:
            html = marked_html(block)
            assert not re.search(r"<(?!/?(?:p|ins|del|table|tbody|td|tr|h3|h4|strong|em|sub|sup|br|a)[ >])", html)


def test_a_comparison_that_would_take_too_long_shows_whole_blocks_and_loses_no_word(monkeypatch):
    monkeypatch.setattr("medicines.content.differences.words.MOST", 20)
    old = p("a", "two words") + p("b", "now two words more")
    new = p("a", "three words") + p("b", "now three words more")
    assert changes(old, new) == [
        ("changed", "<p><del>two</del><ins>three</ins> words</p>"),
        ("changed", "<p><del>now two words more</del><ins>now three words more</ins></p>"),
    ]


def test_a_block_that_is_equal_is_shown_as_it_is_however_long(monkeypatch):
    monkeypatch.setattr("medicines.content.differences.words.LONGEST", 4)
    same = p("b", "a block of several words")
    assert changes(p("a", "old") + same, p("a", "new") + same) == [("changed", "<p><del>old</del><ins>new</ins></p>")]
