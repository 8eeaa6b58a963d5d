"""People as staff enter them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.utils.translation import gettext_lazy as _

from applications.models import Person


class NewPersonForm(AdminUserCreationForm):
    class Meta:
        model = Person
        fields = ["name", "email", "language"]
        field_classes: dict[str, Any] = {}

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class NewMemberForm(forms.ModelForm):
    """Somebody without a password: a link is sent with which they set it, so that nobody else ever knows it."""

    class Meta:
        model = Person
        fields = ["name", "email", "language"]

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def save(self, commit: bool = True) -> Person:
        self.instance.set_unusable_password()
        person: Person = super().save(commit=commit)
        return person


class PersonForm(UserChangeForm):
    class Meta:
        model = Person
        fields = "__all__"
        field_classes: dict[str, Any] = {}

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("may_publish") and not typed.get("is_staff", self.instance.is_staff):
            self.add_error("may_publish", forms.ValidationError(_("Only staff publish.")))
        return typed
