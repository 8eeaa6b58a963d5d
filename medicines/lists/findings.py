"""What an import has to say about a row: the number of the row, the field, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, order=True)
class Finding:
    """``rows`` is empty for what concerns the whole file."""

    rows: tuple[int, ...]
    field: str
    message: str

    def __str__(self) -> str:
        if not self.rows:
            return self.message
        shown = ", ".join(str(row) for row in self.rows[:8]) + (", …" if len(self.rows) > 8 else "")
        return f"{'Row' if len(self.rows) == 1 else 'Rows'} {shown}, {self.field}: {self.message}"

    def to_dict(self) -> dict[str, Any]:
        return {"rows": list(self.rows), "field": self.field, "message": self.message}
