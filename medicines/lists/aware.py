"""The AWaRe classification of antibiotics: a workbook with title rows above its headers, and a sheet of combinations
that are not recommended.

Its names join with "/" what the lists join with " + ", and words with "-"; "_IV" and "_oral" part one antibiotic by
its route, which the lists write as "(injection)" and "(oral)". Where the routes of an antibiotic are in the same group
its name alone is too; where they are not, its name alone says no group.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from medicines.sorting import folded

from .findings import Finding
from .table import Origin, TableUnreadable, opened_workbook, origin_of, sheet_rows
from .wording import listed, quoted

COLUMNS = ("Antibiotic", "ATC code", "Category")
NOT_RECOMMENDED = "not recommended"
"""The sheet of that name has one column of names. Its group has the same words."""

GROUPS = {"access": "access", "watch": "watch", "reserve": "reserve"}

TITLE_ROWS = 20
"""The header is looked for in so many rows."""

LONGEST = 500

ROUTES = {"iv": "injection", "oral": "oral"}

_ROUTE = re.compile(r"_(?P<route>IV|oral)$", re.IGNORECASE)
_BREAKS = re.compile(r"[-_\s]+")


@dataclass(frozen=True, order=True)
class Antibiotic:
    """``name`` is as the lists write it, ``key`` the same folded; ``group`` is one of those of ``AwareEntry``."""

    key: str
    name: str
    group: str
    atc: tuple[str, ...] = ()


@dataclass
class AwareTable:
    """``by_route``: names of antibiotics whose group depends on the route, with the groups."""

    origin: Origin
    rows: int = 0
    antibiotics: list[Antibiotic] = field(default_factory=list)
    by_route: dict[str, tuple[str, ...]] = field(default_factory=dict)
    refused: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class _Line:
    row: int
    sheet: str
    name: str
    route: str
    group: str
    atc: tuple[str, ...]


def read_aware(path: Path) -> AwareTable:
    """Read both sheets, whatever the order of their rows. Raises ``TableUnreadable``."""
    table = AwareTable(origin_of(path, form="Excel workbook"))
    with opened_workbook(path) as book:
        sheets = [(str(sheet.title), _rows(sheet)) for sheet in book.worksheets]
    lines = [*_classified(sheets, table), *_not_recommended(sheets, table)]
    table.rows = len(lines)
    named: dict[str, list[_Line]] = defaultdict(list)
    for line in lines:
        named[folded(line.name)].append(line)
    for key, group in sorted(named.items()):
        _take(key, group, table)
    return table


def list_name(name: str) -> tuple[str, str]:
    """The name as the lists write it, and its route: "Exemplin/an-acid_IV" gives "Exemplin + an acid", "injection"."""
    route = _ROUTE.search(name.strip())
    bare = name.strip()[: route.start()] if route else name
    parts = (" ".join(_BREAKS.sub(" ", part).split()) for part in bare.split("/"))
    return " + ".join(filter(None, parts)), ROUTES[route["route"].casefold()] if route else ""


def _rows(sheet: Any) -> list[tuple[int, list[str]]]:
    """The rows that have a word, with their numbers."""
    return [
        (number, [" ".join(cell.split()) for cell in cells])
        for number, cells in enumerate(sheet_rows(sheet), 1)
        if any(cell.strip() for cell in cells)
    ]


def _classified(sheets: Iterable[tuple[str, Sequence[tuple[int, list[str]]]]], table: AwareTable) -> Iterator[_Line]:
    """The lines of the first sheet that has a header with all columns. The later ones repeat it by group."""
    for title, rows in sheets:
        for start, (_number, header) in enumerate(rows[:TITLE_ROWS]):
            places = {folded(cell): place for place, cell in reversed(list(enumerate(header)))}
            if all(folded(column) in places for column in COLUMNS):
                wanted = [places[folded(column)] for column in COLUMNS]
                for number, cells in rows[start + 1 :]:
                    name, atc, category = (cells[place] if place < len(cells) else "" for place in wanted)
                    yield from _line(title, number, name, atc, GROUPS.get(folded(category), ""), category, table)
                return
    columns = listed(map(quoted, COLUMNS))
    raise TableUnreadable(
        _("No sheet has a row that names the columns %(columns)s among its first %(count)s.")
        % {"columns": columns, "count": TITLE_ROWS}
    )


def _not_recommended(
    sheets: Iterable[tuple[str, Sequence[tuple[int, list[str]]]]], table: AwareTable
) -> Iterator[_Line]:
    for title, rows in sheets:
        if folded(title) != NOT_RECOMMENDED:
            continue
        headers = [start for start, (_number, cells) in enumerate(rows) if folded(cells[0]) == folded(COLUMNS[0])]
        for number, cells in rows[headers[0] + 1 :] if headers else ():
            yield from _line(title, number, cells[0], "", "not_recommended", title, table)
        return
    table.warnings.append(Finding.of((), "", "no_sheet"))


def _line(
    sheet: str, number: int, name: str, atc: str, group: str, category: str, table: AwareTable
) -> Iterator[_Line]:
    shown, route = list_name(name)
    if not shown:
        table.refused.append(Finding.of((number,), COLUMNS[0], "empty_in_sheet", sheet=sheet))
    elif max(len(shown), len(folded(shown))) > LONGEST:
        table.refused.append(Finding.of((number,), COLUMNS[0], "longer_in_sheet", sheet=sheet, count=LONGEST))
    elif not group:
        table.refused.append(Finding.of((number,), COLUMNS[2], "group_unknown", sheet=sheet, group=category))
    else:
        yield _Line(number, sheet, shown, route, group, tuple(re.findall(r"[A-Z]\d\d[A-Z0-9]*", atc)))


def _take(key: str, lines: Sequence[_Line], table: AwareTable) -> None:
    """The entries of one antibiotic from the lines that have its name: one as a rule, or one for each route."""
    name = min(line.name for line in lines)
    routes: dict[str, list[_Line]] = defaultdict(list)
    for line in lines:
        routes[line.route].append(line)
    for same in routes.values():
        if len(groups := _groups(same)) > 1:
            rows = sorted(line.row for line in same)
            table.refused.append(Finding.of(rows, COLUMNS[2], "groups_differ", name=name, groups=tuple(groups)))
    if len(_groups(lines)) > 1:
        table.by_route[key] = tuple(_groups(lines))
    else:
        table.antibiotics.append(_antibiotic(name, lines))
    table.antibiotics += [_antibiotic(f"{name} ({route})", same) for route, same in sorted(routes.items()) if route]


def _antibiotic(name: str, lines: Sequence[_Line]) -> Antibiotic:
    codes = {code for line in lines for code in line.atc}
    return Antibiotic(folded(name), name, lines[0].group, tuple(sorted(codes)))


def _groups(lines: Iterable[_Line]) -> list[str]:
    return sorted({line.group for line in lines})
