from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.permissions import GatedManager
from medicines.models.guards import append_only
from medicines.models.recommendation import OutcomeChoices

from .draft import Revision
from .item import Proposal
from .meeting import Seat


class ListChoices(models.TextChoices):
    CORE = "core", _("Core list")
    COMPLEMENTARY = "complementary", _("Complementary list")
    REMOVED = "removed", pgettext_lazy("list status", "Removed")
    NOT_LISTED = "not_listed", pgettext_lazy("list status", "Not listed")


class Decision(models.Model):
    """What the committee decided on one proposal. The newest holds; none is changed."""

    class Method(models.TextChoices):
        CONSENSUS = "consensus", _("By consensus")
        POLL = "poll", _("By poll")

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="decisions", verbose_name=_("proposal"))
    outcome = models.CharField(_("outcome"), max_length=20, choices=OutcomeChoices)
    eml = models.CharField(_("EML"), max_length=20, choices=ListChoices, blank=True)
    emlc = models.CharField(_("EMLc"), max_length=20, choices=ListChoices, blank=True)
    method = models.CharField(_("how"), max_length=20, choices=Method, default=Method.CONSENSUS)
    votes_for = models.PositiveSmallIntegerField(_("for"), null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(_("against"), null=True, blank=True)
    abstentions = models.PositiveSmallIntegerField(_("abstentions"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True, help_text=_("Stays in the committee."))
    asked = models.TextField(
        _("asked for next time"), blank=True, help_text=_("Of a deferral: printed with the decision.")
    )
    recorded_by = models.ForeignKey("applications.Person", models.PROTECT, related_name="+", editable=False)
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)

    objects = GatedManager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["proposal", "-pk"]
        get_latest_by = "pk"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    method="poll", votes_for__isnull=False, votes_against__isnull=False, abstentions__isnull=False
                )
                | Q(method="consensus", votes_for__isnull=True, votes_against__isnull=True, abstentions__isnull=True),
                name="a_poll_has_its_counts",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="deferred") | ~Q(asked=""), name="a_deferral_says_what_is_asked"
            ),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.proposal}: {self.get_outcome_display()}"


class Dissent(models.Model):
    """A named opinion beside a decision."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="dissents", verbose_name=_("decision"))
    member = models.ForeignKey("applications.Member", models.PROTECT, related_name="+", verbose_name=_("member"))
    opinion = models.TextField(_("opinion"))

    objects = GatedManager()

    class Meta:
        verbose_name = _("dissent")
        verbose_name_plural = _("dissents")
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.member}: {self.opinion[:60]}"


class Approval(models.Model):
    """A signature on one exact text: it counts for the fingerprint that it names, and for no other."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="approvals", verbose_name=_("revision"))
    fingerprint = models.CharField(max_length=64)
    member = models.ForeignKey("applications.Member", models.PROTECT, related_name="+", verbose_name=_("member"))
    seat = models.CharField(_("seat"), max_length=20, choices=Seat, help_text="The member's seat at the time.")
    signed_at = models.DateTimeField(_("signed"), auto_now_add=True)

    objects = GatedManager()

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ["revision", "signed_at"]
        constraints = [models.UniqueConstraint(fields=["revision", "member"], name="one_signature_per_text")]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.member}: {self.fingerprint[:12]}"


class Clearance(models.Model):
    """The word of the head of the organization that a text may go out, as the secretariat recorded it."""

    revision = models.OneToOneField(Revision, models.PROTECT, related_name="clearance", verbose_name=_("revision"))
    words = models.CharField(_("reference"), max_length=300, help_text=_("Who gave it, when, under which reference."))
    recorded_by = models.ForeignKey("applications.Person", models.PROTECT, related_name="+", editable=False)
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)

    objects = GatedManager()

    class Meta:
        verbose_name = _("clearance")
        verbose_name_plural = _("clearances")
        triggers = [append_only()]

    def __str__(self) -> str:
        return self.words
