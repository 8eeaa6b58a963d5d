"""Publishing: the one way by which words enter the public record."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from medicines.content.checks import unkeepable
from medicines.content.cleaning import cleaned
from medicines.content.fingerprint import canonical, fingerprint, salted
from medicines.content.identity import partner_names
from medicines.content.richtext import cited
from medicines.content.schema import Content, Facts, Narrative
from medicines.models import Indication, Medicine, Recommendation, Version
from medicines.sorting import folded, sort_key

from .errors import BaseHasMoved, NothingToPublish, NotPublishable
from .listing import refresh_listing

RECORD_LOCK = 7_310_001
"""The advisory lock under which the record grows by one version at a time."""

FIRST_LINK = "0" * 64
"""What the chain hash of the first version follows."""


@dataclass(frozen=True)
class Publication:
    """One version to be published.

    ``base`` is the version that the text was made from, ``None`` for a recommendation that the record does not have.
    ``corrects`` is given for a correction alone, which keeps the effective date and the outcome of what it corrects.
    """

    content: Content
    kind: str
    effective_date: date
    outcome: str = ""
    base: Version | None = None
    corrects: Version | None = None
    note: str = ""


@transaction.atomic
def publish(*, publications: Sequence[Publication], source: dict[str, Any]) -> list[Version]:
    """Add one version for each publication to the record, all or none, and return them in the same order.

    ``source`` is the provenance: plain words that may be printed (meeting, code, decision, no staff names).
    Recommendations that are new get the next numbers. Old rows are not touched.

    Raises ``NothingToPublish``, ``NotPublishable`` and ``BaseHasMoved``.
    """
    if not publications:
        raise NothingToPublish
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [RECORD_LOCK])
    now = timezone.now()
    return [_publish_one(publication, source=source, now=now) for publication in publications]


def publishable(content: Content) -> Content:
    """Return the content reduced to what may be public: the allow-list.

    Sections in their order without ``unplaced``; references that the text, a finding or a cost names; marks of
    guesses dropped. Raises ``NotPublishable`` where words would be lost or a citation has no reference.
    """
    if problems := unkeepable(content.facts):
        raise NotPublishable(str(problems[0].message))
    narrative = content.narrative
    if narrative.section("unplaced"):
        raise NotPublishable(_("Some text has not been placed in a section. Place it or delete it first."))
    sections = tuple(section for section in narrative.sections if section.html)
    used = {ref for section in sections for ref in cited(section.html)}
    used |= {finding.reference for finding in narrative.findings if finding.reference}
    used |= {cost.reference for cost in narrative.costs if cost.reference}
    known = {reference.id for reference in narrative.references}
    if used - known:
        raise NotPublishable(
            _("A citation points at a reference that does not exist. Choose a reference or delete it.")
        )
    references = tuple(
        reference.model_copy(update={"guessed": (), "original": ""})
        for reference in narrative.references
        if reference.id in used
    )
    return content.model_copy(
        update={
            "narrative": Narrative(
                language=narrative.language,
                sections=sections,
                findings=narrative.findings,
                costs=narrative.costs,
                references=references,
            )
        }
    )


def next_link(*, previous: str, facts: dict[str, Any]) -> str:
    """Return the chain hash that follows ``previous``: SHA-256 over it and the canonical facts of a version."""
    return hashlib.sha256(f"{previous}\n{canonical(facts)}".encode()).hexdigest()


def _publish_one(publication: Publication, *, source: dict[str, Any], now: datetime) -> Version:
    content = publishable(cleaned(publication.content))
    _refuse_other_use(publication, content.facts)
    recommendation = _recommendation_for(content.facts)
    newest = recommendation.versions.newest_first().first()
    _refuse_if_moved(publication, newest)
    body = canonical(salted(content).to_dict())
    last = Version.objects.order_by("-position").only("position", "chain").first()
    version = Version(
        recommendation=recommendation,
        number=newest.number + 1 if newest else 1,
        kind=publication.kind,
        outcome=publication.outcome,
        effective_date=publication.effective_date,
        published_at=now,
        body=body,
        fingerprint=fingerprint(body),
        provenance=source,
        note=publication.note,
        corrects=publication.corrects,
        position=last.position + 1 if last else 1,
    )
    version.chain = next_link(previous=last.chain if last else FIRST_LINK, facts=version.chained_facts())
    version.save(force_insert=True)
    refresh_listing(recommendation=recommendation)
    return version


def _recommendation_for(facts: Facts) -> Recommendation:
    if known := Recommendation.objects.about(facts).first():
        return known
    medicine, _made = Medicine.objects.get_or_create(
        key=folded(facts.medicine), defaults={"name": facts.medicine, "sort_key": sort_key(facts.medicine)}
    )
    indication, _made = Indication.objects.get_or_create(
        key=folded(facts.indication),
        defaults={"name": facts.indication, "sort_key": sort_key(facts.indication), "icd11": list(facts.icd11)},
    )
    partners = partner_names(facts)
    highest = Recommendation.objects.aggregate(highest=Max("number"))["highest"] or 0
    return Recommendation.objects.create(
        number=highest + 1,
        medicine=medicine,
        indication=indication,
        partners=partners,
        partners_key=folded(partners),
    )


def _refuse_other_use(publication: Publication, facts: Facts) -> None:
    base = publication.base
    if base and base.recommendation != Recommendation.objects.about(facts).first():
        raise NotPublishable(
            _(
                "The facts name another medicine, indication or partners than recommendation %(number)s, which they "
                "started from. A recommendation keeps them."
            )
            % {"number": base.recommendation.number}
        )


def _refuse_if_moved(publication: Publication, newest: Version | None) -> None:
    base = publication.base
    if base and newest and base.pk == newest.pk:
        return
    if base is None and newest is None:
        return
    raise BaseHasMoved(
        medicine=publication.content.facts.medicine,
        expected=base.number if base else None,
        found=newest.number if newest else None,
    )
