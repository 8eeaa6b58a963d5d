"""The items of the demonstration, each taken down the road by the actions that people use.

Baclofen is real: its facts are those of 2025. All other decisions are made up, and their texts say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from applications.actions.decision import Verdict, clear, record_decisions, sign
from applications.actions.discussion import give_verdict, open_thread, reply, resolve
from applications.actions.draft import save_revision, start_draft
from applications.actions.item import add_application, add_document, add_proposal, move, open_item, recuse
from applications.actions.publication import open_correction, publish_item
from applications.models import Item, Meeting, Person, Revision
from applications.permissions import signing_seats
from applications.states import State
from medicines.content.richtext import blocks
from medicines.content.schema import (
    Age,
    Alternatives,
    Cost,
    DraftContent,
    Facts,
    Finding,
    Formulation,
    Link,
    Narrative,
    Patents,
    Placement,
    ProposalFacts,
)
from medicines.models import Version

from .lists import path
from .prose import narrative, source


@dataclass(frozen=True)
class Ask:
    """A proposal to be: what it asks for, its facts, and the version that it starts from."""

    asks: str
    facts: Facts
    base: Version | None = None


class Committee:
    """The people at one meeting, doing what they do there."""

    def __init__(self, meeting: Meeting, people: dict[str, Person]) -> None:
        self.meeting = meeting
        self.people = people
        self.secretary = people["secretary"]

    def open(self, code: str, title: str, *, applicant: str, received_on: date, dossier: str) -> Item:
        """An item with its application and the file that came with it."""
        item = open_item(meeting=self.meeting, code=code, title=title, by=self.secretary)
        add_application(item=item, title=title, applicant=applicant, received_on=received_on, by=self.secretary)
        add_document(item=item, name=dossier, data=source(dossier), by=self.secretary)
        return item

    def draft(self, item: Item, asks: Sequence[Ask], text: Narrative) -> None:
        """The proposals of an item and the first revision of its draft."""
        entries = []
        for ask in asks:
            proposal = add_proposal(item=item, asks=ask.asks, base=ask.base, by=self.secretary)
            entries.append(ProposalFacts(key=proposal.key, facts=ask.facts))
        content = DraftContent(proposals=tuple(entries), narrative=text)
        start_draft(item=item, content=content, by=self.secretary, note="First draft")

    def move(self, item: Item, *states: State, words: str = "") -> Item:
        for state in states:
            item = move(item=item, to=state, by=self.secretary, words=words)
        return item

    def comment(self, item: Item, section: str, text: str, *, by: str, answers: Sequence[tuple[str, str]] = ()) -> None:
        """A thread on the first paragraph of a section; ``answers`` are who and what. It stays open."""
        thread = open_thread(revision=head(item), block=first_block(item, section), text=text, by=self.people[by])
        for who, words in answers:
            reply(thread=thread, text=words, by=self.people[who])

    def resolve_all(self, item: Item) -> None:
        for thread in item.draft.threads.all():
            resolve(thread=thread, by=self.secretary)

    def decide(self, item: Item, *each: dict[str, str]) -> None:
        """What was decided on each proposal, in their order."""
        proposals = item.proposals.order_by("pk")
        verdicts = [Verdict(proposal=proposal, **given) for proposal, given in zip(proposals, each, strict=True)]
        record_decisions(item=item, verdicts=verdicts, by=self.secretary)
        item.refresh_from_db()

    def sign(self, item: Item) -> None:
        for seat in signing_seats(item):
            signer = self.meeting.members.get(seat=seat).person
            sign(item=item, fingerprint=head(item).fingerprint, by=signer)
        item.refresh_from_db()

    def clear(self, item: Item, words: str) -> None:
        clear(item=item, fingerprint=head(item).fingerprint, words=words, by=self.secretary)
        item.refresh_from_db()

    def publish(self, item: Item) -> list[Version]:
        return publish_item(item=item, by=self.people["publisher"])

    def finish(self, item: Item) -> list[Version]:
        """Signature, clearance and publication of a decided item."""
        self.sign(item)
        self.clear(item, f"Office of the Director-General, {self.meeting.year}, reference DG-{item.code}")
        return self.publish(item)


def head(item: Item) -> Revision:
    """The newest text of an item."""
    return Revision.objects.filter(draft__item=item).order_by("-number")[0]


def first_block(item: Item, section: str) -> str:
    """The id of the first paragraph of a section."""
    html = head(item).content.narrative.section(section)
    return next(block.id for block in blocks(html) if block.tag == "p")


# The real one


def publish_baclofen(committee: Committee) -> Version:
    """Baclofen for spastic cerebral palsy, with comments, decision, signature, clearance and publication."""
    item = committee.open(
        "A.1",
        "Baclofen for spastic cerebral palsy",
        applicant="Alliance for Movement in Childhood (a made-up name)",
        received_on=date(2024, 11, 1),
        dossier="baclofen.md",
    )
    ask = Ask("Addition to the complementary list of the EML and the EMLc", _baclofen_facts())
    committee.draft(item, [ask], _baclofen_text())
    item = committee.move(item, State.SCREENED, State.IN_REVIEW)
    committee.comment(
        item,
        "benefits",
        "Should we name the follow-up of the pooled trials?",
        by="member",
        answers=[("secretary", "The review does not give one for all of them, so the text stays silent.")],
    )
    committee.comment(item, "harms", "Good that meningitis is counted apart.", by="rapporteur")
    for who in ("member", "rapporteur"):
        give_verdict(revision=head(item), verdict="ready", why="", by=committee.people[who])
    committee.resolve_all(item)
    item = committee.move(item, State.AT_MEETING)
    committee.decide(item, {"outcome": "added", "eml": "complementary", "emlc": "complementary"})
    return committee.finish(item)[0]


def _baclofen_facts() -> Facts:
    both = ("EML", "EMLc")
    return Facts(
        medicine="Baclofen",
        indication="Spastic cerebral palsy",
        atc=("M03BX01",),
        icd11=("8D20",),
        medicine_type="chemical",
        placements=(
            Placement(
                section=path("5.1.4"),
                formulations=(
                    Formulation(route=("Oral", "Liquid"), strengths=("10 mg per 5 mL",), lists=both),
                    Formulation(route=("Oral", "Solid", "tablet"), strengths=("10 mg",), lists=both),
                    Formulation(
                        route=("Parenteral", "Locoregional injections", "Intrathecal"),
                        strengths=("500 µg per mL in ampoule",),
                        lists=both,
                    ),
                ),
            ),
        ),
        sex="all",
        age=Age(kind="also_children"),
        alternatives=Alternatives(kind="specific"),
        patents=Patents(status="expired"),
        links=(
            Link(site="wikipedia", title="Baclofen", url="https://en.wikipedia.org/wiki/Baclofen"),
            Link(site="drugbank", title="Baclofen", url="https://go.drugbank.com/drugs/DB00181"),
        ),
    )


def _baclofen_text() -> Narrative:
    versus_placebo = {
        "comparison": "Intrathecal baclofen compared with placebo",
        "measure": "SMD",
        "certainty": "low",
        "reference": "masrour-2024",
    }
    findings = (
        Finding(
            id="spasticity",
            outcome="Spasticity (Ashworth scales)",
            studies="19",
            participants="343",
            estimate="−1.70",
            low="−2.15",
            high="−1.25",
            comment="Lower is better. Small studies, risk of bias, results that differ; publication bias is likely.",
            **versus_placebo,
        ),
        Finding(
            id="motor-function",
            outcome="Motor function (GMFM)",
            studies="6",
            participants="117",
            estimate="0.15",
            low="0.08",
            high="0.22",
            comment="Higher is better. The gain is small.",
            **versus_placebo,
        ),
    )
    tablet = {"what": "Tablet, 10 mg", "currency": "US$"}
    ratio = {"what": "Intrathecal baclofen, incremental cost", "unit": "per QALY gained"}
    costs = (
        Cost(id="nigeria", amount="0.07", unit="per tablet", place="Nigeria", **tablet),
        Cost(id="nigeria-month", amount="6.30", unit="per month", place="Nigeria", **tablet),
        Cost(id="argentina", amount="0.40", unit="per tablet", place="Argentina, United States", **tablet),
        Cost(id="argentina-month", amount="36.00", unit="per month", place="Argentina, United States", **tablet),
        Cost(
            id="netherlands",
            amount="32 737",
            currency="€",
            place="Netherlands",
            perspective="health care",
            horizon="1 year",
            reference="hoving-2008",
            **ratio,
        ),
        Cost(
            id="united-states",
            amount="42 000",
            currency="US$",
            place="United States",
            perspective="health system",
            horizon="5 years",
            reference="delissovoy-2007",
            **ratio,
        ),
    )
    return narrative("baclofen").model_copy(update={"findings": findings, "costs": costs})


# Made up, at the meeting of 2025


def publish_rejected(committee: Committee) -> Version:
    """Tizanidine: published as not recommended."""
    facts = _facts(
        "Tizanidine", "Spasticity in multiple sclerosis", "M03BX02", "5.1.2", "Oral > Solid > tablet", "2 mg", "4 mg"
    )
    item = _at_meeting(
        committee,
        "A.2",
        "Tizanidine for spasticity in multiple sclerosis",
        applicant="Society for Supple Limbs (a made-up name)",
        text="tizanidine",
        asks=[Ask("Addition to the complementary list of the EML", facts)],
    )
    committee.decide(item, {"outcome": "not_recommended"})
    return committee.finish(item)[0]


def publish_deferred(committee: Committee) -> Version:
    """Melatonin: published as deferred, with what is asked."""
    facts = _facts(
        "Melatonin",
        "Sleep problems in autistic children",
        "N05CH01",
        "24",
        "Oral > Solid > tablet",
        "1 mg",
        "3 mg",
        age=Age(kind="children"),
    )
    item = _at_meeting(
        committee,
        "A.3",
        "Melatonin for sleep problems in autistic children",
        applicant="Quiet Nights Foundation (a made-up name)",
        text="melatonin",
        asks=[Ask("Addition to the core list of the EMLc", facts)],
    )
    asked = (
        "Follow-up of at least two years that reports growth and puberty. "
        "Products whose content a regulator has tested. Prices from more than three countries."
    )
    committee.decide(item, {"outcome": "deferred", "asked": asked})
    return committee.finish(item)[0]


def publish_mixed(committee: Committee) -> list[Version]:
    """Candesartan: added for adults, not recommended for children. The tablet's strength is mistyped on purpose."""
    adults = _facts(
        "Candesartan",
        "Prevention of migraine in adults",
        "C09CA06",
        "5.1.5.2",
        "Oral > Solid > tablet",
        "8 mg",
        "18 mg",
        icd11=("8A80",),
        age=Age(kind="adults"),
    )
    children = adults.model_copy(
        update={"indication": "Prevention of migraine in children", "age": Age(kind="children")}
    )
    item = _at_meeting(
        committee,
        "A.4",
        "Candesartan for the prevention of migraine",
        applicant="Headache Without Borders (a made-up name)",
        text="candesartan",
        asks=[
            Ask("Addition to the complementary list of the EML for adults", adults),
            Ask("Addition to the complementary list of the EMLc for children", children),
        ],
    )
    committee.decide(
        item,
        {"outcome": "added", "eml": "complementary", "note": "The rapporteur had doubts."},
        {"outcome": "not_recommended"},
    )
    return committee.finish(item)


def await_signature(committee: Committee) -> Item:
    """Dapagliflozin: decided, and waiting for the chair."""
    facts = _facts("Dapagliflozin", "Heart failure", "A10BK01", "12.4", "Oral > Solid > tablet", "5 mg", "10 mg")
    item = _at_meeting(
        committee,
        "A.5",
        "Dapagliflozin for heart failure",
        applicant="Heart Failure Nurses Network (a made-up name)",
        text="dapagliflozin",
        asks=[Ask("Addition to the core list of the EML", facts)],
    )
    committee.decide(item, {"outcome": "added", "eml": "core"})
    return item


def await_clearance(committee: Committee) -> Item:
    """Duloxetine: signed, and waiting for clearance."""
    facts = _facts(
        "Duloxetine",
        "Painful diabetic polyneuropathy",
        "N06AX21",
        "5.2",
        "Oral > Solid > capsule",
        "30 mg",
        "60 mg",
        icd11=("8C03.0",),
    )
    item = _at_meeting(
        committee,
        "A.6",
        "Duloxetine for painful diabetic polyneuropathy",
        applicant="Diabetes Foot Care Union (a made-up name)",
        text="duloxetine",
        asks=[Ask("Addition to the complementary list of the EML", facts)],
    )
    committee.decide(item, {"outcome": "added", "eml": "complementary"})
    committee.sign(item)
    return item


# Made up, on the agenda of 2027


def leave_in_review(committee: Committee) -> Item:
    """Lacosamide: a draft with two open threads and one verdict; one member takes no part."""
    facts = _facts(
        "Lacosamide",
        "Focal seizures that other medicines do not control",
        "N03AX18",
        "5.1.1",
        "Oral > Solid > tablet",
        "50 mg",
        "100 mg",
    )
    item = committee.open(
        "A.1",
        "Lacosamide for focal seizures",
        applicant="Epilepsy Circle (a made-up name)",
        received_on=date(2026, 10, 19),
        dossier="lacosamide.md",
    )
    asked = "Addition to the complementary list of the EML and the EMLc"
    committee.draft(item, [Ask(asked, facts)], narrative("lacosamide"))
    recuse(
        item=item,
        person=committee.people["recused"],
        reason="Leads a study that the applicant pays for.",
        by=committee.secretary,
    )
    item = committee.move(item, State.SCREENED, State.IN_REVIEW)
    committee.comment(
        item,
        "benefits",
        "How many of those who took it left the trials early? Without that number I cannot judge the gain.",
        by="member",
        answers=[("secretary", "We have asked the applicant and expect an answer within the week.")],
    )
    committee.comment(
        item,
        "cost_effectiveness",
        "A factor of eleven between countries deserves a line in the recommendation.",
        by="chair",
    )
    give_verdict(
        revision=head(item),
        verdict="needs_changes",
        why="The harms should say what is known for children under four.",
        by=committee.people["member"],
    )
    return item


def leave_at_meeting(committee: Committee) -> Item:
    """Amlodipine: a further strength for what is listed already, before the committee now."""
    base = Version.objects.get(recommendation__medicine__name="Amlodipine")
    listed = base.content.facts
    placement = listed.placements[0]
    further = Formulation(route=("Oral", "Solid", "tablet"), strengths=("10 mg (as maleate, mesylate or besylate)",))
    wanted = placement.model_copy(update={"formulations": (*placement.formulations, further)})
    item = committee.open(
        "F.1",
        "Amlodipine, a tablet of 10 mg",
        applicant="Pharmacists for Plain Packs (a made-up name)",
        received_on=date(2026, 9, 7),
        dossier="amlodipine.md",
    )
    facts = listed.model_copy(update={"placements": (wanted,)})
    committee.draft(item, [Ask("A further strength on the core list of the EML", facts, base)], narrative("amlodipine"))
    return committee.move(item, State.SCREENED, State.IN_REVIEW, State.AT_MEETING)


def withdraw(committee: Committee) -> Item:
    """Cinnarizine: taken back by its applicant during the review."""
    facts = _facts("Cinnarizine", "Vertigo", "N07CA02", "28", "Oral > Solid > tablet", "25 mg", icd11=("MB48.0",))
    item = committee.open(
        "A.2",
        "Cinnarizine for vertigo",
        applicant="Balance Clinic Group (a made-up name)",
        received_on=date(2026, 10, 30),
        dossier="cinnarizine.md",
    )
    committee.draft(item, [Ask("Addition to the core list of the EML", facts)], narrative("cinnarizine"))
    item = committee.move(item, State.SCREENED, State.IN_REVIEW)
    return committee.move(
        item, State.WITHDRAWN, words="The applicant wrote on 16 November 2026 that a trial comes first."
    )


def receive(committee: Committee) -> Item:
    """Nirsevimab: just received, with nothing but a letter."""
    return committee.open(
        "A.3",
        "Nirsevimab for the prevention of respiratory syncytial virus disease",
        applicant="Coalition for Winter Clinics (a made-up name)",
        received_on=date(2026, 11, 5),
        dossier="nirsevimab.txt",
    )


def correct(committee: Committee, version: Version) -> Version:
    """A correction of one figure in the facts of a version, signed and published as the next version."""
    note = "Version 1 of this example gave a tablet of 18 mg, which does not exist. The tablet has 16 mg."
    item = open_correction(
        versions=[version],
        code="E.1",
        title="Strength of the candesartan tablet",
        note=note,
        by=committee.secretary,
    )
    base = head(item)
    entry = base.content.proposals[0]
    placement = entry.facts.placements[0]
    right = placement.formulations[0].model_copy(update={"strengths": ("8 mg", "16 mg")})
    facts = entry.facts.model_copy(update={"placements": (placement.model_copy(update={"formulations": (right,)}),)})
    changed = base.content.model_copy(update={"proposals": (ProposalFacts(key=entry.key, facts=facts),)})
    save_revision(draft=item.draft, base=base, content=changed, by=committee.secretary, note="16 mg, not 18 mg")
    committee.sign(item)
    return committee.publish(item)[0]


def _at_meeting(committee: Committee, code: str, title: str, *, applicant: str, text: str, asks: Sequence[Ask]) -> Item:
    item = committee.open(code, title, applicant=applicant, received_on=date(2024, 11, 1), dossier=f"{text}.md")
    committee.draft(item, asks, narrative(text))
    return committee.move(item, State.SCREENED, State.IN_REVIEW, State.AT_MEETING)


def _facts(
    medicine: str,
    indication: str,
    atc: str,
    section: str,
    route: str,
    *strengths: str,
    icd11: tuple[str, ...] = (),
    age: Age | None = None,
) -> Facts:
    """What a made-up dossier asks for: one place and one form."""
    form = Formulation(route=tuple(route.split(" > ")), strengths=strengths)
    return Facts(
        medicine=medicine,
        indication=indication,
        atc=(atc,),
        icd11=icd11,
        medicine_type="chemical",
        placements=(Placement(section=path(section), formulations=(form,)),),
        sex="all",
        age=age,
    )
