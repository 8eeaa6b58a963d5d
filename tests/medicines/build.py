"""Contents for tests of the public wing, and the one way in which they are published."""

from __future__ import annotations

from datetime import date
from typing import Any

from medicines.actions.publish import Publication, publish
from medicines.content.schema import (
    Age,
    Alternatives,
    Content,
    Cost,
    Facts,
    Finding,
    Formulation,
    Link,
    Narrative,
    NarrativeSection,
    Patents,
    Placement,
    Reference,
    SectionPath,
    SectionStep,
    StatusEvent,
)
from medicines.models import Version

MEETING = {
    "meeting": "25th Expert Committee",
    "meeting_number": 25,
    "year": 2025,
    "report": "TRS 1064",
    "item": "A.22",
    "decided_on": "2025-05-09",
    "method": "consensus",
}

CEREBRAL_PALSY = SectionPath(
    edition="24",
    steps=(
        SectionStep(number="5", title="Medicines for neurological disorders"),
        SectionStep(number="5.1", title="Medicines for central nervous system disorders"),
        SectionStep(number="5.1.4", title="Medicines for cerebral palsy"),
    ),
)

FORMULATIONS = (
    Formulation(route=("Oral", "Solid", "tablet"), strengths=("10 mg",), lists=("EML", "EMLc")),
    Formulation(route=("Oral", "Liquid"), strengths=("10 mg per 5 mL",), lists=("EML", "EMLc")),
    Formulation(
        route=("Parenteral", "Locoregional injections", "Intrathecal"),
        strengths=("500 µg per mL in ampoule", "2000 µg per mL in ampoule"),
        lists=("EML", "EMLc"),
    ),
)


def facts(**changes: Any) -> Facts:
    """The facts of baclofen in spastic cerebral palsy, with changes."""
    base: dict[str, Any] = {
        "medicine": "baclofen",
        "indication": "Spastic cerebral palsy",
        "atc": ("M03BX01",),
        "icd11": ("8D20",),
        "medicine_type": "chemical",
        "placements": (
            Placement(section=CEREBRAL_PALSY, eml="complementary", emlc="complementary", formulations=FORMULATIONS),
        ),
        "sex": "all",
        "age": Age(kind="also_children"),
        "alternatives": Alternatives(kind="specific"),
        "patents": Patents(status="expired", url="https://www.medspal.org/"),
        "links": (
            Link(site="wikipedia", title="Baclofen", url="https://en.wikipedia.org/wiki/Baclofen"),
            Link(site="drugbank", title="Baclofen", url="https://go.drugbank.com/drugs/DB00181"),
        ),
        "history": (StatusEvent(event="first_added", year=2025, report="TRS 1064"),),
    }
    return Facts(**{**base, **changes})


def paragraph(block: str, words: str) -> str:
    return f'<p data-block="{block}">{words}</p>'


def cite(ref: str) -> str:
    return f'<cite data-ref="{ref}"></cite>'


REFERENCES = (
    Reference(
        id="prevalence",
        csl={
            "type": "article-journal",
            "author": [{"family": "Nolan", "given": "Ada"}, {"family": "Okoro", "given": "Ben C"}],
            "title": "How common is cerebral palsy? A register study",
            "container-title": "Journal of Invented Neurology",
            "issued": {"date-parts": [[2018]]},
            "volume": "60",
            "issue": "9",
            "page": "933-941",
            "DOI": "10.1000/example.1",
        },
    ),
    Reference(
        id="review",
        csl={
            "type": "article-journal",
            "author": [{"family": "Silva", "given": "Carla"}],
            "title": "Intrathecal baclofen for children: a systematic review",
            "container-title": "Invented Reviews",
            "issued": {"date-parts": [[2024]]},
            "volume": "24",
            "page": "143",
            "DOI": "10.1000/example.2",
        },
    ),
    Reference(
        id="prices",
        csl={
            "type": "report",
            "author": [{"literal": "Bureau of Invented Prices"}],
            "title": "Prices of medicines, by country",
            "publisher": "Bureau of Invented Prices",
            "issued": {"date-parts": [[2023]]},
            "URL": "https://prices.example.org/",
        },
    ),
)

FINDINGS = (
    Finding(
        id="f1",
        outcome="Spasticity, Ashworth scales",
        comparison="Intrathecal baclofen against placebo or no treatment",
        studies="19",
        participants="343",
        measure="SMD",
        estimate="-1.70",
        low="-2.15",
        high="-1.25",
        certainty="low",
        reference="review",
    ),
    Finding(
        id="f2",
        outcome="Motor function, GMFM",
        studies="6",
        participants="117",
        measure="SMD",
        estimate="0.15",
        low="0.08",
        high="0.22",
        certainty="low",
        reference="review",
    ),
)

COSTS = (
    Cost(
        id="c1",
        what="A month of treatment with 10 mg tablets",
        amount="6.30",
        currency="US$",
        place="Nigeria",
        date="2023",
        reference="prices",
    ),
)


def narrative(**changes: Any) -> Narrative:
    """A narrative in words of our own, with citations, findings and costs."""
    base: dict[str, Any] = {
        "language": "en",
        "sections": (
            NarrativeSection(
                key="recommendation",
                html=paragraph(
                    "rec1",
                    "The Committee recommended adding baclofen to the complementary list of the EML and the EMLc for "
                    "spasticity in cerebral palsy: into the spinal fluid, because spasticity falls clearly and the "
                    "balance of benefits and harms is favourable;",
                )
                + paragraph(
                    "rec2",
                    "and by mouth, to test the response before a pump is placed, to bridge the setting of its dose, "
                    "and to prevent withdrawal. Specialists have to supervise the treatment, hence the "
                    "complementary list.",
                ),
            ),
            NarrativeSection(
                key="background",
                html=paragraph(
                    "bg1",
                    "Baclofen had not been considered for the Model Lists before. Diazepam is listed for other uses "
                    "and may be given for this one.",
                ),
            ),
            NarrativeSection(
                key="public_health_relevance",
                html=paragraph(
                    "ph1", f"About two in a thousand children are born with cerebral palsy.{cite('prevalence')}"
                ),
            ),
            NarrativeSection(
                key="benefits",
                html='<h3 data-block="be0">Intrathecal baclofen</h3>'
                + paragraph(
                    "be1",
                    "A systematic review found a large fall in spasticity and a small gain in motor function."
                    f"{cite('review')}{cite('prevalence')} Most studies were small, and none was blind.",
                )
                + "<ul><li>"
                + paragraph("be2", "Comfort and care became easier in most families that were asked.")
                + "</li><li>"
                + paragraph("be3", "Walking changed little.")
                + "</li></ul>",
            ),
            NarrativeSection(
                key="harms",
                html=paragraph(
                    "ha1",
                    "Sleepiness and weakness are common with tablets. Stopping suddenly can cause fits. Pumps leak, "
                    f"fail and become infected.{cite('review')}",
                ),
            ),
            NarrativeSection(
                key="cost_effectiveness",
                html=paragraph("co1", f"Tablets are cheap in most countries.{cite('prices')}"),
            ),
            NarrativeSection(
                key="other_considerations",
                html=paragraph("oc1", "The technical department supported the proposal."),
            ),
        ),
        "findings": FINDINGS,
        "costs": COSTS,
        "references": REFERENCES,
    }
    return Narrative(**{**base, **changes})


def content(*, text: bool = True, **changes: Any) -> Content:
    """A content with the facts of baclofen, changed as told; ``text=False`` leaves the narrative out."""
    return Content(facts=facts(**changes), narrative=narrative() if text else Narrative())


def published(
    given: Content | None = None,
    *,
    kind: str = "decision",
    outcome: str = "added",
    effective_date: date = date(2025, 9, 5),
    source: dict[str, Any] | None = None,
    **more: Any,
) -> Version:
    """Publish one content by the action and return its version."""
    publication = Publication(
        content=given or content(), kind=kind, outcome=outcome, effective_date=effective_date, **more
    )
    return publish(publications=[publication], source=MEETING if source is None else source)[0]


def imported(given: Content | None = None, **more: Any) -> Version:
    """A version as an import of a list makes it: facts alone."""
    options: dict[str, Any] = {"kind": "imported", "outcome": "", "source": {"source": "EML 24"}, **more}
    return published(given or content(text=False), **options)


def corrected(version: Version, given: Content, *, note: str) -> Version:
    return published(
        given,
        kind="correction",
        outcome=version.outcome,
        effective_date=version.effective_date,
        base=version,
        corrects=version,
        note=note,
    )
