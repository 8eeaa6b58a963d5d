"""The editions of the Model Lists as facts: year, report, and the children's list that appeared beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class EditionFacts:
    """``effective_date`` is ``None`` where only the year is known."""

    number: int
    year: int
    report: str
    children_number: int | None = None
    effective_date: date | None = None


_FIRST = (1977, 615), (1979, 641), (1982, 685), (1984, 722), (1987, 770), (1989, 796), (1991, 825), (1993, 850)
_SECOND = (1995, 867), (1997, 882), (1999, 895), (2002, 914), (2003, 920), (2005, 933), (2007, 946), (2009, 958)
_THIRD = (2011, 965), (2013, 985), (2015, 994), (2017, 1006), (2019, 1021), (2021, 1035), (2023, 1049), (2025, 1064)

_DAYS = {23: date(2023, 7, 26), 24: date(2025, 9, 5)}

# The first children's list, of 2007, had a report of its own (TRS 950); from the second, of 2009, they share one.
_SECOND_CHILDREN = 16

EDITIONS = {
    number: EditionFacts(
        number=number,
        year=year,
        report=f"TRS {report}",
        children_number=number - _SECOND_CHILDREN + 2 if number >= _SECOND_CHILDREN else None,
        effective_date=_DAYS.get(number),
    )
    for number, (year, report) in enumerate((*_FIRST, *_SECOND, *_THIRD), 1)
}
