"""Addresses of the API, and the header ``Link`` that leads from one to the next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation

from medicines.api.schema import Named
from medicines.models import Indication, Medicine

NAMESPACE = "api"


class Addresses:
    """Makes the absolute addresses of one answer."""

    def __init__(self, request: HttpRequest) -> None:
        self.start = request.build_absolute_uri("/").rstrip("/")

    def of(self, name: str, *arguments: Any, query: str = "") -> str:
        """The address of an endpoint by its name, such as ``of("version", 12, 3)``."""
        return f"{self.start}{reverse(f'{NAMESPACE}:{name}', args=arguments)}{query and f'?{query}'}"

    def page(self, name: str, *arguments: Any) -> str:
        """The address of the page for people, in English."""
        with translation.override("en"):
            return f"{self.start}{reverse(f'public:{name}', args=arguments)}"

    def medicine(self, medicine: Medicine) -> Named:
        return Named(id=medicine.pk, name=medicine.name, url=self.of("medicine", medicine.pk))

    def indication(self, indication: Indication) -> Named:
        return Named(id=indication.pk, name=indication.name, url=self.of("indication", indication.pk))


class Links:
    """The header ``Link`` (RFC 8288) in the making."""

    def __init__(self) -> None:
        self._found: list[tuple[str, str, str]] = []

    def add(self, relation: str, address: str | None, *, media_type: str = "") -> Links:
        """Add a link, unless there is no address."""
        if address:
            self._found.append((relation, address, media_type))
        return self

    def __iter__(self) -> Iterator[str]:
        for relation, address, media_type in self._found:
            kind = f'; type="{media_type}"' if media_type else ""
            yield f'<{address}>; rel="{relation}"{kind}'

    def __str__(self) -> str:
        return ", ".join(self)
