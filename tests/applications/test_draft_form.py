"""The draft as a form: what nobody touches stays, byte for byte; what is typed arrives."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from applications.forms.draft import DraftForm, SaveForm
from applications.forms.rows import with_one_more_row
from medicines.content.cleaning import cleaned
from medicines.content.schema import (
    Age,
    Alternatives,
    Aware,
    DraftContent,
    Facts,
    Formulation,
    Link,
    Narrative,
    Patents,
    Placement,
    ProposalFacts,
    Reference,
    SectionPath,
    SectionStep,
    StatusEvent,
)
from medicines.models import Edition, Section
from medicines.sorting import sort_key
from tests import make
from tests.sent import sent

pytestmark = pytest.mark.django_db


def page_of(form: DraftForm) -> str:
    """The parts of the page that hold fields."""
    rows = "admin/desk/parts/rows.html"
    pieces = [render_to_string("admin/desk/parts/facts.html", {"form": facts}) for facts in form.facts.values()]
    pieces += [render_to_string(rows, {"rows": rows_of_kind}) for rows_of_kind in form.rows]
    pieces += [str(field) for field in (*form.sections, *form.language)]
    return f"<form>{''.join(pieces)}</form>"


def posted(content: DraftContent, **changes: Any) -> QueryDict:
    """What a browser sends for a draft of this content; ``changes`` with "__" for "-" replace values."""
    data = QueryDict(mutable=True)
    for name, values in sent(page_of(DraftForm(base=content))).items():
        data.setlist(name, values)
    for name, value in changes.items():
        data.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
    return data


def saved(content: DraftContent, **changes: Any) -> DraftContent:
    form = DraftForm(base=content, data=posted(content, **changes))
    assert form.is_valid(), (form.problems(), [f.errors for f in form.facts.values()], [r.errors for r in form.rows])
    return form.content()


FULL = make.draft_content(
    about=[
        make.listed_facts(
            partners=("Physiotherapy", "Diazepam"),
            aware=Aware(group="watch", edition="AWaRe 2023"),
            choice="first",
            age=Age(kind="range", words="from 4 years"),
            weight="> 25 kg",
            alternatives=Alternatives(kind="named", medicines=("Tizanidine", "Dantrolene"), limits="Oral forms only."),
            patents=Patents(status="main_expired", url="https://www.medspal.org/"),
            links=(Link(site="wikipedia", title="Baclofen", url="https://en.wikipedia.org/wiki/Baclofen"),),
            placements=(
                make.placement("complementary", None),
                Placement(eml="removed", unnamed_list="removed"),
                Placement(
                    section=SectionPath(
                        edition="23", steps=(SectionStep(title="No number"), SectionStep(title="› odd"))
                    ),
                    formulations=(
                        Formulation(original="As  written,\nover two lines"),
                        Formulation(route=("Oral > odd",), strengths=(" 5 mg ", ""), lists=("EMLc",)),
                    ),
                ),
            ),
        )
    ],
    text=make.narrative(
        references=(
            make.reference(
                "one", PMID="123", accessed={"date-parts": [[2025, 1, 2]]}, issued={"date-parts": [[2020, 5]]}
            ),
            make.reference("two", author=[{"literal": "World Health Organization, Geneva"}, {"family": "Solo"}]),
            Reference(
                id="three", csl={"title": ["odd"], "issued": "about 1999"}, original="An odd line.", guessed=("title",)
            ),
        )
    ),
)


def test_a_draft_that_nobody_touched_comes_back_as_it_was():
    assert saved(FULL) == FULL


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=30)
some_words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=30).filter(
    str.strip
)
names = st.lists(words, max_size=3).map(tuple)
statuses = st.sampled_from([None, "core", "complementary", "listed", "removed", "not_listed"])
formulations = st.builds(
    Formulation,
    route=names,
    strengths=names,
    lists=st.sampled_from([(), ("EML",), ("EMLc", "EML"), ("EML", "EMLc")]),
    original=words,
)
paths = st.builds(
    SectionPath,
    edition=words,
    steps=st.lists(st.builds(SectionStep, number=words, title=words), min_size=1, max_size=3).map(tuple),
)
placements = st.builds(
    Placement,
    section=st.none() | paths,
    eml=statuses,
    emlc=statuses,
    formulations=st.lists(formulations, max_size=2).map(tuple),
)
histories = st.builds(
    StatusEvent, event=st.sampled_from(["added", "removed"]), year=st.integers(1900, 2200), report=words, words=words
)
facts = st.builds(
    Facts,
    medicine=some_words,
    indication=some_words,
    partners=names,
    atc=names,
    icd11=names,
    placements=st.lists(placements, max_size=2).map(tuple),
    weight=words,
    age=st.none() | st.builds(Age, kind=st.sampled_from(["all", "range"]), words=words),
    history=st.lists(histories, max_size=2).map(tuple),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | words,
    lambda inner: st.lists(inner, max_size=2),
    max_leaves=4,
)
csl_keys = st.sampled_from(["title", "author", "issued", "DOI", "URL", "type", "page", "note", "container-title"])
references = st.builds(
    Reference,
    id=st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True),
    csl=st.dictionaries(csl_keys, json_values, max_size=6),
    original=words,
    guessed=st.sampled_from([(), ("title",), ("author", "type")]),
)
drafts = st.builds(
    lambda facts, references, findings, text: cleaned(
        DraftContent(
            proposals=(ProposalFacts(key="a", facts=facts),),
            narrative=Narrative(
                language="fr",
                sections=make.narrative(text).sections,
                references=tuple(references),
                findings=findings,
            ),
        )
    ),
    facts,
    st.lists(references, max_size=3, unique_by=lambda reference: reference.id),
    st.lists(words, max_size=2).map(
        lambda texts: tuple(make.finding(f"f{n}", comment=text, low=text) for n, text in enumerate(texts))
    ),
    some_words,
)


@given(drafts)
@settings(max_examples=25, phases=[Phase.explicit, Phase.reuse, Phase.generate])  # shrinking a draft takes minutes
def test_any_draft_that_nobody_touched_comes_back_as_it_was(content: DraftContent):
    assert saved(content) == content


def changed(content: DraftContent, **facts_changed: Any) -> DraftContent:
    entry = content.proposals[0]
    facts = entry.facts.model_copy(update=facts_changed)
    return content.model_copy(update={"proposals": (entry.model_copy(update={"facts": facts}),)})


def test_one_changed_field_changes_nothing_else():
    assert saved(FULL, **{"facts-a-weight": "> 30 kg"}) == changed(FULL, weight="> 30 kg")


def test_every_fact_can_go_back_to_not_stated():
    names = """
        atc icd11 partners medicine_type aware_group aware_edition choice sex age_kind age_words weight
        alternatives_kind alternatives_medicines alternatives_limits patents_status patents_url
    """
    emptied = saved(FULL, **{f"facts-a-{name}": "" for name in names.split()})
    facts = FULL.proposals[0].facts
    assert emptied.proposals[0].facts == Facts(
        medicine=facts.medicine,
        indication=facts.indication,
        placements=facts.placements,
        links=facts.links,
        history=facts.history,
    )


def test_a_row_is_added_removed_and_moved():
    data = {
        "facts-a-history-TOTAL_FORMS": "3",
        "facts-a-history-1-event": "changed",
        "facts-a-history-1-year": "2027",
        "facts-a-history-1-ORDER": "1",
        "facts-a-history-0-ORDER": "2",
        "facts-a-history-2-event": "",
        "facts-a-links-0-DELETE": "on",
    }
    history = FULL.proposals[0].facts.history
    made = StatusEvent(event="changed", year=2027)
    assert saved(FULL, **data) == changed(FULL, history=(made, *history), links=())


def test_a_formulation_is_added_to_a_new_place():
    data = {
        "facts-a-placements-TOTAL_FORMS": "4",
        "facts-a-placements-3-eml": "core",
        "facts-a-placements-3-formulations-TOTAL_FORMS": "1",
        "facts-a-placements-3-formulations-INITIAL_FORMS": "0",
        "facts-a-placements-3-formulations-0-route": "Oral > Solid",
        "facts-a-placements-3-formulations-0-strengths": "5 mg\r\n10 mg",
        "facts-a-placements-3-formulations-0-lists": ["EML"],
    }
    made = Placement(
        eml="core",
        formulations=(Formulation(route=("Oral", "Solid"), strengths=("5 mg", "10 mg"), lists=("EML",)),),
    )
    assert saved(FULL, **data).proposals[0].facts.placements == (*FULL.proposals[0].facts.placements, made)


def test_a_row_can_be_asked_for_without_javascript():
    data = posted(FULL, **{"add-row": "facts-a-placements"})
    more = with_one_more_row(data)
    form = DraftForm(base=FULL, data=more)
    assert [len(form.facts["a"].nested["placements"].forms), "add-row" in more] == [4, False]
    again = sent(page_of(form))
    assert again["facts-a-placements-3-formulations-TOTAL_FORMS"] == ["0"]
    assert form.is_valid()
    assert form.content() == FULL


def test_a_section_is_found_by_its_number():
    edition = Edition.objects.create(number=24, year=2025, effective_date="2025-09-05")
    above = Section.objects.create(edition=edition, number="5", title="Nerves", sort_key=sort_key("5"))
    Section.objects.create(edition=edition, number="5.1", title="Brain", sort_key=sort_key("5.1"), parent=above)
    steps = (SectionStep(number="5", title="Nerves"), SectionStep(number="5.1", title="Brain"))
    found = saved(FULL, **{"facts-a-placements-0-section": "5.1"})
    assert found.proposals[0].facts.placements[0].section == SectionPath(edition="24", steps=steps)


def test_a_number_that_the_edition_lacks_is_an_error_at_the_field():
    data = posted(FULL, **{"facts-a-placements-0-section": "77.7"})
    form = DraftForm(base=FULL, data=data)
    assert not form.is_valid()
    assert form.facts["a"].nested["placements"].forms[0].errors == {"section": ["EML 24 has no section 77.7."]}


def test_a_path_in_words_is_read():
    found = saved(FULL, **{"facts-a-placements-0-section": "6 Infections › 6.2 Antibacterials › Access"})
    assert found.proposals[0].facts.placements[0].section == SectionPath(
        edition="24",
        steps=(
            SectionStep(number="6", title="Infections"),
            SectionStep(number="6.2", title="Antibacterials"),
            SectionStep(title="Access"),
        ),
    )


def test_a_corrected_reference_keeps_what_the_form_does_not_show():
    one = saved(FULL, **{"references-0-title": "Another title"}).narrative.references[0]
    assert one == FULL.narrative.references[0].model_copy(
        update={"csl": FULL.narrative.references[0].csl | {"title": "Another title"}}
    )


def test_authors_and_bodies_are_read_by_lines():
    data = {"references-0-authors": "Writer, Ann\r\nOther, B C\r\nMono", "references-0-bodies": "WHO, Geneva"}
    assert saved(FULL, **data).narrative.references[0].csl["author"] == [
        {"family": "Writer", "given": "Ann"},
        {"family": "Other", "given": "B C"},
        {"family": "Mono"},
        {"literal": "WHO, Geneva"},
    ]


def test_a_guess_is_cleared_by_confirming_or_correcting_it():
    confirmed = saved(FULL, **{"references-2-confirmed": "on"}).narrative.references[2]
    corrected = saved(FULL, **{"references-2-title": "Right"}).narrative.references[2]
    assert [confirmed.guessed, confirmed.csl, corrected.guessed] == [(), FULL.narrative.references[2].csl, ()]


def test_a_new_reference_keeps_the_id_that_its_citation_names():
    data = {
        "references-TOTAL_FORMS": "4",
        "references-3-id": "rnew",
        "references-3-title": "New",
        "sections-background": '<p data-block="b">Text<cite data-ref="rnew"></cite></p>',
    }
    narrative = saved(FULL, **data).narrative
    assert narrative.references[3] == Reference(id="rnew", csl={"type": "document", "title": "New"})
    assert narrative.section("background") == '<p data-block="b">Text<cite data-ref="rnew"></cite></p>'


def test_a_reference_that_is_cited_cannot_be_deleted():
    form = DraftForm(base=FULL, data=posted(FULL, **{"references-0-DELETE": "on"}))
    assert not form.is_valid()
    assert len(form.problems()) == 1
    assert form.error_count() == 1


def test_an_emptied_section_goes_and_a_new_one_comes_in_its_place():
    sections = saved(FULL, **{"sections-harms": "", "sections-implementation": "<p>New</p>"}).narrative.sections
    keys = [section.key for section in FULL.narrative.sections if section.key != "harms"]
    assert [section.key for section in sections] == [*keys, "implementation"]


def test_what_was_typed_is_told_apart_from_what_is_wrong():
    data = posted(FULL, **{"facts-a-medicine": "", "facts-a-history-0-year": "12", "references-0-DOI": "nonsense"})
    form = DraftForm(base=FULL, data=data)
    assert not form.is_valid()
    assert form.error_count() == 3
    assert form.references.forms[0]["DOI"].value() == "nonsense"


def test_a_note_has_a_length():
    assert SaveForm({"base": "1", "note": "x" * 301}).errors.keys() == {"note"}
