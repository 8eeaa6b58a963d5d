"""Taking a dossier in: from a file to an item with its application, document, proposal and draft."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.intake import Dossier, read_dossier
from applications.models import Item, Meeting, Person
from applications.permissions import may_record
from medicines.content.schema import DraftContent, Facts
from medicines.models import Recommendation, Version

from .draft import start_draft
from .errors import BadInput, NotAllowed
from .item import add_application, add_document, add_proposal, new_key, open_item


@dataclass(frozen=True)
class Intake:
    """What came of a file: the item, and what the intake recognised, guessed and left over."""

    item: Item
    dossier: Dossier


def take_in(
    *,
    data: bytes,
    filename: str,
    by: Person,
    meeting: Meeting | None = None,
    code: str = "",
    applicant: str = "",
    received_on: date | None = None,
) -> Intake:
    """Read a dossier and open an item with an application, the document as it came, a proposal and a draft.

    ``meeting`` is the newest one where none is given; ``code`` the next free one of the A series. All or nothing, and
    no public vocabulary is written. Raises ``NotAllowed``, ``BadInput``, and ``IntakeRefused`` for a file that
    cannot be read.
    """
    if not may_record(by):
        raise NotAllowed
    meeting = meeting or Meeting.objects.order_by("-number").first()
    if meeting is None:
        raise BadInput("meeting", _("There is no meeting yet. Enter one first."))
    key, edition = new_key(), str(meeting.edition or "")
    dossier = read_dossier(data, filename, proposal_key=key, edition=edition)
    facts = dossier.content.facts_of(key)
    with transaction.atomic():
        Meeting.objects.select_for_update().get(pk=meeting.pk)  # two files at once get two codes
        title = _title(facts, dossier.title or filename)
        item = open_item(meeting=meeting, code=code or next_code(meeting=meeting), title=title, by=by)
        add_application(
            item=item,
            title=title,
            applicant=applicant,
            received_on=received_on or timezone.localdate(),
            by=by,
        )
        base = _published(facts)
        content = _completed(dossier.content, base)
        asks = _("Change of a published recommendation") if base else _("Addition")
        add_proposal(item=item, asks=asks, base=base, key=key, by=by)
        note = _("Taken in from %(name)s") % {"name": filename}
        start_draft(item=item, content=content, by=by, note=note[:300])
        add_document(item=item, name=filename, data=data, by=by, report=dossier.report.to_dict())
    return Intake(item=item, dossier=dossier)


def next_code(*, meeting: Meeting, letter: str = "A") -> str:
    """The next free code of a series: A.1, A.2 …"""
    pattern = re.compile(rf"{re.escape(letter)}\.(\d+)")
    codes = meeting.items.values_list("code", flat=True)
    numbers = [int(match.group(1)) for code in codes if (match := pattern.fullmatch(code))]
    return f"{letter}.{max(numbers, default=0) + 1}"


def _completed(content: DraftContent, base: Version | None) -> DraftContent:
    """The draft, with what the dossier does not state filled in from the published version that it starts from."""
    if base is None:
        return content
    [proposal] = content.proposals
    known = base.content.facts
    unstated = {name: getattr(known, name) for name in Facts.model_fields if not getattr(proposal.facts, name)}
    completed = proposal.model_copy(update={"facts": proposal.facts.model_copy(update=unstated)})
    return content.model_copy(update={"proposals": (completed,)})


def _title(facts: Facts, otherwise: str) -> str:
    if facts.medicine and facts.indication:
        return f"{facts.medicine} – {facts.indication}"[:300]
    return (facts.medicine or otherwise)[:300]


def _published(facts: Facts) -> Version | None:
    """The newest version of the recommendation that these facts are about, where the record has one."""
    recommendation = Recommendation.objects.about(facts).first()
    return recommendation.versions.newest_first().first() if recommendation else None
