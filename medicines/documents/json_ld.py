"""What a page is about in the words of schema.org, for search machines and for those who collect data.

It stands in the page as a block of data, which no browser runs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from medicines.content.schema import Content, Facts, Reference
from medicines.documents.citation_text import CitationData

CONTEXT = "https://schema.org"

ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}
"""What must not stand in a script element as it is."""

ARTICLES = frozenset({"article-journal", "article", "article-magazine", "article-newspaper"})


@dataclass(frozen=True)
class DataFile:
    """A file of a data set. ``size`` is in bytes, ``sha256`` in hexadecimal; either may be unknown."""

    url: str
    media_type: str
    size: int | None = None
    sha256: str = ""


def script(data: Mapping[str, Any]) -> SafeString:
    """The data as an element that can stand anywhere in a page: nothing in them can end it."""
    words = json.dumps(_stated(data), ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{words}</script>')  # noqa: S308  escaped above


def decision(
    content: Content,
    *,
    citation: CitationData,
    description: str,
    fingerprint: str,
    effective_date: date,
    published_at: datetime,
    language: str,
    icd11: Iterable[str] = (),
    licence_url: str = "",
) -> dict[str, Any]:
    """A version of a recommendation as a page of schema.org.

    ``citation`` holds its title, numbers and lasting address; ``description`` is the page in some plain sentences;
    ``language`` is that of the page. ``icd11`` are codes of the indication, for facts that state none.
    """
    facts = content.facts
    subjects = [_drug(facts), *({"@type": "Drug", "name": name} for name in facts.partners), _condition(facts, icd11)]
    return {
        "@context": CONTEXT,
        "@type": "MedicalWebPage",
        "@id": citation.url,
        "url": citation.url,
        "name": citation.title,
        "description": description,
        "inLanguage": language,
        "version": citation.version,
        "identifier": [
            _property("recommendation", str(citation.number)),
            _property("SHA-256", fingerprint),
        ],
        "datePublished": published_at.date().isoformat(),
        "dateModified": published_at.isoformat(timespec="seconds"),
        "license": licence_url,
        "publisher": {"@type": "Organization", "name": citation.publisher},
        "isPartOf": {"@type": "CreativeWork", "name": "Model Lists of Essential Medicines"},
        "about": subjects,
        "mainEntity": {
            "@type": "MedicalGuidelineRecommendation",
            "name": citation.title,
            "guidelineDate": effective_date.isoformat(),
            "guidelineSubject": [{"@type": subject["@type"], "name": subject["name"]} for subject in subjects],
        },
        "citation": [_reference(reference) for reference in content.narrative.references],
    }


def dataset(
    *,
    name: str,
    description: str,
    url: str,
    version: str,
    modified: datetime,
    publisher: str,
    licence_url: str,
    files: Iterable[DataFile] = (),
) -> dict[str, Any]:
    """The record as a data set of schema.org, with its files."""
    return {
        "@context": CONTEXT,
        "@type": "Dataset",
        "@id": url,
        "url": url,
        "name": name,
        "description": description,
        "version": version,
        "dateModified": modified.isoformat(timespec="seconds"),
        "license": licence_url,
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": publisher},
        "publisher": {"@type": "Organization", "name": publisher},
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": file.url,
                "encodingFormat": file.media_type,
                "contentSize": f"{file.size} B" if file.size is not None else "",
                "sha256": file.sha256,
            }
            for file in files
        ],
    }


def _drug(facts: Facts) -> dict[str, Any]:
    routes = dict.fromkeys(f.route[0] for p in facts.placements for f in p.formulations if f.route)
    return {
        "@type": "Drug",
        "name": facts.medicine,
        "nonProprietaryName": facts.medicine,
        "administrationRoute": list(routes),
        "code": [_code(code, "ATC") for code in facts.atc],
        "sameAs": [link.url for link in facts.links if link.url],
    }


def _condition(facts: Facts, icd11: Iterable[str]) -> dict[str, Any]:
    return {
        "@type": "MedicalCondition",
        "name": facts.indication,
        "code": [_code(code, "ICD-11") for code in facts.icd11 or icd11],
    }


def _code(value: str, system: str) -> dict[str, str]:
    return {"@type": "MedicalCode", "codeValue": value, "codingSystem": system}


def _property(name: str, value: str) -> dict[str, str]:
    return {"@type": "PropertyValue", "propertyID": name, "value": value}


def _reference(reference: Reference) -> dict[str, Any]:
    csl = reference.csl
    doi = str(csl.get("DOI") or "")
    return {
        "@type": "ScholarlyArticle" if csl.get("type") in ARTICLES else "CreativeWork",
        "name": str(csl.get("title") or reference.original),
        "url": f"https://doi.org/{doi}" if doi else str(csl.get("URL") or ""),
    }


def _stated(value: Any) -> Any:
    """The data without what is not stated."""
    if isinstance(value, Mapping):
        return {key: _stated(entry) for key, entry in value.items() if entry not in ("", None, [], {})}
    if isinstance(value, list | tuple):
        return [_stated(entry) for entry in value]
    return value
