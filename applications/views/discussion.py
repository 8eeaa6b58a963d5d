"""Talking about a draft: opening a thread on a block, answering, marking as resolved."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from applications.actions import discussion
from applications.actions.errors import BadInput, NotAllowed
from applications.forms.discussion import CommentForm, ReplyForm
from applications.margin import margin
from applications.models import Thread
from applications.permissions import may_comment, may_read_draft

from .drafts import draft_url, number_in
from .gate import draft_or_404, revision_or_404


@require_http_methods(["GET", "HEAD", "POST"])
def comment(request: HttpRequest, pk: int, block: str) -> HttpResponse:
    """Open a thread on one block of the revision that was on the screen."""
    draft = draft_or_404(request, pk)
    if not may_comment(request.user, draft.item):
        raise PermissionDenied
    revision = revision_or_404(request, draft, number_in(request, "revision"))
    quotation = discussion.block_text(revision=revision, block=block)
    if quotation is None:
        raise Http404
    form = CommentForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            opened = discussion.open_thread(
                revision=revision, block=block, text=form.cleaned_data["text"], by=request.user
            )
        except NotAllowed as refused:
            raise PermissionDenied from refused
        except BadInput as refused:
            form.add_error("text", str(refused))
        else:
            return redirect(draft_url(request, draft, f"thread-{opened.pk}"))
    context = {
        "draft": draft,
        "item": draft.item,
        "revision": revision,
        "block": block,
        "quotation": quotation,
        "form": form,
        "way_back": draft_url(request, draft, f"block-{block}"),
    }
    return render(request, "committee/comment.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: HttpRequest, pk: int) -> HttpResponse:
    """One thread. A POST answers it, marks it as resolved, or both."""
    threads = Thread.objects.visible_to(request.user).select_related("draft__item__meeting", "draft__head", "revision")
    thread = get_object_or_404(threads.prefetch_related("comments__author"), pk=pk)
    draft = thread.draft
    if not may_read_draft(request.user, draft.item):
        raise Http404
    talk = may_comment(request.user, draft.item)
    form = ReplyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not talk:
        raise PermissionDenied
    if form.is_valid():
        try:
            _answer(thread, form, request)
        except NotAllowed as refused:
            raise PermissionDenied from refused
        except BadInput as refused:
            form.add_error("text", str(refused))
        else:
            return redirect(draft_url(request, draft, f"thread-{thread.pk}"))
    (note,) = margin(threads=[thread], revision=draft.head, reader=request.user, may_comment=talk).notes
    context = {"draft": draft, "item": draft.item, "note": note, "form": form, "may_comment": talk}
    context["way_back"] = draft_url(request, draft, note.anchor)
    return render(request, "committee/thread.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _answer(thread: Thread, form: ReplyForm, request: HttpRequest) -> None:
    """Words that stand in the box are said before the thread is resolved, so that the button loses none."""
    if text := form.cleaned_data["text"]:
        discussion.reply(thread=thread, text=text, by=request.user)
    if form.resolves:
        discussion.resolve(thread=thread, by=request.user)
