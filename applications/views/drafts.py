"""A draft as the public will see it, with the talk in its margin, and what has changed between two revisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_safe

from applications.actions.discussion import give_verdict
from applications.actions.errors import BadInput, HeadHasMoved, NotAllowed
from applications.forms.discussion import VerdictForm
from applications.margin import Margin, margin
from applications.models import Draft, Proposal, Reading, Revision, Thread
from applications.permissions import may_comment, may_give_verdict, may_sign
from medicines.content.differences import compare
from medicines.content.richtext import blocks
from medicines.content.schema import DraftContent
from medicines.documents.html import DecisionPage

from .gate import draft_or_404, revision_or_404


@dataclass(frozen=True)
class Tab:
    """One of several proposals: each has facts of its own beside the same words."""

    key: str
    asks: str
    is_shown: bool


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the newest text. A POST gives a verdict on the revision that was on the screen."""
    draft = draft_or_404(request, pk)
    read: Revision | None = None
    status = 200
    form = VerdictForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not may_give_verdict(request.user, draft.item):
            raise PermissionDenied
        read = revision_or_404(request, draft, number_in(request, "revision"))
        if form.is_valid():
            try:
                give_verdict(revision=read, by=request.user, **form.cleaned_data)
            except NotAllowed as refused:
                raise PermissionDenied from refused
            except HeadHasMoved as refused:
                draft = draft_or_404(request, pk)
                form.add_error(None, str(refused))
                status = 409
            except BadInput as refused:
                form.add_error(refused.field, str(refused))
            else:
                return redirect(draft_url(request, draft, "verdict"))
    context = reading_context(request, draft)
    readings = Reading.objects.visible_to(request.user).filter(revision__draft=draft).select_related("revision")
    mine = readings.filter(person=request.user).order_by("-pk").first()
    context |= {
        "form": form,
        "may_give_verdict": may_give_verdict(request.user, draft.item),
        "may_sign": may_sign(request.user, draft.item),
        "readings": readings.filter(revision=draft.head).select_related("person"),
        "mine": mine,
        "is_read": mine is not None and mine.revision_id == draft.head_id,
        "last_read": mine.revision if mine and mine.revision_id != draft.head_id else None,
        "moved_from": read if status == 409 else None,
    }
    return render(request, "committee/draft.html", context, status=status)


def reading_context(request: HttpRequest, draft: Draft) -> dict[str, Any]:
    """The text of one proposal with the talk in its margin, for the pages that show it."""
    head = draft.head
    tabs = tabs_of(request, draft)
    shown = next(tab for tab in tabs if tab.is_shown)
    talk = may_comment(request.user, draft.item)
    beside = talk_of(request, draft, head, talk)
    return {
        "draft": draft,
        "item": draft.item,
        "head": head,
        "tabs": tabs,
        "shown": shown,
        "margin": beside,
        "may_comment": talk,
        "page": DecisionPage(
            head.content.content_for(shown.key),
            anchors=True,
            after=_beside_blocks(draft, head.content, beside, shown.key, talk),
        ),
        "revisions": draft.revisions.order_by("-number").defer("body"),
    }


def tabs_of(request: HttpRequest, draft: Draft) -> list[Tab]:
    """The proposals of the item, with the one that the address asks for, or the first."""
    proposals = list(Proposal.objects.visible_to(request.user).filter(item=draft.item))
    keys = [proposal.key for proposal in proposals]
    asked = request.GET.get("proposal")
    if asked is None:
        asked = keys[0] if keys else None
    if asked not in keys:
        raise Http404
    return [Tab(proposal.key, proposal.asks, proposal.key == asked) for proposal in proposals]


def talk_of(request: HttpRequest, draft: Draft, revision: Revision, talk: bool) -> Margin:
    threads = (
        Thread.objects.visible_to(request.user)
        .filter(draft=draft)
        .select_related("revision", "resolved_by")
        .defer("revision__body")
        .prefetch_related("comments__author")
        .order_by("pk")
    )
    return margin(threads=threads, revision=revision, reader=request.user, may_comment=talk)


def draft_url(request: HttpRequest, draft: Draft, fragment: str = "") -> str:
    """The address of the draft page, on the proposal that was being read."""
    proposal = request.GET.get("proposal", "")
    known = {entry.key for entry in draft.head.content.proposals}
    query = {"proposal": proposal} if proposal in known else None
    return reverse("committee:draft", args=[draft.item_id], query=query, fragment=fragment or None)


def number_in(request: HttpRequest, name: str) -> int:
    """The number of a revision in the address or the form. Anything else is an address that does not exist."""
    value = request.POST.get(name) or request.GET.get(name, "")
    if not (value.isascii() and value.isdecimal() and len(value) < 10):
        raise Http404
    return int(value)


def _beside_blocks(
    draft: Draft, content: DraftContent, beside: Margin, proposal: str, talk: bool
) -> dict[str, SafeString]:
    """What stands behind each block: the way to comment on it, then its threads."""
    shared = {"item": draft.item, "head": draft.head, "proposal": proposal, "may_comment": talk}
    found = {}
    for section in content.narrative.sections:
        for block in blocks(section.html):
            notes = beside.at(block.id)
            if talk or notes:
                found[block.id] = render_to_string(
                    "committee/parts/beside.html", {**shared, "block": block, "notes": notes}
                )
    return found


@require_safe
def choose_revisions(request: HttpRequest, pk: int) -> HttpResponse:
    """From the form that asks for two revisions to the page that compares them."""
    draft = draft_or_404(request, pk)
    return redirect("committee:draft_compare", draft.item_id, number_in(request, "a"), number_in(request, "b"))


@require_safe
def draft_compare(request: HttpRequest, pk: int, a: int, b: int) -> HttpResponse:
    """What changed from one revision to another."""
    draft = draft_or_404(request, pk)
    older, newer = revision_or_404(request, draft, a), revision_or_404(request, draft, b)
    context = {
        "draft": draft,
        "item": draft.item,
        "older": older,
        "newer": newer,
        "comparison": compare(older.content, newer.content),
        "revisions": draft.revisions.order_by("-number").defer("body"),
    }
    return render(request, "committee/draft_compare.html", context)
