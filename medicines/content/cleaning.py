"""Cleaning a whole document before it is stored, whoever stores it."""

import re
from typing import Any, TypeVar

from pydantic_core import PydanticSerializationError

from .richtext import sanitise, unique_blocks
from .schema import Content, DraftContent, Narrative, NarrativeSection

Document = TypeVar("Document", Content, DraftContent)

# As JSON writes them, and perhaps something else.
_TRACES = re.compile(r"\\(?:u00[01]|[bf])|\x7f")

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def cleaned(document: Document) -> Document:
    """Return the document with its rich text sanitised, block ids unique, and no control characters anywhere.

    Cleaning twice gives the same as cleaning once.
    """
    if _may_hold_controls(document):
        document = type(document).from_dict(_without_controls(document.to_dict()))
    return document.model_copy(update={"narrative": _clean_narrative(document.narrative)})


def _may_hold_controls(document: Document) -> bool:
    """Whether there is a trace of a control character. Most documents have none, and a long list has many documents."""
    try:
        return bool(_TRACES.search(document.model_dump_json()))
    except PydanticSerializationError:  # Half of a character, which is no UTF-8.
        return True


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
