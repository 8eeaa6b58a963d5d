"""What keeps a document from being published, and what asks for a look."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medicines.content.checks import check, errors
from medicines.content.schema import (
    Content,
    Cost,
    DraftContent,
    Facts,
    Finding,
    Formulation,
    Narrative,
    NarrativeSection,
    Placement,
    ProposalFacts,
    Reference,
    SectionPath,
    SectionStep,
    StatusEvent,
)

SECTION = SectionPath(edition="EML 24", steps=(SectionStep(number="5.1", title="Invented"),))
LISTED = Placement(section=SECTION, eml="core", formulations=(Formulation(original="Oral: 10 mg"),))
FACTS = Facts(medicine="examplafen", indication="a condition", placements=(LISTED,))
GOOD = Reference(
    id="r1",
    csl={
        "title": "T",
        "issued": {"date-parts": [[2018]]},
        "DOI": "10.1000/a",
        "author": [{"family": "A", "given": "B"}],
    },
)
CITE = '<cite data-ref="r1"></cite>'


def draft(facts=FACTS, recommendation="Add it.", cite=CITE, sections=(), references=(GOOD,), **narrative):
    first = NarrativeSection(key="recommendation", html=f'<p data-block="a">{recommendation}{cite}</p>')
    return DraftContent(
        proposals=(ProposalFacts(key="1", facts=facts),),
        narrative=Narrative(sections=(first, *sections), references=references, **narrative),
    )


def section(key, words, block="b"):
    return NarrativeSection(key=key, html=f'<p data-block="{block}">{words}</p>')


def said(document):
    return [(problem.level, problem.code, problem.where, str(problem.message)) for problem in check(document)]


def codes(document):
    return [problem.code for problem in check(document)]


def test_a_good_document_has_no_problem():
    assert said(draft()) == []


def test_a_published_content_is_checked_too():
    good = draft()
    assert check(good.content_for("1")) == []
    assert said(Content(facts=Facts(medicine=" ", indication=""), narrative=good.narrative)) == [
        ("error", "no_medicine", "facts/medicine", "The medicine is not named."),
        ("error", "no_indication", "facts/indication", "The indication is not named."),
    ]


def test_unplaced_text_is_an_error():
    assert said(draft(sections=(section("unplaced", "Left over"),))) == [
        ("error", "unplaced", "sections/unplaced", "There is text under “Unplaced”: move it to a section or delete it.")
    ]
    assert said(draft(sections=(NarrativeSection(key="unplaced"),))) == []


def test_a_citation_without_reference_is_an_error_where_it_stands():
    assert said(draft(sections=(section("harms", 'x<cite data-ref="gone"></cite>'),))) == [
        (
            "error",
            "dangling_citation",
            "sections/harms",
            "A citation in “Harms” points at a reference that does not exist.",
        )
    ]
    row = Cost(id="c1", what="Tablet", amount="1", currency="EUR", reference="gone")
    assert said(draft(costs=(row,))) == [
        (
            "error",
            "dangling_citation",
            "costs/c1/reference",
            "A row of “Costs” points at a reference that does not exist.",
        )
    ]


def test_a_text_without_recommendation_is_an_error_but_no_text_at_all_may_be_completed_later():
    written = draft(recommendation="", cite="", sections=(section("harms", f"x{CITE}"),))
    assert codes(written) == ["no_recommendation"]
    assert said(draft(recommendation="", cite="", references=())) == [
        ("warning", "no_text", "sections", "There is no text yet.")
    ]


def test_a_listed_medicine_needs_a_section_and_should_have_a_formulation():
    assert said(draft(facts=FACTS.model_copy(update={"placements": (Placement(eml="core"),)}))) == [
        (
            "error",
            "listed_without_section",
            "proposals/1/placements/0/section",
            "“examplafen” is listed, but in no section.",
        ),
        (
            "warning",
            "listed_without_formulation",
            "proposals/1/placements/0/formulations",
            "“examplafen” is listed without a formulation.",
        ),
    ]


def test_no_identity_may_be_used_twice():
    found = codes(draft(sections=(section("harms", "x", block="a"),), references=(GOOD, GOOD)))
    assert found == ["repeated_block", "repeated_id"]


def test_an_unknown_schema_is_told_and_not_raised():
    stored = draft().to_dict()
    assert said(stored) == []
    assert said({**stored, "schema": 99}) == [
        ("error", "unknown_schema", "schema", "This document has the schema 99, which is not known here.")
    ]
    assert [problem.code for problem in errors({**stored, "more": 1})] == ["unreadable"]


def test_references_are_looked_at():
    reference = Reference(
        id="r1",
        csl={"author": [{"family": "A", "given": "Bea"}, {"family": "A", "given": "B"}]},
        guessed=("author", "issued"),
    )
    assert said(draft(cite="", references=(reference,))) == [
        ("warning", "no_title", "references/r1/title", "Reference 1 has no title."),
        ("warning", "no_year", "references/r1/issued", "Reference 1 has no year."),
        ("warning", "no_address", "references/r1/DOI", "Reference 1 has neither a DOI nor a web address."),
        ("warning", "author_twice", "references/r1/author", "Reference 1 names an author twice: A B."),
        (
            "warning",
            "guessed",
            "references/r1",
            "Reference 1 has guessed fields that nobody has confirmed: Authors, Year.",
        ),
        ("warning", "uncited", "references/r1", "Reference 1 is cited nowhere."),
    ]


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"measure": "RR", "estimate": "0.8", "low": "0.7", "high": "0.9"}, []),
        ({"measure": "SMD", "estimate": "-1.70", "low": "-2.15", "high": "−1.25"}, []),
        ({"measure": "RR", "estimate": "1.8", "low": "0.7", "high": "0.9"}, ["outside_interval"]),
        ({"measure": "RR", "estimate": "0.8", "low": "0.7"}, ["half_interval"]),
        ({"measure": "RR", "estimate": "-0.8"}, ["no_ratio"]),
        ({"measure": "MD", "estimate": "about 3"}, ["no_figure"]),
        ({"estimate": "3"}, ["no_measure"]),
        ({"certainty": None}, ["no_certainty"]),
    ],
)
def test_figures_are_looked_at(cells, found):
    finding = Finding(**{"id": "f1", "outcome": "Death", "certainty": "low", **cells})
    assert codes(draft(findings=(finding,))) == found


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("so ($P &lt; 0.0001$) it was", ["latex"]),
        ("from US$ 5 to US$ 6 &lt; US$ 7", []),
        ("between $5 and $6", []),
        ("the the same", ["doubled_word"]),
        ("She had had it; nous nous en servons", []),
        ("twice-a-day day 10 10", []),
    ],
)
def test_wording_is_looked_at(words, found):
    assert codes(draft(recommendation=words)) == found


@pytest.mark.parametrize(
    ("placements", "events", "found"),
    [
        ((LISTED,), [("added", 2025)], []),
        ((LISTED,), [("added", 2005), ("not_recommended", 2025)], []),
        ((LISTED,), [("added", 2005), ("removed", 2025)], ["listed_after_removal"]),
        ((LISTED,), [("removed", 2025), ("added", 2025)], []),
        ((Placement(section=SECTION, eml="removed"),), [("added", 2005)], ["not_listed_after_addition"]),
        ((), [("added", 2005)], []),
    ],
)
def test_the_lists_are_held_against_their_history(placements, events, found):
    history = tuple(StatusEvent(event=event, year=year) for event, year in events)
    assert codes(draft(facts=FACTS.model_copy(update={"placements": placements, "history": history}))) == found


TEXT = st.text(max_size=8)
CSL = st.dictionaries(
    st.sampled_from(["title", "author", "issued", "DOI"]), TEXT | st.lists(TEXT) | st.none() | st.integers()
)


@given(
    st.builds(
        Narrative,
        sections=st.lists(st.builds(section, st.sampled_from(["harms", "unplaced"]), st.just("x")), max_size=3),
        findings=st.lists(st.builds(Finding, id=TEXT, outcome=TEXT, estimate=TEXT, low=TEXT, high=TEXT), max_size=2),
        references=st.lists(st.builds(Reference, id=TEXT, csl=CSL, guessed=st.lists(TEXT, max_size=2)), max_size=2),
    )
)
@settings(print_blob=True, deadline=None)
def test_a_check_never_raises(narrative):
    for problem in check(DraftContent(proposals=(), narrative=narrative)):
        assert str(problem.message)
