"""Publishing the invented record in the order in which such a record comes to be."""

from __future__ import annotations

import csv
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from django.db import transaction

from medicines.actions.editions import edition_for
from medicines.actions.import_sections import import_sections
from medicines.actions.listing import mark_edition
from medicines.actions.publish import Publication, publish
from medicines.content.schema import SectionPath
from medicines.models import AtcCode, AwareEntry, Edition, EditionEntry, Icd11Entity, Section, Version
from medicines.sorting import folded

from . import contents
from .names import CONDITIONS, ORGANS, Disease, Substance
from .uses import Use, uses

PART = 1000
"""How many recommendations are published at a time: memory stays bounded."""

EARLIER, LATER = 23, 24
"""The editions that the invented record prints."""

OF_THE_EARLIER = ("kept", "changed", "removed", "decided_again")

_T = TypeVar("_T")

Tell = Callable[[str], None]


class Load:
    """One invented record of ``size`` recommendations. ``tell`` hears what is being done."""

    def __init__(self, size: int, *, seed: int, tell: Tell) -> None:
        self.size, self.seed, self.tell = size, seed, tell
        # The newest version of each use and its recommendation, by the place of the use: keys of rows, 0 where none is.
        self._version = array("q", [0]) * size
        self._recommendation = array("q", [0]) * size
        self._sections: dict[int, _Sections] = {}

    def make(self) -> None:
        """Publish it all, part by part. What is published when it is interrupted stays."""
        earlier, later = (edition_for(number=number) for number in (EARLIER, LATER))
        self.tell("Sections and classifications")
        first = _first_free_number((earlier, later))
        self._sections = {
            EARLIER: _make_sections(earlier, first=first, previous=None),
            LATER: _make_sections(later, first=first, previous=earlier),
        }
        for part in _parts(self._uses()):
            _make_classifications(part, release=f"invented {self.seed}")
        self.tell(f"Edition {EARLIER} and its meeting")
        for part in _parts(self._uses()):
            self._print([use for use in part if use.fate in OF_THE_EARLIER], earlier)
            self._decide([use for use in part if use.fate == "decided_then"], earlier, meeting=24)
            self._enter(part, earlier)
        self.tell(f"Edition {LATER} and its meeting")
        for part in _parts(self._uses()):
            self._print([use for use in part if use.fate in ("changed", "removed", "new")], later)
            self._decide([use for use in part if use.fate in ("decided_now", "decided_again")], later, meeting=25)
            self._enter(part, later)
        self.tell("Corrections")
        for part in _parts(use for use in self._uses() if use.is_corrected):
            self._correct(part)

    def _uses(self) -> Iterator[Use]:
        return uses(self.size, seed=self.seed)

    def _print(self, part: Sequence[Use], edition: Edition) -> None:
        self._publish(
            part,
            lambda use, base: Publication(
                content=contents.printed(use, section=self._section(use, edition), edition=edition.number),
                kind="imported",
                effective_date=edition.effective_date,
                base=base,
                details={"rows": [use.place + 2]},
            ),
            source={
                "source": f"EML {edition.number}",
                "year": edition.year,
                "report": edition.report,
                "file": f"invented-{self.size}-{self.seed}.csv",
            },
        )

    def _decide(self, part: Sequence[Use], edition: Edition, *, meeting: int) -> None:
        self._publish(
            part,
            lambda use, base: Publication(
                content=contents.decided(
                    use, section=self._section(use, edition), year=edition.year, report=edition.report
                ),
                kind="decision",
                outcome=use.outcome,
                effective_date=edition.effective_date,
                base=base,
                details={"item": f"A.{use.place % 60 + 1}", "asked": f"{use.substance.name}: {use.disease.name}"},
            ),
            source={
                "meeting": f"{meeting}th Expert Committee",
                "meeting_number": meeting,
                "year": edition.year,
                "report": edition.report,
                "edition": edition.number,
                "children_edition": edition.children_number,
                "decided_on": date(edition.year, 5, 9).isoformat(),
                "method": "consensus",
                "dissents": [],
            },
        )

    def _correct(self, part: Sequence[Use]) -> None:
        for use, base in zip(part, self._bases(part), strict=True):
            if base is None:
                continue
            correction = Publication(
                content=contents.corrected(base.content),
                kind="correction",
                outcome=base.outcome,
                effective_date=base.effective_date,
                base=base,
                corrects=base,
                note="The certainty of the evidence was left out.",
            )
            self._keep([use], publish(publications=[correction], source=base.provenance | {"correction": "C.1"}))

    def _publish(
        self, part: Sequence[Use], make: Callable[[Use, Version | None], Publication], *, source: dict[str, Any]
    ) -> None:
        if part:
            publications = [make(use, base) for use, base in zip(part, self._bases(part), strict=True)]
            self._keep(part, publish(publications=publications, source=source))

    def _bases(self, part: Sequence[Use]) -> list[Version | None]:
        """The newest version of each use; its text comes only when somebody asks for it."""
        keys = [self._version[use.place] for use in part]
        found = Version.objects.select_related("recommendation").in_bulk([key for key in keys if key])
        return [found.get(key) for key in keys]

    def _keep(self, part: Sequence[Use], versions: Sequence[Version]) -> None:
        for use, version in zip(part, versions, strict=True):
            self._version[use.place], self._recommendation[use.place] = version.pk, version.recommendation_id

    @transaction.atomic
    def _enter(self, part: Sequence[Use], edition: Edition) -> None:
        """The entries of an edition: what it lists or has removed, each in the version that it prints."""
        entered = [use for use in part if self._version[use.place] and not _was_refused(use)]
        EditionEntry.objects.bulk_create(
            EditionEntry(
                edition=edition,
                recommendation_id=self._recommendation[use.place],
                version_id=self._version[use.place],
            )
            for use in entered
        )
        mark_edition(edition=edition, recommendations=[self._recommendation[use.place] for use in entered])

    def _section(self, use: Use, edition: Edition) -> SectionPath:
        return self._sections[edition.number].path(use.disease)


class _Sections:
    """The sections of one edition, by the disease that belongs there."""

    def __init__(self, paths: dict[str, SectionPath], *, first: int) -> None:
        self._paths, self._first = paths, first

    def path(self, disease: Disease) -> SectionPath:
        return self._paths[f"{disease.organ + self._first}.{disease.condition + 1}"]


def _make_sections(edition: Edition, *, first: int, previous: Edition | None) -> _Sections:
    """A section for each organ, and below it one for each condition, imported as the tree of a real edition is."""
    rows = []
    for organ, title in enumerate(ORGANS, first):
        rows.append([f"{organ}", f"Medicines for the {title}"])
        rows += [[f"{organ}.{n}", f"For {condition} of the {title}"] for n, condition in enumerate(CONDITIONS, 1)]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "sections.csv"
        with file.open("w", encoding="utf-8", newline="") as sheet:
            writer = csv.writer(sheet)
            writer.writerow(["number", "title", "continues"])
            writer.writerows([*row, row[0] if previous else ""] for row in rows)
        import_sections(file=file, edition=edition, previous=previous)
    numbers = [number for number, _title in rows]
    made = Section.objects.filter(edition=edition, number__in=numbers).select_related("parent", "edition")
    return _Sections({section.number: section.path() for section in made}, first=first)


def _first_free_number(editions: Iterable[Edition]) -> int:
    """After the sections that the editions have already."""
    taken = Section.objects.filter(edition__in=[edition for edition in editions if edition.pk], parent=None)
    numbers = [int(number) for number in taken.values_list("number", flat=True) if number.isdecimal()]
    return max(numbers, default=0) + 1


def _make_classifications(part: Sequence[Use], *, release: str) -> None:
    """What other people's classifications say of these, invented too. It comes first, so that listings show it."""
    substances = {use.substance.name: use.substance for use in part}
    AtcCode.objects.bulk_create(_atc(substances.values()), ignore_conflicts=True)
    AwareEntry.objects.bulk_create(
        (
            AwareEntry(edition="2023", name=each.name, key=folded(each.name), group=_aware(each), atc=[each.atc])
            for each in substances.values()
            if each.is_antibiotic
        ),
        ignore_conflicts=True,
    )
    known = set(Icd11Entity.objects.filter(release=release).values_list("code", flat=True))
    new = {use.disease.icd11: use.disease for use in part if use.disease.icd11 and use.disease.icd11 not in known}
    Icd11Entity.objects.bulk_create(
        Icd11Entity(release=release, place=place, kind="category", code=code, title=each.name, key=folded(each.name))
        for place, (code, each) in enumerate(new.items(), len(known) + 1)
    )


def _atc(substances: Iterable[Substance]) -> list[AtcCode]:
    names: dict[str, str] = {}
    for each in substances:
        names[each.atc] = each.name
        for level in (1, 3, 4, 5):
            names[each.atc[:level]] = f"Invented class {each.atc[:level]}"
    return [AtcCode(code=code, name=name) for code, name in names.items()]


def _aware(substance: Substance) -> str:
    groups = (AwareEntry.Group.ACCESS, AwareEntry.Group.WATCH, AwareEntry.Group.RESERVE)
    return groups[sum(map(ord, substance.name)) % len(groups)]


def _was_refused(use: Use) -> bool:
    return use.fate.startswith("decided") and use.outcome in ("not_recommended", "deferred")


def _parts(found: Iterable[_T]) -> Iterator[list[_T]]:
    waiting = iter(found)
    while part := list(islice(waiting, PART)):
        yield part
