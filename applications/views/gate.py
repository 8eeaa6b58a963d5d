"""How the views of the committee room load what they show: through the gate, or not at all."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from applications.models import Draft, Item, Revision
from applications.permissions import may_read_draft


def item_or_404(request: HttpRequest, pk: int) -> Item:
    """An item that the person takes part in, with its meeting."""
    return get_object_or_404(Item.objects.visible_to(request.user).select_related("meeting"), pk=pk)


def draft_or_404(request: HttpRequest, pk: int) -> Draft:
    """The draft of an item, with its head, where it is open to the person."""
    drafts = Draft.objects.visible_to(request.user).select_related("item__meeting", "head__author")
    draft = get_object_or_404(drafts, item=pk, head__isnull=False)
    if not may_read_draft(request.user, draft.item):
        raise Http404
    return draft


def revision_or_404(request: HttpRequest, draft: Draft, number: int) -> Revision:
    """One saved state of a draft, by its number."""
    revisions = Revision.objects.visible_to(request.user).select_related("author")
    return get_object_or_404(revisions, draft=draft, number=number)
