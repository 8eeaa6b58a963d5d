"""How the admin reads: staff only, confidential rows through the gate, nothing deleted."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse

from applications.permissions import GATE, may_record


class StaffAdmin(admin.ModelAdmin):
    """Open to all staff. Nothing is deleted here."""

    actions = None
    view_on_site = False
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_record(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_record(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_record(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_record(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        # Django lets one step of any relation through: a meeting with items=7 would tell that there is an item 7.
        backwards = lookup.partition("__")[0] in {relation.name for relation in self.opts.related_objects}
        offered = tuple(self.get_list_filter(request))
        return super().lookup_allowed(lookup, value, request) and (not backwards or lookup.startswith(offered))

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        # Django's answer repeats the id and leads away; an unknown address is simply not found.
        raise Http404


class ReadOnly(StaffAdmin):
    """Rows that actions write and nobody edits."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Gated(StaffAdmin):
    """Confidential rows. What the gate leaves out answers as an id that never existed.

    Their history is the item's events: Django's own log would go on telling a person of items closed to them.
    """

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows = self.model.objects.visible_to(request.user)
        return rows.order_by(*(self.get_ordering(request) or self.model._meta.ordering))

    def get_field_queryset(self, db: Any, db_field: Any, request: HttpRequest) -> models.QuerySet[Any] | None:
        related = db_field.remote_field.model
        if related.__name__ in GATE:
            return related.objects.visible_to(request.user)
        return super().get_field_queryset(db, db_field, request)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        return None

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        return None


def found(queryset: models.QuerySet[Any], object_id: str, **lookups: Any) -> Any:
    """One row of what a person may see; 404 for all else, and for what is no id at all."""
    if not (object_id.isascii() and object_id.isdecimal() and len(object_id) < 19):
        raise Http404
    row = queryset.filter(pk=int(object_id), **lookups).first()
    if row is None:
        raise Http404
    return row


def posted(request: HttpRequest) -> tuple[Any, Any]:
    """Data and files for a form: what was sent, or nothing at all where the page is only looked at."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)
