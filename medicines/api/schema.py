"""What the API says, as pydantic models: the OpenAPI document is made from these.

What a version says is ``medicines.content.schema.Content``, the very schema that it is stored and checked in.
Addresses are absolute. ``null`` and empty mean *not stated*, which is not *no*.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from medicines.content.schema import Content, Facts, ListStatus, Outcome, Status

Kind = Literal["decision", "correction", "imported"]
AwareGroup = Literal["access", "watch", "reserve", "not_recommended"]
Change = Literal["added", "removed", "changed", "same"]


class Named(BaseModel):
    """A medicine or an indication by its name."""

    id: int
    name: str
    url: str = Field(description="Where the API tells more of it.")


class VersionSummary(BaseModel):
    """A version without its text. It never changes; a correction is a new version."""

    number: int = Field(description="Counts the versions of one recommendation, from 1.")
    kind: Kind
    outcome: Outcome | None = Field(description="What was decided. What holds is `status` of the facts.")
    effective_date: date = Field(description="The day from which it holds.")
    published_at: datetime
    note: str = Field(description="Of a correction: what was corrected, and why.")
    corrects: int | None = Field(description="Of a correction: the number of the version that it corrects.")
    fingerprint: str = Field(description="The SHA-256 of the file at `file`, byte for byte.")
    url: str
    page: str = Field(description="The lasting page of this version, for people.")
    file: str = Field(description="The stored text itself, byte for byte.")


class VersionDetail(VersionSummary):
    """A version with all that it says."""

    recommendation: str = Field(description="The address of the recommendation.")
    is_current: bool
    provenance: dict[str, Any] = Field(
        description="Where it comes from, as plain words: the meeting, the item, the report; or the file of an import."
    )
    content: Content


class RecommendationSummary(BaseModel):
    """What holds for a medicine in one use, without the reasons: a row of the list."""

    number: int = Field(description="The number by which it is cited.")
    medicine: Named
    indication: Named
    partners: str = Field(description="What the medicine is combined with, where it is not given alone.")
    status: Status
    eml: ListStatus | None = Field(description="On the Model List of Essential Medicines.")
    emlc: ListStatus | None = Field(description="On the list for children.")
    sections: list[str] = Field(description="The numbers of its sections, with those above them.")
    atc: list[str]
    icd11: list[str]
    aware: AwareGroup | None
    listed_since: int | None = Field(description="The year since which it is on a list without a break.")
    outcome: Outcome | None = Field(description="What the version that holds decided.")
    version: int = Field(description="The number of the version that holds.")
    effective_date: date
    published_at: datetime
    has_text: bool = Field(description="Whether the reasons are in the record, not the facts alone.")
    url: str
    page: str = Field(description="The page of the recommendation, for people.")


class Recommendation(BaseModel):
    """A medicine for an indication, with its partners if any: the version that holds, and what others there are."""

    number: int
    medicine: Named
    indication: Named
    partners: str
    current: VersionDetail
    versions: list[VersionSummary] = Field(description="All versions, the newest number first.")
    url: str
    page: str


class FieldDifference(BaseModel):
    """One field that differs. ``html`` holds the words with ``ins`` and ``del``, where they were compared."""

    label: str
    kind: Change
    before: str | None = Field(description="`null`: the field was not there.")
    after: str | None = Field(description="`null`: the field is gone.")
    html: str


class BlockDifference(BaseModel):
    """A passage or a table that differs, as HTML with ``ins`` and ``del``."""

    id: str
    kind: Change
    is_moved: bool
    moved_from: str = Field(description="The title of the section that it came from, if another.")
    html: str


class SectionDifference(BaseModel):
    key: str
    title: str
    blocks: list[BlockDifference]


class RowDifference(BaseModel):
    """A finding, a cost or a reference that differs."""

    id: str
    label: str
    kind: Change
    fields: list[FieldDifference]


class Changes(BaseModel):
    """What changed between two versions of a recommendation, word by word. Labels are in English."""

    recommendation: str = Field(description="The address of the recommendation.")
    older: VersionSummary
    newer: VersionSummary
    is_empty: bool = Field(description="Both say exactly the same.")
    layout_changed: bool = Field(description="They differ in nothing but how lists and quotations are laid out.")
    words_added: int
    words_removed: int
    facts: list[FieldDifference]
    language: FieldDifference | None
    sections: list[SectionDifference]
    findings: list[RowDifference]
    costs: list[RowDifference]
    references: list[RowDifference]
    page: str = Field(description="The same for people.")


class Medicine(BaseModel):
    """An INN or a fixed combination."""

    id: int
    name: str
    synonyms: list[str]
    former_names: list[str]
    recommendations: int = Field(description="How many recommendations it has.")
    url: str
    page: str = Field(description="The same for people.")
    recommendations_url: str = Field(description="The list of its recommendations.")


class Icd11Block(BaseModel):
    """A block of ICD-11, which has no code of its own."""

    title: str
    release: str
    address: str


class Indication(BaseModel):
    """A use of medicines."""

    id: int
    name: str
    icd11: list[str] = Field(description="Codes of ICD-11.")
    icd11_block: Icd11Block | None = Field(description="Where a block of ICD-11 stands for it, and no code does.")
    recommendations: int = Field(description="How many recommendations there are for it.")
    url: str
    page: str = Field(description="The same for people.")
    recommendations_url: str = Field(description="The list of its recommendations.")


class AtcClass(BaseModel):
    """A code of the ATC classification that has recommendations: a class or a substance."""

    code: str
    name: str = Field(description="Empty where no classification is loaded: names belong to the classification.")
    level: int = Field(ge=1, le=5, description="From 1, the main group, to 5, the substance.")
    parent: str | None = Field(description="The code of the class above.")
    recommendations: int = Field(description="How many recommendations it has, with those below it.")
    url: str
    page: str = Field(description="The same for people.")
    recommendations_url: str


class Edition(BaseModel):
    """One edition of the Model List, with the edition of the children's list that appeared beside it."""

    number: int
    children_number: int | None
    year: int
    report: str
    effective_date: date
    closed_on: date | None
    url: str
    page: str = Field(description="The same for people.")
    sections_url: str
    entries_url: str


class SectionContinued(BaseModel):
    """The section of an earlier edition that a section carries on."""

    edition: int
    number: str
    url: str


class Section(BaseModel):
    """A numbered section of an edition."""

    edition: int
    number: str
    title: str
    parent: str | None = Field(description="The number of the section above.")
    continues: SectionContinued | None
    url: str
    page: str = Field(description="The same for people.")
    recommendations_url: str = Field(description="What stands in it, or below it, now.")


class Entry(BaseModel):
    """What a recommendation said in an edition."""

    recommendation: int
    version: int
    status: Status
    facts: Facts
    url: str = Field(description="The version, with its text.")
    page: str


class Meeting(BaseModel):
    """A meeting of the committee whose decisions are published."""

    number: int
    name: str
    year: int | None
    report: str
    outcomes: int = Field(description="How many decisions of it are published.")
    url: str
    page: str = Field(description="The same for people.")
    outcomes_url: str


class MeetingOutcome(BaseModel):
    """What a meeting decided on one recommendation, with what it rejected and deferred."""

    recommendation: int
    version: int
    medicine: Named
    indication: Named
    outcome: Outcome | None
    item: str = Field(description="The code of the item on the agenda.")
    decided_on: str = Field(description="A date, or empty where it is not stated.")
    effective_date: date
    published_at: datetime
    url: str
    page: str


class Index(BaseModel):
    """Where the lists of the API are."""

    recommendations: str
    medicines: str
    indications: str
    atc: str
    editions: str
    meetings: str
    openapi: str
    documentation: str
    publisher: str
    licence: str = Field(description="The licence of the content, or that none is stated.")
    licence_url: str
    demonstration: bool = Field(description="Whether the site is one: then what it says decides nothing.")
