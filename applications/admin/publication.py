"""Publishing what is signed, and opening corrections of what is published."""

from __future__ import annotations

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.actions.errors import ActionRefused, Missing, NotYet
from applications.actions.publication import missing_for_publication, open_correction, publish_item
from applications.forms.items import CorrectionForm
from applications.forms.refusals import put_on_form
from applications.models import Item
from applications.permissions import may_publish, may_record
from medicines.actions.errors import PublicationRefused
from medicines.models import Version

from .gate import found, posted


@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
def publish_view(request: HttpRequest, object_id: str) -> HttpResponse:
    """All that is missing while the gate is closed; the public pages and a button when it is open."""
    items = Item.objects.visible_to(request.user).select_related("meeting", "draft__head")
    item = found(items, object_id, draft__head__isnull=False)
    missing = [*missing_for_publication(item=item), *_missing_publisher(request, item)]
    if request.method == "POST":
        refusals = _publish(request, item)
        if not refusals:
            return redirect("admin:applications_item_change", item.pk)
        missing = refusals
    context = admin.site.each_context(request) | {
        "title": _("Publish"),
        "opts": Item._meta,
        "item": item,
        "head": item.draft.head,
        "missing": missing,
        "proposals": item.proposals.all(),
    }
    return TemplateResponse(
        request, "admin/desk/publish.html", context, status=409 if request.method == "POST" else 200
    )


def _missing_publisher(request: HttpRequest, item: Item) -> list[Missing]:
    if item.is_final or may_publish(request.user, item):
        return []
    words = _("Publishing needs somebody who may publish and has written none of the text.")
    return [Missing("publisher", words)]


def _publish(request: HttpRequest, item: Item) -> list[Missing]:
    """Publish, and return why not where it was refused."""
    if request.POST.get("fingerprint") != item.draft.head.fingerprint:
        return [Missing("moved", _("The text has changed since you opened this page. Read the newest text first."))]
    try:
        versions = publish_item(item=item, by=request.user)
    except NotYet as refusal:
        return list(refusal.missing)
    except (ActionRefused, PublicationRefused) as refusal:
        return [Missing("refused", str(refusal))]
    numbers = ", ".join(str(version.recommendation.number) for version in versions)
    words = ngettext("Published: recommendation %(numbers)s.", "Published: recommendations %(numbers)s.", len(versions))
    messages.success(request, words % {"numbers": numbers})
    return []


def correct_view(request: HttpRequest) -> HttpResponse:
    """Open a correction of the version that the address names, and of others with the same text."""
    if not may_record(request.user):
        raise PermissionDenied
    versions = _same_text(request.GET.get("version", ""))
    form = CorrectionForm(posted(request)[0], versions=versions, initial={"versions": [versions[0].pk]})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            item = open_correction(by=request.user, **(typed | {"versions": list(typed["versions"])}))
        except ActionRefused as refusal:
            put_on_form(form, refusal)
        else:
            messages.success(request, _("The correction is open. Correct the text, then it is signed and published."))
            return redirect("admin:applications_item_change", item.pk)
    context = admin.site.each_context(request) | {
        "title": _("Open a correction"),
        "button": _("Open"),
        "explanation": _(
            "What is published stays at its address, with a notice; the correction becomes a new version."
        ),
        "opts": Item._meta,
        "form": form,
    }
    return TemplateResponse(request, "admin/desk/form.html", context, status=422 if form.errors else 200)


def _same_text(pk: str) -> list[Version]:
    """The newest version of the recommendation, then those of others that carry the same narrative."""
    named = found(Version.objects.select_related("recommendation"), pk)
    version = named.recommendation.versions.newest_first().select_related("recommendation")[0]
    revision = version.provenance.get("revision")
    # Versions that came of one draft name its revision.
    siblings = Version.objects.filter(provenance__revision=revision) if revision else Version.objects.none()
    same = [
        other
        for other in siblings.exclude(pk=version.pk).select_related("recommendation")
        if other.content.narrative == version.content.narrative
        and other == other.recommendation.versions.newest_first().first()
    ]
    return [version, *same]
