"""Signing a text."""

from __future__ import annotations

from django import forms


class SignatureForm(forms.Form):
    """A signature names the text that it is for: the fingerprint that stood on the screen."""

    fingerprint = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
