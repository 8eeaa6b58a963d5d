from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .guards import append_only, counted
from .medicine import Medicine


class Renaming(models.Model):
    """That a medicine has been given another name, or that a name has been found to be a former one of it.

    ``new_name`` is the name that it goes by since.
    """

    medicine = models.ForeignKey(Medicine, models.PROTECT, related_name="renamings", verbose_name=_("medicine"))
    old_name = models.CharField(_("former name"), max_length=500)
    new_name = models.CharField(_("name"), max_length=500)
    source = models.JSONField(help_text="Where it comes from, as plain words that may be printed.")
    happened_at = models.DateTimeField(_("renamed"), default=timezone.now)

    class Meta:
        verbose_name = _("renaming")
        verbose_name_plural = _("renamings")
        ordering = ["-pk"]
        triggers = [append_only(), counted()]

    def __str__(self) -> str:
        return f"{self.old_name} → {self.new_name}"
