"""The OpenAPI document as a page tells it: endpoints with examples that work here, then what answers hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from medicines.api.document import document
from medicines.api.links import NAMESPACE
from medicines.kept import kept
from medicines.models import Listing, Section, Version

FEW = 8
"""How many values a parameter's list shows in its line; longer ones are folded away."""


@dataclass(frozen=True)
class Parameter:
    """``kind`` tells what it may be; ``values`` are the words that it may have, where it is one of a few."""

    name: str
    place: str
    kind: SafeString
    values: tuple[str, ...]
    default: str
    words: SafeString

    @property
    def has_many_values(self) -> bool:
        return len(self.values) > FEW


@dataclass(frozen=True)
class Operation:
    """One endpoint. ``example`` is an address that works, "" where the record holds nothing to show with it."""

    name: str
    path: str
    summary: str
    words: SafeString
    parameters: tuple[Parameter, ...]
    headers: tuple[tuple[str, SafeString], ...]
    answer: SafeString
    example: str
    start: str

    @property
    def address(self) -> str:
        return f"{self.start}{self.example}"


@dataclass(frozen=True)
class Group:
    tag: str
    operations: tuple[Operation, ...]

    @property
    def anchor(self) -> str:
        # Endpoints and schemas have their names for anchors; a group must not take one of them.
        return f"on-{re.sub(r'[^a-z]+', '-', self.tag.lower())}"


@dataclass(frozen=True)
class Field:
    name: str
    kind: SafeString
    values: tuple[str, ...]
    words: SafeString


@dataclass(frozen=True)
class Schema:
    name: str
    words: SafeString
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Manual:
    words: SafeString
    base: str
    document: str
    groups: tuple[Group, ...]
    schemas: tuple[Schema, ...]


def manual(request: HttpRequest) -> Manual:
    """The manual with the addresses of this site."""
    found = document()
    start = request.build_absolute_uri("/").rstrip("/")
    root = reverse(f"{NAMESPACE}:index").rstrip("/")
    groups: dict[str, list[Operation]] = {}
    for path, methods in found["paths"].items():
        operation = _operation(path, methods["get"], start=start, root=root)
        groups.setdefault(methods["get"]["tags"][0], []).append(operation)
    return Manual(
        words=_paragraphs(found["info"]["description"]),
        base=f"{start}{root}/",
        document=reverse(f"{NAMESPACE}:openapi"),
        groups=tuple(Group(tag, tuple(operations)) for tag, operations in groups.items()),
        schemas=tuple(_schema(name, each) for name, each in found["components"]["schemas"].items()),
    )


def _operation(path: str, said: Mapping[str, Any], *, start: str, root: str) -> Operation:
    answer = said["responses"]["200"]
    return Operation(
        name=said["operationId"],
        path=path,
        summary=said["summary"],
        words=_paragraphs(said.get("description", "")),
        parameters=tuple(_parameter(each) for each in said["parameters"]),
        headers=tuple(
            (name, _line(header["description"])) for name, header in answer["headers"].items() if name == "Link"
        ),
        answer=_kind(answer["content"]["application/json"]["schema"]),
        example=_example(root + said["x-example"]),
        start=start,
    )


def _parameter(said: Mapping[str, Any]) -> Parameter:
    schema = said["schema"]
    default = schema.get("default")
    return Parameter(
        name=said["name"],
        place=said["in"],
        kind=_kind(schema),
        values=_values(schema),
        default="" if default in (None, "", []) else str(default),
        words=_line(said.get("description", "")),
    )


def _schema(name: str, said: Mapping[str, Any]) -> Schema:
    return Schema(
        name=name,
        words=_paragraphs(said.get("description", "")),
        fields=tuple(
            Field(field, _kind(each), _values(each), _line(each.get("description", "")))
            for field, each in said.get("properties", {}).items()
        ),
    )


# What a value may be, in words


def _kind(schema: Mapping[str, Any]) -> SafeString:
    return format_html_join(" or ", "{}", ((kind,) for kind in dict.fromkeys(_kinds(schema))))


def _kinds(schema: Mapping[str, Any]) -> Iterator[SafeString]:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        yield format_html('<a href="#{}">{}</a>', name, name)
    for option in schema.get("anyOf", ()):
        yield from _kinds(option)
    kind = schema.get("type")
    if kind == "array":
        items = schema.get("items") or {}
        yield mark_safe("any of") if _values(items) else format_html("list of {}", _kind(items) or "values")
    elif kind == "integer" and "minimum" in schema and schema.get("maximum", 10**6) < 1000:
        yield format_html("integer, {} to {}", schema["minimum"], schema["maximum"])
    elif kind and "enum" not in schema and "const" not in schema:
        yield format_html("{}", {"date": "date", "date-time": "date and time"}.get(schema.get("format", ""), kind))
    elif _values(schema):
        yield mark_safe("one of")


def _values(schema: Mapping[str, Any]) -> tuple[str, ...]:
    """The words of a list of choices, wherever in the schema it stands."""
    if "enum" in schema:
        return tuple(str(value) for value in schema["enum"])
    if "const" in schema:
        return (str(schema["const"]),)
    for inner in (*schema.get("anyOf", ()), *([schema["items"]] if schema.get("items") else ())):
        if found := _values(inner):
            return found
    return ()


# Descriptions: paragraphs, `code` and *stress*


def _paragraphs(text: str) -> SafeString:
    return format_html_join("", "<p>{}</p>", ((_line(part),) for part in text.split("\n\n") if part.strip()))


def _line(text: str) -> SafeString:
    html: str = conditional_escape(" ".join(text.split()))
    html = re.sub(r"`+([^`]+)`+", r"<code>\1</code>", html)
    return mark_safe(re.sub(r"\*([^*]+)\*", r"<em>\1</em>", html))  # noqa: S308  escaped above


# Examples


def _example(pattern: str) -> str:
    try:
        return pattern.format_map(_subjects())
    except KeyError:
        return ""


@kept(most=1)
def _subjects() -> Mapping[str, Any]:
    """What the record has to show examples with: a recommendation with two versions if there is one, and so on."""
    listing = Listing.objects.order_by("-version__number", "recommendation").select_related("recommendation").first()
    section = Section.objects.order_by("-edition__number", "sort_key").select_related("edition").first()
    decision = Version.objects.filter(kind="decision").order_by("-position").defer("body").first()
    classified = Listing.objects.exclude(atc=[]).order_by("recommendation").first()
    found: dict[str, Any] = {}
    if listing:
        found |= {
            "number": listing.recommendation.number,
            "medicine": listing.medicine_id,
            "indication": listing.indication_id,
        }
        if listing.recommendation.versions.filter(number=2).exists():
            found["older"] = 1
    if section:
        found |= {"edition": section.edition.number, "section": section.number}
    if decision and decision.provenance.get("meeting_number"):
        found["meeting"] = decision.provenance["meeting_number"]
    if classified:
        found["atc"] = classified.atc[0][:3]
    return found
