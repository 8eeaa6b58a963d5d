"""What the review has written down and nobody edits: a place to look things up."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from applications.models import Event, Recusal

from .gate import Gated, ReadOnly


class Record(Gated, ReadOnly):
    list_display_links = None

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)


@admin.register(Event)
class EventAdmin(Record):
    list_display = ["at", "item", "person", "action", "words"]
    list_filter = ["action", "at"]
    list_select_related = ["item", "person"]
    ordering = ["-pk"]
    search_fields = ["item__code", "item__title", "person__name", "words"]


@admin.register(Recusal)
class RecusalAdmin(Record):
    list_display = ["item", "person", "reason", "recorded_at"]
    list_select_related = ["item", "person"]
    ordering = ["-pk"]
    search_fields = ["item__code", "person__name"]
    search_help_text = _("Code or name")
