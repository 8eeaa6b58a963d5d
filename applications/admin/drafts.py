"""The drafting desk: a draft as a form, its history, and how it will look."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from applications.actions.draft import drop_working_copy, keep_working_copy, save_revision
from applications.actions.errors import ActionRefused, EditConflict
from applications.forms.draft import DraftForm, SaveForm
from applications.forms.facts import words_of_path
from applications.forms.places import place_of
from applications.forms.refusals import put_on_form
from applications.forms.rows import ADD, with_one_more_row
from applications.models import Draft, Proposal, Revision, WorkingCopy
from applications.permissions import may_edit
from medicines.content.checks import check
from medicines.content.differences import compare
from medicines.content.references import plain_reference
from medicines.documents.html import DecisionPage
from medicines.models import Edition, Section

from .conflict import conflict_page, resolve_view
from .gate import Gated, found

NOT_TYPED = ("csrfmiddlewaretoken",)

REVISIONS_A_PAGE = 20
"""Each is compared with the one before it, so that the page says how many words changed."""


@admin.register(Draft)
class DraftAdmin(Gated):
    def has_module_permission(self, request: HttpRequest) -> bool:
        return False  # Drafts are found through their items.

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("admin:applications_item_changelist")

    def get_urls(self) -> list[URLPattern]:
        def page(route: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"applications_draft_{name}")

        return [
            page("<path:object_id>/working-copy/", working_copy_view, "working_copy"),
            page("<path:object_id>/resolve/", resolve_view, "resolve"),
            page("<path:object_id>/revisions/", revisions_view, "revisions"),
            page("<path:object_id>/revisions/<int:number>/", revision_view, "revision"),
            page("<path:object_id>/revisions/<int:number>/restore/", restore_view, "restore"),
            page("<path:object_id>/compare/", compare_view, "compare"),
            page("<path:object_id>/preview/<slug:key>/", preview_view, "preview"),
            *super().get_urls(),
        ]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        """Edit the draft. What was refused comes back as it was typed."""
        draft = draft_or_404(request, object_id)
        if not may_edit(request.user, draft.item):
            return redirect("admin:applications_draft_revision", draft.pk, draft.head.number)
        if request.method == "POST":
            return _post(request, draft)
        copy = WorkingCopy.objects.visible_to(request.user).filter(draft=draft).select_related("base").first()
        if copy and "restore" in request.GET:
            typed = typed_fields(copy.fields)
            messages.info(request, _("Your unsaved typing is back. Save it to keep it."))
            return _desk(request, draft, base=copy.base, data=typed, is_restored=True)
        return _desk(request, draft, base=draft.head, copy=copy)


def draft_or_404(request: HttpRequest, object_id: str) -> Draft:
    drafts = Draft.objects.visible_to(request.user).select_related("item__meeting", "head__author")
    draft: Draft = found(drafts, object_id, head__isnull=False)
    return draft


def typed_fields(fields: Mapping[str, Any]) -> QueryDict:
    """What a working copy keeps, as if it were posted again."""
    data = QueryDict(mutable=True)
    for name, values in fields.items():
        data.setlist(name, [str(value) for value in values] if isinstance(values, list) else [str(values)])
    return data


def _post(request: HttpRequest, draft: Draft) -> HttpResponse:
    base = _base(draft, request.POST.get("base", ""))
    if "discard" in request.POST:
        drop_working_copy(draft=draft, by=request.user)
        messages.success(request, _("Your unsaved typing was discarded."))
        return redirect("admin:applications_draft_change", draft.pk)
    if ADD in request.POST:
        return _desk(request, draft, base=base, data=with_one_more_row(request.POST), is_restored=True)
    save, form = SaveForm(request.POST), DraftForm(base=base.content, data=request.POST)
    if all([save.is_valid(), form.is_valid()]):
        try:
            head = save_revision(
                draft=draft, base=base, content=form.content(), by=request.user, note=save.cleaned_data["note"]
            )
        except EditConflict as conflict:
            keep_working_copy(draft=draft, base=base, fields=_fields(request.POST), by=request.user)
            return conflict_page(
                request, draft, base=base, merge=conflict.merge, head=conflict.head, note=save.cleaned_data["note"]
            )
        except ActionRefused as refusal:
            put_on_form(save, refusal)
        else:
            _say_saved(request, head, before=draft.head)
            return redirect("admin:applications_draft_change", draft.pk)
    return _desk(request, draft, base=base, data=request.POST, save=save, form=form)


def _say_saved(request: HttpRequest, head: Revision, *, before: Revision) -> None:
    if head.pk == before.pk:
        messages.info(request, _("Nothing was changed, so there is no new revision."))
    else:
        messages.success(request, _("Saved as revision %(number)s.") % {"number": head.number})


def _base(draft: Draft, pk: str) -> Revision:
    base: Revision = found(draft.revisions.all(), pk)
    return base


def _desk(
    request: HttpRequest,
    draft: Draft,
    *,
    base: Revision,
    data: QueryDict | None = None,
    save: SaveForm | None = None,
    form: DraftForm | None = None,
    copy: WorkingCopy | None = None,
    is_restored: bool = False,
) -> HttpResponse:
    """The page of the draft. ``is_restored``: typed words are shown again without judging them yet."""
    form = form or DraftForm(base=base.content, data=data)
    note = data.get("note", "") if data is not None else ""
    save = save or SaveForm(initial={"base": base.pk, "note": note})
    # Errors are counted before anything else looks at the forms.
    errors = 0 if is_restored or not form.is_bound else form.error_count() + len(save.errors)
    context = admin.site.each_context(request) | {
        "title": _("Draft"),
        "opts": Draft._meta,
        "draft": draft,
        "item": draft.item,
        "base": base,
        "form": form,
        "save": save,
        "copy": copy,
        "quiet": is_restored,
        "errors": errors,
        "is_typed": data is not None,
        "facts": [
            (proposal, form.facts[proposal.key])
            for proposal in draft.item.proposals.all()
            if proposal.key in form.facts
        ],
        "references": [
            {"id": ref.id, "text": plain_reference(ref.csl, ref.original)} for ref in base.content.narrative.references
        ],
        "sections": _known_sections(),
        "problems": [(problem, place_of(problem.where, base.content)) for problem in check(base.content)],
    }
    return TemplateResponse(request, "admin/desk/draft.html", context, status=422 if errors else 200)


def _known_sections() -> list[str]:
    """The sections of the newest edition that has any, as paths to choose from."""
    edition = Edition.objects.filter(sections__isnull=False).order_by("-number").first()
    if edition is None:
        return []
    known = {section.pk: section for section in Section.objects.filter(edition=edition)}
    for section in known.values():
        if section.parent_id in known:
            section.parent = known[section.parent_id]
        section.edition = edition
    return [words_of_path(section.path()) for section in known.values()]


def _fields(data: QueryDict) -> dict[str, Any]:
    # The database keeps no NUL in JSON, and nobody types one.
    return {
        name: [value.replace("\0", "") for value in values] for name, values in data.lists() if name not in NOT_TYPED
    }


@require_POST
def working_copy_view(request: HttpRequest, object_id: str) -> HttpResponse:
    """Autosave: keep what stands in the form. Nothing is judged, nothing is published, no revision is made."""
    draft = draft_or_404(request, object_id)
    base = _base(draft, request.POST.get("base", ""))
    try:
        copy = keep_working_copy(draft=draft, base=base, fields=_fields(request.POST), by=request.user)
    except ActionRefused as refusal:
        return JsonResponse({"refused": str(refusal)}, status=403)
    time = date_format(localtime(copy.saved_at), "TIME_FORMAT")
    return JsonResponse({"words": _("Typing kept at %(time)s, not yet saved.") % {"time": time}})


# History


@require_safe
def revisions_view(request: HttpRequest, object_id: str) -> HttpResponse:
    draft = draft_or_404(request, object_id)
    revisions = Revision.objects.visible_to(request.user).filter(draft=draft).select_related("author")
    page = Paginator(revisions, REVISIONS_A_PAGE).get_page(request.GET.get("page"))
    shown = list(page)
    older = revisions.filter(number__lt=shown[-1].number).first()
    for newer, before in zip(shown, [*shown[1:], older], strict=True):
        newer.comparison = compare(before.content, newer.content) if before else None
    context = _page(request, draft, _("Revisions")) | {
        "revisions": shown,
        "page": page,
        "may_edit": may_edit(request.user, draft.item),
    }
    return TemplateResponse(request, "admin/desk/revisions.html", context)


@require_safe
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
def revision_view(request: HttpRequest, object_id: str, number: int) -> HttpResponse:
    """One saved state, read only."""
    draft = draft_or_404(request, object_id)
    revision = _revision(request, draft, number)
    title = _("Revision %(number)s") % {"number": number}
    context = _page(request, draft, title) | {
        "revision": revision,
        "is_head": revision.pk == draft.head_id,
        "proposals": _proposals_in(draft, revision),
        "may_edit": may_edit(request.user, draft.item),
    }
    return TemplateResponse(request, "admin/desk/revision.html", context)


@require_POST
def restore_view(request: HttpRequest, object_id: str, number: int) -> HttpResponse:
    """An old text becomes the newest one again, as a new revision."""
    draft = draft_or_404(request, object_id)
    old = _revision(request, draft, number)
    if not may_edit(request.user, draft.item):
        raise PermissionDenied
    known = {entry.key for entry in draft.head.content.proposals}
    if {entry.key for entry in old.content.proposals} != known:
        messages.error(request, _("That revision has other proposals than the item has now. Copy from it by hand."))
        return redirect("admin:applications_draft_revision", draft.pk, number)
    note = _("Revision %(number)s restored") % {"number": number}
    try:
        head = save_revision(draft=draft, base=draft.head, content=old.content, by=request.user, note=note)
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        _say_saved(request, head, before=draft.head)
    return redirect("admin:applications_draft_revisions", draft.pk)


@require_safe
def compare_view(request: HttpRequest, object_id: str) -> HttpResponse:
    """What differs between two revisions; without a choice, between the newest and the one before it."""
    draft = draft_or_404(request, object_id)
    newer = _revision(request, draft, _number(request, "to") or draft.head.number)
    older = _revision(request, draft, _number(request, "from") or max(1, newer.number - 1))
    context = _page(request, draft, _("What has changed")) | {
        "older": older,
        "newer": newer,
        "comparison": compare(older.content, newer.content),
        "narrative": newer.content.narrative,
        "revisions": draft.revisions.defer("body"),
    }
    return TemplateResponse(request, "admin/desk/compare.html", context)


@require_safe
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})  # type: ignore[arg-type]
def preview_view(request: HttpRequest, object_id: str, key: str) -> HttpResponse:
    """The public page of one proposal, made by what makes public pages."""
    draft = draft_or_404(request, object_id)
    revision = _revision(request, draft, _number(request, "revision") or draft.head.number)
    try:
        content = revision.content.content_for(key)
    except KeyError as error:
        raise Http404 from error
    context = {
        "draft": draft,
        "item": draft.item,
        "revision": revision,
        "proposals": _proposals_in(draft, revision),
        "shown": key,
        "is_framed": "framed" in request.GET,
        "page": DecisionPage(content),
        "way_back": reverse("admin:applications_draft_change", args=[draft.pk]),
    }
    return TemplateResponse(request, "admin/desk/preview.html", context)


def _proposals_in(draft: Draft, revision: Revision) -> list[Proposal]:
    """The proposals whose facts a revision holds; those that came later are not in it."""
    known = {entry.key for entry in revision.content.proposals}
    return [proposal for proposal in draft.item.proposals.all() if proposal.key in known]


def _revision(request: HttpRequest, draft: Draft, number: int) -> Revision:
    revisions = Revision.objects.visible_to(request.user).select_related("author", "draft")
    revision: Revision | None = revisions.filter(draft=draft, number=number).first()
    if revision is None:
        raise Http404
    return revision


def _number(request: HttpRequest, name: str) -> int:
    given = request.GET.get(name, "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 9 else 0


def _page(request: HttpRequest, draft: Draft, title: str) -> dict[str, Any]:
    return admin.site.each_context(request) | {
        "title": title,
        "opts": Draft._meta,
        "draft": draft,
        "item": draft.item,
    }
