"""A list as a workbook that comes back: the official columns first, then ours, then the facts whole.

The first sheet is the table and nothing else, so that programs and the import read it; the second says where it comes
from. Headings and values are in the language that is active, but for the official columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext

from medicines.lists.own_export import facts_cell, official_cells

from .sheets import CONTENT_TYPE as CONTENT_TYPE
from .sheets import Column, Look, Sheet, Value, workbook
from .tables import COLUMNS, OFFICIAL_WIDTHS, About, Entry, about_lines, headings

FACTS_WIDTH = 12


def lines(about: About, entries: Iterable[Entry]) -> Iterator[bytes]:
    """The workbook in pieces. A row with a cell that was too long for Excel is not read back from its facts."""
    return workbook(about.properties, _sheets(about, entries))


def _sheets(about: About, entries: Iterable[Entry]) -> Iterator[Sheet]:
    yield Sheet(gettext("List"), _columns(), _rows(entries), columns_in_view=1, footer=about.notice)
    terms = Column(width=24, look=Look.HEADING), Column(width=100)
    yield Sheet(gettext("About this file"), terms, about_lines(about), footer=about.notice)


def _columns() -> Sequence[Column]:
    widths = (*OFFICIAL_WIDTHS, *(column.width for column in COLUMNS))
    *names, facts = headings()
    told = [Column(name, width) for name, width in zip(names, widths, strict=True)]
    return [*told, Column(facts, FACTS_WIDTH, Look.PLAIN)]


def _rows(entries: Iterable[Entry]) -> Iterator[Sequence[Value]]:
    tellers = [column.teller() for column in COLUMNS]
    for entry in entries:
        said = [tell(entry.row) for tell in tellers]
        yield *official_cells(entry.facts, entry.placement), *said, facts_cell(entry.facts)
