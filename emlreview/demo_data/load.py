"""Loading the demonstration, once."""

from __future__ import annotations

from django.db import transaction

from applications.models import Person
from medicines.models import Edition, Version

from . import items, lists, people


@transaction.atomic
def load() -> bool:
    """Load everything, all or nothing. Where the record or people exist already, change nothing and return False."""
    if Version.objects.exists() or Edition.objects.exists() or Person.objects.exists():
        return False
    lists.make_editions()
    persons = people.make_people()
    meetings = people.make_meetings(persons)
    of_2025, of_2027 = (items.Committee(meetings[number], persons) for number in (25, 26))
    # First, so that it gets number 1.
    items.publish_baclofen(of_2025)
    lists.import_medicines()
    items.publish_rejected(of_2025)
    items.publish_deferred(of_2025)
    added, _not_recommended = items.publish_mixed(of_2025)
    items.await_signature(of_2025)
    items.await_clearance(of_2025)
    items.leave_in_review(of_2027)
    items.withdraw(of_2027)
    items.receive(of_2027)
    items.leave_at_meeting(of_2027)
    items.correct(of_2027, added)
    return True
