"""Recording the decisions of the committee, and the clearance of a signed text."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from applications.actions.decision import clear, record_decisions
from applications.actions.errors import ActionRefused
from applications.forms.decisions import VerdictForm, verdict_forms
from applications.forms.items import ClearanceForm
from applications.forms.refusals import put_on_form
from applications.models import Item
from applications.permissions import may_clear, may_decide

from .gate import found, posted


def decide_view(request: HttpRequest, object_id: str) -> HttpResponse:
    """A form for each proposal; one action for all of them."""
    item = found(_items(request), object_id)
    if not may_decide(request.user, item):
        raise PermissionDenied
    forms = verdict_forms(item, posted(request)[0])
    if request.method == "POST" and all(list(map(_is_valid, forms))) and _record(request, item, forms):
        return redirect("admin:applications_item_change", item.pk)
    facts = {entry.key: entry.facts for entry in item.draft.head.content.proposals}
    context = admin.site.each_context(request) | {
        "title": _("Record the decisions"),
        "opts": Item._meta,
        "item": item,
        "lines": [(form, form.proposal, facts.get(form.proposal.key)) for form in forms],
        "has_errors": any(form.errors for form in forms),
    }
    return TemplateResponse(request, "admin/desk/decide.html", context, status=422 if context["has_errors"] else 200)


def clear_view(request: HttpRequest, object_id: str) -> HttpResponse:
    item = found(_items(request), object_id)
    if not may_clear(request.user, item):
        raise PermissionDenied
    form = ClearanceForm(posted(request)[0], initial={"fingerprint": item.draft.head.fingerprint})
    if request.method == "POST" and form.is_valid():
        try:
            clear(item=item, by=request.user, **form.cleaned_data)
        except ActionRefused as refusal:
            put_on_form(form, refusal)
        else:
            messages.success(request, _("The clearance was recorded."))
            return redirect("admin:applications_item_change", item.pk)
    context = admin.site.each_context(request) | {
        "title": _("Record the clearance"),
        "button": _("Record"),
        "explanation": _("The head of the organization has cleared the signed text, revision %(number)s.")
        % {"number": item.draft.head.number},
        "opts": Item._meta,
        "item": item,
        "form": form,
    }
    return TemplateResponse(request, "admin/desk/form.html", context, status=422 if form.errors else 200)


def _is_valid(form: VerdictForm) -> bool:
    return form.is_valid()


def _record(request: HttpRequest, item: Item, forms: list[VerdictForm]) -> bool:
    verdicts = [verdict for form in forms if (verdict := form.verdict())]
    if not verdicts:
        forms[0].add_error("outcome", _("Choose at least one outcome."))
        return False
    try:
        record_decisions(item=item, verdicts=verdicts, by=request.user)
    except ActionRefused as refusal:
        put_on_form(forms[0], refusal)
        return False
    messages.success(request, _("The decisions were recorded and written into the draft."))
    return True


def _items(request: HttpRequest) -> QuerySet[Any]:
    return Item.objects.visible_to(request.user).select_related("meeting", "draft__head")
