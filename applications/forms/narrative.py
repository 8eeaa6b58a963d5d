"""The narrative of a draft: sections as rich text; references, findings and costs as rows."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from medicines.content.evidence import CERTAINTY, MEASURES
from medicines.content.labels import COST, CSL, FINDING, SECTIONS
from medicines.content.references import plain_reference, year_of
from medicines.content.richtext import cited
from medicines.content.schema import SECTION_KEYS, Cost, Finding, Narrative, NarrativeSection, Reference

from .fields import LinesField, OneOf, WordsField
from .richtext import RichTextField, RichTextWidget
from .rows import Data, PartForm, rows_of

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})

TYPES = {
    "article-journal": _("Article in a journal"),
    "report": _("Report or guideline"),
    "webpage": _("Web page"),
    "book": _("Book"),
    "chapter": _("Chapter of a book"),
    "thesis": _("Thesis"),
    "paper-conference": _("Paper of a conference"),
    "document": _("Another document"),
}

PLAIN = ("title", "container-title", "publisher", "publisher-place", "volume", "issue", "page", "DOI", "URL")
"""Fields of CSL-JSON that are one text each; here and in the form by the same name, with "_" for "-"."""


class SectionsForm(forms.Form):
    """Every section, one field each. The text of sections that are left alone is kept byte for byte."""

    def __init__(self, data: Data = None, *, base: Narrative, prefix: str) -> None:
        self.base = base
        self.texts: dict[str, str] = {}
        for section in base.sections:
            self.texts.setdefault(section.key, section.html)
        super().__init__(data, prefix=prefix, initial=dict(self.texts), use_required_attribute=False)
        language = base.language
        direction = "rtl" if language.partition("-")[0] in RIGHT_TO_LEFT else "ltr"
        for key in self.keys():
            widget = RichTextWidget(attrs={"lang": language, "dir": direction})
            self.fields[key] = RichTextField(label=SECTIONS[key], required=False, widget=widget)

    def keys(self) -> list[str]:
        unplaced = ["unplaced"] if self.texts.get("unplaced") else []
        return [*SECTION_KEYS, *unplaced]

    def filled(self) -> list[forms.BoundField]:
        """The fields that hold text, or did when the form was sent."""
        return [self[key] for key in SECTION_KEYS if self._holds(key)]

    def empty(self) -> list[forms.BoundField]:
        return [self[key] for key in SECTION_KEYS if not self._holds(key)]

    def unplaced(self) -> forms.BoundField | None:
        return self["unplaced"] if "unplaced" in self.fields else None

    def sections(self) -> tuple[NarrativeSection, ...]:
        """The sections as they were typed, in the order of the page. Only after ``is_valid``."""
        changed = [name for name in self.changed_data if name in self.fields]
        if not changed:
            return self.base.sections
        texts = self.texts | {key: self.cleaned_data[key] for key in changed}
        return tuple(NarrativeSection(key=key, html=texts[key]) for key in self.keys() if texts.get(key))

    def _holds(self, key: str) -> bool:
        return bool(self[key].value())


class ReferenceForm(PartForm):
    part_class = Reference

    id = forms.CharField(required=False, widget=forms.HiddenInput)
    type = OneOf(TYPES, label=CSL["type"])
    authors = LinesField(label=CSL["author"], lines=3, help_text=_("One a line: Family, Given."))
    bodies = LinesField(label=_("Issuing body"), help_text=_("One a line, where no person is named."))
    title = WordsField(label=CSL["title"], lines=2)
    container_title = WordsField(label=CSL["container-title"])
    publisher = WordsField(label=CSL["publisher"])
    publisher_place = WordsField(label=CSL["publisher-place"])
    issued = WordsField(label=CSL["issued"])
    volume = WordsField(label=CSL["volume"])
    issue = WordsField(label=CSL["issue"])
    page = WordsField(label=CSL["page"])
    DOI = WordsField(label="DOI")
    URL = WordsField(label=_("Address"))
    confirmed = forms.BooleanField(label=_("I have looked at what was guessed; it is right."), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        known = dict(self.fields["type"].choices)  # type: ignore[attr-defined]
        typed = self.initial.get("type")
        if typed and typed not in known:
            self.fields["type"].choices = [*known.items(), (typed, typed)]  # type: ignore[attr-defined]
        if not self.guessed:
            del self.fields["confirmed"]

    @classmethod
    def shown(cls, part: Any) -> dict[str, Any]:
        csl = part.csl
        names = _names(csl)
        return {
            "id": part.id,
            "type": _text(csl.get("type")),
            "authors": tuple(words for words, name in names if "literal" not in name),
            "bodies": tuple(words for words, name in names if "literal" in name),
            "issued": year_of(csl),
            **{_field(key): _text(csl.get(key)) for key in PLAIN},
        }

    @property
    def guessed(self) -> tuple[str, ...]:
        return self.base.guessed if isinstance(self.base, Reference) else ()

    @property
    def guessed_words(self) -> list[Any]:
        return [CSL.get(name, name) for name in self.guessed]

    @property
    def reference_id(self) -> str:
        return self.base.id if isinstance(self.base, Reference) else str(self["id"].value() or "")

    @property
    def words(self) -> str:
        """The reference as it would be printed, as saved."""
        return plain_reference(self.base.csl, self.base.original) if isinstance(self.base, Reference) else ""

    @property
    def own_changes(self) -> set[str]:
        return super().own_changes - {"id"}

    def clean_id(self) -> str:
        typed: str = self.cleaned_data["id"]
        return typed if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}", typed) else ""

    def clean_DOI(self) -> str:  # noqa: N802  the field is CSL's
        typed: str = self.cleaned_data["DOI"]
        if "DOI" in self.changed_data and typed and not re.search(r"10\.\d{4,9}/\S", typed):
            raise forms.ValidationError(_("A DOI begins with 10. and a number, then a slash: 10.1000/182."))
        return typed

    def clean_URL(self) -> str:  # noqa: N802
        typed: str = self.cleaned_data["URL"]
        if "URL" in self.changed_data and typed and not re.match(r"https?://[^/?#\s]+", typed):
            raise forms.ValidationError(_("Give an address that begins with https:// or http://"))
        return typed

    def part(self) -> Any:
        base = self.base
        if isinstance(base, Reference):
            changed = self.own_changes
            if not changed:
                return base
            csl, guessed = base.csl, base.guessed
        else:
            base, changed, csl, guessed = None, set(self.fields), {}, ()
        new = self._csl(csl, changed)
        if base is None:
            new.setdefault("type", "document")
            return Reference(id=self.cleaned_data["id"] or f"r{secrets.token_hex(5)}", csl=new)
        touched = {"author"} if changed & {"authors", "bodies"} else set()
        touched |= {name.replace("_", "-") for name in changed}
        if self.cleaned_data.get("confirmed"):
            guessed = ()
        guessed = tuple(name for name in guessed if name not in touched)
        return base.model_copy(update={"csl": new, "guessed": guessed})

    def _csl(self, old: dict[str, Any], changed: set[str]) -> dict[str, Any]:
        """CSL-JSON with the changed fields written; all others stay, those that the form does not show too."""
        new, typed = dict(old), self.cleaned_data
        for key in (*PLAIN, "type"):
            if _field(key) in changed:
                _put(new, key, typed[_field(key)])
        if changed & {"authors", "bodies"}:
            known = dict(_names(old))
            people = [known.get(line) or _person(line) for line in typed["authors"]]
            _put(new, "author", [*people, *({"literal": line} for line in typed["bodies"])])
        if "issued" in changed:
            year = typed["issued"]
            _put(new, "issued", {"date-parts": [[int(year)]]} if re.fullmatch("[0-9]{4}", year) else _literal(year))
        return new


class CitingForm(PartForm):
    """A row that can name a reference."""

    reference = WordsField(label=FINDING["reference"])

    def __init__(self, *args: Any, references: Sequence[tuple[str, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", _("None")), *references]
        # Typed here or made by a script a moment ago: whatever the row says is a choice.
        for said in (self.initial.get("reference"), self.data.get(self.add_prefix("reference"))):
            if said and said not in dict(choices):
                choices.append((said, said))
        self.fields["reference"].widget = forms.Select(choices=choices, attrs={"data-references": ""})

    def new_values(self) -> dict[str, Any]:
        return {"id": secrets.token_hex(5)}


class FindingForm(CitingForm):
    part_class = Finding

    outcome = WordsField(label=FINDING["outcome"], required=True)
    follow_up = WordsField(label=FINDING["follow_up"])
    comparison = WordsField(label=FINDING["comparison"])
    studies = WordsField(label=FINDING["studies"])
    participants = WordsField(label=FINDING["participants"])
    measure = OneOf(MEASURES, label=FINDING["measure"], empty_value="")
    estimate = WordsField(label=FINDING["estimate"])
    low = WordsField(label=FINDING["low"])
    high = WordsField(label=FINDING["high"])
    risk_without = WordsField(label=FINDING["risk_without"])
    risk_with = WordsField(label=FINDING["risk_with"])
    certainty = OneOf({key: words for key, (_marks, words) in CERTAINTY.items()}, label=FINDING["certainty"])
    comment = WordsField(label=FINDING["comment"], lines=2)

    field_order = [*Finding.model_fields]


class CostForm(CitingForm):
    part_class = Cost

    what = WordsField(label=COST["what"], required=True)
    amount = WordsField(label=COST["amount"], required=True)
    currency = WordsField(label=COST["currency"])
    unit = WordsField(label=COST["unit"])
    place = WordsField(label=COST["place"])
    date = WordsField(label=COST["date"])
    perspective = WordsField(label=COST["perspective"])
    horizon = WordsField(label=COST["horizon"])

    field_order = [*Cost.model_fields]


class ReferenceRows(rows_of(ReferenceForm)):  # type: ignore[misc]
    noun, add_words = pgettext_lazy("rows", "References"), _("Add a reference")


class FindingRows(rows_of(FindingForm)):  # type: ignore[misc]
    noun, add_words = pgettext_lazy("rows", "Findings"), _("Add a finding")


class CostRows(rows_of(CostForm)):  # type: ignore[misc]
    noun, add_words = pgettext_lazy("rows", "Costs"), _("Add a cost")


def cited_in(narrative: Narrative) -> set[str]:
    """The references that the text, a finding or a cost names."""
    found = {ref for section in narrative.sections for ref in cited(section.html)}
    rows: tuple[Finding | Cost, ...] = (*narrative.findings, *narrative.costs)
    return found | {row.reference for row in rows if row.reference}


def _field(key: str) -> str:
    return key.replace("-", "_")


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        value = value[0] if value else ""
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _names(csl: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The authors with the line that shows each: "Family, Given", or the name of an issuing body."""
    authors = csl.get("author")
    found = []
    for name in authors if isinstance(authors, list | tuple) else []:
        if not isinstance(name, dict):
            name = {"literal": _text(name)}
        if literal := _text(name.get("literal")):
            found.append((literal, name | {"literal": literal}))
        else:
            words = ", ".join(filter(None, (_text(name.get("family")), _text(name.get("given")))))
            found.append((words, name))
    return found


def _person(line: str) -> dict[str, str]:
    family, _comma, given = (part.strip() for part in line.partition(","))
    return {"family": family, "given": given} if given else {"family": family}


def _literal(words: str) -> dict[str, str]:
    return {"literal": words} if words else {}


def _put(csl: dict[str, Any], key: str, value: Any) -> None:
    if value:
        csl[key] = value
    else:
        csl.pop(key, None)
