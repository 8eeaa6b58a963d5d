"""What an invented recommendation says in an edition, and the text of a committee that never met."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Literal

from medicines.content.schema import (
    LISTED,
    Age,
    Alternatives,
    Content,
    Cost,
    Facts,
    Finding,
    Formulation,
    ListName,
    ListStatus,
    Narrative,
    NarrativeSection,
    Placement,
    Reference,
    SectionKey,
    SectionPath,
    StatusEvent,
)

from .uses import Use

YEARS = (1977, 1979, 1984, 1987, 1995, 1999, 2002, 2003, 2005, 2007, 2009, 2011, 2013, 2015, 2017, 2019, 2021)

ROUTES: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("Oral", "Solid", "tablet"), ("5 mg", "10 mg", "25 mg", "50 mg", "100 mg", "250 mg", "500 mg")),
    (("Oral", "Solid", "capsule"), ("20 mg", "40 mg", "150 mg", "300 mg")),
    (("Oral", "Liquid"), ("5 mg per 5 mL", "25 mg per 5 mL", "50 mg per 5 mL", "125 mg per 5 mL")),
    (("Parenteral", "General injections", "IV"), ("1 mg per mL in 5 mL vial", "10 mg per mL in 10 mL ampoule")),
    (("Parenteral", "General injections", "IM"), ("50 mg per mL in 2 mL ampoule", "1 g in vial (powder)")),
    (("Respiratory", "Inhalation", "aerosol"), ("100 µg per dose", "200 µg per dose")),
    (("Local", "Topical", "Cream"), ("1%", "2%", "5%")),
    (("Local", "Ophthalmological", "Solution (eye drops)"), ("0.25%", "0.5%")),
)

SENTENCES = (
    "The Committee noted that {disease} is common in many countries and is often found late.",
    "{Medicine} had been compared with placebo in {few} trials and with usual care in {several} more.",
    "Of a hundred people who took {medicine}, about {several} had less to bear after twelve weeks.",
    "Most trials were small, and {few} of them were not blind, which lowers the certainty of what they found.",
    "Harms were mostly mild: sleepiness, a dry mouth and headache; {few} in a thousand stopped treatment for them.",
    "Nothing is known of children below the age of {few} years, and little of people above eighty.",
    "The medicine needs no cold chain and can be given by nurses who have been trained for it.",
    "Its price differs {several}-fold between countries, and generic forms are sold in most of them.",
    "Guidelines of {few} societies name {medicine} as a first choice for {disease}.",
    "The application proposed both lists; letters of support came from {several} organizations.",
    "Monitoring asks for a blood test before treatment and another after {few} weeks.",
    "A model from a country of middle income found {medicine} to be worth its price at the usual threshold.",
    "The Committee asked for further evidence on long-term use, above all in people who have other diseases.",
    "Shortages have been reported from {few} regions in the last {several} years.",
)

TEXT: tuple[tuple[SectionKey, int], ...] = (
    ("recommendation", 2),
    ("background", 2),
    ("public_health_relevance", 2),
    ("benefits", 4),
    ("harms", 3),
    ("cost_effectiveness", 2),
    ("who_guidelines", 1),
    ("availability", 1),
    ("other_considerations", 1),
)
"""The sections of a text, and how many paragraphs each has."""

Certainty = Literal["high", "moderate", "low", "very_low"]
CERTAINTIES: tuple[Certainty, ...] = ("high", "moderate", "low", "very_low")


def printed(use: Use, *, section: SectionPath, edition: int) -> Content:
    """What an edition prints of it: facts alone."""
    changed = edition == 24 and use.fate == "changed"
    removed = edition == 24 and use.fate == "removed"
    return Content(facts=_facts(use, section=section, changed=changed, removed=removed))


def decided(use: Use, *, section: SectionPath, year: int, report: str) -> Content:
    """What a meeting decided on it: facts and a whole text."""
    facts = _facts(use, section=section, changed=use.fate == "decided_again", removed=use.outcome == "removed")
    if use.outcome in ("not_recommended", "deferred"):
        facts = facts.model_copy(
            update={
                "placements": (Placement(section=section, eml="not_listed", emlc="not_listed"),),
                "history": (StatusEvent(event=use.outcome, year=year, report=report),),
            }
        )
    elif use.outcome == "added":
        facts = facts.model_copy(update={"history": (StatusEvent(event="first_added", year=year, report=report),)})
    return Content(facts=facts, narrative=_narrative(use))


def corrected(content: Content) -> Content:
    """The same text with one sentence more."""
    first, *rest = content.narrative.sections
    mended = first.model_copy(update={"html": f"{first.html}<p>The certainty of the evidence is moderate.</p>"})
    return content.model_copy(update={"narrative": content.narrative.model_copy(update={"sections": (mended, *rest)})})


def _facts(use: Use, *, section: SectionPath, changed: bool, removed: bool) -> Facts:
    random = use.random("facts")
    tier: ListStatus = "core" if random.random() < 0.7 else "complementary"
    children: ListStatus = tier if random.random() < 0.4 else "not_listed"
    lines = tuple(_formulation(random, children=children) for _each in range(random.choice((1, 1, 2, 2, 3, 4))))
    since = random.choice(YEARS)
    stated = random.random() < 0.5
    placement = Placement(
        section=section,
        eml="removed" if removed else tier,
        emlc="removed" if removed and children in LISTED else children,
        formulations=lines if not changed else (*lines, _formulation(random, children=children)),
    )
    history = [StatusEvent(event="first_added", year=since)]
    if removed:
        history.append(StatusEvent(event="removed", year=2025, report="TRS 1064"))
    return Facts(
        medicine=use.substance.name,
        indication=use.disease.name,
        partners=(use.partner,) if use.partner else (),
        atc=(use.substance.atc,),
        icd11=(use.disease.icd11,) if use.disease.icd11 else (),
        medicine_type="biological" if use.substance.stem.is_biological else "chemical",
        placements=(placement,),
        sex="all" if stated else None,
        age=Age(kind="also_children" if children in LISTED else "adults") if stated else None,
        alternatives=Alternatives(kind="atc_class", atc=use.substance.atc[:5]) if random.random() < 0.1 else None,
        history=tuple(history),
    )


def _formulation(random: Random, *, children: ListStatus) -> Formulation:
    route, strengths = random.choice(ROUTES)
    chosen = tuple(random.sample(strengths, k=random.randint(1, min(3, len(strengths)))))
    lists: tuple[ListName, ...] = ("EML", "EMLc") if children in LISTED else ("EML",)
    return Formulation(route=route, strengths=chosen, lists=lists, original=f"{' > '.join(route)}: {'; '.join(chosen)}")


def _narrative(use: Use) -> Narrative:
    random = use.random("text")
    references = tuple(_reference(random, number) for number in range(1, random.randint(6, 18)))
    sections = tuple(
        NarrativeSection(
            key=key, html="".join(f"<p>{_paragraph(use, random, references)}</p>" for _each in range(paragraphs))
        )
        for key, paragraphs in TEXT
    )
    return Narrative(
        sections=sections,
        findings=tuple(_finding(random, number, references) for number in range(1, random.randint(2, 6))),
        costs=(
            Cost(
                id="c1",
                what="A month of treatment",
                amount=f"{random.uniform(0.5, 40):.2f}",
                currency="US$",
                place="Invented Republic",
                date="2024",
                reference=references[0].id,
            ),
        ),
        references=references,
    )


def _paragraph(use: Use, random: Random, references: Sequence[Reference]) -> str:
    words = " ".join(
        sentence.format(
            medicine=use.substance.name,
            Medicine=use.substance.name.capitalize(),
            disease=use.disease.name[0].lower() + use.disease.name[1:],
            few=random.choice(("two", "three", "four")),
            several=random.choice(("five", "seven", "nine", "eleven")),
        )
        for sentence in random.sample(SENTENCES, k=random.randint(3, 5))
    )
    return f'{words}<cite data-ref="{random.choice(references).id}"></cite>'


def _reference(random: Random, number: int) -> Reference:
    author = random.choice(("Abara", "Brandt", "Castillo", "Dufour", "Eze", "Farouk", "Grossi", "Hoang"))
    return Reference(
        id=f"r{number}",
        csl={
            "type": "article-journal",
            "author": [{"family": author, "given": random.choice(("A", "B C", "D", "E F"))}],
            "title": f"A trial that was never done, number {random.randint(1, 9999)}",
            "container-title": "Journal of Invented Medicine",
            "issued": {"date-parts": [[random.randint(1998, 2024)]]},
            "volume": f"{random.randint(1, 90)}",
            "page": f"{random.randint(1, 900)}",
        },
    )


def _finding(random: Random, number: int, references: Sequence[Reference]) -> Finding:
    ratio = random.uniform(0.4, 1.4)
    return Finding(
        id=f"f{number}",
        outcome=("Death from any cause", "Pain after 12 weeks", "Cure", "Quality of life", "Harm that ends treatment")[
            number - 1
        ],
        comparison="Against placebo",
        studies=f"{random.randint(1, 30)}",
        participants=f"{random.randint(60, 9000)}",
        measure="RR",
        estimate=f"{ratio:.2f}",
        low=f"{ratio * 0.8:.2f}",
        high=f"{ratio * 1.3:.2f}",
        certainty=random.choice(CERTAINTIES),
        reference=random.choice(references).id,
    )
