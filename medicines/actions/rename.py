"""Giving a medicine another name: the recommendations keep their numbers, and what was published its words."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from medicines.content.identity import LONGEST, LONGEST_SORT_KEYS
from medicines.models import Medicine, Recommendation, Renaming
from medicines.sorting import folded, sort_key

from .errors import PublicationRefused
from .listing import refresh_listings
from .publish import lock_record


class RenameRefused(PublicationRefused):
    """The name cannot be given; the message says why."""


@transaction.atomic
def rename_medicine(*, medicine: Medicine, name: str, source: dict[str, Any]) -> Renaming:
    """Let ``medicine`` go by ``name`` from now on; the old name stays known as a former one.

    Whatever names the medicine as it was called before still means it: imports, drafts, searches. ``source``: words
    that may be printed. Raises ``RenameRefused`` where the name is none, or another medicine's.
    """
    lock_record()
    medicine = Medicine.objects.select_for_update().get(pk=medicine.pk)
    name = _checked(name, medicine)
    old = medicine.name
    if name == old:
        raise RenameRefused(_("The medicine goes by this name already."))
    medicine.name, medicine.key, medicine.sort_key = name, folded(name), sort_key(name)
    medicine.former_names = _with_former(medicine, old)
    medicine.save()
    return _kept(medicine, old=old, source=source)


@transaction.atomic
def add_former_name(*, medicine: Medicine, name: str, source: dict[str, Any]) -> Renaming:
    """Say that ``medicine`` went by ``name`` before: what names it so means it. Raises ``RenameRefused``."""
    lock_record()
    medicine = Medicine.objects.select_for_update().get(pk=medicine.pk)
    name = _checked(name, medicine)
    if folded(name) == medicine.key:
        raise RenameRefused(_("The medicine goes by this name already."))
    medicine.former_names = _with_former(medicine, name)
    medicine.save()
    return _kept(medicine, old=name, source=source)


def _checked(name: str, medicine: Medicine) -> str:
    name = " ".join(name.split())
    key = folded(name)
    if not key:
        raise RenameRefused(_("Give a name."))
    if max(len(name), len(key)) > LONGEST["medicine"] or len(sort_key(name)) > LONGEST_SORT_KEYS["medicine"]:
        raise RenameRefused(_("The name is too long."))
    if Medicine.objects.filter(key=key).exclude(pk=medicine.pk).exists():
        raise RenameRefused(
            _("“%(name)s” is another medicine of the record, with recommendations of its own.") % {"name": name}
        )
    owner = Medicine.objects.renamed().get(key)
    if owner is not None and owner != medicine.key:
        raise RenameRefused(_("“%(name)s” is a former name of another medicine.") % {"name": name})
    return name


def _with_former(medicine: Medicine, old: str) -> list[str]:
    """The former names with one more, without the name that the medicine has now, each spelling once."""
    names = [each for each in medicine.former_names if each != old and folded(each) != medicine.key]
    return [*names, old] if folded(old) != medicine.key else names


def _kept(medicine: Medicine, *, old: str, source: dict[str, Any]) -> Renaming:
    refresh_listings(
        recommendations=Recommendation.objects.filter(medicine=medicine, listing__isnull=False).select_related(
            "medicine", "indication"
        )
    )
    return Renaming.objects.create(medicine=medicine, old_name=old, new_name=medicine.name, source=source)
