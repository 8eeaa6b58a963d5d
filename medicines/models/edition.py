from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
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


class EditionListing(models.Model):
    """The searchable projection of an edition's entry: what that edition said. It can be dropped and rebuilt."""

    entry = models.OneToOneField(EditionEntry, models.CASCADE, primary_key=True, related_name="listing")
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="listings")
    recommendation = models.ForeignKey("medicines.Recommendation", models.CASCADE, related_name="edition_listings")
    version = models.ForeignKey("medicines.Version", models.CASCADE, related_name="+")
    medicine = models.CharField(max_length=500, help_text="As the edition named it.")
    indication = models.CharField(max_length=1000, help_text="As the edition named it.")
    partners = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=20)
    eml = models.CharField(max_length=20, blank=True)
    emlc = models.CharField(max_length=20, blank=True)
    sections = ArrayField(models.CharField(max_length=30), default=list, help_text="Numbers, those above included.")
    places = ArrayField(models.TextField(), default=list, help_text="The folded titles of the sections it stands in.")
    says = models.CharField(max_length=64, help_text="A hash of all that it says but for its sections and its name.")
    sort_key = models.CharField(max_length=1800)

    class Meta:
        verbose_name = _("listing of an edition")
        verbose_name_plural = _("listings of editions")
        ordering = ["edition", "sort_key"]
        indexes = [
            models.Index(fields=["edition", "sort_key"], name="edition_listing_order"),
            GinIndex(fields=["sections"], name="edition_listing_sections"),
        ]
        triggers = [counted()]

    def __str__(self) -> str:
        return f"{self.entry_id}"
