"""Putting the refusal of an action where the person who asked finds it."""

from django import forms

from applications.actions.errors import BadInput, NotYet


def put_on_form(form: forms.Form, refusal: Exception) -> None:
    """Add the words of a refusal to its field where it names one, else to the form as a whole."""
    if isinstance(refusal, NotYet):
        for missing in refusal.missing:
            form.add_error(None, missing.words)
    elif isinstance(refusal, BadInput) and refusal.field in form.fields:
        form.add_error(refusal.field, str(refusal))
    else:
        form.add_error(None, str(refusal))
