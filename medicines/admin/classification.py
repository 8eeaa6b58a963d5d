"""The classifications of others, to look things up in. They are changed by importing a newer download alone."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from medicines.models import AtcCode, AwareEntry, Icd11Entity

from .staff import ReadOnly


class Classification(ReadOnly):
    view_on_site = False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields or ()


@admin.register(AtcCode)
class AtcCodeAdmin(Classification):
    list_display = ["code", "name"]
    search_fields = ["code", "name"]
    ordering = ["code"]
    fields = ["code", "name"]


@admin.register(Icd11Entity)
class Icd11EntityAdmin(Classification):
    list_display = ["code_or_dash", "title", "kind", "release"]
    list_filter = ["kind", "release"]
    search_fields = ["=code", "title"]
    ordering = ["release", "place"]
    fields = ["code", "title", "kind", "release", "place", "link"]
    show_full_result_count = False

    @admin.display(description=_("code"), ordering="code")
    def code_or_dash(self, entity: Icd11Entity) -> str:
        return entity.code or "–"

    @admin.display(description=_("address"))
    def link(self, entity: Icd11Entity) -> str:
        if not entity.address:
            return "–"
        return format_html('<a href="{}" rel="external">{}</a>', entity.address, urlsplit(entity.address).hostname)


@admin.register(AwareEntry)
class AwareEntryAdmin(Classification):
    list_display = ["name", "group", "codes", "edition"]
    list_filter = ["group", "edition"]
    search_fields = ["name", "atc"]
    ordering = ["-edition", "key"]
    fields = ["name", "group", "codes", "edition"]

    @admin.display(description=_("ATC codes"))
    def codes(self, entry: AwareEntry) -> str:
        return ", ".join(entry.atc) or "–"
