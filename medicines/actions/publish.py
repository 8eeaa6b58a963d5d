"""Publishing: the one way by which words enter the public record."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from medicines.content.checks import unkeepable
from medicines.content.cleaning import cleaned
from medicines.content.fingerprint import canonical, fingerprint, salted
from medicines.content.identity import identity, partner_names
from medicines.content.richtext import cited
from medicines.content.schema import Content, Facts, Narrative
from medicines.lists.icd11 import block_of, codes_of
from medicines.models import Edition, Indication, Medicine, Recommendation, Version
from medicines.sorting import folded, sort_key

from .classified import icd11_by_title
from .edition_listing import enter
from .errors import BaseHasMoved, NothingToPublish, NotPublishable
from .listing import refresh_listings
from .rows import write_rows

RECORD_LOCK = 7_310_001
"""The advisory lock under which the record grows by one version at a time."""

ROWS_A_STATEMENT = 500
"""How many rows one INSERT carries."""

FIRST_LINK = "0" * 64
"""What the chain hash of the first version follows."""


@dataclass(frozen=True)
class Publication:
    """One version to be published.

    ``base`` is the version that the text was made from, ``None`` for a recommendation that the record does not have.
    ``corrects`` is given for a correction alone, which keeps the effective date and the outcome of what it corrects.
    ``details`` is what of the provenance is this version's own, such as the rows of a table that it was read from.
    ``enters`` is the edition that gets an entry of this version; it has none for the recommendation yet.
    """

    content: Content
    kind: str
    effective_date: date
    outcome: str = ""
    base: Version | None = None
    corrects: Version | None = None
    note: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    enters: Edition | None = None


@transaction.atomic
def publish(*, publications: Sequence[Publication], source: dict[str, Any]) -> list[Version]:
    """Add one version for each publication to the record, all or none, and return them in the same order.

    ``source`` is the provenance: plain words that may be printed (meeting, code, decision, no staff names).
    Recommendations that are new get the next numbers. Old rows are not touched. The number of queries does not
    depend on the number of publications; what they hold is in memory at once, so a long list comes in parts.

    Raises ``NothingToPublish``, ``NotPublishable`` and ``BaseHasMoved``.
    """
    if not publications:
        raise NothingToPublish
    lock_record()
    contents = [publishable(cleaned(publication.content)) for publication in publications]
    shelf = _Shelf(content.facts for content in contents)
    for publication, content in zip(publications, contents, strict=True):
        _refuse_other_use(publication, shelf.recommendation(content.facts))
    shelf.add_missing(content.facts for content in contents)
    chain = _Chain(now=timezone.now())
    versions = [
        chain.added(publication, content, shelf=shelf, source=source)
        for publication, content in zip(publications, contents, strict=True)
    ]
    write_rows(versions)
    _enter(publications, versions)
    refresh_listings(
        recommendations={version.recommendation_id: version.recommendation for version in versions}.values(),
        versions=versions,
    )
    return versions


def _enter(publications: Iterable[Publication], versions: Iterable[Version]) -> None:
    entering: dict[int, tuple[Edition, list[Version]]] = {}
    for publication, version in zip(publications, versions, strict=True):
        if edition := publication.enters:
            entering.setdefault(edition.pk, (edition, []))[1].append(version)
    for edition, entered in entering.values():
        enter(edition=edition, versions=entered)


def lock_record() -> None:
    """Wait until nobody else adds to the record, and keep others waiting until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [RECORD_LOCK])


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


class _Chain:
    """The end of the record, and the versions that are being added to it."""

    def __init__(self, *, now: datetime) -> None:
        last = Version.objects.order_by("-position").only("position", "chain").first()
        self.position = last.position if last else 0
        self.link = last.chain if last else FIRST_LINK
        self.now = now

    def added(self, publication: Publication, content: Content, *, shelf: _Shelf, source: dict[str, Any]) -> Version:
        """The version that the publication makes, unsaved, with its place in the chain."""
        recommendation = shelf.recommendation(content.facts)
        assert recommendation is not None, "add_missing() comes first"
        newest = shelf.newest(recommendation)
        _refuse_if_moved(publication, newest)
        content = salted(content)
        body = canonical(content.to_dict())
        version = Version(
            recommendation=recommendation,
            number=newest.number + 1 if newest else 1,
            kind=publication.kind,
            outcome=publication.outcome,
            effective_date=publication.effective_date,
            published_at=self.now,
            body=body,
            fingerprint=fingerprint(body),
            provenance={**source, **publication.details},
            note=publication.note,
            corrects=publication.corrects,
            position=self.position + 1,
        )
        version.content = content  # What the body says, so that nobody need read it.
        version.chain = next_link(previous=self.link, facts=version.chained_facts())
        self.position, self.link = version.position, version.chain
        shelf.put(version)
        return version


class _Shelf:
    """The recommendations that some facts are about, by their identity, each with its newest version."""

    def __init__(self, about: Iterable[Facts]) -> None:
        self._renamed = Medicine.objects.renamed()
        self._newest: dict[int, Version] = {}
        self._by_identity = Recommendation.objects.by_identity(map(self._identity, about))
        known = [recommendation.pk for recommendation in self._by_identity.values()]
        versions = Version.objects.filter(recommendation__any_of=known).only("recommendation_id", "number")
        for version in versions.order_by("recommendation_id", "-number").distinct("recommendation_id"):
            self.put(version)

    def recommendation(self, facts: Facts) -> Recommendation | None:
        return self._by_identity.get(self._identity(facts))

    def _identity(self, facts: Facts) -> tuple[str, str, str]:
        """What the facts are about, under the name that the medicine goes by now."""
        medicine, indication, partners_key = identity(facts)
        return self._renamed.get(medicine, medicine), indication, partners_key

    def newest(self, recommendation: Recommendation) -> Version | None:
        return self._newest.get(recommendation.pk)

    def put(self, version: Version) -> None:
        self._newest[version.recommendation_id] = version

    def add_missing(self, about: Iterable[Facts]) -> None:
        """Make the recommendations that are missing, in the order of the facts, with what they are made of."""
        missing: dict[tuple[str, str, str], Facts] = {}
        for facts in about:
            if self._identity(facts) not in self._by_identity:
                missing.setdefault(self._identity(facts), facts)
        if not missing:
            return
        named: dict[str, Facts] = {}
        for (medicine, _use, _partners), facts in missing.items():
            named.setdefault(medicine, facts)
        medicines = _medicines(named)
        indications = _indications(missing.values())
        highest = Recommendation.objects.aggregate(highest=Max("number"))["highest"] or 0
        made = [
            Recommendation(
                number=number,
                medicine=medicines[medicine],
                indication=indications[indication],
                partners=partner_names(facts),
                partners_key=partners_key,
            )
            for number, ((medicine, indication, partners_key), facts) in enumerate(missing.items(), highest + 1)
        ]
        write_rows(made)
        self._by_identity.update(zip(missing, made, strict=True))


def _medicines(named: Mapping[str, Facts]) -> dict[str, Medicine]:
    """The rows of medicines by key; those that are missing are made, with the first name that facts give them."""
    found = {medicine.key: medicine for medicine in Medicine.objects.filter(key__any_of=named)}
    missing = {
        key: Medicine(key=key, name=facts.medicine, sort_key=sort_key(facts.medicine))
        for key, facts in named.items()
        if key not in found
    }
    write_rows(list(missing.values()))
    return missing | found


def _indications(about: Iterable[Facts]) -> dict[str, Indication]:
    """The rows of the indications that the facts name, by key; those that are missing are made.

    A new one has the ICD-11 codes that its facts state, else what the release in the record has under its name.
    """
    named: dict[str, Indication] = {}
    for facts in about:
        key = folded(facts.indication)
        row = Indication(key=key, name=facts.indication, sort_key=sort_key(facts.indication), icd11=list(facts.icd11))
        named.setdefault(key, row)
    found = {indication.key: indication for indication in Indication.objects.filter(key__any_of=named)}
    missing = {key: indication for key, indication in named.items() if key not in found}
    if missing:
        _classify(missing)
    write_rows(list(missing.values()))
    return named | found


def _classify(indications: Mapping[str, Indication]) -> None:
    """Give indications, by key, the codes or the block that have their name, where they have no code yet."""
    for key, entities in icd11_by_title(indications).items():
        if not indications[key].icd11:
            indications[key].icd11 = list(codes_of(entities))
            indications[key].icd11_block = block_of(entities)


def _refuse_other_use(publication: Publication, about: Recommendation | None) -> None:
    base = publication.base
    if base and base.recommendation_id != (about.pk if about else None):
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
