"""Fingerprints of content: SHA-256 over one canonical form of its JSON."""

import hashlib
import json
import secrets
from typing import Any, TypeVar

from .schema import Content, DraftContent

Document = TypeVar("Document", Content, DraftContent)


def canonical(data: dict[str, Any]) -> str:
    """Return the one JSON text of ``data``: keys sorted, no blanks, characters unescaped."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def fingerprint(body: str) -> str:
    """Return the SHA-256 of a canonical text as 64 hexadecimal digits."""
    return hashlib.sha256(body.encode("utf-8")).hexdigest()


def salted(document: Document) -> Document:
    """Return the document with a fresh random salt, so that nobody can test a guess at embargoed words."""
    return document.model_copy(update={"salt": secrets.token_hex(16)})


def same_words(one: Document, other: Document) -> bool:
    """Whether two documents say the same, whatever their salts."""
    return one.model_copy(update={"salt": ""}) == other.model_copy(update={"salt": ""})
