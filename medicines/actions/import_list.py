"""Importing the official export of a list: read, planned, reported, carried out in one transaction or not at all."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from medicines.content.fingerprint import canonical
from medicines.content.schema import Facts, SectionPath, SectionStep
from medicines.lists.choices import HOLDS, ChoiceRefused, Choices
from medicines.lists.export import COLUMNS, Entry, Export, read_export
from medicines.lists.findings import Finding
from medicines.lists.names import Identity, Names, Rename, Used, offered
from medicines.lists.own_export import FACTS
from medicines.lists.plan import Action, Known, Step, plan
from medicines.lists.report import Contradiction, Mention, Missing, Report
from medicines.lists.sections import SectionIndex, words_key
from medicines.lists.table import Origin, opened_table
from medicines.models import (
    Edition,
    EditionEntry,
    Indication,
    Listing,
    Medicine,
    Recommendation,
    Section,
    SectionTitle,
    Version,
)
from medicines.sorting import folded

from .collecting import rare_full_collections
from .editions import facts_of
from .errors import PublicationRefused
from .imported import (
    decided_in,
    holding_in,
    imported_publication,
    in_parts,
    newest_of,
    provenance,
    versions_until,
)
from .listing import mark_edition
from .publish import Publication, lock_record, publish
from .rename import add_former_name, rename_medicine


class PlanHasMoved(PublicationRefused):
    """The record, or what was settled, is no longer what the preview was made of, so nothing was written."""

    def __init__(self) -> None:
        super().__init__(
            _("The record has changed since the preview, and something else would be written now. Look again.")
        )


@transaction.atomic
@rare_full_collections()
def import_list(
    *,
    file: Path,
    edition: Edition,
    preview: bool = False,
    choices: Choices | None = None,
    expected: str = "",
) -> Report:
    """Bring the export ``file`` into the record as what ``edition`` said, and return the report.

    Each recommendation is matched by medicine, indication and partners, under any name that the medicine has had. New
    facts make a version of the kind "imported" with the date of the edition, which carries forward the narrative that
    held on that day; it becomes current only where nothing later is published. The edition gets an entry for every
    recommendation, changed or not. Where a decision says otherwise about the lists, nothing is written and the report
    says so, until ``choices`` settle it: either the edition gets an entry of the decision's version, or the list's
    facts make a version that carries the decision's narrative.

    A workbook that this site gave out states all facts of a recommendation; they are taken whole, and what it says of
    an edition as the edition has it changes nothing.

    ``choices``: renames are carried out first; what titles mean is kept for the edition. ``expected``: the
    checksum of the plan that was previewed.

    ``edition`` may be unsaved; it is saved with the rest. A preview writes nothing, and where one row is refused
    nothing is written either. Memory grows with the names and the plain text of the rows, not with what is made of
    them. Raises ``TableUnreadable``, ``ChoiceRefused``, ``PlanHasMoved``, and ``PublicationRefused`` where the record
    refuses.
    """
    choices = choices or Choices()
    created = facts_of(edition) if edition.pk is None else None
    if not preview:
        lock_record()
    renames = _renames(edition, choices)
    with opened_table(file, columns=COLUMNS, optional=(FACTS,)) as (source, rows):
        sections = _sections(edition, choices)
        export = read_export(rows, lossy=source.lossy, sections=sections, names=_names(renames))
    _refuse_wrong_choices(choices, export, renames)
    asked = _asked_renames(edition, export, choices)
    writes = not preview and not export.refused
    if writes:
        _settle(edition, choices, renames, source=provenance(edition=edition, file=source))
        export.names = replace(export.names, coming={})
    run = _Run(edition, export, choices)
    for part in in_parts(export.entries()):
        run.add(part, source=source, writes=writes)
    if writes and expected and expected != run.checksum:
        raise PlanHasMoved
    return Report(
        source=source,
        edition=edition.number,
        created=created,
        export=export,
        steps=run.mentions,
        actions=run.actions,
        missing=_missing(edition, export),
        renames=asked,
        contradictions=run.contradictions,
        plan=run.checksum,
        entries=run.entries,
        written=writes,
        refused=export.refused,
        warnings=sorted([*run.notes, *export.warnings]),
    )


class _Run:
    """An import on its way through the entries of a file, part by part: what it finds, does and tells."""

    def __init__(self, edition: Edition, export: Export, choices: Choices) -> None:
        self.mentions: list[Mention] = []
        self.actions: Counter[Action] = Counter()
        self.contradictions: list[Contradiction] = []
        self.notes: list[Finding] = []
        self.entries = 0
        self._edition, self._names, self._choices = edition, export.names, choices
        # Refused rows are said in the report; a plan without them is another one.
        refused = [finding.to_dict() for finding in export.refused]
        said = {"edition": edition.number, "choices": choices.to_dict(), "refused": refused}
        self._digest = hashlib.sha256(canonical(said).encode())
        entered = EditionEntry.objects.filter(edition=edition) if edition.pk else EditionEntry.objects.none()
        self._entered = dict(entered.values_list("recommendation", "version"))

    @property
    def checksum(self) -> str:
        return self._digest.hexdigest()

    def add(self, entries: Sequence[Entry], *, source: Origin, writes: bool) -> None:
        """Plan some entries and tell of them; carry the plan out where it ``writes``. A constant number of queries."""
        record = _Record(self._edition, entries, names=self._names, entered=self._entered)
        steps = plan(entries, known=record.known(), holds=self._choices.conflicts)
        for step in steps:
            self._tell(step, record)
        if writes:
            _carry_out(steps, record=record, source=source)

    def _tell(self, step: Step, record: _Record) -> None:
        self.actions[step.action] += 1
        self.entries += step.enters and not record.is_entered(step)
        said = (step.action, step.number, step.entry.rows, step.fields, step.holds, step.facts.model_dump_json())
        self._digest.update(repr(said).encode())
        if step.asked:
            self.contradictions.append(Contradiction.of(step))
        if step.action != "unchanged":
            self.mentions.append(Mention.of(step))
        if step.writes and record.is_entered(step):
            number = step.number or 0
            self.notes.append(Finding.of(step.entry.rows, "", "entry_kept", number=number, fields=step.fields))


class _Record:
    """What the record knows of some entries of the file, as of the day of the edition."""

    def __init__(self, edition: Edition, entries: Sequence[Entry], *, names: Names, entered: dict[int, int]) -> None:
        self.edition = edition
        keys = {(names.in_record(entry.key[0]), *entry.key[1:]): entry.key for entry in entries}
        found = Recommendation.objects.by_identity(keys)
        self._recommendations = {keys[key]: recommendation for key, recommendation in found.items()}
        self._entered = entered
        versions = versions_until(edition=edition, recommendations=[each.pk for each in found.values()])
        self._decided = decided_in(versions=versions)
        self._held = holding_in(versions=versions)
        self._said = self._said_in_edition([entry.key for entry in entries if entry.whole])

    def _said_in_edition(self, keys: Iterable[Identity]) -> dict[int, Facts]:
        """What the edition says of these recommendations by entries of versions that something followed since."""
        rows = [self._recommendations[key].pk for key in keys if key in self._recommendations]
        followed = [pk for pk in rows if pk in self._entered and self._entered[pk] != self._held[pk].pk]
        if not followed:
            return {}
        versions = Version.objects.filter(pk__in=[self._entered[pk] for pk in followed])
        return {version.recommendation_id: version.content.facts for version in versions}

    def known(self) -> dict[Identity, Known]:
        return {key: self._known(recommendation) for key, recommendation in self._recommendations.items()}

    def _known(self, recommendation: Recommendation) -> Known:
        held = self._held.get(recommendation.pk)
        return Known(
            number=recommendation.number,
            content=held.content if held else None,
            decided=recommendation.pk in self._decided,
            entered=held is not None and self._entered.get(recommendation.pk) == held.pk,
            entry=self._said.get(recommendation.pk),
        )

    def publications(self, steps: Sequence[Step]) -> list[Publication]:
        """The versions that these steps make, each from the newest one of its recommendation."""
        rows = {step.key: self._recommendations.get(step.key) for step in steps}
        newest = newest_of(recommendations=[row.pk for row in rows.values() if row])
        return [self._publication(step, rows[step.key], newest) for step in steps]

    def _publication(self, step: Step, row: Recommendation | None, newest: dict[int, Version]) -> Publication:
        publication = imported_publication(
            facts=step.facts,
            edition=self.edition,
            rows=step.entry.rows,
            held=self._held.get(row.pk) if row else None,
            newest=newest.get(row.pk) if row else None,
        )
        settled = {"settled": "the list holds"} if step.holds else {}
        enters = None if self.is_entered(step) else self.edition
        return replace(publication, details={**publication.details, **settled}, enters=enters)

    def is_entered(self, step: Step) -> bool:
        row = self._recommendations.get(step.key)
        return row is not None and row.pk in self._entered

    def add_entries(self, steps: Iterable[Step]) -> None:
        """Write the entries that the edition lacks of what held before and holds still."""
        versions = [
            self._held[self._recommendations[step.key].pk]
            for step in steps
            if step.enters and not step.writes and not self.is_entered(step)
        ]
        EditionEntry.objects.bulk_create(
            EditionEntry(edition=self.edition, recommendation_id=version.recommendation_id, version=version)
            for version in versions
        )
        if versions:
            mark_edition(edition=self.edition, recommendations=[version.recommendation_id for version in versions])


def _carry_out(steps: Sequence[Step], *, record: _Record, source: Origin) -> None:
    writing = [step for step in steps if step.writes]
    if writing:
        publish(publications=record.publications(writing), source=provenance(edition=record.edition, file=source))
    record.add_entries(steps)


# What a person has settled


class _Settled:
    """A rename that was chosen: the medicine of the record, and what the file calls it."""

    def __init__(self, medicine: Medicine, name: str, *, former: bool) -> None:
        self.medicine, self.name, self.former = medicine, name, former

    def carry_out(self, source: dict[str, Any]) -> None:
        act = add_former_name if self.former else rename_medicine
        act(medicine=self.medicine, name=self.name, source=source)


def _renames(edition: Edition, choices: Choices) -> list[_Settled]:
    """The renames that were chosen and are not yet done."""
    chosen = {folded(old): new for old, new in choices.renames.items() if folded(new)}
    if not chosen:
        return []
    medicines = Medicine.objects.annotate(is_later=_is_later(edition)).in_bulk(list(chosen), field_name="key")
    known = Medicine.objects.renamed()
    found = []
    for old, new in chosen.items():
        if old in medicines and known.get(folded(new)) != old:
            medicine = medicines[old]
            found.append(_Settled(medicine, new, former=medicine.is_later))  # type: ignore[attr-defined]
        elif old not in medicines and known.get(old) != folded(new):
            raise ChoiceRefused(
                _("The record has no medicine “%(old)s” that could be “%(new)s”.") % {"old": old, "new": new}
            )
    return found


def _is_later(edition: Edition) -> Exists:
    """Whether the record has something of a medicine that is later than the edition: then its own name is the newer."""
    later = Version.objects.filter(
        recommendation__medicine=OuterRef("pk"), effective_date__gt=edition.effective_date, kind="imported"
    )
    return Exists(later)


def _names(renames: Iterable[_Settled]) -> Names:
    former = Medicine.objects.renamed()
    coming = {}
    for rename in renames:
        if rename.former:
            former[folded(rename.name)] = rename.medicine.key
        else:
            new = folded(rename.name)
            former = {name: new if key == rename.medicine.key else key for name, key in former.items() if name != new}
            former[rename.medicine.key] = new
            coming[new] = rename.medicine.key
    return Names(former, coming)


def _refuse_wrong_choices(choices: Choices, export: Export, renames: Sequence[_Settled]) -> None:
    named = export.medicines()
    new = [folded(rename.name) for rename in renames]
    taken = set(Medicine.objects.filter(key__in=new).values_list("key", flat=True))
    for rename in renames:
        key = folded(rename.name)
        if export.names.key(key) not in named:
            raise ChoiceRefused(
                _("The file does not name “%(name)s”, so “%(medicine)s” cannot go by it.")
                % {"name": rename.name, "medicine": rename.medicine}
            )
        if key in taken and key != rename.medicine.key:
            raise ChoiceRefused(
                _("“%(name)s” is another medicine of the record, so “%(medicine)s” is not it.")
                % {"name": rename.name, "medicine": rename.medicine}
            )
        if new.count(key) > 1:
            raise ChoiceRefused(
                _("“%(name)s” is chosen for two medicines. It can continue one of them.") % {"name": rename.name}
            )
    for title, number in choices.sections.items():
        if number and number not in export.sections:
            raise ChoiceRefused(
                _("The edition has no section %(number)s, which “%(title)s” is said to mean.")
                % {"number": number, "title": title}
            )
    for recommendation, holds in choices.conflicts.items():
        if holds not in HOLDS:
            raise ChoiceRefused(
                _("For recommendation %(number)s “%(holds)s” is said to hold, which is neither “decision” nor “list”.")
                % {"number": recommendation, "holds": holds}
            )


def _settle(edition: Edition, choices: Choices, renames: Iterable[_Settled], *, source: dict[str, Any]) -> None:
    """Save the edition, carry the renames out, and keep what titles mean."""
    if edition.pk is None:
        edition.save()
    for rename in renames:
        rename.carry_out(source)
    for title, number in choices.sections.items():
        section = Section.objects.get(edition=edition, number=number) if number else None
        values = {"title": " ".join(title.split()), "section": section}
        SectionTitle.objects.update_or_create(edition=edition, key=words_key(title), defaults=values)


# What is asked of a person, and what is told


def _asked_renames(edition: Edition, export: Export, choices: Choices) -> list[Rename]:
    """Names of the record that the file lacks, each with those that it has anew and that may be the same medicine."""
    written = export.written()
    renamed = Medicine.objects.renamed()
    there = {*written, *(renamed[name] for name in written & set(renamed))}
    known = set(Medicine.objects.filter(key__any_of=written).values_list("key", flat=True))
    new = export.used(written - known - set(renamed))
    if not new:
        return []
    # By numbers, so that all is asked of one table: joined and then compared with names it may take minutes.
    named = Medicine.objects.filter(key__any_of=there).values_list("pk", flat=True)
    uses = Indication.objects.filter(key__any_of={use for each in new for use in each.indications})
    rows = Listing.objects.exclude(medicine__any_of=list(named)).filter(
        Q(indication__any_of=list(uses.values_list("pk", flat=True)))
        | Q(atc__overlap=sorted({code for each in new for code in each.atc}))
    )
    gone: dict[str, Used] = {}
    for name, use, codes in rows.values_list("medicine__name", "indication__key", "atc").iterator():
        before = gone.get(name, Used(name, frozenset(), frozenset()))
        gone[name] = Used(name, before.indications | {use}, before.atc | set(codes))
    likely = offered(gone.values(), new)
    medicines = Medicine.objects.filter(name__in=likely)
    later = set(medicines.filter(_is_later(edition)).values_list("name", flat=True))
    chosen = {folded(old): name for old, name in choices.renames.items()}
    return [Rename(name, names, name in later, chosen.get(folded(name))) for name, names in sorted(likely.items())]


def _missing(edition: Edition, export: Export) -> list[Missing]:
    """What is listed in the record since before the edition, and has no row in the file."""
    in_record = export.names.in_record
    named = {(in_record(medicine), use, partners) for medicine, use, partners in export.identities()}
    listed = Listing.objects.filter(status="essential", effective_date__lte=edition.effective_date)
    rows = listed.order_by("sort_key").values_list(
        "recommendation__number",
        "medicine__name",
        "indication__name",
        "medicine__key",
        "indication__key",
        "recommendation__partners_key",
    )
    return [
        Missing(number, medicine, use)
        for number, medicine, use, *key in rows.iterator(chunk_size=2000)
        if tuple(key) not in named
    ]


def _sections(edition: Edition, choices: Choices) -> SectionIndex:
    """The sections of the edition with those above them, and what titles have been said to mean."""
    if edition.pk is None:
        return SectionIndex(edition=edition.number, paths=())
    rows = {section.pk: section for section in Section.objects.filter(edition=edition)}
    titles = SectionTitle.objects.filter(edition=edition).values_list("key", "section__number")
    settled = {key: number or "" for key, number in titles}
    chosen = {words_key(title): number for title, number in choices.sections.items()}
    paths = [_path(row, rows, edition) for row in rows.values()]
    return SectionIndex(edition=edition.number, paths=paths, settled=settled, chosen=chosen)


def _path(section: Section, rows: dict[int, Section], edition: Edition) -> SectionPath:
    steps: list[SectionStep] = []
    step: Section | None = section
    while step is not None:
        steps.insert(0, SectionStep(number=step.number, title=step.title))
        step = rows.get(step.parent_id) if step.parent_id else None
    return SectionPath(edition=str(edition.number), steps=tuple(steps))
