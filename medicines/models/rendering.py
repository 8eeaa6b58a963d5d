from django.db import models
from django.utils.translation import gettext_lazy as _


class Rendering(models.Model):
    """A public page as it was last made, compressed. All of them can be dropped: see ``medicines.renderings``."""

    path = models.CharField(_("path"), max_length=500, primary_key=True)
    site = models.CharField(_("site"), max_length=300, help_text="Scheme and host, which stand in the page's links.")
    stamp = models.CharField(_("stamp"), max_length=64, help_text="What made it: the release, the settings, the day.")
    state = models.PositiveBigIntegerField(_("state of the record"), help_text="Its number when the making began.")
    state_at = models.DateTimeField(_("state since"))
    made_at = models.DateTimeField(_("made"))
    content_type = models.CharField(_("content type"), max_length=100)
    tag = models.CharField(_("entity tag"), max_length=64)
    body = models.BinaryField(_("body"), help_text="Compressed by gzip.")

    class Meta:
        verbose_name = _("rendering")
        verbose_name_plural = _("renderings")

    def __str__(self) -> str:
        return self.path
