"""Writing down who did what."""

from applications.models import Event, Item, Person


def record(*, item: Item, by: Person, action: str, words: str = "", source: str = "", target: str = "") -> Event:
    """Add one event to an item's history. ``action`` is a short English code such as ``signed``."""
    return Event.objects.create(item=item, person=by, action=action, words=words, source=source, target=target)
