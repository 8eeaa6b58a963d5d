from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from .classification import Icd11Entity
from .guards import counted


class Indication(models.Model):
    """A use of medicines, with its ICD-11 codes. Rows appear when a recommendation for it is first published."""

    name = models.CharField(_("name"), max_length=1000)
    key = models.CharField(max_length=1000, unique=True, editable=False, help_text="The folded name: its identity.")
    sort_key = models.CharField(max_length=1200, db_index=True, editable=False)
    icd11 = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("ICD-11 codes"))
    icd11_block = models.ForeignKey(
        Icd11Entity, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("ICD-11 block")
    )

    class Meta:
        verbose_name = _("indication")
        verbose_name_plural = _("indications")
        ordering = ["sort_key"]
        triggers = [counted()]

    def __str__(self) -> str:
        return self.name
