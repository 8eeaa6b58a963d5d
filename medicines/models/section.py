from django.db import models
from django.utils.translation import gettext_lazy as _

from medicines.content.schema import SectionPath, SectionStep

from .edition import Edition
from .guards import counted


class Section(models.Model):
    """A numbered section of an edition. ``continues`` is the section of an earlier edition that it carries on."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="sections", verbose_name=_("edition"))
    number = models.CharField(_("number"), max_length=30)
    title = models.CharField(_("title"), max_length=500)
    sort_key = models.CharField(max_length=120, editable=False)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent")
    )
    continues = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="continued_by", verbose_name=_("continues")
    )

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["edition", "sort_key"]
        constraints = [models.UniqueConstraint(fields=["edition", "number"], name="section_number_once_per_edition")]
        triggers = [counted()]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def path(self) -> SectionPath:
        """The section with those above it, root first, as words for content."""
        steps: list[SectionStep] = []
        step: Section | None = self
        while step is not None:
            steps.insert(0, SectionStep(number=step.number, title=step.title))
            step = step.parent
        return SectionPath(edition=str(self.edition.number), steps=tuple(steps))
