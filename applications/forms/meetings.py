"""Meetings with their rules as fields."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models import Meeting
from applications.models.meeting import Rules, Seat

SIGNERS = [(seat.value, seat.label) for seat in (Seat.CHAIR, Seat.VICE_CHAIR, Seat.RAPPORTEUR)]


class MeetingForm(forms.ModelForm):
    signatures = forms.MultipleChoiceField(
        label=_("Who signs each text"), choices=SIGNERS, widget=forms.CheckboxSelectMultiple
    )
    delegate = forms.ChoiceField(label=_("Who signs corrections"), choices=SIGNERS)
    clearance = forms.BooleanField(label=_("Texts are cleared by the head of the organization"), required=False)
    binding_poll = forms.BooleanField(
        label=_("A poll decides"), required=False, help_text=_("Otherwise consensus does, and a poll only informs.")
    )

    class Meta:
        model = Meeting
        fields = [
            "number",
            "name",
            "year",
            "opens_on",
            "deadline",
            "starts_on",
            "ends_on",
            "lists_on",
            "report",
            "edition",
            "children_edition",
        ]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rules = self.instance.agreed
        for name in Rules.model_fields:
            self.fields[name].initial = getattr(rules, name)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        first, last = typed.get("starts_on"), typed.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day is before the first."))
        return typed

    def save(self, commit: bool = True) -> Any:
        self.instance.rules = Rules.model_validate(
            {name: self.cleaned_data[name] for name in Rules.model_fields}
        ).model_dump(mode="json")
        return super().save(commit)
