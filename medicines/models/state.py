from django.db import models
from django.utils.translation import gettext_lazy as _


class RecordState(models.Model):
    """Which state the record is in: one row, which triggers count up with every change that a reader could see.

    What is kept of the record elsewhere (stored renderings, facets in memory, files) is kept together with this number,
    read before the record was, and holds as long as the number does.
    """

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    number = models.PositiveBigIntegerField(_("number"), default=0)
    changed_at = models.DateTimeField(_("changed"))
    projection = models.PositiveSmallIntegerField(
        default=0, help_text="Which form the listings were written in: see medicines.actions.listing."
    )

    class Meta:
        verbose_name = _("state of the record")
        verbose_name_plural = _("states of the record")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_state_of_the_record")]

    def __str__(self) -> str:
        return f"{self.number}"
