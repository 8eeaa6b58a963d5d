"""The facts of one proposal as fields and rows. Every one can stay "not stated"."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from medicines.content.labels import FACTS, LIST_STATUS, VALUES
from medicines.content.schema import (
    Age,
    Alternatives,
    Aware,
    Facts,
    Formulation,
    Link,
    Patents,
    Placement,
    SectionPath,
    SectionStep,
    StatusEvent,
)
from medicines.models import Section

from .fields import LinesField, OneOf, SomeOf, WordsField
from .rows import PartForm, Rows, rows_of

BETWEEN_STEPS = " › "

AGES = VALUES["age"] | {"range": _("A range, in words")}
EVENTS = {
    "first_added": pgettext_lazy("event", "First added"),
    "added": pgettext_lazy("event", "Added"),
    "changed": pgettext_lazy("event", "Changed"),
    "removed": pgettext_lazy("event", "Removed"),
    "not_recommended": pgettext_lazy("event", "Not recommended for listing"),
    "deferred": pgettext_lazy("event", "Deferred"),
}
SITES = {"wikipedia": "Wikipedia", "drugbank": "DrugBank", "other": pgettext_lazy("web site", "Other")}
UNNAMED = {key: LIST_STATUS[key] for key in ("listed", "removed")}


class FormulationForm(PartForm):
    part_class = Formulation

    route = WordsField(label=FACTS["route"], help_text=_("From the general to the particular: Oral > Solid > tablet."))
    strengths = LinesField(label=FACTS["strengths"], help_text=_("One a line."))
    lists = SomeOf(("EML", "EMLc"), label=FACTS["lists"])
    original = WordsField(label=FACTS["original"], lines=2, help_text=_("The line as its source wrote it."))

    @classmethod
    def shown(cls, part: Any) -> dict[str, Any]:
        return super().shown(part) | {"route": " > ".join(part.route)}

    def written(self, changed: set[str]) -> dict[str, Any]:
        values = super().written(changed)
        if "route" in changed:
            steps = (" ".join(step.split()) for step in self.cleaned_data["route"].split(">"))
            values["route"] = tuple(step for step in steps if step)
        return values


class PlacementForm(PartForm):
    part_class = Placement

    edition = WordsField(label=_("Edition"), widget=forms.TextInput(attrs={"size": 4}))
    section = WordsField(
        label=FACTS["section"],
        widget=forms.TextInput(attrs={"list": "sections", "autocomplete": "off"}),
        help_text=_("A number of the edition (5.1.4), or the whole path: 5 Title › 5.1 Title."),
    )
    eml = OneOf(LIST_STATUS, label=FACTS["eml"])
    emlc = OneOf(LIST_STATUS, label=FACTS["emlc"])
    unnamed_list = OneOf(UNNAMED, label=_("A list that the source does not name"))

    @classmethod
    def nests(cls) -> dict[str, type[Rows]]:
        return {"formulations": FormulationRows}

    @classmethod
    def shown(cls, part: Any) -> dict[str, Any]:
        path = part.section
        return super().shown(part) | {
            "edition": path.edition if path else "",
            "section": words_of_path(path) if path else "",
        }

    def clean_section(self) -> str:
        typed: str = self.cleaned_data["section"]
        if "section" in self.changed_data and re.fullmatch(r"\d+(\.\d+)*", typed):
            edition = self.cleaned_data.get("edition", "")
            if edition and not _section(edition, typed):
                raise forms.ValidationError(
                    _("EML %(edition)s has no section %(number)s."), params={"edition": edition, "number": typed}
                )
            if not edition:
                raise forms.ValidationError(_("Say of which edition, or write the whole path."))
        return typed

    def written(self, changed: set[str]) -> dict[str, Any]:
        values = super().written(changed - {"section"})
        if changed & {"edition", "section"}:
            values["section"] = self._path(changed)
        return values

    def _path(self, changed: set[str]) -> SectionPath | None:
        edition, typed = self.cleaned_data["edition"], self.cleaned_data["section"]
        if not typed:
            return None
        if "section" not in changed and isinstance(self.base, Placement) and self.base.section:
            return self.base.section.model_copy(update={"edition": edition})
        known = _section(edition, typed)
        return known.path() if known else path_of_words(typed, edition=edition)


class StatusEventForm(PartForm):
    part_class = StatusEvent

    event = OneOf(EVENTS, label=_("Event"), empty="", required=True)
    year = forms.IntegerField(label=_("Year"), min_value=1900, max_value=2200)
    report = WordsField(label=FACTS["report"])
    words = WordsField(label=FACTS["words"])


class LinkForm(PartForm):
    part_class = Link

    site = OneOf(SITES, label=_("Site"), empty="", required=True)
    title = WordsField(label=FACTS["title"], required=True)
    url = WordsField(label=FACTS["url"])

    def clean_url(self) -> str:
        return _web_address(self, "url")


class FormulationRows(rows_of(FormulationForm)):  # type: ignore[misc]
    noun, add_words = FACTS["formulations"], _("Add a formulation")


class PlacementRows(rows_of(PlacementForm)):  # type: ignore[misc]
    noun, add_words = _("Places on the lists"), _("Add a place on the lists")


class StatusEventRows(rows_of(StatusEventForm)):  # type: ignore[misc]
    noun, add_words = FACTS["history"], _("Add an event")


class LinkRows(rows_of(LinkForm)):  # type: ignore[misc]
    noun, add_words = FACTS["links"], _("Add a link")


class FactsForm(PartForm):
    part_class = Facts

    medicine = WordsField(label=FACTS["medicine"], required=True, help_text=_("The INN; combinations joined by “+”."))
    indication = WordsField(label=FACTS["indication"], required=True)
    partners = LinesField(label=FACTS["partners"], help_text=_("Medicines given alongside, one a line."))
    atc = LinesField(label=FACTS["atc"], help_text=_("One a line."))
    icd11 = LinesField(label=FACTS["icd11"], help_text=_("One a line."))
    medicine_type = OneOf(VALUES["medicine_type"], label=FACTS["medicine_type"])
    aware_group = OneOf(VALUES["aware"], label=FACTS["aware"])
    aware_edition = WordsField(label=_("AWaRe edition"))
    choice = OneOf(VALUES["choice"], label=FACTS["choice"])
    sex = OneOf(VALUES["sex"], label=FACTS["sex"])
    age_kind = OneOf(AGES, label=FACTS["age"])
    age_words = WordsField(label=_("Age in words"), help_text=_("Such as “from 12 years”."))
    weight = WordsField(label=FACTS["weight"], help_text=_("Such as “> 25 kg”."))
    alternatives_kind = OneOf(VALUES["alternatives"], label=FACTS["alternatives"])
    alternatives_atc = WordsField(label=_("Class (ATC)"))
    alternatives_medicines = LinesField(label=_("Alternatives by name"), help_text=_("One a line."))
    alternatives_limits = WordsField(label=_("Limits"))
    patents_status = OneOf(VALUES["patents"], label=FACTS["patents"])
    patents_url = WordsField(label=_("Address of the patent record"))

    @classmethod
    def nests(cls) -> dict[str, type[Rows]]:
        return {"placements": PlacementRows, "history": StatusEventRows, "links": LinkRows}

    @classmethod
    def shown(cls, part: Any) -> dict[str, Any]:
        aware, age, alternatives, patents = part.aware, part.age, part.alternatives, part.patents
        return super().shown(part) | {
            "aware_group": aware.group if aware else "",
            "aware_edition": aware.edition if aware else "",
            "age_kind": age.kind if age else "",
            "age_words": age.words if age else "",
            "alternatives_kind": alternatives.kind if alternatives else "",
            "alternatives_atc": alternatives.atc if alternatives else "",
            "alternatives_medicines": alternatives.medicines if alternatives else (),
            "alternatives_limits": alternatives.limits if alternatives else "",
            "patents_status": patents.status if patents else "",
            "patents_url": patents.url if patents else "",
        }

    def clean_patents_url(self) -> str:
        return _web_address(self, "patents_url")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._need("aware_group", ["aware_edition"], _("Choose the group, or empty the edition."))
        self._need("age_kind", ["age_words"], _("Choose a kind of age, or empty its words."))
        self._need(
            "alternatives_kind",
            ["alternatives_atc", "alternatives_medicines", "alternatives_limits"],
            _("Choose a kind of alternatives, or empty the fields that describe them."),
        )
        return cleaned

    def written(self, changed: set[str]) -> dict[str, Any]:
        values = super().written(changed)
        typed = self.cleaned_data
        if changed & {"aware_group", "aware_edition"}:
            group = typed["aware_group"]
            values["aware"] = Aware(group=group, edition=typed["aware_edition"]) if group else None
        if changed & {"age_kind", "age_words"}:
            kind = typed["age_kind"]
            values["age"] = Age(kind=kind, words=typed["age_words"]) if kind else None
        if any(name.startswith("alternatives_") for name in changed):
            values["alternatives"] = self._alternatives()
        if changed & {"patents_status", "patents_url"}:
            status, url = typed["patents_status"], typed["patents_url"]
            values["patents"] = Patents(status=status, url=url) if status or url else None
        return values

    def _alternatives(self) -> Alternatives | None:
        typed = self.cleaned_data
        if not typed["alternatives_kind"]:
            return None
        return Alternatives(
            kind=typed["alternatives_kind"],
            atc=typed["alternatives_atc"],
            medicines=typed["alternatives_medicines"],
            limits=typed["alternatives_limits"],
        )

    def _need(self, kind: str, details: list[str], message: Any) -> None:
        if not self.cleaned_data.get(kind) and any(self.cleaned_data.get(name) for name in details):
            self.add_error(kind, message)


def words_of_path(path: SectionPath) -> str:
    return BETWEEN_STEPS.join(" ".join(filter(None, (step.number, step.title))) for step in path.steps)


def path_of_words(words: str, *, edition: str) -> SectionPath | None:
    """Read "5 Title › 5.1 Title". Words without a number are a title."""
    steps = []
    for step in filter(None, (step.strip() for step in words.split("›"))):
        number, title = re.fullmatch(r"(\d+(?:\.\d+)*)?\.?\s*(.*)", step, re.DOTALL).groups()  # type: ignore[union-attr]
        steps.append(SectionStep(number=number or "", title=title))
    return SectionPath(edition=edition, steps=tuple(steps)) if steps else None


def _section(edition: str, number: str) -> Section | None:
    if not edition.isascii() or not edition.isdecimal() or len(edition) > 4:
        return None
    return Section.objects.filter(edition__number=int(edition), number=number).first()


def _web_address(form: PartForm, name: str) -> str:
    typed: str = form.cleaned_data[name]
    if name in form.changed_data and typed and not re.match(r"https?://[^/?#\s]+", typed):
        raise forms.ValidationError(_("Give an address that begins with https:// or http://"))
    return typed
