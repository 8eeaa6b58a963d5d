"""What staff do with items of the agenda."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.intake.files import ENDINGS, MAX_SIZE, MEGABYTE
from applications.intake.refusals import TooLarge
from applications.models import Application, Item, Meeting, Person
from applications.states import Kind
from medicines.models import Recommendation, Version

DATE = {"widget": forms.DateInput(attrs={"type": "date"})}
OPENED = [choice for choice in Kind.choices if choice[0] != Kind.CORRECTION]


class ReasonForm(forms.Form):
    words = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text=_("The committee reads it."),
    )


class MoveForm(forms.Form):
    words = forms.CharField(
        label=_("Note"), widget=forms.Textarea(attrs={"rows": 2}), required=False, help_text=_("Optional.")
    )


class RecuseForm(forms.Form):
    person = forms.ModelChoiceField(label=_("Person"), queryset=Person.objects.none())
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), help_text=_("For the register of interests.")
    )

    def __init__(self, *args: Any, item: Item, **options: Any) -> None:
        super().__init__(*args, **options)
        people = Person.objects.filter(Q(seats__meeting=item.meeting_id) | Q(is_staff=True), is_active=True)
        open_to = people.exclude(recusals__item=item).distinct().order_by("name")
        self.fields["person"].queryset = open_to  # type: ignore[attr-defined]


def refuse_large(file: UploadedFile) -> None:
    """A file above the limit is refused before anybody reads it into memory."""
    if file.size and file.size > MAX_SIZE:
        raise forms.ValidationError(TooLarge(size=-(-file.size // MEGABYTE), limit=MAX_SIZE // MEGABYTE).message)


class DocumentForm(forms.Form):
    file = forms.FileField(label=_("File"), validators=[refuse_large], help_text=_("Up to 25 MB."))


class UploadForm(forms.Form):
    """A dossier that becomes an item with a draft."""

    file = forms.FileField(
        label=_("Dossier"),
        validators=[refuse_large],
        help_text=_("Word, Markdown or plain text; other formats as far as they can be read. Up to 25 MB."),
    )
    meeting = forms.ModelChoiceField(label=_("Meeting"), queryset=Meeting.objects.all(), empty_label=None)
    code = forms.CharField(
        label=_("Code"), max_length=20, required=False, help_text=_("Left empty: the next free one of the A series.")
    )
    applicant = forms.CharField(label=_("Applicant"), max_length=500, required=False)
    received_on = forms.DateField(label=_("Received on"), required=False, **DATE)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].widget.attrs["accept"] = ",".join(sorted(ENDINGS))
        self.fields["received_on"].initial = timezone.localdate


class NewItemForm(forms.Form):
    """An item that is entered by hand, with its application where it has one. What the action refuses, it says."""

    meeting = forms.ModelChoiceField(label=_("Meeting"), queryset=Meeting.objects.all(), empty_label=None)
    code = forms.CharField(label=_("Code"), max_length=20, help_text=Item._meta.get_field("code").help_text)
    title = forms.CharField(label=_("Public title"), max_length=300, help_text=Item._meta.get_field("title").help_text)
    kind = forms.ChoiceField(label=_("Kind"), choices=OPENED)
    applicant = forms.CharField(
        label=_("Applicant"),
        max_length=500,
        required=False,
        help_text=_("Left empty where the item has no application."),
    )
    received_on = forms.DateField(label=_("Received on"), required=False, initial=timezone.localdate, **DATE)


class AmendForm(forms.ModelForm):
    """How an item stands on the agenda."""

    class Meta:
        model = Item
        fields = ["code", "title", "public_note"]
        widgets = {"public_note": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.instance.is_correction:
            del self.fields["public_note"]


class ApplicationForm(forms.ModelForm):
    class Meta:
        model = Application
        fields = ["title", "applicant", "received_on"]
        widgets = {"received_on": DATE["widget"]}


class ProposalForm(forms.Form):
    """A change that the item asks for: of a published recommendation, or of something new."""

    asks = forms.CharField(
        label=_("Asks for"), max_length=500, help_text=_("Addition, change or deletion, in a few words.")
    )
    recommendation = forms.IntegerField(
        label=_("Published recommendation"),
        min_value=1,
        max_value=2**31 - 1,
        required=False,
        help_text=_("Its number, where there is one already: the proposal then starts from what is published."),
    )
    medicine = forms.CharField(label=_("Medicine"), max_length=500, required=False)
    indication = forms.CharField(label=_("Indication"), max_length=1000, required=False)

    base: Version | None = None

    def clean_recommendation(self) -> int | None:
        number: int | None = self.cleaned_data["recommendation"]
        if number is not None:
            recommendation = Recommendation.objects.filter(number=number).first()
            if recommendation is None:
                raise forms.ValidationError(_("There is no recommendation with this number."))
            self.base = recommendation.versions.newest_first().first()
        return number

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if not typed.get("recommendation") and "recommendation" not in self.errors:
            for name in ("medicine", "indication"):
                if not typed.get(name) and name not in self.errors:
                    self.add_error(name, _("Needed where the proposal does not start from a published recommendation."))
        return typed


class ClearanceForm(forms.Form):
    fingerprint = forms.CharField(widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("Reference"),
        max_length=300,
        required=False,
        help_text=_("Who gave it, when, under which reference."),
    )


class CorrectionForm(forms.Form):
    """Opens a correction of one version, and of others that carry the same text."""

    versions = forms.ModelMultipleChoiceField(
        label=_("Versions"), queryset=Version.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    code = forms.CharField(label=_("Code"), max_length=20, help_text=_("As on the agenda, such as K.1."))
    title = forms.CharField(label=_("Public title"), max_length=300)
    note = forms.CharField(
        label=_("What is wrong, and why"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Printed with the correction."),
    )

    def __init__(self, *args: Any, versions: list[Version], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["versions"]
        field.queryset = Version.objects.filter(pk__in=[v.pk for v in versions]).select_related(  # type: ignore[attr-defined]
            "recommendation__medicine", "recommendation__indication"
        )
        field.label_from_instance = words_of_version  # type: ignore[attr-defined]


def words_of_version(version: Version) -> str:
    recommendation = version.recommendation
    return _("%(number)s, version %(version)s: %(medicine)s, %(indication)s") % {
        "number": recommendation.number,
        "version": version.number,
        "medicine": recommendation.medicine,
        "indication": recommendation.indication,
    }
