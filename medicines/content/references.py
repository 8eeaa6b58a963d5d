"""References in the committee's form, from CSL-JSON that may be incomplete or odd.

The form is a style of our own, ``committee.csl``; citeproc-py applies it. Any dictionary gives some text: what the
style cannot use falls back to the line that the reference was read from.
"""

from __future__ import annotations

import datetime
import json
import re
import threading
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from citeproc import (
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
)
from citeproc.source.json import CiteProcJSON
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from medicines.content.schema import Reference

STYLE = Path(__file__).with_name("committee.csl")

WORDS = (
    "title",
    "container-title",
    "publisher",
    "publisher-place",
    "volume",
    "issue",
    "page",
    "edition",
    "medium",
    "collection-title",
    "collection-number",
)
"""The plain fields that the style prints. Notes, abstracts and keywords may be private: they are never printed."""

PARTS_OF_BOOKS = frozenset({"chapter", "paper-conference", "entry-encyclopedia"})

# Private-use characters stand for the address and the title's own markup while citeproc works, so that neither is
# taken for text by the style or for markup by the page.
ADDRESS = "\ue000"
MARKUP = {
    "sub": ("\ue001", "\ue002"),
    "sup": ("\ue003", "\ue004"),
    "b": ("\ue005", "\ue006"),
    "i": ("\ue007", "\ue008"),
}
CLOSING = "".join(closing for _, closing in MARKUP.values())
RESERVED = re.compile("[\ue000-\ue008]")

DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|2[01]\d\d)(?!\d)")

_style_lock = threading.Lock()


def format_reference(csl: Mapping[str, Any], original: str = "") -> SafeString:
    """Return one reference as safe HTML in the committee's form, its DOI or URL as a link.

    Never raises: where nothing of ``csl`` can be printed, the result is ``original``, escaped, and else empty.
    """
    return _format(json.dumps(csl, sort_keys=True, default=str, ensure_ascii=False), original)


def format_entry(reference: Reference) -> SafeString:
    """``format_reference`` of a reference of a narrative."""
    return format_reference(reference.csl, reference.original)


def plain_reference(csl: Mapping[str, Any], original: str = "") -> str:
    """The same words without markup, for files and messages."""
    html = format_reference(csl, original)
    text = re.sub(r"<[^>]*>", "", html)
    return (
        text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", '"')
        .replace("&#x27;", "'")
        .replace("&amp;", "&")
    )


def doi_of(csl: Mapping[str, Any]) -> str:
    """The bare DOI ("10.1000/xyz") of a reference, also where it stands in the URL; else an empty string."""
    for field in ("DOI", "doi", "URL", "url"):
        found = DOI.fullmatch(text_of(csl.get(field)))
        if found:
            return found[1].rstrip(".,;")
    return ""


def address_of(csl: Mapping[str, Any]) -> str:
    """Where to read it: the DOI's address, else an http(s) URL, else an empty string."""
    doi = doi_of(csl)
    if doi:
        return "https://doi.org/" + quote(doi, safe="/:;()<>.-_~!$&'*+,=@%[]")
    url = text_of(csl.get("URL") or csl.get("url"))
    return url if _is_web(url) else ""


def year_of(csl: Mapping[str, Any]) -> str:
    """The year of issue as words, or an empty string."""
    issued = csl.get("issued")
    if isinstance(issued, Mapping):
        parts = issued.get("date-parts")
        first = parts[0] if isinstance(parts, list | tuple) and parts else None
        year = first[0] if isinstance(first, list | tuple) and first else None
        if year not in (None, ""):
            return text_of(year)
        issued = issued.get("raw") or issued.get("literal")
    text = text_of(issued or csl.get("year"))
    found = YEAR.search(text)
    return found[1] if found else ""


def names_of(csl: Mapping[str, Any], field: str = "author", *, in_full: bool = False) -> tuple[dict[str, str], ...]:
    """The authors as CSL names of clean strings: ``literal``, or ``family`` and ``given`` (as initials or in full)."""
    value = csl.get(field)
    entries = value if isinstance(value, list | tuple) else [value] if value else []
    return tuple(name for entry in entries if (name := _name(entry, in_full)))


@lru_cache(maxsize=8192)
def _format(canonical: str, original: str) -> SafeString:
    csl = json.loads(canonical)
    fallback = mark_safe(escape(original.strip()))  # noqa: S308  escaped
    try:
        item = _printable(csl)
        if not item.keys() & {"title", "container-title", "author", "editor", "publisher"}:
            return fallback
        text = _render(item)
    except Exception:  # noqa: BLE001
        # citeproc-py meets data of any shape here, and a page must not fall for one reference.
        return fallback or mark_safe(escape(_bare(csl)))  # noqa: S308  escaped
    return mark_safe(_with_markup(escape(text)).replace(ADDRESS, _link(csl)))  # noqa: S308  escaped as a whole


def _render(item: dict[str, Any]) -> str:
    # The style's tree holds a formatter and counters: one at a time.
    with _style_lock:
        bibliography = CitationStylesBibliography(_style(), CiteProcJSON([item]), _Marks)
        bibliography.register(Citation([CitationItem("r")]))
        (entry,) = bibliography.bibliography()
    # A question mark that ends a title also ends its sentence.
    return re.sub(f"([?!][{CLOSING}]?)\\.(?= |$)", r"\1", str(entry))


@cache
def _style() -> CitationStylesStyle:
    return CitationStylesStyle(str(STYLE), validate=False)


class _Marks:
    """The formatter that citeproc-py asks for: plain text, with private-use characters where emphasis begins and ends.

    citeproc-py escapes some fields and not others, so that nothing is escaped here and the whole is escaped at the end.
    """

    @staticmethod
    def preformat(text: object) -> str:
        return str(text)

    @staticmethod
    def Italic(text: str) -> str:  # noqa: N802  the name is citeproc's
        return MARKUP["i"][0] + text + MARKUP["i"][1]


def _printable(csl: dict[str, Any]) -> dict[str, Any]:
    """The fields that the style knows, each in the shape that it expects."""
    item: dict[str, Any] = {"id": "r", "type": "chapter" if csl.get("type") in PARTS_OF_BOOKS else "document"}
    for field in WORDS:
        value = text_of(csl.get(field))
        if value:
            item[field] = value
    for field in ("title", "container-title"):
        if field in item:
            item[field] = _protect(item[field]).rstrip(". ") or item[field]
    if "page" in item:
        item["page"] = _pages(item["page"])
    for field in ("author", "editor"):
        names = names_of(csl, field)
        if names:
            item[field] = [{"literal": "et al."} if is_et_al(name) else name for name in names]
    if item.get("publisher") and [item["publisher"]] == [n.get("literal") for n in item.get("author", [])]:
        del item["author"]
    year = year_of(csl)
    if year:
        item["issued"] = {"date-parts": [[int(year)]]} if year.isascii() and year.isdigit() else {"literal": year}
    if _link(csl):
        item["URL"] = ADDRESS
        accessed = _day(csl.get("accessed"))
        if accessed and not doi_of(csl):
            item["accessed"] = {"date-parts": [accessed]}
    return item


def _bare(csl: dict[str, Any]) -> str:
    parts = (text_of(csl.get("title")), text_of(csl.get("container-title")), year_of(csl))
    return ". ".join(part for part in parts if part)


def text_of(value: object) -> str:
    """A CSL value as one line of words; lists give their first entry, and what is no text gives none."""
    if isinstance(value, list | tuple):
        value = value[0] if value else ""
    if value is None or isinstance(value, Mapping | bool):
        return ""
    return RESERVED.sub("", " ".join(str(value).split()))


def _name(entry: object, in_full: bool) -> dict[str, str]:
    if not isinstance(entry, Mapping):
        text = text_of(entry)
        return {"literal": text} if text else {}
    literal = text_of(entry.get("literal") or entry.get("name"))
    family, given = text_of(entry.get("family")), text_of(entry.get("given"))
    if literal or not family:
        literal = literal or given
        return {"literal": literal} if literal else {}
    if not _has_initials(family):
        # Chinese writes the family name first without a space; Arabic names do not abbreviate.
        joined = family + given if _is_han(family) else " ".join(filter(None, (given, family)))
        return {"literal": joined}
    particles = (text_of(entry.get(f"{kind}dropping-particle")) for kind in ("non-", ""))
    name = {"family": " ".join(filter(None, (*particles, family)))}
    given = given if in_full else initials(given)
    if given:
        name["given"] = given
    suffix = text_of(entry.get("suffix"))
    if suffix:
        name["suffix"] = suffix
    return name


def is_et_al(name: Mapping[str, str]) -> bool:
    """Whether a name stands for those that the source left out: ``{"literal": "et al."}``, last in the list."""
    return name.get("literal", "").strip(" .").casefold() in ("et al", "others", "and others")


def initials(given: str) -> str:
    """Given names as a reference prints them: "Mary Jane" and "M. J." are "MJ", and "GPA" stays."""
    words = re.split(r"[\s.\-\u2010\u2011]+", given)
    return "".join(word if word.isupper() and len(word) <= 4 else word[:1].upper() for word in words if word)


def _has_initials(text: str) -> bool:
    first = next((character for character in text if character.isalpha()), "")
    return not first or unicodedata.name(first, "").split(" ")[0] in {"LATIN", "GREEK", "CYRILLIC", "ARMENIAN"}


def _is_han(text: str) -> bool:
    return any("\u3400" <= character <= "\u9fff" for character in text)


def _pages(text: str) -> str:
    """ "933-941" is printed "933–41"; what is no range of two numbers is printed as it stands."""
    found = re.fullmatch(r"([A-Za-z]*)(\d+)\s*[-\u2010-\u2015]+\s*([A-Za-z]*)(\d+)", text)
    if not found:
        return text
    prefix, first, other, last = found.groups()
    if prefix == other and len(first) == len(last) and first < last:
        while len(last) > 1 and first[-len(last)] == last[0]:
            last = last[1:]
        other = ""
    return f"{prefix}{first}–{other}{last}"


def _day(value: object) -> list[int]:
    parts = value.get("date-parts") if isinstance(value, Mapping) else None
    try:
        first = [int(part) for part in parts[0]]  # type: ignore[index]
        datetime.date(*first)
    except (TypeError, ValueError, IndexError, KeyError):
        return []
    return first


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _link(csl: Mapping[str, Any]) -> str:
    """The address as a link; an address of another kind is shown as words and links nowhere."""
    address = address_of(csl)
    if not address:
        return str(escape(text_of(csl.get("URL") or csl.get("url") or csl.get("DOI"))))
    doi = doi_of(csl)
    shown = f"https://doi.org/{doi}" if doi else address
    return f'<a href="{escape(address)}" rel="external noopener noreferrer" dir="ltr">{escape(shown)}</a>'


def _protect(text: str) -> str:
    """Keep the emphasis that CSL allows in a title; every other tag stays text."""
    for tag, (opening, closing) in MARKUP.items():
        text = re.sub(rf"<{tag}>([^<>]*)</{tag}>", rf"{opening}\1{closing}", text)
    return text


def _with_markup(html: str) -> str:
    html = str(html)
    for tag, (opening, closing) in MARKUP.items():
        html = html.replace(opening, f"<{tag}>").replace(closing, f"</{tag}>")
    return html
