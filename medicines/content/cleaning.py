"""Cleaning a whole document before it is stored, whoever stores it."""

import re
from typing import Any, TypeVar

from .richtext import sanitise, unique_blocks
from .schema import Content, DraftContent, Narrative, NarrativeSection

Document = TypeVar("Document", Content, DraftContent)

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def cleaned(document: Document) -> Document:
    """Return the document with its rich text sanitised, block ids unique, and no control characters anywhere.

    Cleaning twice gives the same as cleaning once.
    """
    plain = type(document).from_dict(_without_controls(document.to_dict()))
    return plain.model_copy(update={"narrative": _clean_narrative(plain.narrative)})


def _clean_narrative(narrative: Narrative) -> Narrative:
    texts = unique_blocks([sanitise(section.html) for section in narrative.sections])
    sections = tuple(
        NarrativeSection(key=section.key, html=html) for section, html in zip(narrative.sections, texts, strict=True)
    )
    return narrative.model_copy(update={"sections": sections})


def _without_controls(value: Any) -> Any:
    if isinstance(value, str):
        return CONTROL.sub("", value)
    if isinstance(value, list):
        return [_without_controls(entry) for entry in value]
    if isinstance(value, dict):
        return {_without_controls(key): _without_controls(entry) for key, entry in value.items()}
    return value
