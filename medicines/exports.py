"""Lists as files: which formats there are, and how each is made from the record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language, gettext, override

from medicines.documents import csv, docx, listing_json, xlsx
from medicines.documents.tables import About, Entry, entries
from medicines.models import Edition
from medicines.operator import licence, publisher
from medicines.statements import Statements, edition_statements, statements

FOR_PEOPLE = {"xlsx": xlsx, "docx": docx}
"""Formats that are in the language of the page: modules with ``lines`` and ``CONTENT_TYPE``."""

FOR_PROGRAMS = {"csv": csv, "json": listing_json}
"""Formats that are in English."""

_FORMATS = {**FOR_PEOPLE, **FOR_PROGRAMS}

FORMATS = tuple(_FORMATS)
"""In the order in which they are offered: committees want Excel."""

SCHEMA_NUMBER = 1


@dataclass(frozen=True)
class ListFile:
    """A list that somebody wants as a file.

    ``title`` and ``filters`` are told in the language that is active when they are asked for. ``name`` is the file's
    without what follows its dot. ``rows`` as ``statements`` takes them; ``section`` as ``entries`` does. ``site`` is
    the address of the site without a slash at its end, ``source`` the address at which the list is.
    """

    title: Callable[[], str]
    name: str
    rows: QuerySet[Any]
    site: str
    source: str
    filters: Callable[[], Iterable[str]] = tuple
    section: str = ""


def whole_title() -> str:
    return gettext("Essential medicines: the whole list")


def edition_title(edition: Edition) -> str:
    about = {"eml": edition.number, "emlc": edition.children_number, "year": edition.year}
    if edition.children_number:
        return gettext("Essential medicines: EML %(eml)s and EMLc %(emlc)s, %(year)s") % about
    return gettext("Essential medicines: EML %(eml)s, %(year)s") % about


def edition_file(edition: Edition, *, site: str, source: str) -> ListFile:
    """An edition as it was, whatever was decided since."""
    name = f"essential-medicines-eml-{edition.number}"
    return ListFile(lambda: edition_title(edition), name, edition_statements(edition), site, source)


def streamed(wanted: ListFile, extension: str) -> Iterator[bytes]:
    """The list in any of the ``FORMATS``, in pieces, with memory that does not grow with the list.

    The database is asked at once, and the language is the one that is active now.
    """
    language = "en" if extension in FOR_PROGRAMS else get_language() or "en"
    with override(language):
        about, found = _opened(wanted)
    return in_language(language, _FORMATS[extension].lines(about, found))


def in_language(language: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces of a file, each made in this language, whichever is active when it is asked for."""
    while True:
        with override(language):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def content_type(extension: str) -> str:
    return _FORMATS[extension].CONTENT_TYPE


def file_name(name: str, extension: str) -> str:
    """The name of a file that is handed out. One of a demonstration says so, wherever it ends up."""
    return f"{'demonstration-' if settings.DEMO else ''}{name}.{extension}"


def schema_address(site: str) -> str:
    return f"{site}{reverse('public:data_schema', args=[SCHEMA_NUMBER])}"


def notice() -> str:
    """What every file says beside its licence."""
    words = [gettext("This is not a site of WHO.")]
    if settings.DEMO:
        words.insert(0, gettext("A demonstration: what stands here decides nothing."))
    return " ".join(words)


def version_address(site: str) -> Callable[[int, int], str]:
    """Gives the address of a version; ``reverse`` is asked once, for there may be a hundred thousand of them."""
    form = reverse("public:version", args=[0, 0]).replace("/0/v0/", "/{}/v{}/")
    return lambda number, version: site + form.format(number, version)


def about_file(*, title: str, site: str, source: str, state: Statements, filters: Iterable[str] = ()) -> About:
    """What a file says of itself, in the language that is active."""
    name, address = licence()
    return About(
        title=title,
        publisher=publisher(),
        licence=name,
        licence_url=address,
        notice=notice(),
        source=source,
        filters=tuple(filters),
        record_state=state.state,
        record_changed_at=state.changed_at,
        schema_url=schema_address(site),
    )


def _opened(wanted: ListFile) -> tuple[About, Iterator[Entry]]:
    found = statements(wanted.rows, address=version_address(wanted.site))
    about = about_file(
        title=wanted.title(), site=wanted.site, source=wanted.source, state=found, filters=wanted.filters()
    )
    return about, (entry for said in found.each for entry in entries(said, section=wanted.section))
