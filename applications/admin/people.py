"""People: who logs in, and as what."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ResetPasswordForm
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from applications.forms.people import NewMemberForm, NewPersonForm, PersonForm
from applications.models import Person
from applications.permissions import may_record

from .gate import StaffAdmin, found

STAFF_FIELDS = ("is_staff", "may_publish", "is_superuser")


@admin.register(Person)
class PersonAdmin(StaffAdmin, UserAdmin):
    """Staff enter members and send them a link. Only administrators set passwords, change accounts of staff and the
    addresses of those who log in: whoever could set a chair's password could sign, and a publisher's, publish their
    own text."""

    form = PersonForm
    change_form_template = "admin/desk/person.html"
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

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.link_view))
        return [path("<path:object_id>/link/", view, name="applications_person_link"), *super().get_urls()]

    def link_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Send somebody a link with which they set their password, so that nobody else ever knows it."""
        person = found(Person.objects.filter(is_active=True), object_id)
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        form = ResetPasswordForm({"email": person.email})
        if form.is_valid():
            form.save(request)
            messages.success(request, _t("A link to set the password was sent to %(email)s.") % {"email": person.email})
        return redirect("admin:applications_person_change", person.pk)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not may_record(request.user):
            return False
        return obj is None or not (obj.is_staff or obj.is_superuser) or request.user.is_superuser

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None and not request.user.is_superuser:
            kwargs["form"] = NewMemberForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if request.user.is_superuser:
            return super().get_fieldsets(request, obj)
        if obj is None:
            return [(None, {"fields": NewMemberForm.Meta.fields})]
        own: dict[str, Any] = {"fields": ["name", "email", "language"]}
        if _logs_in(obj):
            own["description"] = _("This person logs in with this address. Only administrators change it.")
        return [(None, own), *self.fieldsets[1:]]

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        found(Person.objects.all(), id)
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if request.user.is_superuser:
            return self.readonly_fields
        return [*self.readonly_fields, *STAFF_FIELDS, *(["email"] if _logs_in(obj) else [])]


def _logs_in(person: Person | None) -> bool:
    """Whether somebody else has taken the account over from the staff who made it. The link that sets a password goes
    to the address, so whoever changes the address could sign in that person's name.
    """
    return person is not None and person.has_usable_password()


# Roles are fields of a person, addresses are changed here, and second factors are nobody else's business.
for model in (Group, EmailAddress, Authenticator):
    admin.site.unregister(model)
