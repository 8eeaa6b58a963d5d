"""Forms of the desk for files that come in: which file it is, and what a person settles of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medicines.actions.editions import FIELDS
from medicines.actions.list_imports import LARGEST, RUNS
from medicines.lists.choices import Choices
from medicines.lists.editions import EDITIONS
from medicines.models import ListImport, Section

Kind = ListImport.Kind

OPEN = ""
"""What a form sends for a question that stays open."""

NONE = "none"
"""What it sends for "none of these"; a choice comes with ``TO`` before it."""

TO = "to:"

NEEDS_EDITION = (Kind.LIST, Kind.SECTIONS, Kind.PRINTED_LIST, Kind.ICD11, Kind.AWARE)


class UploadForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind.value, kind.label) for kind in Kind if kind in RUNS])
    edition = forms.CharField(
        label=_("Edition"),
        max_length=20,
        required=False,
        help_text=_(
            "The number of the list's edition, such as 24; of AWaRe the year, of ICD-11 the release, such as 2025-01. "
            "What is not known of a new edition is asked next."
        ),
    )
    previous = forms.CharField(
        label=_("Previous edition"),
        max_length=20,
        required=False,
        help_text=_("For sections whose column “continues” names numbers of an earlier edition."),
    )
    file = forms.FileField(
        label=_("File"), help_text=_("An Excel workbook (.xlsx), a table as .csv, or the printed list as .json.")
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(
                gettext("The file is larger than %(size)s. Bring a smaller one.") % {"size": filesizeformat(LARGEST)}
            )
        return file

    def clean(self) -> Any:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("kind") in NEEDS_EDITION and not cleaned.get("edition", "").strip():
            self.add_error("edition", gettext("Say which edition or release the file is of."))
        return cleaned


class EditionForm(forms.Form):
    """Which edition a file is of, and what is known of one that the record does not have."""

    edition = forms.CharField(
        label=_("Edition"), max_length=20, help_text=_("The number of the list's edition, such as 24.")
    )
    effective_date = forms.DateField(
        label=_("Effective date"),
        required=False,
        help_text=_("The day from which the edition holds."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    year = forms.IntegerField(
        label=_("Year"),
        required=False,
        min_value=1977,
        max_value=2199,
        help_text=_("Where it is not given, that of the effective date."),
    )
    report = forms.CharField(
        label=_("Report"), required=False, max_length=60, help_text=_("The report of the meeting, such as TRS 1064.")
    )
    children_number = forms.IntegerField(
        label=_("EMLc"),
        required=False,
        min_value=1,
        max_value=999,
        help_text=_("The number of the children's list beside it, if there is one."),
    )

    @classmethod
    def of(cls, row: ListImport) -> EditionForm:
        """The form with what was said before, or else with what is known of the edition."""
        known = EDITIONS.get(int(row.edition)) if row.edition.isdecimal() else None
        facts = {field: getattr(known, field) for field in FIELDS} if known else {}
        return cls(initial={"edition": row.edition, **facts, **row.choices.get("edition", {})})

    def facts(self) -> dict[str, Any]:
        return {field: self.cleaned_data[field] for field in FIELDS}


class SettleForm(forms.Form):
    """The questions of a report, each with the answers that it offers. ``choices()`` are the answers that were given.

    ``plan`` is the checksum of the preview that the questions stand in.
    """

    plan = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, row: ListImport) -> None:
        report, edition = row.report, row.edition
        self._stated = row.choices.get("edition", {})
        questions = report.get("questions", {})
        self.renames = {f"rename-{place}": each for place, each in enumerate(questions.get("renames", []))}
        self.titles = {f"section-{place}": each for place, each in enumerate(questions.get("sections", []))}
        self.conflicts = {f"conflict-{each['number']}": each for each in questions.get("conflicts", [])}
        self.names = {f"name-{place}": each for place, each in enumerate(questions.get("names", []))}
        self.boxes = {f"box-{place}": each for place, each in enumerate(questions.get("boxes", []))}
        initial = {
            "plan": report.get("plan", ""),
            **{name: _sent(each["chosen"]) for name, each in self._chosen_one().items()},
            **{name: each["chosen"] for name, each in self.boxes.items()},
            "looser": questions.get("looser", {}).get("chosen"),
        }
        self.looser_count = questions.get("looser", {}).get("count", 0)
        super().__init__(data, initial=initial)
        sections = list(Section.objects.filter(edition__number=edition)) if edition.isdecimal() else []
        for name, each in {**self.renames, **self.names}.items():
            self.fields[name] = _asked(each["name"], ((new, new) for new in each["offered"]), gettext("None of these"))
        for name, each in self.titles.items():
            self.fields[name] = _asked(each["title"], _sections(sections, first=each["numbers"]), gettext("No section"))
        for name, each in self.conflicts.items():
            sides = (("decision", gettext("The decision holds")), ("list", gettext("The list holds")))
            self.fields[name] = _asked(each["medicine"], sides)
        for name, each in self.boxes.items():
            self.fields[name] = forms.MultipleChoiceField(
                label=each["medicine"],
                choices=[(section, format_html("<bdi>{}</bdi>", section)) for section in each["sections"]],
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        if self.looser_count:
            self.fields["looser"] = forms.BooleanField(
                label=gettext("Take the codes that match only without what stands in brackets"), required=False
            )
        for field in self.fields.values():
            field.disabled = bool(report.get("written"))

    @property
    def asks(self) -> bool:
        return bool(self._chosen_one() or self.boxes or self.looser_count)

    @property
    def open(self) -> int:
        """How many questions have no answer yet."""
        asked = {**self._chosen_one(), **self.boxes}
        return sum(each["chosen"] is None for each in asked.values())

    def renames_asked(self) -> list[tuple[Any, Any, str]]:
        return self._asked(self.renames)

    def titles_asked(self) -> list[tuple[Any, Any, str]]:
        return self._asked(self.titles)

    def conflicts_asked(self) -> list[tuple[Any, Any, str]]:
        return self._asked(self.conflicts)

    def names_asked(self) -> list[tuple[Any, Any, str]]:
        return self._asked(self.names)

    def boxes_asked(self) -> list[tuple[Any, Any, str]]:
        return self._asked(self.boxes)

    def _chosen_one(self) -> dict[str, Any]:
        """The questions that have one answer each."""
        return {**self.renames, **self.titles, **self.conflicts, **self.names}

    def _asked(self, questions: Mapping[str, Any]) -> list[tuple[Any, Any, str]]:
        """Each question with its field and the answer that it has, in words."""
        return [(each, self[name], self._answer(name)) for name, each in questions.items()]

    def _answer(self, name: str) -> str:
        given = self.initial[name]
        if isinstance(given, list):
            return "; ".join(given)
        words = dict(self.fields[name].choices).get(given)  # type: ignore[attr-defined]
        return str(words or given.removeprefix(TO)) if given else ""

    def choices(self) -> Choices:
        data = self.cleaned_data
        return Choices(
            edition=self._stated,
            renames={each["name"]: _chosen(data[name]) for name, each in self.renames.items() if data[name]},
            sections={each["title"]: _chosen(data[name]) for name, each in self.titles.items() if data[name]},
            conflicts={
                each["number"]: _chosen(data[name])  # type: ignore[misc]
                for name, each in self.conflicts.items()
                if data[name]
            },
            looser=bool(data.get("looser")),
            names={each["name"]: _chosen(data[name]) for name, each in self.names.items() if data[name]},
            boxes={each["place"]: data[name] for name, each in self.boxes.items() if data[name]},
        )


def _asked(label: str, answers: Iterable[tuple[str, str]], none: str = "") -> forms.ChoiceField:
    offered = [(OPEN, gettext("Not settled")), *((TO + value, words) for value, words in answers)]
    choices = [*offered, *([(NONE, none)] if none else [])]
    # Names and titles are not in the language of the page: they keep their own direction.
    return forms.ChoiceField(label=label, choices=choices, required=False, widget=forms.Select(attrs={"dir": "auto"}))


def _sections(sections: Iterable[Section], *, first: Iterable[str]) -> list[tuple[str, str]]:
    """The sections of the edition, those before all others that the title may mean."""
    likely = set(first)
    ordered = sorted(sections, key=lambda section: (section.number not in likely, section.sort_key))
    return [(section.number, f"{section.number} {section.title}") for section in ordered]


def _sent(chosen: str | None) -> str:
    if chosen is None:
        return OPEN
    return TO + chosen if chosen else NONE


def _chosen(sent: str) -> str:
    return "" if sent == NONE else sent.removeprefix(TO)


class RenameForm(forms.Form):
    name = forms.CharField(label=_("New name"), max_length=500, widget=forms.TextInput(attrs={"dir": "auto"}))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("It is kept with the new name and may be printed. Name no person."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
