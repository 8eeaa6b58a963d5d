"""Texts of the demonstration, from a small part of Markdown to the HTML that a draft holds.

``## Section``, ``### Sub-heading``, paragraphs, ``- `` lists, ``*emphasis*``, and ``[@reference]`` for a citation.
"""

from __future__ import annotations

import json
import re
from html import escape
from itertools import groupby
from pathlib import Path

from medicines.content.richtext import cited
from medicines.content.schema import Narrative, NarrativeSection, Reference

FOLDER = Path(__file__).parent


def source(name: str) -> bytes:
    """A text as it stands in its file."""
    return (FOLDER / "texts" / name).read_bytes()


def narrative(name: str) -> Narrative:
    """The text of this name, with the references that it cites."""
    sections = tuple(
        NarrativeSection(key=_key(title), html=_html(body)) for title, body in _sections(source(f"{name}.md").decode())
    )
    used = {ref for section in sections for ref in cited(section.html)}
    return Narrative(sections=sections, references=tuple(ref for ref in references() if ref.id in used))


def references() -> tuple[Reference, ...]:
    """All references of the demonstration."""
    rows = json.loads((FOLDER / "references.json").read_bytes())
    return tuple(
        Reference(id=row["id"], csl={name: value for name, value in row.items() if name != "id"}) for row in rows
    )


def _sections(text: str) -> list[tuple[str, str]]:
    _before, *parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return list(zip(parts[::2], parts[1::2], strict=True))


def _key(title: str) -> str:
    return re.sub(r"[ -]", "_", title.lower())


def _html(body: str) -> str:
    return "".join(_block(block.strip()) for block in re.split(r"\n{2,}", body) if block.strip())


def _block(block: str) -> str:
    if block.startswith("### "):
        return f"<h3>{_inline(block[4:])}</h3>"
    out = ""
    for is_list, lines in groupby(block.splitlines(), key=lambda line: line.startswith("- ")):
        if is_list:
            out += "<ul>" + "".join(f"<li><p>{_inline(line[2:])}</p></li>" for line in lines) + "</ul>"
        else:
            out += f"<p>{_inline(' '.join(lines))}</p>"
    return out


def _inline(words: str) -> str:
    html = re.sub(r"\*([^*]+)\*", r"<em>\1</em>", escape(words, quote=False))
    return re.sub(r"\s*\[@([^\]]+)\]", r'<cite data-ref="\1"></cite>', html)
