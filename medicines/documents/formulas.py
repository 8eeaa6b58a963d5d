"""Cells that a spreadsheet would take for a formula: they leave as text."""

from __future__ import annotations

import re
from typing import Any

FORMULA = re.compile(r"[=+\-@\t\r]")
MARKED = re.compile(r"'(?=[=+\-@\t\r])")
"""The mark that makes text of a formula; it goes again when the table comes back."""


def inert(cell: Any) -> Any:
    """The cell with a mark before what would be a formula; any other as it is."""
    return f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) else cell


def unmarked(cell: Any) -> Any:
    """The cell without the mark that ``inert`` sets."""
    return MARKED.sub("", cell, count=1) if isinstance(cell, str) and MARKED.match(cell) else cell
