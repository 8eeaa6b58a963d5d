from django.db import models
from django.utils.translation import gettext_lazy as _

from .edition import Edition
from .section import Section


class SectionTitle(models.Model):
    """What a title of an export means in an edition, by the word of a person: a section of it, or none."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="titles", verbose_name=_("edition"))
    title = models.CharField(_("title"), max_length=1000)
    key = models.CharField(max_length=1000, editable=False, help_text="The folded title: its identity.")
    section = models.ForeignKey(
        Section, models.PROTECT, null=True, blank=True, related_name="titles", verbose_name=_("section")
    )

    class Meta:
        verbose_name = _("title of a section")
        verbose_name_plural = _("titles of sections")
        ordering = ["edition", "key"]
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="one_meaning_of_a_title")]

    def __str__(self) -> str:
        return self.title
