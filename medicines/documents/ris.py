"""RIS, which reference managers read: a version to cite, and lists of references.

The format is a line a field, "TY  - JOUR", closed by "ER  - "; lines end with CRLF, and a value cannot hold a line end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from medicines.content.references import address_of, doi_of, is_et_al, names_of, text_of, year_of
from medicines.content.schema import Reference
from medicines.documents.citation_text import CitationData

CONTENT_TYPE = "application/x-research-info-systems"

TYPES = {
    "article": "JOUR",
    "article-journal": "JOUR",
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "book": "BOOK",
    "chapter": "CHAP",
    "dataset": "DATA",
    "legislation": "STAT",
    "paper-conference": "CPAPER",
    "post-weblog": "BLOG",
    "report": "RPRT",
    "thesis": "THES",
    "webpage": "ELEC",
}

Lines = Iterator[tuple[str, object]]


def cite_ris(data: CitationData) -> str:
    """One version of a recommendation as a RIS record."""
    return _record(
        [
            ("TY", "RPRT"),
            ("ID", data.key),
            ("TI", data.title),
            # The comma at the end says that this is the name of a body.
            ("AU", f"{_line(data.publisher).rstrip(',')},"),
            ("PB", data.publisher),
            ("PY", data.year),
            ("DA", data.date.strftime("%Y/%m/%d")),
            ("SN", f"Recommendation {data.number}"),
            ("ET", f"Version {data.version}"),
            ("AB", data.outcome),
            ("KW", data.medicine),
            ("KW", data.indication),
            ("LA", data.language),
            ("UR", data.url),
        ]
    )


def references_ris(references: Iterable[Reference]) -> str:
    """A list of references as RIS records, in the order given."""
    return "".join(_record(_reference(reference)) for reference in references)


def _reference(reference: Reference) -> Lines:
    csl = reference.csl
    yield "TY", TYPES.get(text_of(csl.get("type")), "GEN")
    yield "ID", reference.id
    for name in names_of(csl, in_full=True):
        yield "AU", _name(name)
    for name in names_of(csl, "editor", in_full=True):
        yield "ED", _name(name)
    yield "TI", text_of(csl.get("title")) or ("" if csl.get("container-title") else reference.original)
    yield "T2", text_of(csl.get("container-title"))
    yield "PY", year_of(csl)
    for tag, field in (("VL", "volume"), ("IS", "issue"), ("PB", "publisher"), ("CY", "publisher-place")):
        yield tag, text_of(csl.get(field))
    first, _, last = _pages(csl)
    yield "SP", first
    yield "EP", last
    yield "DO", doi_of(csl)
    yield "UR", address_of(csl)


def _pages(csl: Mapping[str, Any]) -> tuple[str, str, str]:
    return text_of(csl.get("page")).replace("–", "-").partition("-")


def _name(name: Mapping[str, str]) -> str:
    if "literal" in name:
        return name["literal"] if is_et_al(name) else name["literal"].rstrip(",") + ","
    return ", ".join(filter(None, (name["family"], name.get("given"), name.get("suffix"))))


def _record(lines: Iterable[tuple[str, object]]) -> str:
    fields = [(tag, _line(value)) for tag, value in lines]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in fields if value) + "ER  - \r\n\r\n"


def _line(value: object) -> str:
    return " ".join(str(value).split())
