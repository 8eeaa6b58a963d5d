from __future__ import annotations

from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from pydantic import BaseModel, ConfigDict
from pydantic import ValidationError as SchemaError


class Seat(models.TextChoices):
    CHAIR = "chair", pgettext_lazy("seat", "Chair")
    VICE_CHAIR = "vice_chair", pgettext_lazy("seat", "Vice-chair")
    RAPPORTEUR = "rapporteur", pgettext_lazy("seat", "Rapporteur")
    MEMBER = "member", pgettext_lazy("seat", "Member")
    ADVISER = "adviser", pgettext_lazy("seat", "Temporary adviser")


class Rules(BaseModel):
    """What a meeting has agreed on. ``signatures``: the seats that sign each text. ``delegate``: who signs corrections.

    ``binding_poll``: a poll decides; otherwise consensus does and a poll only informs.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    signatures: tuple[Literal["chair", "vice_chair", "rapporteur"], ...] = ("chair",)
    delegate: Literal["chair", "vice_chair", "rapporteur"] = "chair"
    clearance: bool = True
    binding_poll: bool = False


def validate_rules(value: Any) -> None:
    try:
        Rules.model_validate(value)
    except SchemaError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"]) or "rules"
        raise ValidationError(f"{place}: {first['msg']}") from error


class Meeting(models.Model):
    """One round of the committee."""

    number = models.PositiveSmallIntegerField(_("number"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    year = models.PositiveSmallIntegerField(_("year"))
    opens_on = models.DateField(_("call opens"), null=True, blank=True)
    deadline = models.DateField(_("deadline for applications"), null=True, blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    lists_on = models.DateField(
        _("lists in force from"), help_text=_("The effective date of what this meeting decides.")
    )
    report = models.CharField(_("report"), max_length=60, blank=True)
    edition = models.PositiveSmallIntegerField(_("EML"), null=True, blank=True)
    children_edition = models.PositiveSmallIntegerField(_("EMLc"), null=True, blank=True)
    rules = models.JSONField(_("rules"), default=dict, blank=True, validators=[validate_rules])

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="meeting_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def agreed(self) -> Rules:
        return Rules.model_validate(self.rules)


class Member(models.Model):
    """A seat for one meeting."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="members", verbose_name=_("meeting"))
    person = models.ForeignKey("applications.Person", models.PROTECT, related_name="seats", verbose_name=_("person"))
    seat = models.CharField(_("seat"), max_length=20, choices=Seat, default=Seat.MEMBER)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ["meeting", "person__name"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="one_seat_per_meeting"),
            models.UniqueConstraint(
                fields=["meeting", "seat"],
                condition=models.Q(seat__in=["chair", "rapporteur"]),
                name="one_chair_and_one_rapporteur",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.get_seat_display()})"
