"""The ATC classification as a table: one row a DDD, so that codes repeat; "NA" stands for an empty cell."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from .findings import Finding
from .table import Row, Table

COLUMNS = ("atc_code", "atc_name")

LONGEST_NAME = 300

EMPTY = frozenset({"", "NA"})

_CODE = re.compile(r"[A-Z](?:\d\d(?:[A-Z](?:[A-Z](?:\d\d)?)?)?)?")


@dataclass
class AtcTable:
    """``names`` by code; ``repeated``: how many codes stand in more than one row."""

    names: dict[str, str] = field(default_factory=dict)
    repeated: int = 0
    refused: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)


def read_atc(table: Table) -> AtcTable:
    """Read codes and names, whatever the order of the rows. What cannot be taken is in ``refused``."""
    found = AtcTable()
    rows: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for row in table.rows:
        code, name = (_cell(row, column) for column in COLUMNS)
        if findings := _wrong(row, code, name):
            found.refused += findings
        else:
            rows[code].append((row.number, name))
    for code, named in rows.items():
        counted = Counter(name for _number, name in named)
        found.names[code] = min(counted, key=lambda name: (-counted[name], name))
        found.repeated += len(named) > 1
        if len(counted) > 1:
            numbers = sorted(number for number, _name in named)
            found.warnings.append(
                Finding.of(numbers, COLUMNS[1], "names_differ", code=code, count=len(counted), name=found.names[code])
            )
    found.warnings.sort()
    return found


def _cell(row: Row, column: str) -> str:
    words = " ".join(row.cells[column].split())
    return "" if words in EMPTY else words


def _wrong(row: Row, code: str, name: str) -> list[Finding]:
    findings = []
    if not code:
        findings.append(Finding.of((row.number,), COLUMNS[0], "empty"))
    elif not _CODE.fullmatch(code):
        findings.append(Finding.of((row.number,), COLUMNS[0], "code_form", code=code))
    if not name:
        findings.append(Finding.of((row.number,), COLUMNS[1], "empty"))
    elif len(name) > LONGEST_NAME:
        findings.append(Finding.of((row.number,), COLUMNS[1], "longer", count=LONGEST_NAME))
    return findings
