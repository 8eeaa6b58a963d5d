"""The whole draft as one form: the narrative, and the facts of every proposal."""

from __future__ import annotations

from collections.abc import Iterator

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from medicines.content.references import plain_reference
from medicines.content.schema import DraftContent, ProposalFacts

from .facts import FactsForm
from .fields import WordsField
from .narrative import CostRows, FindingRows, ReferenceRows, SectionsForm, cited_in
from .rows import Data, Rows


class SaveForm(forms.Form):
    """What goes with a save: the revision that was edited, and a note for the history."""

    base = forms.IntegerField(widget=forms.HiddenInput)
    note = WordsField(
        label=_("Note for the history"), max_length=300, help_text=_("What you changed, in a few words. Optional.")
    )


class LanguageForm(forms.Form):
    language = forms.ChoiceField(label=_("Language of the text"), choices=settings.LANGUAGES)

    def __init__(self, data: Data = None, *, language: str, prefix: str) -> None:
        super().__init__(data, prefix=prefix, initial={"language": language}, use_required_attribute=False)
        choices = dict(settings.LANGUAGES)
        self.fields["language"].choices = [*choices.items(), *([] if language in choices else [(language, language)])]  # type: ignore[attr-defined]


class DraftForm:
    """All the forms of a draft that was opened at ``base``; ``content`` is what they make of it together."""

    def __init__(self, *, base: DraftContent, data: Data = None) -> None:
        self.base = base
        self.is_bound = data is not None
        narrative = base.narrative
        self.language = LanguageForm(data, language=narrative.language, prefix="text")
        self.sections = SectionsForm(data, base=narrative, prefix="sections")
        self.references = ReferenceRows(data=data, prefix="references", base=narrative.references)
        choices = [(ref.id, _shortened(plain_reference(ref.csl, ref.original))) for ref in narrative.references]
        self.findings = FindingRows(data=data, prefix="findings", base=narrative.findings, references=choices)
        self.costs = CostRows(data=data, prefix="costs", base=narrative.costs, references=choices)
        self.facts = {
            proposal.key: FactsForm(data, base=proposal.facts, prefix=f"facts-{proposal.key}")
            for proposal in base.proposals
        }

    @property
    def rows(self) -> tuple[Rows, ...]:
        return (self.references, self.findings, self.costs)

    def is_valid(self) -> bool:
        """Whether all of it can be saved. Where not, each error stands at its field."""
        parts = (self.language, self.sections, *self.rows, *self.facts.values())
        return self.is_bound and all(list(map(_is_valid, parts))) and self._keeps_what_is_cited()

    def content(self) -> DraftContent:
        """The draft as it was typed, equal to the base where nothing was changed. Only after ``is_valid``."""
        narrative = self.base.narrative.model_copy(
            update={
                "language": self.language.cleaned_data["language"],
                "sections": self.sections.sections(),
                "references": self.references.parts(),
                "findings": self.findings.parts(),
                "costs": self.costs.parts(),
            }
        )
        proposals = tuple(ProposalFacts(key=key, facts=form.part()) for key, form in self.facts.items())
        return self.base.model_copy(update={"narrative": narrative, "proposals": proposals})

    def problems(self) -> list[str]:
        """What was found wrong, for the head of the page; empty for a form that was not sent."""
        if not self.is_bound:
            return []
        return [str(error) for rows in self._all_rows() for error in rows.non_form_errors()] + self._lost

    def error_count(self) -> int:
        forms_of_rows = (form for rows in self._all_rows() for form in rows.kept_forms())
        singles = (self.language, self.sections, *self.facts.values())
        return sum(len(form.errors) for form in (*singles, *forms_of_rows)) + len(self.problems())

    _lost: list[str] = []

    def _keeps_what_is_cited(self) -> bool:
        """A reference that this save deletes must be cited nowhere any more."""
        narrative = self.content().narrative
        deleted = {ref.id: ref for ref in self.base.narrative.references}
        for reference in narrative.references:
            deleted.pop(reference.id, None)
        self._lost = [
            _t("This reference is still cited. Delete its citations first, or keep it: %(reference)s")
            % {"reference": _shortened(plain_reference(deleted[key].csl, deleted[key].original))}
            for key in deleted
            if key in cited_in(narrative)
        ]
        return not self._lost

    def _all_rows(self) -> Iterator[Rows]:
        yield from self.rows
        for facts in self.facts.values():
            yield from facts.nested.values()
            for placement in facts.nested["placements"].forms:
                yield placement.nested["formulations"]


def _is_valid(part: forms.Form | Rows) -> bool:
    return bool(part.is_valid())


def _shortened(words: str, limit: int = 90) -> str:
    return words if len(words) <= limit else words[: limit - 1].rstrip() + "…"
