from __future__ import annotations

import json
from functools import cached_property

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.permissions import GatedManager
from medicines.content.schema import DraftContent
from medicines.models.guards import append_only

from .item import Item


class Draft(models.Model):
    """The committee's text on one item in the making. ``head`` is its newest saved state."""

    item = models.OneToOneField(Item, models.PROTECT, related_name="draft", verbose_name=_("item"))
    head = models.ForeignKey(
        "applications.Revision", models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("head")
    )

    objects = GatedManager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ["item"]

    def __str__(self) -> str:
        return str(self.item)

    @property
    def newest(self) -> Revision:
        """Its newest saved state. A draft and its first revision are made together, so there always is one."""
        if self.head is None:
            raise Revision.DoesNotExist
        return self.head


class Revision(models.Model):
    """An unchangeable saved state of a draft. ``parent`` is the head that it followed."""

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="revisions", verbose_name=_("draft"))
    number = models.PositiveIntegerField(_("revision"))
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name=_("made from"))
    body = models.TextField(help_text="The content as canonical JSON: these bytes are what the fingerprint is of.")
    fingerprint = models.CharField(max_length=64)
    note = models.CharField(_("note"), max_length=300, blank=True)
    author = models.ForeignKey("applications.Person", models.PROTECT, related_name="+", verbose_name=_("author"))
    made_at = models.DateTimeField(_("saved"), auto_now_add=True)

    objects = GatedManager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["draft", "-number"]
        constraints = [models.UniqueConstraint(fields=["draft", "number"], name="one_revision_per_number")]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.draft} · {self.number}"

    @cached_property
    def content(self) -> DraftContent:
        return DraftContent.from_dict(json.loads(self.body))


class WorkingCopy(models.Model):
    """What somebody has typed and not yet saved: kept by autosave, one for each person and draft."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="working_copies")
    person = models.ForeignKey("applications.Person", models.CASCADE, related_name="+")
    base = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    fields = models.JSONField(help_text="The fields of the form as typed.")
    saved_at = models.DateTimeField(auto_now=True)

    objects = GatedManager()

    class Meta:
        verbose_name = _("working copy")
        verbose_name_plural = _("working copies")
        constraints = [models.UniqueConstraint(fields=["draft", "person"], name="one_working_copy_per_person")]

    def __str__(self) -> str:
        return f"{self.draft}: {self.person}"
