"""Fields of the drafting form. None sees a change where only blanks differ: browsers fold them as they like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

NOT_STATED = _("Not stated")

LINE_BREAKS = re.compile(r"[\r\n]+")


class WordsField(forms.CharField):
    """Words of any length, ``lines`` of them high where more than one."""

    def __init__(self, *, lines: int = 1, **options: Any) -> None:
        if lines > 1:
            options.setdefault("widget", forms.Textarea(attrs={"rows": lines}))
        self.lines = lines
        super().__init__(**{"required": False, **options})
        # The language of what is typed is not that of the page: doses and names keep their own direction.
        self.widget.attrs.setdefault("dir", "auto")

    def prepare_value(self, value: Any) -> Any:
        # A field of one line would drop line breaks and join the words around them.
        return LINE_BREAKS.sub(" ", value) if self.lines == 1 and isinstance(value, str) else value

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return not self.disabled and folded(initial) != folded(data)


class LinesField(WordsField):
    """Several words, one a line."""

    def __init__(self, *, lines: int = 2, **options: Any) -> None:
        super().__init__(lines=lines, **options)

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else "\n".join(value)

    def to_python(self, value: Any) -> tuple[str, ...]:  # type: ignore[override]
        return tuple(line for line in map(str.strip, super().to_python(value).split("\n")) if line)

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        for line in value:
            super().run_validators(line)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return not self.disabled and folded(self.prepare_value(initial)) != folded(self.prepare_value(data))


class OneOf(forms.TypedChoiceField):
    """One of some fixed values. The empty choice says "not stated" and gives ``empty_value``."""

    def __init__(self, values: Mapping[str, Words], *, empty: Words = NOT_STATED, **options: Any) -> None:
        choices = [("", empty), *((value, words) for value, words in values.items() if value)]
        super().__init__(choices=choices, **{"required": False, "coerce": str, "empty_value": None, **options})

    def has_changed(self, initial: Any, data: Any) -> bool:
        return not self.disabled and (initial or "") != (data or "")


class SomeOf(forms.MultipleChoiceField):
    """Any of some fixed values, in their order."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, values: Iterable[str], **options: Any) -> None:
        self.values = tuple(values)
        super().__init__(choices=[(value, value) for value in self.values], **{"required": False, **options})

    def clean(self, value: Any) -> tuple[str, ...]:
        chosen = super().clean(value)
        return tuple(value for value in self.values if value in chosen)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return not self.disabled and set(initial or ()) != set(data or ())


def folded(text: Any) -> str:
    return " ".join(str(text or "").split())
