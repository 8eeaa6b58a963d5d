"""Meetings, with who sits at them and what they have agreed on."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from applications.forms.meetings import MeetingForm
from applications.models import Meeting, Member
from applications.permissions import may_record

from .gate import StaffAdmin


class MemberInline(admin.TabularInline):
    model = Member
    extra = 0
    autocomplete_fields = ["person"]
    verbose_name_plural = _("Members of this meeting")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **options)
        if field:
            # The head of a column is no label to those who hear the page.
            field.widget.attrs["aria-label"] = field.label
        return field

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_record(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_record(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_record(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Meeting)
class MeetingAdmin(StaffAdmin):
    form = MeetingForm
    inlines = [MemberInline]
    list_display = ["name", "number", "starts_on", "ends_on", "lists_on", "report", "seats"]
    search_fields = ["name", "report"]
    fieldsets = [
        (None, {"fields": ["number", "name", "year"]}),
        (_("Days"), {"fields": ["opens_on", "deadline", "starts_on", "ends_on", "lists_on"]}),
        (_("What it leads to"), {"fields": ["report", "edition", "children_edition"]}),
        (_("What it has agreed on"), {"fields": ["signatures", "delegate", "clearance", "binding_poll"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(seated=Count("members"))

    @admin.display(description=_("members"), ordering="seated")
    def seats(self, meeting: Any) -> int:
        return int(meeting.seated)
