"""Finding recommendations by what a reader types."""

from __future__ import annotations

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from medicines.models import Listing
from medicines.sorting import folded

MOST_WORDS = 12
"""Further words of a query are not looked for: nobody types so many, and each costs the database work."""


def find(query: str = "", *, section: str = "") -> QuerySet[Listing]:
    """The listings in which every word of ``query`` stands, those whose medicine begins with it first.

    ``section`` is the number of a section, which includes those below it. Nothing asked, nothing found.
    """
    words = folded(query.replace("\0", " ")).split()[:MOST_WORDS]
    section = section.replace("\0", "").strip()
    if not words and not section:
        return Listing.objects.none()
    matches = Q()
    for word in words:
        matches &= Q(words__contains=word)
    if section:
        matches &= Q(sections__contains=[section])
    first = Case(
        When(medicine__key__startswith=" ".join(words), then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return (
        Listing.objects.filter(matches)
        .select_related("recommendation", "medicine", "indication")
        .order_by(first, "sort_key", "recommendation")
    )
