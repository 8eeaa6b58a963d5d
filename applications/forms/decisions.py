"""Recording what the committee decided: a form for each proposal of an item."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.actions.decision import Opinion, Verdict, refuse_unsound
from applications.actions.errors import BadInput
from applications.models import Decision, Item, Member, Proposal
from applications.models.decision import ListChoices
from medicines.models.recommendation import OutcomeChoices

OPINIONS = 3
"""How many dissenting opinions the form has room for; more are recorded by recording again."""


class VerdictForm(forms.Form):
    """The outcome for one proposal. Without an outcome nothing is recorded for it."""

    outcome = forms.ChoiceField(label=_("Outcome"), required=False)
    eml = forms.ChoiceField(label=_("EML"), required=False)
    emlc = forms.ChoiceField(label=_("EMLc"), required=False)
    method = forms.ChoiceField(label=_("How"), choices=Decision.Method.choices, initial=Decision.Method.CONSENSUS)
    votes_for = forms.IntegerField(label=_("For"), min_value=0, max_value=999, required=False)
    votes_against = forms.IntegerField(label=_("Against"), min_value=0, max_value=999, required=False)
    abstentions = forms.IntegerField(label=_("Abstentions"), min_value=0, max_value=999, required=False)
    note = forms.CharField(
        label=_("Note"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        help_text=_("Stays in the committee."),
    )
    asked = forms.CharField(
        label=_("Asked for next time"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        help_text=_("Of a deferral: printed with the decision."),
    )

    def __init__(self, data: Any = None, *, proposal: Proposal, members: Any) -> None:
        super().__init__(data, prefix=f"proposal-{proposal.pk}", use_required_attribute=False)
        self.proposal = proposal
        untouched = [("", _("The decision does not touch it")), *ListChoices.choices]
        self.fields["outcome"].choices = [("", _("Not recorded now")), *OutcomeChoices.choices]  # type: ignore[attr-defined]
        self.fields["eml"].choices = self.fields["emlc"].choices = untouched  # type: ignore[attr-defined]
        for number in range(OPINIONS):
            self.fields[f"member_{number}"] = forms.ModelChoiceField(
                label=_("Member"), queryset=members, required=False, empty_label=_("No dissent")
            )
            self.fields[f"opinion_{number}"] = forms.CharField(
                label=_("Dissenting opinion"), widget=forms.Textarea(attrs={"rows": 2}), required=False
            )

    def opinions(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"member_{number}"], self[f"opinion_{number}"]) for number in range(OPINIONS)]

    @property
    def has_dissent(self) -> bool:
        return any(field.value() or field.errors for pair in self.opinions() for field in pair)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if not typed.get("outcome") and set(self.changed_data) - {"method"} and "outcome" not in self.errors:
            self.add_error("outcome", _("Choose the outcome, or empty the other fields of this proposal."))
        counts = [typed.get(name) for name in ("votes_for", "votes_against", "abstentions")]
        if typed.get("method") == Decision.Method.POLL and None in counts:
            self.add_error("votes_for", _("A poll needs its three counts."))
        if typed.get("method") != Decision.Method.POLL and any(count is not None for count in counts):
            self.add_error("method", _("A consensus has no counts. Choose “By poll”, or empty them."))
        for number in range(OPINIONS):
            member, opinion = typed.get(f"member_{number}"), typed.get(f"opinion_{number}")
            if member and not opinion:
                self.add_error(f"opinion_{number}", _("Write the dissenting opinion."))
            if opinion and not member:
                self.add_error(f"member_{number}", _("Say whose opinion it is."))
        if not self.errors and (verdict := self.verdict()):
            try:
                refuse_unsound(item=self.proposal.item, verdict=verdict)
            except BadInput as refusal:
                field = {"votes": "votes_for", "dissents": "member_0"}.get(refusal.field, refusal.field)
                self.add_error(field if field in self.fields else None, str(refusal))
        return typed

    def verdict(self) -> Verdict | None:
        """What was typed, for the action; ``None`` where nothing is recorded now. Only after ``is_valid``."""
        typed = self.cleaned_data
        if not typed["outcome"]:
            return None
        poll = typed["method"] == Decision.Method.POLL
        return Verdict(
            proposal=self.proposal,
            outcome=typed["outcome"],
            eml=typed["eml"],
            emlc=typed["emlc"],
            method=typed["method"],
            votes=(typed["votes_for"], typed["votes_against"], typed["abstentions"]) if poll else None,
            note=typed["note"],
            asked=typed["asked"],
            dissents=[
                Opinion(member=typed[f"member_{number}"], opinion=typed[f"opinion_{number}"])
                for number in range(OPINIONS)
                if typed[f"member_{number}"]
            ],
        )


def verdict_forms(item: Item, data: Any = None) -> list[VerdictForm]:
    """A form for each proposal of an item, in their order."""
    members = (
        Member.objects.filter(meeting=item.meeting_id)
        .exclude(person__recusals__item=item)
        .select_related("person")
        .order_by("person__name")
    )
    return [VerdictForm(data, proposal=proposal, members=members) for proposal in item.proposals.all()]
