"""Parts of a content as forms, and tuples of them as rows that are added, removed and put in order.

Only what was changed is written: a part that nobody touched is kept as it is, with all that a form cannot show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from medicines.content.schema import Part

Data = MultiValueDict[str, Any] | Mapping[str, Any] | None

ADD = "add-row"
"""The name of the buttons that ask for one more row; their value is the prefix of the rows."""

MOST_ROWS = 1000

ORDER, DELETE, TOTAL = (
    forms.formsets.ORDERING_FIELD_NAME,
    forms.formsets.DELETION_FIELD_NAME,
    forms.formsets.TOTAL_FORM_COUNT,
)


class PartForm(forms.Form):
    """One part. Fields with the names of the part's own are filled and written by themselves."""

    part_class: ClassVar[type[Part]]

    template_name = "admin/desk/parts/row.html"

    def __init__(self, *args: Any, base: Part | None = None, **options: Any) -> None:
        self.base = base
        if base is not None:
            options["initial"] = self.shown(base) | (options.get("initial") or {})
        # Required fields of a row that is still empty must not keep a browser from posting the rest.
        options["use_required_attribute"] = False
        super().__init__(*args, **options)
        self.nested = {name: self._nest(name, rows) for name, rows in self.nests().items()}

    @classmethod
    def nests(cls) -> dict[str, type[Rows]]:
        """The rows inside this part, by the name of the part's field."""
        return {}

    @classmethod
    def shown(cls, part: Any) -> dict[str, Any]:
        """What the fields show of a part."""
        return {name: getattr(part, name) for name in cls.base_fields if name in cls.part_class.model_fields}

    def written(self, changed: set[str]) -> dict[str, Any]:
        """The values of the part that the changed fields make."""
        return {name: self.cleaned_data[name] for name in changed if name in self.part_class.model_fields}

    def _nest(self, name: str, rows: type[Rows]) -> Rows:
        prefix = self.add_prefix(name)
        # A row that was asked for without JavaScript comes back without its inner rows.
        data = self.data if self.is_bound and f"{prefix}-{TOTAL}" in self.data else None
        return rows(data=data, prefix=prefix, base=getattr(self.base, name) if self.base is not None else ())

    @property
    def own_changes(self) -> set[str]:
        return set(self.changed_data) - {ORDER, DELETE}

    def has_changed(self) -> bool:
        return bool(self.own_changes) or any(rows.has_changed() for rows in self.nested.values())

    def is_valid(self) -> bool:
        own = super().is_valid()
        return all([own, *(rows.is_valid() for rows in self.nested.values() if rows.is_bound)])

    @property
    def has_errors(self) -> bool:
        """Whether something in it, or in the rows inside it, was refused."""
        return bool(self.errors) or any(rows.has_errors for rows in self.nested.values())

    def new_values(self) -> dict[str, Any]:
        """What a new part has besides its fields, such as an identity."""
        return {}

    def part(self) -> Any:
        """The part as it was typed. Only after ``is_valid``."""
        if self.base is not None and not self.has_changed():
            return self.base
        changed = self.own_changes if self.base is not None else set(self.fields)
        values = self.written(changed) | {name: rows.parts() for name, rows in self.nested.items()}
        if self.base is not None:
            return self.base.model_copy(update=values)
        return self.part_class(**(self.new_values() | values))


class Rows(forms.BaseFormSet):
    """Parts of one kind in their order. ``base``: those that stand there already."""

    noun: ClassVar[Any]
    add_words: ClassVar[Any]

    def __init__(self, *, data: Data, prefix: str, base: Sequence[Part] = (), **form_options: Any) -> None:
        self.base = tuple(base)
        super().__init__(data=data, prefix=prefix, initial=[{}] * len(self.base), form_kwargs=form_options)

    def initial_form_count(self) -> int:
        # The base says it, whatever a browser sends back.
        return len(self.base)

    def total_form_count(self) -> int:
        if not self.is_bound:
            return len(self.base)
        return max(super().total_form_count(), len(self.base))

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        options = super().get_form_kwargs(index)
        return options | {"base": self.base[index] if index is not None and index < len(self.base) else None}

    def has_changed(self) -> bool:
        kept = self.kept_forms()
        return kept != self.forms[: len(self.base)] or any(form.has_changed() for form in kept)

    @property
    def has_errors(self) -> bool:
        return self.is_bound and (bool(self.non_form_errors()) or any(form.has_errors for form in self.kept_forms()))

    def kept_forms(self) -> list[PartForm]:
        """Without those that are deleted and new ones in which nothing was typed, in the order that was asked for."""
        return [form for form in self.shown_forms() if not self._is_left_out(form)]

    def shown_forms(self) -> list[PartForm]:
        """All forms in the order in which they stand on the page."""
        return [form for _place, form in sorted(enumerate(self.forms), key=self._place)]

    def _is_left_out(self, form: PartForm) -> bool:
        deleted = form.is_bound and bool(form.data.get(form.add_prefix(DELETE)))
        return deleted or (form.base is None and not form.has_changed())

    @staticmethod
    def _place(entry: tuple[int, PartForm]) -> tuple[float, int]:
        index, form = entry
        given = form.data.get(form.add_prefix(ORDER), "") if form.is_bound else ""
        return (float(given) if given.isdecimal() and len(given) < 9 else index + 1.0, index)

    def parts(self) -> tuple[Any, ...]:
        """The parts as they were typed. Only after ``is_valid``."""
        return tuple(form.part() for form in self.kept_forms())


def rows_of(form: type[PartForm], base: type[Rows] = Rows) -> type[Rows]:
    """The class of rows of one kind of form."""
    return forms.formset_factory(  # type: ignore[return-value]
        form,
        formset=base,
        extra=0,
        can_order=True,
        can_delete=True,
        max_num=MOST_ROWS,
        absolute_max=MOST_ROWS,
        validate_max=True,
    )


def with_one_more_row(data: QueryDict) -> QueryDict:
    """What was posted, with one more empty row where its button asked for one."""
    more = data.copy()
    prefix = more.pop(ADD)[0]
    name = f"{prefix}-{TOTAL}"
    count = more.get(name, "")
    if count.isdecimal() and int(count) < MOST_ROWS:
        more[name] = str(int(count) + 1)
    return more
