"""Items: the list, the overview of one, and what staff do with it."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import JSONField, Prefetch, Q, QuerySet, TextField
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Cast, Left, Length
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.actions import draft as drafts
from applications.actions import item as items
from applications.actions.errors import ActionRefused, Missing
from applications.actions.guards import missing_for
from applications.actions.intake import take_in
from applications.actions.publication import missing_for_publication
from applications.actions.renewal import newer_versions, renew
from applications.attention import OPEN_THREADS
from applications.forms.items import (
    AmendForm,
    ApplicationForm,
    DocumentForm,
    MoveForm,
    NewItemForm,
    ProposalForm,
    ReasonForm,
    RecuseForm,
    UploadForm,
)
from applications.forms.refusals import put_on_form
from applications.intake.refusals import IntakeRefused
from applications.models import Approval, Clearance, Decision, Event, Item, Reading
from applications.models.meeting import Seat
from applications.permissions import (
    may_clear,
    may_decide,
    may_edit,
    may_propose,
    may_publish,
    may_record,
    signing_seats,
)
from applications.road import road
from applications.states import State, moves
from medicines.content.schema import DraftContent, Facts

from .decisions import clear_view, decide_view
from .gate import Gated, found, posted
from .publication import correct_view, publish_view

REASONED = (State.NOT_PROCEEDING, State.WITHDRAWN)


@dataclass(frozen=True)
class Deed:
    """Something that staff do with an item on a page of its own: a form, then one action."""

    name: str
    title: Any
    button: Any
    form: Callable[..., forms.BaseForm]
    run: Callable[[HttpRequest, Item, dict[str, Any]], str]
    explanation: Any = ""


@admin.register(Item)
class ItemAdmin(Gated):
    list_display = ["code", "public_title", "about", "state_words", "meeting", "talk"]
    list_display_links = ["code", "public_title"]
    list_filter = ["state", "kind", "meeting"]
    list_select_related = ["meeting"]
    search_fields = ["code", "title"]
    search_help_text = gettext_lazy("Code, title, medicine or indication")
    ordering = ["-meeting__number", Left("code", 1), Length("code"), "code"]  # A.9 before A.10
    change_list_template = "admin/desk/item_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(proposed=_proposals(), open_threads=OPEN_THREADS)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        found_here, duplicates = super().get_search_results(request, queryset, search_term)
        in_draft = Q()
        for word in search_term.split():
            in_draft &= Q(words__icontains=word)
        if in_draft:
            in_words = queryset.annotate(words=Cast(_proposals(), TextField())).filter(in_draft)
            found_here = queryset.filter(Q(pk__in=found_here.values("pk")) | Q(pk__in=in_words.values("pk")))
        return found_here, duplicates

    # Columns

    @admin.display(description=gettext_lazy("public title"), ordering="title")
    def public_title(self, item: Item) -> str:
        return item.title

    @admin.display(description=gettext_lazy("about"))
    def about(self, item: Any) -> str:
        return about_of(item.proposed) or "–"

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_words(self, item: Item) -> str:
        return item.get_state_display()

    @admin.display(description=gettext_lazy("open comments"), ordering="open_threads")
    def talk(self, item: Any) -> str:
        return str(item.open_threads or "–")

    # Addresses

    def get_urls(self) -> list[URLPattern]:
        def page(route: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"applications_item_{name}")

        return [
            page("upload/", self.upload_view, "upload"),
            page("correct/", correct_view, "correct"),
            page("<path:object_id>/decide/", decide_view, "decide"),
            page("<path:object_id>/clear/", clear_view, "clear"),
            page("<path:object_id>/publish/", publish_view, "publish"),
            *(
                page(f"<path:object_id>/{name}/", self._deed_view(name), name)
                for name in ("move", "amend", "recuse", "renew", "document", "application", "proposal")
            ),
            *super().get_urls(),
        ]

    def _deed_view(self, name: str) -> Callable[..., HttpResponse]:
        def view(request: HttpRequest, object_id: str) -> HttpResponse:
            item = found(self.get_queryset(request).select_related("meeting"), object_id)
            if not may_edit(request.user, item) and name != "recuse":
                raise PermissionDenied
            return self._do(request, item, DEEDS[name](request, item))

        return view

    # One item

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        """The overview: nothing is typed here, everything leads to a page where it is."""
        item = found(self.get_queryset(request).select_related("meeting"), object_id)
        context = self.admin_site.each_context(request) | {
            "title": f"{item.code} {item.title}",
            "opts": self.opts,
            "item": item,
            "is_item_page": True,
            **overview(request, item),
        }
        return TemplateResponse(request, "admin/desk/item.html", context)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> Any:
        form = NewItemForm(posted(request)[0])
        if request.method == "POST" and form.is_valid():
            try:
                item = _open_by_hand(request, form.cleaned_data)
            except ActionRefused as refusal:
                put_on_form(form, refusal)
            else:
                messages.success(request, _("The item is on the agenda. Say what it asks for next."))
                return redirect("admin:applications_item_change", item.pk)
        return self._page(request, form, title=_("New item"), button=_("Put on the agenda"))

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(*posted(request))
        if request.method == "POST" and form.is_valid():
            typed = form.cleaned_data
            file = typed.pop("file")
            try:
                taken = take_in(data=file.read(), filename=file.name, by=request.user, **typed)
            except IntakeRefused as refusal:
                form.add_error("file", refusal.message)
            except ActionRefused as refusal:
                put_on_form(form, refusal)
            else:
                messages.success(request, _("The dossier was taken in as %(item)s.") % {"item": taken.item})
                document = taken.item.documents.latest("pk")
                return redirect("admin:applications_document_change", document.pk)
        return self._page(
            request,
            form,
            title=_("Take in a dossier"),
            button=_("Take in"),
            explanation=_("The file becomes an item with a draft. A report says what was recognised and what was not."),
        )

    def _do(self, request: HttpRequest, item: Item, deed: Deed) -> HttpResponse:
        form = deed.form(*posted(request))
        if request.method == "POST" and form.is_valid():
            try:
                said = deed.run(request, item, form.cleaned_data)
            except ActionRefused as refusal:
                put_on_form(form, refusal)
            else:
                messages.success(request, said)
                # Whoever recuses themselves has nothing to come back to.
                still_open = Item.objects.visible_to(request.user).filter(pk=item.pk).exists()
                return redirect("admin:applications_item_change", item.pk) if still_open else redirect("admin:index")
        return self._page(request, form, title=deed.title, button=deed.button, explanation=deed.explanation, item=item)

    def _page(self, request: HttpRequest, form: forms.Form, **words: Any) -> HttpResponse:
        context = self.admin_site.each_context(request) | {"opts": self.opts, "form": form, **words}
        return TemplateResponse(request, "admin/desk/form.html", context, status=422 if form.errors else 200)


# What staff do


def _move(request: HttpRequest, item: Item) -> Deed:
    to = request.GET.get("to", "") or request.POST.get("to", "")
    if to not in items.ways_on(item=item):
        raise PermissionDenied
    target = State(to)

    def run(request: HttpRequest, item: Item, typed: dict[str, Any]) -> str:
        moved = items.move(item=item, to=target, by=request.user, words=typed["words"])
        return _("The item is now: %(state)s.") % {"state": moved.get_state_display()}

    def form(data: Any, files: Any) -> forms.Form:
        kind = ReasonForm if target in REASONED else MoveForm
        return kind(data)

    return Deed("move", MOVES[target][0], MOVES[target][0], form, run, explanation=MOVES[target][1])


def _amend(request: HttpRequest, item: Item) -> Deed:
    def run(request: HttpRequest, item: Item, typed: dict[str, Any]) -> str:
        items.amend(item=item, by=request.user, **{"public_note": item.public_note, **typed})
        return _("The agenda line was changed.")

    # The form writes what is typed on its own copy of the item; the action compares with the item as it is.
    return Deed(
        "amend",
        _("Change the agenda line"),
        _("Change"),
        lambda data, files: AmendForm(data, instance=copy(item)),
        run,
        explanation=_("Every member of the meeting reads code and title, recused ones included."),
    )


def _recuse(request: HttpRequest, item: Item) -> Deed:
    def run(request: HttpRequest, item: Item, typed: dict[str, Any]) -> str:
        items.recuse(item=item, person=typed["person"], reason=typed["reason"], by=request.user)
        return _("%(person)s takes no part in this item from now on.") % {"person": typed["person"]}

    return Deed(
        "recuse",
        _("Recuse a person"),
        _("Recuse"),
        lambda data, files: RecuseForm(data, item=item),
        run,
        explanation=_(
            "The item is closed to this person for good: draft, talk, decisions and documents. Members still read its "
            "public title on the agenda. It cannot be undone."
        ),
    )


def _document(request: HttpRequest, item: Item) -> Deed:
    def run(request: HttpRequest, item: Item, typed: dict[str, Any]) -> str:
        file = typed["file"]
        items.add_document(item=item, name=file.name, data=file.read(), by=request.user)
        return _("The document was added.")

    return Deed(
        "document",
        _("Add a document"),
        _("Add"),
        DocumentForm,
        run,
        explanation=_("Kept as it is, for everybody who takes part in the item. To make a draft of it, take it in."),
    )


def _application(request: HttpRequest, item: Item) -> Deed:
    def run(request: HttpRequest, item: Item, typed: dict[str, Any]) -> str:
        items.add_application(item=item, by=request.user, **typed)
        return _("The application was added.")

    return Deed("application", _("Add an application"), _("Add"), lambda data, files: ApplicationForm(data), run)


def _proposal(request: HttpRequest, item: Item) -> Deed:
    def run(request: HttpRequest, item: Item, typed: dict[str, Any]) -> str:
        base = shown[0].base
        facts = base.content.facts if base else Facts(medicine=typed["medicine"], indication=typed["indication"])
        drafts.propose(item=item, asks=typed["asks"], facts=facts, base=base, by=request.user)
        return _("The proposal was added.")

    shown: list[ProposalForm] = []

    def form(data: Any, files: Any) -> forms.Form:
        shown.append(ProposalForm(data))
        return shown[0]

    return Deed("proposal", _("Add a proposal"), _("Add"), form, run)


@transaction.atomic
def _open_by_hand(request: HttpRequest, typed: dict[str, Any]) -> Item:
    applicant, received_on = typed.pop("applicant"), typed.pop("received_on")
    item = items.open_item(by=request.user, **typed)
    if applicant and received_on:
        items.add_application(
            item=item, title=item.title, applicant=applicant, received_on=received_on, by=request.user
        )
    return item


def _renew(request: HttpRequest, item: Item) -> Deed:
    def run(request: HttpRequest, item: Item, typed: dict[str, Any]) -> str:
        renew(item=item, by=request.user)
        return _("The item starts from what is published now. Read the facts of the draft again.")

    return Deed(
        "renew",
        _("Start from what is published now"),
        _("Start anew"),
        lambda data, files: forms.Form(data),
        run,
        explanation=_(
            "A newer version is published than the one that the item started from. What changed there is merged into "
            "the facts of the draft; where both changed the same, the draft stays. Then it is signed anew."
        ),
    )


DEEDS: dict[str, Callable[[HttpRequest, Item], Deed]] = {
    "move": _move,
    "amend": _amend,
    "recuse": _recuse,
    "renew": _renew,
    "document": _document,
    "application": _application,
    "proposal": _proposal,
}

MOVES: dict[State, tuple[Any, Any]] = {
    State.SCREENED: (gettext_lazy("Mark as screened"), gettext_lazy("The application is complete.")),
    State.IN_REVIEW: (
        gettext_lazy("Open for review"),
        gettext_lazy("The members of the meeting read the draft and the documents from now on."),
    ),
    State.AT_MEETING: (gettext_lazy("Bring to the meeting"), gettext_lazy("Decisions can be recorded from now on.")),
    State.NOT_PROCEEDING: (
        gettext_lazy("Does not proceed"),
        gettext_lazy("The item ends here. The committee is told the reason."),
    ),
    State.WITHDRAWN: (
        gettext_lazy("Withdraw"),
        gettext_lazy("The item ends here. The committee is told the reason."),
    ),
}


# The overview


def overview(request: HttpRequest, item: Item) -> dict[str, Any]:
    """Everything that the page of an item says."""
    person = request.user
    draft = getattr(item, "draft", None)
    head = draft.head if draft else None
    content = head.content if head else None
    approvals = Approval.objects.filter(revision=head).select_related("member__person") if head else []
    signed = {approval.seat: approval for approval in approvals}
    return {
        "road": road(item),
        "ways": [(way, *MOVES[way]) for way in items.ways_on(item=item)] if may_edit(person, item) else [],
        "missing": missing_for_next(item),
        "may_edit": may_edit(person, item),
        "may_propose": may_propose(person, item),
        "may_renew": may_edit(person, item) and not item.is_correction and bool(newer_versions(item=item)),
        "may_decide": may_decide(person, item),
        "may_clear": may_clear(person, item) and item.meeting.agreed.clearance,
        "may_publish": head is not None and may_publish(person, item),
        "may_record": may_record(person),
        "draft": draft,
        "head": head,
        "proposals": [_proposal_line(proposal, content) for proposal in _proposals_of(item)],
        "applications": item.applications.all(),
        "documents": item.documents.all(),
        "threads": draft.threads.filter(resolved_at=None).order_by("pk") if draft else [],
        "readings": _readings(draft) if draft else [],
        "seats": [(seat, signed.get(seat.value)) for seat in _signers(item)],
        "clearance": Clearance.objects.filter(revision=head).first() if head else None,
        "clearance_is_asked": item.meeting.agreed.clearance and not item.is_correction,
        "recusals": item.recusals.select_related("person"),
        "events": Event.objects.visible_to(person).filter(item=item).select_related("person").order_by("-pk"),
    }


def missing_for_next(item: Item) -> list[Missing]:
    """What stands between an item and the next step of its way; empty where nothing does."""
    if item.state in (State.SIGNED, State.CLEARED):
        return missing_for_publication(item=item)
    ahead = next(
        (move for move in moves(item.kind) if item.state in move.sources and move.target not in REASONED), None
    )
    if ahead is None:
        return []
    return missing_for(item=item, guards=ahead.guards, words="")


def about_of(proposals: Any) -> SafeString:
    """Medicine and indication of each proposal, from the JSON of a draft, each apart from the page's direction."""
    facts = [entry["facts"] for entry in proposals or []]
    words = ((entry["medicine"], entry["indication"]) for entry in facts)
    return format_html_join("; ", "<bdi>{}</bdi>: <bdi>{}</bdi>", words)


def _proposals() -> Any:
    return KeyTransform("proposals", Cast("draft__head__body", JSONField()))


def _proposals_of(item: Item) -> Any:
    decisions = Decision.objects.order_by("-pk").prefetch_related("dissents__member__person")
    return item.proposals.select_related("base__recommendation", "published__recommendation").prefetch_related(
        Prefetch("decisions", queryset=decisions)
    )


def _proposal_line(proposal: Any, content: DraftContent | None) -> dict[str, Any]:
    facts = next((p.facts for p in content.proposals if p.key == proposal.key), None) if content else None
    decisions = list(proposal.decisions.all())
    return {"proposal": proposal, "facts": facts, "decision": decisions[0] if decisions else None}


def _signers(item: Item) -> list[Any]:
    return [Seat(seat) for seat in signing_seats(item)]


def _readings(draft: Any) -> list[Any]:
    """The newest verdict of each member."""
    readings = Reading.objects.filter(revision__draft=draft).select_related("person", "revision").order_by("-pk")
    newest: dict[int, Any] = {}
    for reading in readings:
        newest.setdefault(reading.person_id, reading)
    return list(newest.values())
