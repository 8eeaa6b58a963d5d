from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.permissions import GatedManager
from applications.states import FINAL, Kind, State, trigger_condition
from medicines.models.guards import append_only, never_deleted

from .meeting import Meeting


class Item(models.Model):
    """An item of a meeting's agenda. Its ``title`` is public: a recused member reads it, and nothing else."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items", verbose_name=_("meeting"))
    code = models.CharField(_("code"), max_length=20, help_text=_("As on the agenda: A.22, C.3, R.1."))
    title = models.CharField(
        _("public title"), max_length=300, help_text=_("Shown to every member of the meeting, recused ones included.")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.APPLICATION)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.RECEIVED, editable=False)
    public_note = models.TextField(
        _("public note"), blank=True, help_text=_("Of a correction: what was wrong and why. It is printed.")
    )
    made_at = models.DateTimeField(_("made"), auto_now_add=True)

    objects = GatedManager()

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering = ["meeting", "code"]
        constraints = [models.UniqueConstraint(fields=["meeting", "code"], name="one_item_per_code")]
        triggers = [
            never_deleted(),
            pgtrigger.Trigger(
                name="moves_by_the_table",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func=f"""
                    IF {trigger_condition()} THEN
                        RAISE EXCEPTION 'item % cannot move from % to %', OLD.code, OLD.state, NEW.state;
                    END IF;
                    IF NEW.kind IS DISTINCT FROM OLD.kind THEN
                        RAISE EXCEPTION 'item % keeps its kind', OLD.code;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def is_correction(self) -> bool:
        return self.kind == Kind.CORRECTION

    @property
    def is_final(self) -> bool:
        return self.state in FINAL


class Application(models.Model):
    """A submission. Several may be considered together as one item."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="applications", verbose_name=_("item"))
    title = models.CharField(_("title"), max_length=500)
    applicant = models.CharField(_("applicant"), max_length=500, blank=True)
    received_on = models.DateField(_("received on"))

    objects = GatedManager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["item", "received_on", "pk"]

    def __str__(self) -> str:
        return self.title


class Document(models.Model):
    """A file of an item, as it came. ``report`` is what the intake said of it, where it was read."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="documents", verbose_name=_("item"))
    name = models.CharField(_("name"), max_length=255)
    file = models.FileField(_("file"), upload_to="documents/%Y/")
    sha256 = models.CharField(max_length=64, editable=False)
    size = models.PositiveBigIntegerField(_("size"), editable=False)
    report = models.JSONField(null=True, blank=True, editable=False)
    added_by = models.ForeignKey("applications.Person", models.PROTECT, related_name="+", editable=False)
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    objects = GatedManager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["item", "added_at"]
        triggers = [append_only()]

    def __str__(self) -> str:
        return self.name


class Proposal(models.Model):
    """One change that an item asks for. What it is about stands in the draft, under ``key``.

    ``base`` is the published version that it started from; empty for a medicine and use that the record lacks.
    ``published`` is the version that it became.
    """

    item = models.ForeignKey(Item, models.PROTECT, related_name="proposals", verbose_name=_("item"))
    key = models.CharField(max_length=12, editable=False)
    asks = models.CharField(_("asks for"), max_length=500, help_text=_("Addition, change or deletion, in a few words."))
    base = models.ForeignKey(
        "medicines.Version", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("starts from")
    )
    published = models.OneToOneField(
        "medicines.Version",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("published as"),
    )

    objects = GatedManager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["item", "pk"]
        constraints = [models.UniqueConstraint(fields=["item", "key"], name="one_proposal_per_key")]

    def __str__(self) -> str:
        return self.asks


class Recusal(models.Model):
    """Somebody, member or staff, takes no part in an item. It is never lifted: a new meeting asks anew."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="recusals", verbose_name=_("item"))
    person = models.ForeignKey("applications.Person", models.PROTECT, related_name="recusals", verbose_name=_("person"))
    reason = models.TextField(_("reason"))
    recorded_by = models.ForeignKey("applications.Person", models.PROTECT, related_name="+", editable=False)
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)

    objects = GatedManager()

    class Meta:
        verbose_name = _("recusal")
        verbose_name_plural = _("recusals")
        constraints = [models.UniqueConstraint(fields=["item", "person"], name="one_recusal_per_person")]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.person}: {self.item.code}"
