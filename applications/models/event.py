from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.permissions import GatedManager
from applications.states import State
from medicines.models.guards import append_only

from .item import Item


class Event(models.Model):
    """Who did what on an item, when, and from which state to which."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="events", verbose_name=_("item"))
    person = models.ForeignKey("applications.Person", models.PROTECT, related_name="+", verbose_name=_("person"))
    action = models.CharField(_("action"), max_length=40)
    source = models.CharField(_("from"), max_length=20, choices=State, blank=True)
    target = models.CharField(_("to"), max_length=20, choices=State, blank=True)
    words = models.TextField(_("words"), blank=True)
    at = models.DateTimeField(_("when"), auto_now_add=True)

    objects = GatedManager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["item", "pk"]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.item.code} {self.action}"
