from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from .guards import counted


class Medicine(models.Model):
    """An INN or a fixed combination. Rows appear when a recommendation for it is first published."""

    name = models.CharField(_("name"), max_length=500)
    key = models.CharField(max_length=500, unique=True, editable=False, help_text="The folded name: its identity.")
    sort_key = models.CharField(max_length=600, db_index=True, editable=False)
    synonyms = ArrayField(models.CharField(max_length=500), default=list, blank=True, verbose_name=_("synonyms"))
    former_names = ArrayField(
        models.CharField(max_length=500), default=list, blank=True, editable=False, verbose_name=_("former names")
    )

    class Meta:
        verbose_name = _("medicine")
        verbose_name_plural = _("medicines")
        ordering = ["sort_key"]
        triggers = [counted()]

    def __str__(self) -> str:
        return self.name
