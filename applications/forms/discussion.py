"""Talking about a draft."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models import Reading

LONGEST = 20_000
"""Characters in one contribution: more than anybody writes, less than a browser or a mail chokes on."""


def _box(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


class CommentForm(forms.Form):
    """Opens a thread on a block."""

    text = forms.CharField(
        label=_("Your comment"),
        max_length=LONGEST,
        widget=_box(5),
        error_messages={"required": _("Write a comment first.")},
    )


class ReplyForm(forms.Form):
    """Adds to a thread, marks it as resolved, or both: what is typed is kept whichever button is pressed."""

    text = forms.CharField(label=_("Your reply"), max_length=LONGEST, widget=_box(3), required=False)

    @property
    def resolves(self) -> bool:
        return "resolve" in self.data

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        if not text and not self.resolves:
            raise forms.ValidationError(_("Write a reply first."))
        return text


class VerdictForm(forms.Form):
    """What a member says after reading the newest text."""

    verdict = forms.ChoiceField(
        label=_("Your verdict"),
        choices=Reading.Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a verdict.")},
    )
    why = forms.CharField(
        label=_("Why"),
        max_length=LONGEST,
        widget=_box(3),
        required=False,
        help_text=_("Needed where the text needs changes."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("verdict") == Reading.Verdict.NEEDS_CHANGES and not data.get("why"):
            self.add_error("why", _("Say what needs to change."))
        return data
