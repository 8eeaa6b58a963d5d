"""What Word documents and workbooks have in common: the parts that say what the others are, and whose they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from .archive import Part
from .xml import xml_escaped

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
"""What the kinds of relationships between parts begin with."""

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_CORE = "docProps/core.xml"
_TYPE = "application/vnd.openxmlformats-"


@dataclass(frozen=True)
class Properties:
    """What a file says of itself where programs show it."""

    title: str
    creator: str = ""
    description: str = ""
    changed_at: datetime | None = None


def part(name: str, words: str) -> Part:
    """A part that is short enough to be made at once."""
    return name, (f"{HEAD}{words}".encode(),)


def opening(main: str, properties: Properties) -> Iterator[Part]:
    """The parts with which a file begins whose ``main`` part has this name."""
    core = f"{_PACKAGE}/relationships/metadata/core-properties"
    yield relationships("_rels/.rels", {main: f"{OFFICE}/officeDocument", _CORE: core})
    yield part(_CORE, _properties(properties))


def relationships(name: str, targets: Mapping[str, str]) -> Part:
    """The part that says where others are, each with its kind; they are known as rId1, rId2 and so on."""
    each = (
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (target, kind) in enumerate(targets.items(), 1)
    )
    return part(name, f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(each)}</Relationships>')


def content_types(types: Mapping[str, str]) -> Part:
    """The part that says what each of the others is; ``types`` without that with which all begin."""
    each = (
        f'<Override PartName="/{name}" ContentType="{_TYPE}{kind}+xml"/>'
        for name, kind in {**types, _CORE: "package.core-properties"}.items()
    )
    return part(
        "[Content_Types].xml",
        f'<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="{_TYPE}package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{"".join(each)}</Types>',
    )


def _properties(properties: Properties) -> str:
    dates = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{properties.changed_at:%Y-%m-%dT%H:%M:%SZ}</dcterms:{name}>'
        for name in ("created", "modified")
        if properties.changed_at
    )
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{xml_escaped(properties.title)}</dc:title>"
        f"<dc:creator>{xml_escaped(properties.creator)}</dc:creator>"
        f"<dc:description>{xml_escaped(properties.description)}</dc:description>{dates}</cp:coreProperties>"
    )
