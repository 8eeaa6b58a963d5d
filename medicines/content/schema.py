"""What a published page, and the draft of one, says: facts and narrative, with nothing about people.

Every field of the facts can be ``None`` or empty, which means *not stated*: an import knows little, and
"not stated" is not "no". Values are plain words and codes; a page translates the fixed ones when it is shown.
"""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

SCHEMA = 1

ListName = Literal["EML", "EMLc"]
ListStatus = Literal["core", "complementary", "listed", "removed", "not_listed"]
"""``listed`` is for sources that say that a medicine is on a list, but not whether core or complementary."""

Status = Literal["essential", "removed", "not_recommended", "not_listed"]
Outcome = Literal[
    "added",
    "indication_added",
    "formulation_added",
    "changed",
    "kept",
    "removed",
    "not_recommended",
    "deferred",
]
HistoryEvent = Literal["first_added", "added", "changed", "removed", "not_recommended", "deferred"]

LISTED = frozenset({"core", "complementary", "listed"})

SectionKey = Literal[
    "recommendation",
    "background",
    "public_health_relevance",
    "benefits",
    "harms",
    "additional_evidence",
    "cost_effectiveness",
    "who_guidelines",
    "availability",
    "other_considerations",
    "implementation",
    "unplaced",
]
SECTION_KEYS: tuple[SectionKey, ...] = (
    "recommendation",
    "background",
    "public_health_relevance",
    "benefits",
    "harms",
    "additional_evidence",
    "cost_effectiveness",
    "who_guidelines",
    "availability",
    "other_considerations",
    "implementation",
)
"""The sections of a narrative in the order of the page. ``unplaced`` is for drafts only and is never published."""


class Part(BaseModel):
    """A piece of content: closed, unchangeable, and equal when its words are equal."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values; ``from_dict`` of them gives an equal object."""
        return self.model_dump(mode="json")

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Read what ``to_dict`` wrote. Raises pydantic's ``ValidationError``, which names the field."""
        return cls.model_validate(data)


class SectionStep(Part):
    number: str = ""
    title: str


class SectionPath(Part):
    """A numbered section with those above it, root first, as its edition named them."""

    edition: str = ""
    steps: tuple[SectionStep, ...]

    @property
    def leaf(self) -> SectionStep:
        return self.steps[-1]


class Formulation(Part):
    """One route with its strengths. ``lists`` empty: not stated. ``original``: the line as its source wrote it."""

    route: tuple[str, ...] = ()
    strengths: tuple[str, ...] = ()
    lists: tuple[ListName, ...] = ()
    original: str = ""


class Placement(Part):
    """Where a recommendation stands: one section, a status for each list, and the formulations there.

    ``unnamed_list`` is what a source says that names no list ("Added", "Removed").
    """

    section: SectionPath | None = None
    eml: ListStatus | None = None
    emlc: ListStatus | None = None
    unnamed_list: Literal["listed", "removed"] | None = None
    formulations: tuple[Formulation, ...] = ()

    @property
    def statuses(self) -> tuple[ListStatus, ...]:
        return tuple(status for status in (self.eml, self.emlc, self.unnamed_list) if status)

    @property
    def is_listed(self) -> bool:
        return self.eml in LISTED or self.emlc in LISTED or self.unnamed_list in LISTED


class Aware(Part):
    group: Literal["access", "watch", "reserve"]
    edition: str = ""


class Age(Part):
    """``range`` uses ``words`` ("from 12 years"); the others need none, but may carry a limit."""

    kind: Literal["all", "also_children", "children", "adolescents_adults", "adults", "range"]
    words: str = ""


class Alternatives(Part):
    """``specific``: this medicine only. ``atc_class``: any medicine of ``atc``. ``named``: those in ``medicines``."""

    kind: Literal["specific", "atc_class", "named"]
    atc: str = ""
    medicines: tuple[str, ...] = ()
    limits: str = ""


class Patents(Part):
    status: Literal["expired", "main_expired", "active_one", "active_several"] | None = None
    url: str = ""


class Link(Part):
    site: Literal["wikipedia", "drugbank", "other"]
    title: str
    url: str = ""


class StatusEvent(Part):
    event: HistoryEvent
    year: int = Field(ge=1900, le=2200)
    report: str = ""
    words: str = ""


class Facts(Part):
    """What holds for one recommendation after the decision."""

    medicine: str
    indication: str
    partners: tuple[str, ...] = ()
    atc: tuple[str, ...] = ()
    icd11: tuple[str, ...] = ()
    medicine_type: Literal["chemical", "biological"] | None = None
    aware: Aware | None = None
    choice: Literal["first", "second"] | None = None
    placements: tuple[Placement, ...] = ()
    sex: Literal["all", "female", "male"] | None = None
    age: Age | None = None
    weight: str = ""
    alternatives: Alternatives | None = None
    patents: Patents | None = None
    links: tuple[Link, ...] = ()
    history: tuple[StatusEvent, ...] = ()

    @property
    def status(self) -> Status:
        """Essential if listed anywhere; else removed if it ever was; else as the history says."""
        if any(placement.is_listed for placement in self.placements):
            return "essential"
        events = {entry.event for entry in self.history}
        removed = any("removed" in placement.statuses for placement in self.placements)
        if removed or events & {"first_added", "added", "removed"}:
            return "removed"
        return "not_recommended" if "not_recommended" in events else "not_listed"

    def list_status(self, name: ListName) -> ListStatus | None:
        """The strongest status that any placement gives for one list, or ``None`` where none states it."""
        found = {p.eml if name == "EML" else p.emlc for p in self.placements}
        order: tuple[ListStatus, ...] = ("core", "complementary", "listed", "removed", "not_listed")
        return next((status for status in order if status in found), None)

    @property
    def year_listed(self) -> int | None:
        """The year since which it is on a list without a break, as far as the history tells."""
        since = None
        for entry in sorted(self.history, key=lambda entry: entry.year):
            if entry.event == "removed":
                since = None
            elif entry.event in ("first_added", "added") and since is None:
                since = entry.year
        return since


class NarrativeSection(Part):
    """One section; ``html`` is sanitised rich text (see ``medicines.content.richtext``)."""

    key: SectionKey
    html: str = ""


class Finding(Part):
    """A row of a summary-of-findings table. Figures are kept as written: "-1.70" is not "-1.7"."""

    id: str
    outcome: str
    follow_up: str = ""
    comparison: str = ""
    studies: str = ""
    participants: str = ""
    measure: Literal["RR", "OR", "HR", "RD", "MD", "SMD", ""] = ""
    estimate: str = ""
    low: str = ""
    high: str = ""
    risk_without: str = ""
    risk_with: str = ""
    certainty: Literal["high", "moderate", "low", "very_low"] | None = None
    comment: str = ""
    reference: str = ""


class Cost(Part):
    """A price or a cost-effectiveness ratio with what makes it readable: currency, place, date, perspective."""

    id: str
    what: str
    amount: str
    currency: str = ""
    unit: str = ""
    place: str = ""
    date: str = ""
    perspective: str = ""
    horizon: str = ""
    reference: str = ""


class Reference(Part):
    """A CSL-JSON item. ``original`` is the line that it was read from; ``guessed`` names fields to be looked at."""

    id: str
    csl: dict[str, Any]
    original: str = ""
    guessed: tuple[str, ...] = ()


class Narrative(Part):
    language: str = "en"
    sections: tuple[NarrativeSection, ...] = ()
    findings: tuple[Finding, ...] = ()
    costs: tuple[Cost, ...] = ()
    references: tuple[Reference, ...] = ()

    def section(self, key: SectionKey) -> str:
        """The HTML of one section, or an empty string."""
        return next((section.html for section in self.sections if section.key == key), "")

    @property
    def is_empty(self) -> bool:
        return not any(section.html for section in self.sections)


class Content(Part):
    """What one version says: the facts of one recommendation and the narrative. This is what is fingerprinted."""

    schema_number: Literal[1] = Field(default=1, alias="schema")
    salt: str = ""
    facts: Facts
    narrative: Narrative = Narrative()

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    def to_dict(self) -> dict[str, Any]:
        return self.model_dump(mode="json", by_alias=True)


class ProposalFacts(Part):
    key: str
    facts: Facts


class DraftContent(Part):
    """What one revision of a draft says: one narrative and the facts of every proposal of the item."""

    schema_number: Literal[1] = Field(default=1, alias="schema")
    salt: str = ""
    proposals: tuple[ProposalFacts, ...]
    narrative: Narrative = Narrative()

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    def to_dict(self) -> dict[str, Any]:
        return self.model_dump(mode="json", by_alias=True)

    def facts_of(self, key: str) -> Facts:
        """The facts of one proposal. Raises ``KeyError`` where the draft has none under that key."""
        for proposal in self.proposals:
            if proposal.key == key:
                return proposal.facts
        raise KeyError(key)

    def content_for(self, key: str) -> Content:
        """The draft as it would read if the proposal ``key`` alone were published now, without salt."""
        return Content(facts=self.facts_of(key), narrative=self.narrative)
