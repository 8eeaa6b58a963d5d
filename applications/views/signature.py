"""Signing: the exact text, what a correction changes in it, and who has signed."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from applications.actions import decision
from applications.actions.errors import ActionRefused, HeadHasMoved, NotAllowed
from applications.forms.signature import SignatureForm
from applications.models import Approval, Draft, Proposal, Revision
from applications.models.meeting import Seat
from applications.permissions import may_sign, seat_of, signing_seats
from medicines.content.differences import Comparison, compare
from medicines.documents.html import DecisionPage
from medicines.models import Version

from .drafts import tabs_of
from .gate import draft_or_404


@dataclass(frozen=True)
class Redline:
    """What a correction changes in one published version, computed from both texts."""

    version: Version
    comparison: Comparison


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the text that waits for a signature. A POST signs the text whose fingerprint was on the screen."""
    draft = draft_or_404(request, pk)
    if not may_sign(request.user, draft.item):
        if request.method != "POST" and _is_signed_by(request, draft):
            return redirect("committee:item", draft.item_id)  # The page that shows the signature.
        raise PermissionDenied
    form = SignatureForm(request.POST if request.method == "POST" else None)
    refused: ActionRefused | None = None
    if form.is_bound:
        try:
            fingerprint = form.cleaned_data["fingerprint"] if form.is_valid() else ""
            decision.sign(item=draft.item, fingerprint=fingerprint, by=request.user)
        except NotAllowed as error:
            raise PermissionDenied from error
        except ActionRefused as error:
            refused = error
            draft = draft_or_404(request, pk)
        else:
            return redirect("committee:item", draft.item_id)
    moved_from = _seen(draft, form) if isinstance(refused, HeadHasMoved) else None
    context = {**_context(request, draft), "refused": refused, "moved_from": moved_from}
    if moved_from:
        context["moved"] = compare(moved_from.content, draft.head.content)
    return render(request, "committee/sign.html", context, status=409 if refused else 200)


def _context(request: HttpRequest, draft: Draft) -> dict[str, object]:
    item, head = draft.item, draft.head
    tabs = tabs_of(request, draft)
    shown = next(tab for tab in tabs if tab.is_shown)
    approvals = list(Approval.objects.visible_to(request.user).filter(revision=head).select_related("member__person"))
    signed = {approval.seat for approval in approvals}
    return {
        "draft": draft,
        "item": item,
        "head": head,
        "seat": seat_of(request.user, item),
        "tabs": tabs,
        "page": DecisionPage(head.content.content_for(shown.key), anchors=True),
        "redlines": _redlines(request, draft) if item.is_correction else [],
        "approvals": approvals,
        "awaited": [Seat(seat).label for seat in signing_seats(item) if seat not in signed],
        "has_signed": any(approval.member.person_id == request.user.pk for approval in approvals),
    }


def _is_signed_by(request: HttpRequest, draft: Draft) -> bool:
    return bool(
        Approval.objects.visible_to(request.user).filter(revision=draft.head, member__person=request.user).exists()
    )


def _redlines(request: HttpRequest, draft: Draft) -> list[Redline]:
    proposals = (
        Proposal.objects.visible_to(request.user)
        .filter(item=draft.item, base__isnull=False)
        .select_related("base__recommendation")
    )
    return [
        Redline(proposal.base, compare(proposal.base.content, draft.head.content.content_for(proposal.key)))
        for proposal in proposals
    ]


def _seen(draft: Draft, form: SignatureForm) -> Revision | None:
    """The revision that was on the screen, by its fingerprint."""
    return Revision.objects.filter(draft=draft, fingerprint=form.cleaned_data.get("fingerprint", "")).first()
