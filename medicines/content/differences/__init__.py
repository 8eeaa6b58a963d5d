"""What differs between two documents: blocks with their words marked, facts and rows with before and after.

One comparison serves the drafting desk, the redline that is shown when a correction is signed, and the public "what
changed" between two versions. ``marked_html`` shows changed words in ``<ins>`` and ``<del>``; templates add words for
what is added, removed or moved, so that nothing rests on colour.
"""

from .changes import BlockChange, Comparison, FactsChange, FieldChange, RowChange, Run, SectionChange, marked_html
from .comparison import compare
from .facts import formulation_words

__all__ = [
    "BlockChange",
    "Comparison",
    "FactsChange",
    "FieldChange",
    "RowChange",
    "Run",
    "SectionChange",
    "compare",
    "formulation_words",
    "marked_html",
]
