"""A file as the public site exports it, of invented medicines, of any length."""

from __future__ import annotations

import csv
from pathlib import Path

from medicines.content.schema import SectionPath, SectionStep
from medicines.lists.export import COLUMNS
from medicines.load.contents import printed
from medicines.load.names import CONDITIONS, ORGANS
from medicines.load.uses import uses


def write_export(file: Path, *, rows: int) -> None:
    titles = list(CONDITIONS)
    with file.open("w", encoding="utf-8", newline="") as sheet:
        writer = csv.writer(sheet)
        writer.writerow(COLUMNS)
        for use in uses(rows, seed=1):
            organ = ORGANS[use.disease.organ]
            section = f"Medicines for the {organ} > For {titles[use.disease.condition]} of the {organ}"
            facts = printed(use, section=SectionPath(steps=(SectionStep(title=section),)), edition=24).facts
            (placement,) = facts.placements
            writer.writerow(
                [
                    facts.medicine,
                    section,
                    "\n".join(line.original for line in placement.formulations),
                    facts.indication,
                    ", ".join(facts.atc),
                    " + ".join(facts.partners),
                    "Added" if placement.is_listed else "Removed",
                ]
            )
