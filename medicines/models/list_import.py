from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pgtrigger
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

ENDING = re.compile(r"\.[a-z]{1,5}$")


def kept_at(_row: Any, name: str) -> str:
    """Under a name of its own: that of the upload is kept beside it, and says nothing of where a file lies."""
    suffix = ENDING.search(name.lower())
    return f"lists/{timezone.now():%Y}/{uuid4().hex}{suffix.group() if suffix else ''}"


class ListImport(models.Model):
    """A file that was brought to the desk: read and planned, then carried out once a person has confirmed it.

    What was carried out is kept for ever, with its file and its report.
    """

    class Kind(models.TextChoices):
        LIST = "list", _("The list as its site exports it")
        SECTIONS = "sections", _("Sections of an edition")
        PRINTED_LIST = "printed_list", _("The printed list")
        ATC = "atc", _("ATC classification")
        ICD11 = "icd11", _("ICD-11 tabulation")
        AWARE = "aware", _("AWaRe classification")
        SYNONYMS = "synonyms", _("Synonyms")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.LIST)
    edition = models.CharField(_("edition"), max_length=20, blank=True)
    previous = models.CharField(_("previous edition"), max_length=20, blank=True)
    name = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField(max_length=64)
    file = models.FileField(_("file"), upload_to=kept_at, max_length=200)
    choices = models.JSONField(default=dict, help_text="What a person has settled: see medicines.lists.choices.")
    report = models.JSONField(default=dict, help_text="Of the preview, then of what was done.")
    created_at = models.DateTimeField(_("brought in"), auto_now_add=True)
    carried_out_at = models.DateTimeField(_("carried out"), null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]
        triggers = [
            pgtrigger.Protect(
                name="kept_once_carried_out",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__carried_out_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name
