"""Two people changed the same words: both texts side by side, and a choice for each place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from pydantic import ValidationError

from applications.actions.draft import save_revision
from applications.actions.errors import ActionRefused, EditConflict
from applications.forms.richtext import RichTextField
from applications.models import Draft, Revision
from applications.permissions import may_edit
from medicines.content.differences import BlockChange, compare
from medicines.content.fingerprint import canonical
from medicines.content.merge import Conflict, Merge, merge, resolve
from medicines.content.richtext import blocks, replace_block
from medicines.content.schema import Content, DraftContent, Facts, Narrative, NarrativeSection

from .gate import found

EDITED = "edited"
"""A choice of this page: my text is taken, and what was typed takes its place."""


@dataclass(frozen=True)
class Place:
    """One conflict as the page shows it. ``number`` names its fields."""

    number: int
    conflict: Conflict
    mine: BlockChange | None
    theirs: BlockChange | None
    choice: str
    field: Any
    error: str = ""

    @property
    def choices(self) -> list[tuple[str, str]]:
        words = {"theirs": _("The other text"), "mine": _("My text"), "both": _("Both, the other one first")}
        offered = [(str(choice), words[choice]) for choice in self.conflict.choices]
        return [*offered, (EDITED, _("As edited below"))] if self.is_editable else offered

    @property
    def is_editable(self) -> bool:
        return self.conflict.is_text and bool(self.conflict.mine or self.conflict.theirs)


def conflict_page(
    request: HttpRequest,
    draft: Draft,
    *,
    base: Revision,
    head: Revision,
    merge: Merge,
    note: str,
    typed: Mapping[str, str] = MappingProxyType({}),
    errors: Mapping[int, str] = MappingProxyType({}),
) -> HttpResponse:
    """Both texts of every place. ``typed``: choices and edits that were made on this page already."""
    places = [
        _place(typed, number, conflict, merge, errors.get(number, ""))
        for number, conflict in enumerate(merge.conflicts)
    ]
    context = admin.site.each_context(request) | {
        "title": _("Two texts for the same place"),
        "opts": Draft._meta,
        "draft": draft,
        "item": draft.item,
        "base": base,
        "head": head,
        "places": places,
        "mine": canonical(merge.mine.to_dict()),
        "note": note,
        "media": RichTextField().widget.media,
        "references": [{"id": r.id, "text": r.original} for r in merge.content.narrative.references],
    }
    return TemplateResponse(request, "admin/desk/conflict.html", context, status=409)


@require_POST
def resolve_view(request: HttpRequest, object_id: str) -> HttpResponse:
    """Save what was chosen, or show the page again where something is open or somebody has saved once more."""
    drafts = Draft.objects.visible_to(request.user).select_related("item__meeting", "head")
    draft = found(drafts, object_id, head__isnull=False)
    if not may_edit(request.user, draft.item):
        raise PermissionDenied
    base = found(draft.revisions.all(), request.POST.get("base", ""))
    head = found(draft.revisions.all(), request.POST.get("head", ""))
    note = request.POST.get("note", "")[:300]
    try:
        mine = DraftContent.from_dict(json.loads(request.POST.get("mine", "")))
    except (ValueError, ValidationError, RecursionError):
        return HttpResponseBadRequest(_("What was sent cannot be read."))
    typed = request.POST
    merged = merge(base.content, mine, head.content)
    choices, errors = _choices(typed, merged)
    if errors:
        return conflict_page(request, draft, base=base, head=head, merge=merged, note=note, typed=typed, errors=errors)
    content = _with_edits(typed, merged, choices)
    try:
        saved = save_revision(draft=draft, base=head, content=content, by=request.user, note=note)
    except EditConflict as again:
        messages.warning(request, _("Somebody saved once more. Your choices are kept as your text."))
        return conflict_page(request, draft, base=head, head=again.head, merge=again.merge, note=note)
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
        return conflict_page(request, draft, base=base, head=head, merge=merged, note=note, typed=typed)
    messages.success(request, _("Saved as revision %(number)s.") % {"number": saved.number})
    return redirect("admin:applications_draft_change", draft.pk)


def _choices(typed: Mapping[str, str], merged: Merge) -> tuple[dict[str, Any], dict[int, str]]:
    chosen, errors = {}, {}
    for number, conflict in enumerate(merged.conflicts):
        choice = typed.get(f"choice-{number}", "")
        if choice in conflict.choices or (choice == EDITED and conflict.is_text):
            chosen[conflict.key] = choice
        else:
            errors[number] = _("Choose a text for this place.")
    return chosen, errors


def _with_edits(typed: Mapping[str, str], merged: Merge, choices: dict[str, Any]) -> DraftContent:
    """What was chosen, with the words that were edited here in the blocks that they belong to."""
    edited = {
        conflict.key: (conflict, typed.get(f"edited-{number}", ""))
        for number, conflict in enumerate(merged.conflicts)
        if choices[conflict.key] == EDITED
    }
    # An edited text needs a block to stand in: mine, or theirs where I had deleted it.
    settled = {key: ("mine" if conflict.mine else "theirs") for key, (conflict, _text) in edited.items()}
    content = resolve(merged, choices | settled).content
    for key, (_conflict, text) in edited.items():
        content = _with_block(content, key.rpartition("/")[2], text)
    return content


def _with_block(content: DraftContent, block: str, html: str) -> DraftContent:
    """The content with other words, sanitised, in one block; no words take the block away."""
    sections = tuple(
        section.model_copy(update={"html": replace_block(section.html, block, html)})
        if any(found.id == block for found in blocks(section.html))
        else section
        for section in content.narrative.sections
    )
    narrative = content.narrative.model_copy(update={"sections": sections})
    return content.model_copy(update={"narrative": narrative})


def _place(typed: Mapping[str, str], number: int, conflict: Conflict, merged: Merge, error: str) -> Place:
    text = typed.get(f"edited-{number}") or conflict.mine or conflict.theirs
    attributes = {"id": f"id_edited-{number}", "lang": merged.content.narrative.language, "dir": "auto"}
    attributes["aria-label"] = _("Edited text")
    return Place(
        number=number,
        conflict=conflict,
        mine=_marked(conflict, conflict.mine, merged),
        theirs=_marked(conflict, conflict.theirs, merged),
        choice=typed.get(f"choice-{number}", ""),
        field=RichTextField().widget.render(f"edited-{number}", text, attributes) if conflict.is_text else "",
        error=error,
    )


def _marked(conflict: Conflict, text: str, merged: Merge) -> BlockChange | None:
    """One side with the words marked in which it differs from where both began; ``None`` where it deletes."""
    if not text:
        return None
    old, new = (_alone(conflict, words, merged) for words in (conflict.base, text))
    sections = compare(old, new).sections
    return sections[0].blocks[0] if sections and sections[0].blocks else None


def _alone(conflict: Conflict, words: str, merged: Merge) -> Content:
    """A content with nothing but these words, for a comparison; citations keep what they point at."""
    html = words if conflict.is_text else f'<p data-block="here">{escape(words)}</p>' if words else ""
    narrative = Narrative(
        sections=(NarrativeSection(key="recommendation", html=html),),
        references=merged.content.narrative.references,
    )
    return Content(facts=Facts(medicine="", indication=""), narrative=narrative)
