"""States for tests, made as people make them: by calling actions.

No test holds a state that a user could not reach. Only what staff enter in plain forms (people, meetings, seats,
editions, sections) is written directly. Every text can be given, so that a test can put a canary word in it.

    item = make.item("in_review", words="canary in the draft")
    version = make.published()
    make.thread(item, text="canary in a comment")
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import count
from typing import Any

from applications.actions import decision as decisions
from applications.actions import discussion, draft, publication
from applications.actions import item as items
from applications.actions.decision import Opinion, Verdict
from applications.models import (
    Approval,
    Clearance,
    Comment,
    Document,
    Item,
    Meeting,
    Member,
    Person,
    Proposal,
    Reading,
    Recusal,
    Revision,
    Thread,
)
from applications.permissions import signing_seats
from applications.states import State
from medicines.actions.publish import Publication, publish
from medicines.content.richtext import blocks
from medicines.content.schema import (
    SECTION_KEYS,
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
from medicines.models import Edition, Section, Version
from medicines.sorting import sort_key

_serial = count(1)

ROAD = ("received", "screened", "in_review", "at_meeting", "decided", "signed", "cleared", "published")
"""The states of an application in their order."""

# People and meetings


def person(name: str = "Ana Costa", *, email: str = "", password: str = "", **fields: Any) -> Person:
    """Somebody who can log in; the address is new unless given. Without a password there is no log-in by form."""
    email = email or f"person-{next(_serial)}@example.org"
    return Person.objects.create_user(email, password or None, name=name, **fields)


def secretary(name: str = "Sana Idrissi", **fields: Any) -> Person:
    """Secretariat staff, who may not publish."""
    return person(name, is_staff=True, **fields)


def publisher(name: str = "Pavel Dvorak", **fields: Any) -> Person:
    """Secretariat staff who may publish what they have not written."""
    return person(name, is_staff=True, may_publish=True, **fields)


def meeting(number: int = 25, *, seated: bool = True, rules: dict[str, Any] | None = None, **fields: Any) -> Meeting:
    """A meeting (the 25th is of 2025, every number two years), with chair, vice-chair, rapporteur and two members."""
    year = 2025 + 2 * (number - 25)
    values = {
        "name": f"{number}th Expert Committee",
        "year": year,
        "starts_on": date(year, 5, 5),
        "ends_on": date(year, 5, 9),
        "lists_on": date(year, 9, 5),
        "report": "TRS 1064" if number == 25 else "",
        "edition": number - 1,
        "children_edition": number - 15,
        "rules": rules or {},
    }
    made = Meeting.objects.create(number=number, **values | fields)
    if seated:
        names = {"chair": "Chen Wei", "vice_chair": "Vera Lind", "rapporteur": "Rosa Diaz"}
        for seat, name in names.items():
            member(made, seat, name=name)
        member(made, name="Moses Okello")
        member(made, name="Mina Rahman")
    return made


def member(of: Meeting, seat: str = "member", *, who: Person | None = None, name: str = "Mara Haddad") -> Member:
    """A seat at a meeting, for a new person unless one is given."""
    return Member.objects.create(meeting=of, seat=seat, person=who or person(name))


def sitting(at: Meeting, seat: str = "member") -> Person:
    """Who has this seat at a meeting; of several, the first who was seated."""
    return at.members.filter(seat=seat).order_by("pk").select_related("person")[0].person


# Content


def facts(medicine: str = "Baclofen", indication: str = "Spastic cerebral palsy", **changes: Any) -> Facts:
    """The facts that a dossier brings, before any decision."""
    values: dict[str, Any] = {
        "atc": ("M03BX01",),
        "icd11": ("8D20",),
        "medicine_type": "chemical",
        "placements": (placement(),),
        "sex": "all",
    }
    return Facts(medicine=medicine, indication=indication, **values | changes)


def placement(eml: str | None = None, emlc: str | None = None, **changes: Any) -> Placement:
    """A place in section 5.1.4 with an oral and an intrathecal formulation."""
    values: dict[str, Any] = {
        "section": SectionPath(
            edition="24",
            steps=(
                SectionStep(number="5", title="Medicines for neurological disorders"),
                SectionStep(number="5.1", title="Medicines for central nervous system disorders"),
                SectionStep(number="5.1.4", title="Medicines for cerebral palsy"),
            ),
        ),
        "formulations": (
            Formulation(route=("Oral", "Solid", "tablet"), strengths=("10 mg",), lists=("EML", "EMLc")),
            Formulation(route=("Parenteral", "Intrathecal"), strengths=("500 µg per mL in ampoule",)),
        ),
    }
    return Placement(eml=eml, emlc=emlc, **values | changes)


def listed_facts(medicine: str = "Baclofen", indication: str = "Spastic cerebral palsy", **changes: Any) -> Facts:
    """The facts of a medicine that is on both lists since 2025."""
    values: dict[str, Any] = {
        "placements": (placement("complementary", "complementary"),),
        "history": (StatusEvent(event="first_added", year=2025, report="TRS 1064"),),
    }
    return facts(medicine, indication, **values | changes)


def narrative(words: str = "", **changes: Any) -> Narrative:
    """Nine sections with two blocks each, three cited references, a finding and a cost.

    ``words`` are added to the first block, which has the id ``recommendation-1``; the second of a section is
    ``harms-2`` and so on.
    """
    left_out = ("additional_evidence", "implementation")
    keys = [key for key in SECTION_KEYS if key not in left_out]
    citations = {"background": ("one",), "benefits": ("two", "three"), "harms": ("one",)}
    sections = []
    for key in keys:
        cites = "".join(f'<cite data-ref="{ref}"></cite>' for ref in citations.get(key, ()))
        first = f"First words on {key.replace('_', ' ')}." + (f" {words}" if words and key == "recommendation" else "")
        html = f'<p data-block="{key}-1">{first}{cites}</p><p data-block="{key}-2">Second words.</p>'
        sections.append(NarrativeSection(key=key, html=html))
    values: dict[str, Any] = {
        "sections": tuple(sections),
        "findings": (finding(),),
        "costs": (Cost(id="tablet", what="10 mg tablet", amount="0.07", currency="US$", place="Nigeria"),),
        "references": tuple(reference(name) for name in ("one", "two", "three")),
    }
    return Narrative(**values | changes)


def finding(identifier: str = "spasticity", **changes: Any) -> Finding:
    """A row of a summary of findings."""
    values: dict[str, Any] = {
        "outcome": "Spasticity",
        "comparison": "Intrathecal baclofen versus placebo",
        "studies": "19",
        "participants": "343",
        "measure": "SMD",
        "estimate": "−1.70",
        "low": "−2.15",
        "high": "−1.25",
        "certainty": "low",
        "reference": "two",
    }
    return Finding(id=identifier, **values | changes)


def reference(identifier: str = "one", **csl: Any) -> Reference:
    """A journal article."""
    values: dict[str, Any] = {
        "type": "article-journal",
        "author": [{"family": "Writer", "given": "Ann"}],
        "title": f"A study called {identifier}",
        "container-title": "Journal of Examples",
        "issued": {"date-parts": [[2020]]},
        "volume": "12",
        "issue": "3",
        "page": "45-52",
        "DOI": f"10.1000/{identifier}",
    }
    return Reference(id=identifier, csl=values | csl)


def content(words: str = "", *, about: Facts | None = None, **narrative_changes: Any) -> Content:
    """What a version says: facts of a listed medicine with a full narrative."""
    return Content(facts=about or listed_facts(), narrative=narrative(words, **narrative_changes))


def draft_content(
    proposals: Sequence[Proposal] = (),
    *,
    about: Sequence[Facts] = (),
    words: str = "",
    text: Narrative | None = None,
) -> DraftContent:
    """A draft for these proposals, each with the facts at its place in ``about``; without proposals, for one ``a``."""
    keys = [proposal.key for proposal in proposals] or ["a"]
    all_facts = about or [facts()] * len(keys)
    return DraftContent(
        proposals=tuple(ProposalFacts(key=key, facts=entry) for key, entry in zip(keys, all_facts, strict=True)),
        narrative=text or narrative(words),
    )


# Items, in any state


def item(
    state: str = State.RECEIVED,
    *,
    at: Meeting | None = None,
    by: Person | None = None,
    code: str = "",
    title: str = "Baclofen for spastic cerebral palsy",
    applicant: str = "Alliance for Neurology",
    asks: Sequence[str] = ("Addition to the complementary list",),
    about: Sequence[Facts] = (),
    bases: Sequence[Version | None] = (),
    outcomes: Sequence[str] = ("added",),
    words: str = "",
    text: Narrative | None = None,
    note: str = "",
    reason: str = "The applicant asked for it.",
    document: str = "",
    publish_by: Person | None = None,
) -> Item:
    """An item of one application that has come as far as ``state``, by the way that people go.

    ``asks``, ``about``, ``bases`` and ``outcomes`` have an entry for each proposal. ``words`` are added to the draft,
    ``text`` replaces its narrative, ``note`` is that of its first revision, ``reason`` is given where a state asks
    for one, ``document`` is the name of a file to add. The meeting and the secretary are made where there are none.
    """
    at = at or Meeting.objects.order_by("number").first() or meeting()
    by = by or the_secretary()
    made = items.open_item(meeting=at, code=code or f"A.{next(_serial)}", title=title, by=by)
    items.add_application(item=made, title=title, applicant=applicant, received_on=date(at.year - 1, 11, 1), by=by)
    if document:
        add_document(made, name=document)
    based = bases or [None] * len(asks)
    proposals = [
        items.add_proposal(item=made, asks=asked, base=base, by=by) for asked, base in zip(asks, based, strict=True)
    ]
    about = about or [base.content.facts if base else facts() for base in based]
    draft.start_draft(
        item=made, content=draft_content(proposals, about=about, words=words, text=text), by=by, note=note
    )
    return carry(made, state, by=by, outcomes=outcomes, reason=reason, publish_by=publish_by)


def carry(
    made: Item,
    state: str,
    *,
    by: Person | None = None,
    outcomes: Sequence[str] = ("added",),
    reason: str = "The applicant asked for it.",
    publish_by: Person | None = None,
) -> Item:
    """Take an item from where it is to ``state``, by the way that people go, and return it as it then is."""
    by = by or the_secretary()
    if state in (State.NOT_PROCEEDING, State.WITHDRAWN):
        return items.move(item=made, to=state, by=by, words=reason)
    for step in ROAD[ROAD.index(made.state) + 1 : ROAD.index(state) + 1]:
        match step:
            case "screened" | "in_review" | "at_meeting":
                items.move(item=made, to=step, by=by)
            case "decided":
                decide(made, *outcomes, by=by)
            case "signed":
                sign(made)
            case "cleared":
                clear(made, by=by)
            case "published":
                publication.publish_item(item=made, by=publish_by or the_publisher())
        made = again(made)
    return made


def again(made: Item) -> Item:
    """The item as the database has it now."""
    return Item.objects.select_related("meeting", "draft__head").get(pk=made.pk)


def withdrawn(**given: Any) -> Item:
    """An item whose applicant withdrew it during the review."""
    reason = given.pop("reason", "The applicant asked for it.")
    return carry(item("in_review", **given), "withdrawn", reason=reason)


def published(*, state: str = "published", **given: Any) -> Version:
    """The version that an item with one proposal became. Arguments as for ``item``."""
    return item(state, **given).proposals.get().published


def rejected(**given: Any) -> Version:
    """A version that says *not recommended*, of a medicine that the record did not have."""
    return published(**{"outcomes": ("not_recommended",)} | given)


def deferred(**given: Any) -> Version:
    """A version that says *deferred*, with what is asked for next time."""
    return published(**{"outcomes": ("deferred",)} | given)


def removed(base: Version, **given: Any) -> Version:
    """The version that takes a published medicine off its lists."""
    return published(**{"asks": ("Deletion",), "bases": (base,), "outcomes": ("removed",), "text": narrative()} | given)


def correction(
    of: Version,
    state: str = State.DRAFTED,
    *,
    by: Person | None = None,
    note: str = "A strength was wrong.",
    words: str = "Corrected words.",
    code: str = "",
) -> Item:
    """A correction of a published version that adds ``words`` to its first block, carried as far as ``state``."""
    by = by or the_secretary()
    made = publication.open_correction(
        versions=[of], code=code or f"K.{next(_serial)}", title="A correction", note=note, by=by
    )
    revise(made, words, by=by)
    if state in (State.SIGNED, State.PUBLISHED):
        sign(made)
    if state == State.PUBLISHED:
        publication.publish_item(item=made, by=the_publisher())
    if state == State.WITHDRAWN:
        items.move(item=made, to=state, by=by, words="It was right after all.")
    return again(made)


def the_secretary() -> Person:
    """The first of the staff who may not publish; made where there is none."""
    return Person.objects.filter(is_staff=True, may_publish=False).order_by("pk").first() or secretary()


def the_publisher() -> Person:
    """The first of those who may publish; made where there is none."""
    return Person.objects.filter(may_publish=True).order_by("pk").first() or publisher()


# What is done on an item


def recusal(on: Item, who: Person | None = None, *, reason: str = "Works for the applicant.") -> Recusal:
    """Close an item to somebody, by default to the first plain member of its meeting."""
    return items.recuse(item=on, person=who or sitting(on.meeting), reason=reason, by=the_secretary())


def add_document(to: Item, *, name: str = "dossier.docx", data: bytes = b"A dossier.") -> Document:
    """A file as it came."""
    return items.add_document(item=to, name=name, data=data, by=the_secretary())


def revise(of: Item, words: str, *, by: Person | None = None, note: str = "", block: str = "") -> Revision:
    """Save a revision in which ``words`` are added to one block, by default the first of the text."""
    head = again(of).draft.head
    block = block or first_block(of)
    text = head.content.narrative
    sections = tuple(
        section.model_copy(update={"html": _added(section.html, block, words)}) for section in text.sections
    )
    changed = head.content.model_copy(update={"narrative": text.model_copy(update={"sections": sections})})
    return draft.save_revision(draft=again(of).draft, base=head, content=changed, by=by or the_secretary(), note=note)


def first_block(of: Item) -> str:
    """The id of the first block of an item's newest text."""
    sections = again(of).draft.head.content.narrative.sections
    return next(block.id for section in sections for block in blocks(section.html))


def thread(
    on: Item, *, text: str = "Is this so?", by: Person | None = None, block: str = "", replies: Sequence[str] = ()
) -> Thread:
    """A thread on a block of the newest text, by default by a plain member on the first block; staff reply."""
    revision = again(on).draft.head
    by = by or sitting(on.meeting)
    opened = discussion.open_thread(revision=revision, block=block or first_block(on), text=text, by=by)
    for words in replies:
        reply(opened, text=words)
    return opened


def reply(to: Thread, *, text: str = "It is.", by: Person | None = None) -> Comment:
    """One more comment in a thread, by default by the secretariat."""
    return discussion.reply(thread=to, text=text, by=by or the_secretary())


def resolved(on: Item, **given: Any) -> Thread:
    """A thread that staff have dealt with."""
    return discussion.resolve(thread=thread(on, **given), by=the_secretary())


def reading(on: Item, verdict: str = "ready", *, why: str = "", by: Person | None = None) -> Reading:
    """A member's verdict on the newest text."""
    return discussion.give_verdict(
        revision=again(on).draft.head, verdict=verdict, why=why, by=by or sitting(on.meeting)
    )


def verdict(on: Proposal, outcome: str = "added", **changes: Any) -> Verdict:
    """A decision to be recorded: complementary on both lists where it lists, and with what is asked if deferred."""
    lists = outcome in ("added", "indication_added", "formulation_added", "changed")
    values: dict[str, Any] = {"eml": "complementary", "emlc": "complementary"} if lists else {}
    if outcome == "deferred":
        values["asked"] = "Longer follow-up of children."
    return Verdict(proposal=on, outcome=outcome, **values | changes)


def decide(on: Item, *outcomes: str, by: Person | None = None, **changes: Any) -> Item:
    """Record a decision for every proposal; one outcome serves all. ``changes`` go into each ``Verdict``."""
    proposals = list(on.proposals.all())
    each = outcomes if len(outcomes) == len(proposals) else (*outcomes, "added")[:1] * len(proposals)
    verdicts = [verdict(proposal, outcome, **changes) for proposal, outcome in zip(proposals, each, strict=True)]
    decisions.record_decisions(item=on, verdicts=verdicts, by=by or the_secretary())
    return again(on)


def dissent(by: Member, opinion: str = "The studies are too small.") -> Opinion:
    """A dissenting opinion, for ``decide(..., dissents=[...])``."""
    return Opinion(member=by, opinion=opinion)


def sign(on: Item) -> list[Approval]:
    """Every signature that the item needs, on its newest text."""
    on = again(on)
    return [
        decisions.sign(item=on, fingerprint=on.draft.head.fingerprint, by=sitting(on.meeting, seat))
        for seat in signing_seats(on)
    ]


def clear(on: Item, *, words: str = "Director-General, 1 July 2025, ref. 17", by: Person | None = None) -> Clearance:
    """The clearance of the signed text."""
    on = again(on)
    return decisions.clear(item=on, fingerprint=on.draft.head.fingerprint, words=words, by=by or the_secretary())


# The public record


def imported(
    medicine: str = "Aciclovir",
    indication: str = "Herpes simplex infections",
    *,
    effective_date: date = date(2023, 7, 26),
    base: Version | None = None,
    about: Facts | None = None,
    source: dict[str, Any] | None = None,
    **changes: Any,
) -> Version:
    """A version with facts alone, as an import of an edition makes it. ``changes`` go into its facts."""
    known = about or listed_facts(medicine, indication, **{"atc": (), "icd11": ()} | changes)
    words = source or {"edition": 23, "children_edition": 9, "year": 2023, "report": "TRS 1049"}
    one = Publication(content=Content(facts=known), kind="imported", effective_date=effective_date, base=base)
    return publish(publications=[one], source=words)[0]


def edition(number: int = 24, **fields: Any) -> Edition:
    """An edition of the list with the children's list beside it (24 with 10, of 2025)."""
    year = 2025 + 2 * (number - 24)
    values = {"children_number": number - 14, "year": year, "effective_date": date(year, 9, 5)}
    return Edition.objects.create(number=number, **values | fields)


def section(of: Edition, number: str = "5", title: str = "", **fields: Any) -> Section:
    """A numbered section of an edition, under the section with the number above it where there is one."""
    above = Section.objects.filter(edition=of, number=number.rpartition(".")[0]).first()
    values = {"title": title or f"Section {number}", "sort_key": sort_key(number), "parent": above}
    return Section.objects.create(edition=of, number=number, **values | fields)


def _added(html: str, block: str, words: str) -> str:
    """The HTML with words at the beginning of one block."""
    opening = f'data-block="{block}">'
    return html.replace(opening, f"{opening}{words} ", 1)
