from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.fields.json import KeyTextTransform
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from medicines.content.identity import identity
from medicines.content.schema import Content, Facts

from .guards import append_only, counted
from .indication import Indication
from .lookups import AnyOf as AnyOf  # Registers itself.
from .medicine import Medicine


class StatusChoices(models.TextChoices):
    ESSENTIAL = "essential", _("Essential medicine")
    REMOVED = "removed", pgettext_lazy("status", "Removed from the List")
    NOT_RECOMMENDED = "not_recommended", _("Not recommended for listing")
    NOT_LISTED = "not_listed", pgettext_lazy("status", "Not listed")


class OutcomeChoices(models.TextChoices):
    ADDED = "added", pgettext_lazy("outcome", "Added")
    INDICATION_ADDED = "indication_added", pgettext_lazy("outcome", "Indication added")
    FORMULATION_ADDED = "formulation_added", pgettext_lazy("outcome", "Formulation added")
    CHANGED = "changed", pgettext_lazy("outcome", "Changed")
    KEPT = "kept", pgettext_lazy("outcome", "Kept as it is")
    REMOVED = "removed", pgettext_lazy("outcome", "Removed")
    NOT_RECOMMENDED = "not_recommended", pgettext_lazy("outcome", "Not recommended")
    DEFERRED = "deferred", pgettext_lazy("outcome", "Decision deferred")


class KindChoices(models.TextChoices):
    DECISION = "decision", pgettext_lazy("version", "Decision")
    CORRECTION = "correction", pgettext_lazy("version", "Correction")
    IMPORTED = "imported", pgettext_lazy("version", "Imported")


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    def about(self, facts: Facts) -> RecommendationQuerySet:
        """The recommendation of the medicine for the use and with the partners that the facts name, if there is one.

        A medicine is found under its former names too.
        """
        medicine, indication, partners_key = identity(facts)
        medicine = Medicine.objects.renamed().get(medicine, medicine)
        return self.filter(medicine__key=medicine, indication__key=indication, partners_key=partners_key)

    def by_identity(self, identities: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], Recommendation]:
        """The recommendations of these folded names of medicine, indication and partners, by them. One query.

        The names are those that medicines go by now: see ``MedicineQuerySet.renamed``.
        """
        wanted = set(identities)
        found = self.filter(
            medicine__key__any_of={medicine for medicine, _indication, _partners in wanted},
            indication__key__any_of={indication for _medicine, indication, _partners in wanted},
        ).select_related("medicine", "indication")
        by_key = {(each.medicine.key, each.indication.key, each.partners_key): each for each in found}
        return {key: each for key, each in by_key.items() if key in wanted}


class Recommendation(models.Model):
    """A medicine for an indication, with its partners if any: the unit that the public cites, by its number."""

    number = models.PositiveIntegerField(_("number"), unique=True)
    medicine = models.ForeignKey(Medicine, models.PROTECT, related_name="recommendations")
    indication = models.ForeignKey(Indication, models.PROTECT, related_name="recommendations")
    partners = models.CharField(_("combined with"), max_length=500, blank=True)
    partners_key = models.CharField(max_length=500, blank=True, editable=False)

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["medicine", "indication", "partners_key"], name="one_recommendation_per_use"
            ),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("public:recommendation", args=[self.number])


class VersionQuerySet(models.QuerySet["Version"]):
    def newest_first(self) -> VersionQuerySet:
        return self.order_by("-number")

    def current_first(self) -> VersionQuerySet:
        """Current is the version with the latest effective date, then the highest number."""
        return self.order_by("-effective_date", "-number")


class Version(models.Model):
    """What a recommendation says after one publication: numbered, complete, unchangeable."""

    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    kind = models.CharField(_("kind"), max_length=20, choices=KindChoices)
    outcome = models.CharField(_("outcome"), max_length=20, choices=OutcomeChoices, blank=True)
    effective_date = models.DateField(_("effective date"))
    published_at = models.DateTimeField(_("published"))
    body = models.TextField(help_text="The content as canonical JSON: these bytes are what the fingerprint is of.")
    fingerprint = models.CharField(max_length=64)
    provenance = models.JSONField(help_text="Where it comes from, as plain words that may be printed.")
    note = models.TextField(_("note"), blank=True, help_text="Of a correction: what was corrected, and why.")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrected_by")
    position = models.PositiveBigIntegerField(unique=True, help_text="Its place in the record, from 1.")
    chain = models.CharField(max_length=64, unique=True, help_text="The hash of the record up to and with it.")

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["recommendation", "number"]
        constraints = [
            models.UniqueConstraint(fields=["recommendation", "number"], name="version_number_once"),
            models.CheckConstraint(
                condition=models.Q(kind="correction", corrects__isnull=False)
                | (~models.Q(kind="correction") & models.Q(corrects__isnull=True)),
                name="a_correction_names_what_it_corrects",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="decision") | ~models.Q(outcome=""), name="a_decision_has_an_outcome"
            ),
        ]
        indexes = [
            models.Index(KeyTextTransform("meeting_number", "provenance"), name="version_by_meeting"),
        ]
        triggers = [append_only(), counted()]

    def __str__(self) -> str:
        return f"{self.recommendation_id} v{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("public:version", args=[self.recommendation.number, self.number])

    @cached_property
    def content(self) -> Content:
        return Content.model_validate_json(self.body)

    def chained_facts(self) -> dict[str, Any]:
        """What the chain vouches for besides the content: everything about the version that a reader is told."""
        return {
            "recommendation": self.recommendation.number,
            "version": self.number,
            "kind": self.kind,
            "outcome": self.outcome,
            "effective_date": self.effective_date.isoformat(),
            "published_at": self.published_at.isoformat(),
            "fingerprint": self.fingerprint,
            "provenance": self.provenance,
            "note": self.note,
            "corrects": self.corrects.number if self.corrects else None,
            "position": self.position,
        }


class Listing(models.Model):
    """The searchable projection of a recommendation's current version. It can be dropped and rebuilt."""

    recommendation = models.OneToOneField(Recommendation, models.CASCADE, primary_key=True, related_name="listing")
    version = models.ForeignKey(Version, models.CASCADE, related_name="+")
    medicine = models.ForeignKey(Medicine, models.CASCADE, related_name="listings")
    indication = models.ForeignKey(Indication, models.CASCADE, related_name="listings", db_index=False)
    status = models.CharField(max_length=20, choices=StatusChoices, db_index=True)
    outcome = models.CharField(max_length=20, choices=OutcomeChoices, blank=True)
    eml = models.CharField(max_length=20, blank=True)
    emlc = models.CharField(max_length=20, blank=True)
    sections = ArrayField(models.CharField(max_length=30), default=list, help_text="Numbers, those above included.")
    atc = ArrayField(models.CharField(max_length=10), default=list)
    icd11 = ArrayField(models.CharField(max_length=40), default=list)
    aware = models.CharField(max_length=20, blank=True)
    facets = ArrayField(models.CharField(max_length=120), default=list, help_text="See medicines.facets.")
    alternatives = ArrayField(
        models.CharField(max_length=520), default=list, help_text="What it stands for: see medicines.alternatives."
    )
    year = models.PositiveSmallIntegerField(null=True)
    has_narrative = models.BooleanField(default=False)
    effective_date = models.DateField(db_index=True)
    published_at = models.DateTimeField(db_index=True)
    sort_key = models.CharField(max_length=1800, db_index=True)

    class Meta:
        verbose_name = _("listing")
        verbose_name_plural = _("listings")
        ordering = ["sort_key"]
        indexes = [
            models.Index(fields=["indication", "sort_key"], name="listing_of_indication"),
            GinIndex(fields=["facets"], name="listing_facets"),
            GinIndex(fields=["alternatives"], name="listing_alternatives"),
        ]
        triggers = [counted()]

    def __str__(self) -> str:
        return f"{self.recommendation_id}"
