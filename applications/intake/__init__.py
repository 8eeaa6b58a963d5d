"""Documents in: a dossier as Word, Markdown or text becomes the parts of a draft and a report. No database."""

from .dossier import Dossier, read_dossier
from .files import ENDINGS, MAX_SIZE
from .refusals import IntakeRefused
from .report import Counts, Finding, Report, Split

__all__ = ["ENDINGS", "MAX_SIZE", "Counts", "Dossier", "Finding", "IntakeRefused", "Report", "Split", "read_dossier"]
