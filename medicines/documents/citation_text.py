"""Cite this: what is to be cited, as a sentence that people paste."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext


@dataclass(frozen=True)
class CitationData:
    """One version of a recommendation as others cite it.

    ``title`` is the title of the page; ``outcome`` is words ("Added to the list") or empty; ``date`` is the day of
    publication; ``publisher`` is who runs the site; ``url`` is the lasting address of this version.
    """

    title: str
    medicine: str
    indication: str
    number: int
    version: int
    date: datetime.date
    publisher: str
    url: str
    outcome: str = ""
    language: str = "en"

    @property
    def year(self) -> int:
        return self.date.year

    @property
    def key(self) -> str:
        """A name for reference managers: "recommendation-12-v3"."""
        return f"recommendation-{self.number}-v{self.version}"


def citation_text(data: CitationData) -> str:
    """The citation as one sentence in the reader's language; it names the version, which never changes."""
    return gettext("%(publisher)s. %(title)s. Recommendation %(number)s, version %(version)s, %(date)s. %(url)s") % {
        "publisher": _ended(data.publisher),
        "title": _ended(data.title),
        "number": data.number,
        "version": data.version,
        "date": data.date.isoformat(),
        "url": data.url,
    }


def _ended(words: str) -> str:
    """Words that a full stop follows."""
    return " ".join(words.split()).rstrip(".")
