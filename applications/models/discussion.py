from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.permissions import GatedManager
from medicines.models.guards import append_only

from .draft import Draft, Revision


class Thread(models.Model):
    """Talk about one block of a draft. ``quotation`` is what the block said when the thread was opened."""

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="threads", verbose_name=_("draft"))
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+", verbose_name=_("revision"))
    block = models.CharField(max_length=40)
    quotation = models.TextField(_("quotation"))
    resolved_by = models.ForeignKey(
        "applications.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("resolved by")
    )
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)

    objects = GatedManager()

    class Meta:
        verbose_name = _("thread")
        verbose_name_plural = _("threads")
        ordering = ["draft", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(resolved_by__isnull=True, resolved_at__isnull=True)
                | models.Q(resolved_by__isnull=False, resolved_at__isnull=False),
                name="resolved_by_somebody_at_some_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draft}: {self.quotation[:60]}"

    @property
    def is_resolved(self) -> bool:
        return self.resolved_at is not None


class Comment(models.Model):
    """One contribution to a thread. The first opens it."""

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="comments", verbose_name=_("thread"))
    author = models.ForeignKey("applications.Person", models.PROTECT, related_name="+", verbose_name=_("author"))
    text = models.TextField(_("text"))
    made_at = models.DateTimeField(_("written"), auto_now_add=True)

    objects = GatedManager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["thread", "pk"]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.author}: {self.text[:60]}"


class Reading(models.Model):
    """A member's verdict after reading one revision. A later one replaces it; none is changed."""

    class Verdict(models.TextChoices):
        READY = "ready", pgettext_lazy("verdict", "Ready")
        NEEDS_CHANGES = "needs_changes", pgettext_lazy("verdict", "Needs changes")

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="readings", verbose_name=_("revision"))
    person = models.ForeignKey("applications.Person", models.PROTECT, related_name="+", verbose_name=_("person"))
    verdict = models.CharField(_("verdict"), max_length=20, choices=Verdict)
    why = models.TextField(_("why"), blank=True)
    made_at = models.DateTimeField(_("given"), auto_now_add=True)

    objects = GatedManager()

    class Meta:
        verbose_name = _("reading verdict")
        verbose_name_plural = _("reading verdicts")
        ordering = ["revision", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(verdict="needs_changes") | ~models.Q(why=""), name="changes_are_explained"
            ),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_verdict_display()}"
