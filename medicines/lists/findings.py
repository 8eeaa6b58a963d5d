"""What an import has to say about a row: the number of the row, the field, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from medicines.documents.words import labelled

from .wording import listed, said

Value = str | int | tuple[str, ...]

SHOWN = 8
"""How many numbers of rows stand in a line."""


@dataclass(frozen=True, order=True)
class Finding:
    """``rows`` is empty for what concerns the whole file. ``field`` is a column of the file, as it calls it.

    ``code`` and ``values`` are worded when somebody reads them, in the language of the reader: ``wording.FINDINGS``.
    """

    rows: tuple[int, ...]
    field: str
    code: str
    values: tuple[tuple[str, Value], ...] = ()

    @classmethod
    def of(cls, rows: Iterable[int], field: str, code: str, /, **values: Value) -> Finding:
        return cls(tuple(rows), field, code, tuple(sorted(values.items())))

    @property
    def message(self) -> str:
        return said(self.code, dict(self.values))

    def __str__(self) -> str:
        if not self.rows:
            return self.message
        shown = listed([*map(str, self.rows[:SHOWN]), *(["…"] if len(self.rows) > SHOWN else [])])
        # Not by a plural: 21 rows have a singular in Russian, but their numbers have not.
        numbers = (gettext("Row %(row)s") if len(self.rows) == 1 else gettext("Rows %(rows)s")) % {
            "row": shown,
            "rows": shown,
        }
        return labelled(listed(filter(None, [numbers, self.field])), self.message)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, the same in every language."""
        return {"rows": list(self.rows), "field": self.field, "code": self.code, "values": dict(self.values)}
