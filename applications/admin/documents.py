"""Documents of an item, and what intake said of those that it read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from pydantic import ValidationError

from applications.actions.draft import save_revision
from applications.actions.errors import ActionRefused
from applications.intake.report import Report
from applications.models import Document
from applications.permissions import may_edit
from applications.splitting import still_offered, with_splits

from .gate import Gated, ReadOnly, found


@admin.register(Document)
class DocumentAdmin(Gated, ReadOnly):
    list_display = ["name", "item", "size_words", "added_at"]
    list_select_related = ["item"]
    search_fields = ["name", "item__code", "item__title"]
    ordering = ["-pk"]

    @admin.display(description=gettext_lazy("size"), ordering="size")
    def size_words(self, document: Document) -> str:
        return filesizeformat(document.size)

    def get_urls(self) -> list[URLPattern]:
        def page(route: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"applications_document_{name}")

        return [page("<path:object_id>/split/", split_view, "split"), *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        """The report: what was recognised, guessed and left over, and the splits that are offered."""
        document = _document(request, object_id)
        report = _report(document)
        draft = getattr(document.item, "draft", None)
        splits = still_offered(draft.head.content.narrative, report.splits) if report and draft else []
        context = admin.site.each_context(request) | {
            "title": document.name,
            "opts": self.opts,
            "document": document,
            "item": document.item,
            "report": report,
            "draft": draft,
            "splits": splits if may_edit(request.user, document.item) else [],
        }
        return TemplateResponse(request, "admin/desk/report.html", context)


@require_POST
def split_view(request: HttpRequest, object_id: str) -> HttpResponse:
    """Apply the splits that were ticked, as one new revision."""
    document = _document(request, object_id)
    draft = getattr(document.item, "draft", None)
    report = _report(document)
    if draft is None or report is None or not may_edit(request.user, document.item):
        raise PermissionDenied
    content = draft.head.content
    offered = still_offered(content.narrative, report.splits)
    chosen = [split for split in offered if f"{split.block}:{split.offset}" in request.POST.getlist("split")]
    if not chosen:
        messages.error(request, _("Tick the splits to apply first."))
        return redirect("admin:applications_document_change", document.pk)
    parted = content.model_copy(update={"narrative": with_splits(content.narrative, chosen)})
    note = ngettext("%(count)s split applied", "%(count)s splits applied", len(chosen)) % {"count": len(chosen)}
    try:
        save_revision(draft=draft, base=draft.head, content=parted, by=request.user, note=note)
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, note)
    return redirect("admin:applications_document_change", document.pk)


def _report(document: Document) -> Report | None:
    """What the intake said, ``None`` for a file that it did not read or a report in a form of long ago."""
    try:
        return Report.from_dict(document.report) if document.report else None
    except ValidationError:
        return None


def _document(request: HttpRequest, object_id: str) -> Document:
    documents = Document.objects.visible_to(request.user).select_related("item__meeting", "item__draft__head")
    document: Document = found(documents, object_id)
    return document
