"""The whole record as JSON Lines, and the schema of all that this site gives out as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field
from pydantic.json_schema import models_json_schema

from medicines.content.schema import Content, Outcome, Part

from .tables import ListFile


class PublishedVersion(Part):
    """A line of the file of all versions: one version, complete, with what a reader is told beside its content."""

    number: int = Field(description="Number of the recommendation: its identity, which never changes.")
    version: int = Field(description="Number of the version, from 1.")
    address: str = Field(description="Lasting address of the version.")
    kind: Literal["decision", "correction", "imported"]
    outcome: Outcome | None = Field(description="What was decided; what holds is told by the facts.")
    effective_date: date
    published_at: datetime
    note: str = Field(description="Of a correction: what was corrected, and why.")
    corrects: int | None = Field(description="Number of the version that a correction corrects.")
    provenance: dict[str, Any] = Field(description="Where the version comes from, in plain words.")
    fingerprint: str = Field(description="SHA-256 of the content file of the version, byte for byte.")
    publisher: str
    licence: str
    licence_url: str
    notice: str
    content: Content


def version_line(told: Mapping[str, Any], body: str) -> str:
    """A line of the file: what is told of a version, and its content as it is stored, character for character."""
    words = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return f'{words[:-1]},"content":{body}}}\n'


def json_schema(*, address: str) -> dict[str, Any]:
    """JSON Schema (2020-12) of a content, of a line of the file of all versions, and of a list; ``address`` is its own.

    A document fits if it is any of the three.
    """
    models = (Content, PublishedVersion, ListFile)
    refs, schema = models_json_schema([(model, "validation") for model in models], by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "title": "Recommendations of essential medicines",
        "description": "null, and an empty text or list, mean not stated, which is not no.",
        "anyOf": [refs[model, "validation"] for model in models],
        "$defs": schema["$defs"],
    }
