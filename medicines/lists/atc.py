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
            words = f"{code} has {len(counted)} names. “{found.names[code]}” is taken."
            found.warnings.append(Finding(tuple(sorted(number for number, _name in named)), COLUMNS[1], words))
    found.warnings.sort()
    return found


def _cell(row: Row, column: str) -> str:
    words = " ".join(row.cells[column].split())
    return "" if words in EMPTY else words


def _wrong(row: Row, code: str, name: str) -> list[Finding]:
    findings = []
    if not _CODE.fullmatch(code):
        words = f"“{code}” has not the form of a code." if code else "is empty. Every row needs it."
        findings.append(Finding((row.number,), COLUMNS[0], words))
    if not name:
        findings.append(Finding((row.number,), COLUMNS[1], "is empty. Every code needs a name."))
    elif len(name) > LONGEST_NAME:
        findings.append(Finding((row.number,), COLUMNS[1], f"is longer than {LONGEST_NAME} characters."))
    return findings
