"""BibTeX: a version to cite, and lists of references.

Values are UTF-8 in braces; TeX's special characters are escaped, and titles stand in double braces, which keep their
capitals.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote

from medicines.content.references import address_of, doi_of, is_et_al, names_of, text_of, year_of
from medicines.content.schema import Reference
from medicines.documents.citation_text import CitationData

CONTENT_TYPE = "application/x-bibtex"

TYPES = {
    "article": "article",
    "article-journal": "article",
    "article-magazine": "article",
    "article-newspaper": "article",
    "book": "book",
    "chapter": "incollection",
    "paper-conference": "inproceedings",
    "report": "techreport",
    "thesis": "phdthesis",
}

_SPECIAL = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "#": r"\#",
        "$": r"\$",
        "%": r"\%",
        "&": r"\&",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)

Fields = Iterable[tuple[str, str]]


def cite_bibtex(data: CitationData) -> str:
    """One version of a recommendation as a BibTeX entry."""
    return _entry(
        "techreport",
        data.key,
        [
            ("author", f"{{{_escaped(data.publisher)}}}"),
            ("title", f"{{{_escaped(data.title)}}}"),
            ("institution", f"{{{_escaped(data.publisher)}}}"),
            ("type", "Recommendation"),
            ("number", str(data.number)),
            ("year", str(data.year)),
            ("date", data.date.isoformat()),
            ("version", str(data.version)),
            ("note", f"Version {data.version}"),
            ("keywords", ", ".join(filter(None, (_escaped(data.medicine), _escaped(data.indication))))),
            ("url", _address(data.url)),
        ],
    )


def references_bibtex(references: Iterable[Reference]) -> str:
    """A list of references as BibTeX entries, in the order given; no key occurs twice."""
    seen: set[str] = set()
    entries = []
    for reference in references:
        key = stem = _key(reference)
        number = 2
        while key in seen:
            key, number = f"{stem}-{number}", number + 1
        seen.add(key)
        kind = TYPES.get(text_of(reference.csl.get("type")), "misc")
        entries.append(_entry(kind, key, _reference(kind, reference)))
    return "\n".join(entries)


def _reference(kind: str, reference: Reference) -> Iterator[tuple[str, str]]:
    csl = reference.csl
    title = text_of(csl.get("title")) or ("" if csl.get("container-title") else reference.original)
    container = "journal" if kind in ("article", "misc") else "booktitle"
    publisher = {"techreport": "institution", "phdthesis": "school"}.get(kind, "publisher")
    yield "author", " and ".join(map(_name, names_of(csl, in_full=True)))
    yield "editor", " and ".join(map(_name, names_of(csl, "editor", in_full=True)))
    yield "title", f"{{{_escaped(title)}}}" if title.strip() else ""
    yield container, _escaped(text_of(csl.get("container-title")))
    yield "year", _escaped(year_of(csl))
    yield "volume", _escaped(text_of(csl.get("volume")))
    yield "number", _escaped(text_of(csl.get("issue")))
    yield "pages", re.sub(r"\s*[-–]+\s*", "--", _escaped(text_of(csl.get("page"))))
    yield publisher, _escaped(text_of(csl.get("publisher")))
    yield "address", _escaped(text_of(csl.get("publisher-place")))
    yield "doi", _address(doi_of(csl))
    yield "url", _address(address_of(csl))


def _name(name: Mapping[str, str]) -> str:
    # Braces keep the name of a body, or an "and" in a name, in one piece.
    if "literal" in name:
        return "others" if is_et_al(name) else f"{{{_escaped(name['literal'])}}}"
    family, given = _escaped(name["family"]), _escaped(name.get("given", ""))
    family = f"{{{family}}}" if " " in family or "," in family else family
    return ", ".join(filter(None, (family, _escaped(name.get("suffix", "")), given)))


def _key(reference: Reference) -> str:
    """Family name and year in plain letters ("bolte2018"), else the id."""
    names = names_of(reference.csl)
    first = names[0].get("family") or names[0]["literal"].split(" ")[0] if names else ""
    plain = unicodedata.normalize("NFKD", first).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^A-Za-z]", "", plain).lower() or re.sub(r"[^A-Za-z0-9_-]", "", reference.id) or "reference"
    return stem + re.sub(r"\D", "", year_of(reference.csl)) if first else stem


def _entry(kind: str, key: str, fields: Fields) -> str:
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields if value)
    return f"@{kind}{{{key},\n{lines}}}\n"


def _escaped(words: str) -> str:
    return " ".join(words.split()).translate(_SPECIAL)


def _address(url: str) -> str:
    """Addresses are not escaped, as the packages that print them expect; what would break the entry is encoded."""
    return re.sub(r"[\\{}\s]", lambda found: quote(found[0]), url)
