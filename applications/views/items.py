"""An item of the agenda, and the files that belong to it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from applications.models import Application, Approval, Decision, Document, Draft, Event, Item, Proposal
from applications.models.meeting import Seat
from applications.permissions import awaits_signatures, may_sign, seat_of, signing_seats
from applications.road import road
from applications.states import FINAL, State

from .gate import item_or_404


@dataclass(frozen=True)
class Asked:
    """A proposal with the decision that holds for it."""

    proposal: Proposal
    decision: Decision | None


@require_safe
def item(request: HttpRequest, pk: int) -> HttpResponse:
    item = item_or_404(request, pk)
    draft = Draft.objects.visible_to(request.user).filter(item=item, head__isnull=False).select_related("head").first()
    context = {
        "item": item,
        "seat": seat_of(request.user, item),
        "road": road(item),
        "reason": _reason(item),
        "asked": _asked(request, item),
        "applications": Application.objects.visible_to(request.user).filter(item=item),
        "documents": Document.objects.visible_to(request.user).filter(item=item),
        "draft": draft,
        "may_sign": may_sign(request.user, item),
        **_signatures(request, item, draft),
    }
    return render(request, "committee/item.html", context)


@require_safe
def document(request: HttpRequest, pk: int) -> FileResponse:
    """A file as it came, to be kept: never opened as a page of this site, whatever it calls itself."""
    document = get_object_or_404(Document.objects.visible_to(request.user), pk=pk)
    response = FileResponse(
        document.file.open("rb"),
        as_attachment=True,
        filename=document.name,
        content_type="application/octet-stream",
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _reason(item: Item) -> str:
    """Why an item does not go on: of its history, this alone is told to the committee."""
    if item.state not in FINAL or item.state == State.PUBLISHED:
        return ""
    return Event.objects.filter(item=item, target=item.state).values_list("words", flat=True).last() or ""


def _asked(request: HttpRequest, item: Item) -> list[Asked]:
    proposals = Proposal.objects.visible_to(request.user).filter(item=item).select_related("published__recommendation")
    decisions = (
        Decision.objects.visible_to(request.user)
        .filter(proposal__item=item)
        .order_by("pk")
        .prefetch_related("dissents__member__person")
    )
    standing = {decision.proposal_id: decision for decision in decisions}
    return [Asked(proposal, standing.get(proposal.pk)) for proposal in proposals]


def _signatures(request: HttpRequest, item: Item, draft: Draft | None) -> dict[str, object]:
    """Who has signed the newest text, and which seats it still waits for."""
    if draft is None:
        return {"approvals": [], "awaited": []}
    approvals = list(
        Approval.objects.visible_to(request.user)
        .filter(revision=draft.head, fingerprint=draft.head.fingerprint)
        .select_related("member__person")
    )
    signed = {approval.seat for approval in approvals}
    seats = signing_seats(item) if awaits_signatures(item) else ()
    return {"approvals": approvals, "awaited": [Seat(seat).label for seat in seats if seat not in signed]}
