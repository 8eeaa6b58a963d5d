from django.db import models
from django.utils.translation import gettext_lazy as _

from .guards import append_only, counted


class Edition(models.Model):
    """One edition of the Model List, with the edition of the children's list that appeared beside it."""

    number = models.PositiveSmallIntegerField(_("EML"), unique=True)
    children_number = models.PositiveSmallIntegerField(_("EMLc"), null=True, blank=True, unique=True)
    year = models.PositiveSmallIntegerField(_("year"))
    report = models.CharField(_("report"), max_length=60, blank=True)
    effective_date = models.DateField(_("effective date"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-number"]
        triggers = [counted()]

    def __str__(self) -> str:
        return f"EML {self.number}"


class EditionEntry(models.Model):
    """What a recommendation said in an edition: one version of it."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="entries")
    recommendation = models.ForeignKey("medicines.Recommendation", models.PROTECT, related_name="+")
    version = models.ForeignKey("medicines.Version", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("edition entry")
        verbose_name_plural = _("edition entries")
        constraints = [
            models.UniqueConstraint(fields=["edition", "recommendation"], name="one_entry_per_recommendation"),
        ]
        triggers = [append_only(), counted()]

    def __str__(self) -> str:
        return f"{self.edition}: {self.version}"
