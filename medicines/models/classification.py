"""Classifications of others that staff bring in as their own downloads: none ships with the software."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .guards import counted


class AtcCode(models.Model):
    """A code of the Anatomical Therapeutic Chemical classification: a class or a substance."""

    code = models.CharField(_("code"), max_length=10, unique=True)
    name = models.CharField(_("name"), max_length=300)

    class Meta:
        verbose_name = _("ATC code")
        verbose_name_plural = _("ATC codes")
        ordering = ["code"]
        triggers = [counted()]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Icd11Entity(models.Model):
    """A chapter, a block or a category of ICD-11. Blocks and chapters have no code of their own."""

    class Kind(models.TextChoices):
        CHAPTER = "chapter", pgettext_lazy("ICD-11", "Chapter")
        BLOCK = "block", pgettext_lazy("ICD-11", "Block")
        CATEGORY = "category", pgettext_lazy("ICD-11", "Category")

    release = models.CharField(_("release"), max_length=20)
    place = models.PositiveIntegerField(_("place"), help_text=_("In the order of the tabulation, from 1."))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    code = models.CharField(_("code"), max_length=40, blank=True)
    title = models.CharField(_("title"), max_length=1000)
    key = models.CharField(max_length=1000, db_index=True, editable=False, help_text="The folded title.")
    address = models.CharField(_("address"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("ICD-11 entity")
        verbose_name_plural = _("ICD-11 entities")
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["release", "place"], name="one_icd11_entity_a_place")]
        triggers = [counted()]

    def __str__(self) -> str:
        return f"{self.code} {self.title}".strip()


class AwareEntry(models.Model):
    """What one dated AWaRe classification says of an antibiotic."""

    class Group(models.TextChoices):
        ACCESS = "access", pgettext_lazy("AWaRe", "Access")
        WATCH = "watch", pgettext_lazy("AWaRe", "Watch")
        RESERVE = "reserve", pgettext_lazy("AWaRe", "Reserve")
        NOT_RECOMMENDED = "not_recommended", pgettext_lazy("AWaRe", "Not recommended")

    edition = models.CharField(_("edition"), max_length=20)
    name = models.CharField(_("name"), max_length=500)
    key = models.CharField(max_length=500, editable=False, help_text="The folded name.")
    group = models.CharField(_("group"), max_length=20, choices=Group)
    atc = ArrayField(models.CharField(max_length=10), default=list, blank=True, verbose_name=_("ATC codes"))

    class Meta:
        verbose_name = _("AWaRe entry")
        verbose_name_plural = _("AWaRe entries")
        ordering = ["edition", "key"]
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="one_aware_group_per_edition")]
        triggers = [counted()]

    def __str__(self) -> str:
        return f"{self.name}: {self.group} ({self.edition})"
