"""The simple tabulation of ICD-11: chapters, blocks and categories in their order, with titles indented by "- ".

An indication belongs to the entities that have its name as title, blanks, case and accents folded. Of several codes
those of stems are taken; codes of extensions, which begin with X, only where there is no other. Blocks and chapters
have no code: an indication that only they have the name of is linked to the first of them. A looser match leaves out
what the indication says in brackets, such as "(severe)" or "[children]"; its code is then wider than the indication.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

from django.utils.translation import gettext as _

from medicines.content.checks import LONGEST_CODE
from medicines.sorting import folded

from .findings import Finding
from .table import TableUnreadable, opened_workbook, sheet_rows
from .wording import listed, quoted

COLUMNS = ("Code", "Title", "ClassKind")
OPTIONAL = ("BrowserLink",)

KINDS = ("chapter", "block", "category")

LONGEST_TITLE = 1000
LONGEST_ADDRESS = 300

_INDENT = re.compile(r"^(?:-(?:\s+|$))+")
_LINK = re.compile(r'^=HYPERLINK\(\s*"(?P<address>https?://[^"\s]+)"', re.IGNORECASE)
_BRACKETS = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\])")


class Titled(Protocol):
    """What an indication may belong to, from a file or from the record."""

    @property
    def place(self) -> int: ...

    @property
    def code(self) -> str: ...


Entity = TypeVar("Entity", bound=Titled)


@dataclass(frozen=True)
class TabulationLine:
    """``place`` counts the entities from 1. Chapters and blocks have no ``code``; some have no ``address``."""

    place: int
    kind: str
    code: str
    title: str
    address: str

    @property
    def key(self) -> str:
        return folded(self.title)


@dataclass
class Tabulation:
    """A file that is read once, in bounded memory. ``refused`` is complete when it has been read to its end."""

    path: Path
    count: int = 0
    refused: list[Finding] = field(default_factory=list)

    def lines(self) -> Iterator[TabulationLine]:
        """The entities in their order. Raises ``TableUnreadable``, also on the way."""
        with opened_workbook(self.path, formulas=True) as book:
            records = sheet_rows(book.worksheets[0])
            places = _places(next(records, []))
            for number, record in enumerate(records, 2):
                if not any(cell.strip() for cell in record):
                    continue
                cells = {column: record[at].strip() if at < len(record) else "" for column, at in places.items()}
                if findings := list(_wrong(number, cells)):
                    self.refused += findings
                else:
                    self.count += 1
                    yield _line(self.count, cells)


@dataclass
class Titles:
    """The entities that have one of the ``wanted`` folded titles; the others are not kept."""

    wanted: Collection[str]
    found: dict[str, list[TabulationLine]] = field(default_factory=lambda: defaultdict(list))

    def see(self, line: TabulationLine) -> None:
        if line.key in self.wanted:
            self.found[line.key].append(line)

    def of(self, key: str) -> Sequence[TabulationLine]:
        return self.found.get(key, ())


def codes_of(entities: Iterable[Titled]) -> tuple[str, ...]:
    """The codes of entities that share a title: those of stems, else those of extensions, in their order."""
    codes = [entity.code for entity in sorted(entities, key=lambda entity: entity.place) if entity.code]
    return tuple([code for code in codes if not code.startswith("X")] or codes)


def block_of(entities: Sequence[Entity]) -> Entity | None:
    """The block or chapter that an indication is linked to: the first, where none of the entities has a code."""
    if any(entity.code for entity in entities):
        return None
    return min(entities, key=lambda entity: entity.place, default=None)


def without_brackets(name: str) -> str:
    """A name without what it says in brackets; the same name where it says nothing there."""
    bare, count = _BRACKETS.subn("", name)
    return without_brackets(bare) if count else " ".join(bare.split())


def _places(header: Sequence[str]) -> dict[str, int]:
    found = {folded(cell): place for place, cell in reversed(list(enumerate(header)))}
    if missing := [column for column in COLUMNS if folded(column) not in found]:
        words = listed(map(quoted, missing))
        raise TableUnreadable(
            _("The first row has no column %(columns)s. Take the simple tabulation of ICD-11 as .xlsx.")
            % {"columns": words}
        )
    return {column: found[folded(column)] for column in (*COLUMNS, *OPTIONAL) if folded(column) in found}


def _line(place: int, cells: dict[str, str]) -> TabulationLine:
    link = _LINK.match(cells.get("BrowserLink", ""))
    address = link["address"] if link and len(link["address"]) <= LONGEST_ADDRESS else ""
    return TabulationLine(place, cells["ClassKind"].casefold(), cells["Code"], _title(cells), address)


def _title(cells: dict[str, str]) -> str:
    return _INDENT.sub("", " ".join(cells["Title"].split()))


def _wrong(number: int, cells: dict[str, str]) -> Iterator[Finding]:
    title, kind, code = _title(cells), cells["ClassKind"].casefold(), cells["Code"]
    if not title:
        yield Finding.of((number,), "Title", "empty")
    elif max(len(title), len(folded(title))) > LONGEST_TITLE:
        yield Finding.of((number,), "Title", "longer", count=LONGEST_TITLE)
    if kind not in KINDS:
        yield Finding.of((number,), "ClassKind", "kind_unknown", kind=cells["ClassKind"], kinds=KINDS)
    elif kind == "category" and not code:
        yield Finding.of((number,), "Code", "empty_code")
    elif kind != "category" and code:
        yield Finding.of((number,), "Code", "code_needless", code=code)
    if len(code) > LONGEST_CODE["icd11"]:
        yield Finding.of((number,), "Code", "longer", count=LONGEST_CODE["icd11"])
