"""What the search looks through: a projection like the listings, dropped and rebuilt with them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from .recommendation import Listing


class ListingText(models.Model):
    """The words by which a listing is found. Apart from it, since they are many and no page shows them."""

    listing = models.OneToOneField(Listing, models.CASCADE, primary_key=True, related_name="text")
    lexemes = SearchVectorField(help_text="See medicines.search.lexemes.")

    class Meta:
        verbose_name = _("words of a listing")
        verbose_name_plural = _("words of listings")
        # Without a list of pending changes, which every search would have to read through.
        indexes = [GinIndex(fields=["lexemes"], name="listing_lexemes", fastupdate=False)]

    def __str__(self) -> str:
        return f"{self.listing_id}"


class SearchWord(models.Model):
    """A word of names, uses and sections, found by what is like it. Words of decisions' texts are not among them."""

    word = models.CharField(max_length=60, primary_key=True)
    keys = ArrayField(models.CharField(max_length=10), help_text="See medicines.search.spelling.")

    class Meta:
        verbose_name = _("word of the search")
        verbose_name_plural = _("words of the search")
        indexes = [GinIndex(fields=["keys"], name="search_word_keys", fastupdate=False)]

    def __str__(self) -> str:
        return self.word
