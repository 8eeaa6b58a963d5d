"""Three-way merging: nobody's words are lost."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medicines.content import richtext
from medicines.content.anchors import Found, Lost, locate
from medicines.content.merge import Merge, merge, resolve
from medicines.content.schema import (
    Alternatives,
    Facts,
    Finding,
    Formulation,
    Placement,
    Reference,
    SectionPath,
    SectionStep,
    StatusEvent,
)
from tests.random_drafts import EDITS, START, WORD, WORDS, draft, edited, p, written


def background(merged: Merge) -> str:
    return merged.content.narrative.section("background")


BASE = p("a", "One") + p("b", "Two") + p("c", "Three")


# --- text


def test_changes_to_different_blocks_are_both_kept():
    merged = merge(
        draft(BASE),
        draft(p("a", "One of mine") + p("b", "Two") + p("c", "Three")),
        draft(p("a", "One") + p("b", "Two") + p("c", "Three of theirs")),
    )
    assert background(merged) == p("a", "One of mine") + p("b", "Two") + p("c", "Three of theirs")
    assert not merged.conflicts


def test_a_block_changed_on_both_sides_is_a_conflict_that_holds_both_texts():
    merged = merge(draft(p("a", "One")), draft(p("a", "Mine")), draft(p("a", "Theirs")))
    assert background(merged) == p("a", "Theirs")
    (conflict,) = merged.conflicts
    assert (conflict.key, conflict.base, conflict.mine, conflict.theirs) == (
        "blocks/a",
        p("a", "One"),
        p("a", "Mine"),
        p("a", "Theirs"),
    )
    assert [str(label) for label in conflict.labels] == ["Background"]
    assert conflict.choices == ("theirs", "mine", "both")


@pytest.mark.parametrize(
    ("choice", "words"), [("mine", ["Mine"]), ("theirs", ["Theirs"]), ("both", ["Theirs", "Mine"])]
)
def test_a_conflict_is_settled_by_choice(choice, words):
    merged = merge(
        draft(p("a", "One") + p("z", "Last")), draft(p("a", "Mine") + p("z", "Last")), draft(p("a", "Theirs"))
    )
    settled = resolve(merged, {"blocks/a": choice})
    found = richtext.blocks(background(settled))
    assert [block.text for block in found] == words
    assert found[0].id == "a"
    assert not settled.conflicts


def test_a_choice_that_is_not_offered_is_refused():
    merged = merge(draft(p("a", "One")), draft(p("a", "Mine")), draft(p("a", "Theirs")))
    with pytest.raises(ValueError, match="no choice"):
        resolve(merged, {"blocks/a": "neither"})
    with pytest.raises(KeyError):
        resolve(merged, {"blocks/b": "mine"})


def test_a_deletion_never_wins_over_an_edit():
    without = p("b", "Two") + p("c", "Three")
    edited = p("a", "One edited") + p("b", "Two") + p("c", "Three")
    for mine, theirs in ((without, edited), (edited, without)):
        merged = merge(draft(BASE), draft(mine), draft(theirs))
        assert background(merged) == edited
        (conflict,) = merged.conflicts
        assert sorted([conflict.mine, conflict.theirs]) == ["", p("a", "One edited")]
        gone = resolve(merged, {conflict.key: "mine" if mine == without else "theirs"})
        assert background(gone) == without


def test_insertions_at_the_same_place_are_both_kept():
    merged = merge(draft(BASE), draft(p("a", "One") + p("m", "Mine") + BASE[len(p("a", "One")) :]),
                   draft(p("a", "One") + p("t", "Theirs") + BASE[len(p("a", "One")) :]))  # fmt: skip
    assert [block.id for block in richtext.blocks(background(merged))] == ["a", "m", "t", "b", "c"]
    assert not merged.conflicts


def test_a_block_that_one_moves_and_the_other_edits_is_moved_and_edited():
    moved = {"background": p("b", "Two"), "harms": p("a", "One")}
    edited = {"background": p("a", "One edited") + p("b", "Two"), "harms": ""}
    base = {"background": p("a", "One") + p("b", "Two"), "harms": ""}
    expected = {"background": p("b", "Two"), "harms": p("a", "One edited")}
    for mine, theirs in ((moved, edited), (edited, moved)):
        merged = merge(draft(sections=base), draft(sections=mine), draft(sections=theirs))
        assert {section.key: section.html for section in merged.content.narrative.sections} == expected
        assert not merged.conflicts


def test_items_of_one_list_are_edited_and_added_by_two():
    def items(*pairs):
        return "<ul>" + "".join(f"<li>{p(*pair)}</li>" for pair in pairs) + "</ul>"

    merged = merge(
        draft(items(("a", "One"), ("b", "Two"))),
        draft(items(("a", "One of mine"), ("m", "Mine"), ("b", "Two"))),
        draft(items(("b", "Two of theirs"), ("t", "Theirs"))),
    )
    assert background(merged) == items(("a", "One of mine"), ("m", "Mine"), ("b", "Two of theirs"), ("t", "Theirs"))
    assert [conflict.key for conflict in merged.conflicts] == ["blocks/a"]


# --- facts and rows


def facts(**fields):
    return Facts(medicine="examplafen", indication="a condition", **fields)


def placed(number, **fields):
    return Placement(section=SectionPath(edition="EML 24", steps=(SectionStep(number=number, title="T"),)), **fields)


def merged_facts(base, mine, theirs):
    merged = merge(draft(facts=base), draft(facts=mine), draft(facts=theirs))
    return merged.content.facts_of("1"), merged.conflicts


def test_facts_are_merged_field_by_field():
    result, conflicts = merged_facts(
        facts(atc=("A01",)), facts(atc=("A01", "B02"), sex="all"), facts(atc=(), weight="> 5 kg")
    )
    assert result == facts(atc=("B02",), sex="all", weight="> 5 kg")
    assert conflicts == ()


def test_a_field_changed_on_both_sides_is_a_conflict_in_words():
    result, (conflict,) = merged_facts(
        facts(), facts(alternatives=Alternatives(kind="specific")), facts(alternatives=Alternatives(kind="named"))
    )
    assert result.alternatives.kind == "named"
    assert (conflict.base, conflict.mine, conflict.theirs) == (
        "",
        "The recommendation is for this specific medicine",
        "Named medicines",
    )
    assert [str(label) for label in conflict.labels] == ["examplafen – a condition", "Therapeutic alternatives"]


def test_placements_and_formulations_are_known_by_what_they_are():
    tablet = Formulation(route=("Oral",), strengths=("10 mg",))
    both = Formulation(route=("Oral",), strengths=("10 mg", "25 mg"))
    result, conflicts = merged_facts(
        facts(placements=(placed("5.1", eml="core", formulations=(tablet,)), placed("9"))),
        facts(placements=(placed("5.1", eml="complementary", formulations=(tablet,)), placed("9"), placed("7"))),
        facts(placements=(placed("5.1", eml="core", formulations=(both,)),)),
    )
    assert result.placements == (placed("5.1", eml="complementary", formulations=(both,)), placed("7"))
    assert conflicts == ()


def test_two_new_references_under_one_id_stay_two_and_keep_their_citations():
    def cite(ref):
        return f'<cite data-ref="{ref}"></cite>'

    def cites(block_id, title):
        return draft(BASE + p(block_id, "see" + cite("r1")), references=(Reference(id="r1", csl={"title": title}),))

    merged = merge(draft(BASE), cites("m", "Mine"), cites("t", "Theirs"))
    assert not merged.conflicts
    titles = {reference.id: reference.csl["title"] for reference in merged.content.narrative.references}
    cited = {
        block.id: titles[ref] for block in richtext.blocks(background(merged)) for ref in richtext.cited(block.html)
    }
    assert cited == {"m": "Mine", "t": "Theirs"}


def test_a_reference_that_one_deletes_and_the_other_cites_comes_back():
    reference = Reference(id="r1", csl={"title": "T"})
    cite = '<cite data-ref="r1"></cite>'
    merged = merge(
        draft(BASE, references=(reference,)), draft(BASE), draft(BASE + p("t", "see" + cite), references=(reference,))
    )
    assert merged.content.narrative.references == (reference,)


def test_one_finding_is_merged_cell_by_cell():
    def finding(**cells):
        return draft(findings=(Finding(id="f1", outcome="Death", **cells),))

    merged = merge(finding(low="1"), finding(low="1", high="2"), finding(low="0.9"))
    assert merged.content.narrative.findings == (Finding(id="f1", outcome="Death", low="0.9", high="2"),)


# --- properties


@st.composite
def three_drafts(draw):
    start = [(key, kind, f"b{index}", words) for index, (key, kind, words) in enumerate(draw(START))]
    versions = [start, edited(start, draw(EDITS), "m"), edited(start, draw(EDITS), "t")]
    fields = draw(st.lists(FACTS, min_size=3, max_size=3))
    return [draft(sections=written(rows), facts=fact) for rows, fact in zip(versions, fields, strict=True)]


STATUS = st.sampled_from([None, "core", "complementary"])
FORMULATION = st.builds(
    Formulation, route=st.sampled_from([(), ("Oral",)]), strengths=st.lists(WORD, max_size=2).map(tuple), original=WORDS
)
PLACEMENT = st.builds(
    placed, st.sampled_from(["1", "2"]), eml=STATUS, formulations=st.lists(FORMULATION, max_size=2).map(tuple)
)
FACTS = st.builds(
    facts,
    partners=st.lists(WORD, max_size=3).map(tuple),
    weight=st.sampled_from(["", "> 5 kg", "> 9 kg"]),
    placements=st.lists(PLACEMENT, max_size=2).map(tuple),
    history=st.lists(st.builds(StatusEvent, event=st.just("added"), year=st.just(2025), words=WORD), max_size=2).map(
        tuple
    ),
)


def words_of(value):
    """Every word of a document, rich text without its tags."""
    if isinstance(value, dict):
        return set().union(*(words_of(entry) for entry in value.values()), set())
    if isinstance(value, list):
        return set().union(*(words_of(entry) for entry in value), set())
    return set(re.sub(r"<[^>]*>|,", " ", value).split()) if isinstance(value, str) else set()


def all_words(content):
    return words_of(content.to_dict())


def ids_of(content):
    return [block.id for section in content.narrative.sections for block in richtext.blocks(section.html)]


@given(three_drafts())
@settings(print_blob=True, deadline=None, max_examples=50)
def test_a_merge_never_loses_a_word(drafts):
    base, mine, theirs = drafts
    merged = merge(base, mine, theirs)
    offered = [[conflict.mine, conflict.theirs] for conflict in merged.conflicts]
    kept = all_words(merged.content) | words_of(offered)
    assert (all_words(mine) | all_words(theirs)) - all_words(base) - STATUSES <= kept


STATUSES = {"core", "complementary"}


@given(three_drafts())
@settings(print_blob=True, deadline=None, max_examples=50)
def test_a_merge_is_well_formed_and_has_no_block_twice(drafts):
    merged = merge(*drafts)
    ids = ids_of(merged.content)
    assert len(ids) == len(set(ids))
    for section in merged.content.narrative.sections:
        assert richtext.sanitise(section.html) == section.html


@given(three_drafts())
@settings(print_blob=True, deadline=None, max_examples=50)
def test_a_merge_with_an_unchanged_side_is_the_other_side(drafts):
    base, mine, _ = drafts
    assert merge(base, mine, base).content == mine
    assert merge(base, base, mine).content == mine
    assert merge(base, mine, mine).content == mine
    assert merge(mine, mine, mine).content == mine


@given(three_drafts(), st.sampled_from(["mine", "theirs"]))
@settings(print_blob=True, deadline=None, max_examples=50)
def test_every_conflict_can_be_settled(drafts, choice):
    merged = merge(*drafts)
    settled = resolve(merged, {conflict.key: choice for conflict in merged.conflicts})
    assert not settled.conflicts
    assert merge(*drafts).content == merged.content


@given(three_drafts())
@settings(print_blob=True, deadline=None, max_examples=50)
def test_a_block_that_nobody_deleted_stands_in_the_merge(drafts):
    base, mine, theirs = drafts
    merged = set(ids_of(merge(base, mine, theirs).content))
    deleted = set(ids_of(base)) - (set(ids_of(mine)) & set(ids_of(theirs)))
    assert (set(ids_of(mine)) | set(ids_of(theirs))) - deleted <= merged


# --- anchors


@given(START, EDITS)
@settings(print_blob=True, deadline=None, max_examples=50)
def test_an_anchor_stays_with_its_block_or_is_seen_to_be_lost(start, edits):
    rows = [(key, kind, f"b{index}", words) for index, (key, kind, words) in enumerate(start)]
    before = draft(sections=written(rows)).narrative
    after_rows = edited(rows, edits, "m")
    after = draft(sections=written(after_rows)).narrative
    said = {block_id: words for _, _, block_id, words in after_rows}
    for section in before.sections:
        for block in richtext.blocks(section.html):
            found = locate(block.id, block.text, after)
            if block.id in said:
                assert isinstance(found, Found)
                assert found.block.id == block.id
                assert found.block.text == said[block.id]
                assert found.is_quoted == (block.text in said[block.id])
            else:
                assert found == Lost(block.text)


def test_an_anchor_is_not_guessed_from_equal_words():
    narrative = draft(p("other", "The same words")).narrative
    assert locate("gone", "The same words", narrative) == Lost("The same words")


def test_two_halves_of_a_split_block_keep_one_anchor():
    split = richtext.sanitise(p("a", "One half") + p("a", "and another"))
    first, second = richtext.blocks(split)
    assert (first.id, first.text) == ("a", "One half")
    assert second.id != "a"
    found = locate("a", "One half and another", draft(split).narrative)
    assert isinstance(found, Found)
    assert (found.block.text, found.is_quoted) == ("One half", False)
