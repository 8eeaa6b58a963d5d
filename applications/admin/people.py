"""People: who logs in, and as what."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from applications.forms.people import NewPersonForm, PersonForm
from applications.models import Person
from applications.permissions import may_record

from .gate import StaffAdmin

STAFF_FIELDS = ("is_staff", "may_publish", "is_superuser")


@admin.register(Person)
class PersonAdmin(StaffAdmin, UserAdmin):
    """Staff enter members. Accounts of staff are made and changed by administrators alone: whoever could set a
    publisher's password could publish their own text."""

    form = PersonForm
    add_form = NewPersonForm
    list_display = ["name", "email", "language", "is_active", "is_staff", "may_publish"]
    list_filter = ["is_active", "is_staff", "may_publish", "seats__meeting"]
    search_fields = ["name", "email"]
    ordering = ["name"]
    filter_horizontal = ()
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["name", "email", "password", "language"]}),
        (_("What they may do"), {"fields": ["is_active", *STAFF_FIELDS]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["name", "email", "language", "usable_password", "password1", "password2"]}),
    ]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not may_record(request.user):
            return False
        return obj is None or not (obj.is_staff or obj.is_superuser) or request.user.is_superuser

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*self.readonly_fields, *(() if request.user.is_superuser else STAFF_FIELDS)]


admin.site.unregister(Group)
