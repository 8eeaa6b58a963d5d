from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from medicines.sorting import folded

from .guards import counted


class MedicineQuerySet(models.QuerySet["Medicine"]):
    def renamed(self) -> dict[str, str]:
        """The keys of former names, each with the key that its medicine has now. One query; few have any."""
        rows = self.exclude(former_names=[]).values_list("key", "former_names")
        return {folded(name): key for key, names in rows for name in names if folded(name) != key}


class Medicine(models.Model):
    """An INN or a fixed combination. Rows appear when a recommendation for it is first published."""

    name = models.CharField(_("name"), max_length=500)
    key = models.CharField(max_length=500, unique=True, editable=False, help_text="The folded name: its identity.")
    sort_key = models.CharField(max_length=600, db_index=True, editable=False)
    synonyms = ArrayField(models.CharField(max_length=500), default=list, blank=True, verbose_name=_("synonyms"))
    former_names = ArrayField(
        models.CharField(max_length=500), default=list, blank=True, editable=False, verbose_name=_("former names")
    )

    objects = MedicineQuerySet.as_manager()

    class Meta:
        verbose_name = _("medicine")
        verbose_name_plural = _("medicines")
        ordering = ["sort_key"]
        triggers = [counted()]

    def __str__(self) -> str:
        return self.name
