"""Files that staff bring in: uploaded, previewed, settled, carried out; each report is kept for ever."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, TypeVar, cast

from django import forms
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from medicines.actions.import_list import PlanHasMoved
from medicines.actions.import_sections import SectionsRefused
from medicines.actions.list_imports import (
    REFUSALS,
    NotWaiting,
    PreviewHasChanged,
    carry_out,
    discard,
    preview_again,
    receive,
    settle,
    state_edition,
)
from medicines.documents import sheets
from medicines.lists.shown import figures, in_words, parts
from medicines.lists.table import TableUnreadable
from medicines.lists.wording import file_form
from medicines.lists.workbook import report_workbook
from medicines.models import Edition, ListImport

from .list_forms import EditionForm, SettleForm, UploadForm
from .staff import StaffAdmin

ON_A_PAGE = 100
"""How many lines of a long part stand on a page of its own."""


_View = TypeVar("_View", bound=Callable[..., HttpResponseBase])


def while_it_is_there(view: _View) -> _View:
    """Two people may be at the desk: whoever comes after the other has discarded a file is told so."""

    @wraps(view)
    def shown(self: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(self, request, *args, **kwargs)
        except ListImport.DoesNotExist:
            messages.error(request, _("The file is no longer here. Perhaps somebody has discarded it."))
            return redirect("admin:medicines_listimport_changelist")

    return cast(_View, shown)


@admin.register(ListImport)
class ListImportAdmin(StaffAdmin):
    list_display = ["name", "kind", "edition", "created_at", "state"]
    list_filter = ["kind", "edition"]
    search_fields = ["name", "=sha256"]
    ordering = ["-pk"]
    view_on_site = False

    @admin.display(description=gettext_lazy("state"))
    def state(self, row: ListImport) -> str:
        if row.carried_out_at:
            return _("Carried out")
        return _("Waiting for confirmation") if row.is_previewed else _("Waiting for its edition")  # type: ignore[attr-defined]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("report").annotate(is_previewed=Q(report__has_key="plan"))

    def get_urls(self) -> list[URLPattern]:
        def page(route: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"medicines_listimport_{name}")

        return [
            page("<int:pk>/edition/", require_POST(self.edition_view), "edition"),
            page("<int:pk>/settle/", require_POST(self.settle_view), "settle"),
            page("<int:pk>/carry-out/", require_POST(self.carry_out_view), "carry_out"),
            page("<int:pk>/discard/", require_POST(self.discard_view), "discard"),
            page("<int:pk>/file/", require_safe(self.file_view), "file"),
            page("<int:pk>/report.json", require_safe(self.json_view), "json"),
            page("<int:pk>/report.xlsx", require_safe(self.xlsx_view), "xlsx"),
            page("<int:pk>/report/<str:part>/", require_safe(self.part_view), "part"),
            *super().get_urls(),
        ]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> Any:
        """Bring a file in: it is read and planned, and waits."""
        form = UploadForm(request.POST or None, request.FILES or None)
        status = 200
        if request.method == "POST" and form.is_valid():
            data = form.cleaned_data
            try:
                row = receive(
                    file=data["file"],
                    name=data["file"].name,
                    kind=data["kind"],
                    edition=data["edition"].strip(),
                    previous=data["previous"].strip(),
                )
            except REFUSALS as refusal:
                _refuse(form, refusal)
            else:
                self.log_addition(request, row, [{"added": {}}])
                return redirect("admin:medicines_listimport_change", row.pk)
        if form.is_bound:
            status = 422
        return self._page(request, "upload", status=status, title=_("Bring in a file"), form=form)

    @while_it_is_there
    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        """The preview of what waits, or the report of what was done."""
        return self._shown(request, self._row(object_id))

    @while_it_is_there
    def edition_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say of a new edition what the record must know of it, and preview again."""
        row = self._row(pk)
        if row.carried_out_at:
            messages.error(request, str(NotWaiting()))
            return redirect("admin:medicines_listimport_change", row.pk)
        form = EditionForm(request.POST)
        if form.is_valid():
            edition = form.cleaned_data["edition"].strip()
            try:
                state_edition(waiting=row, edition=edition, facts=form.facts())
            except REFUSALS as refusal:
                _refuse(form, refusal)
            else:
                self.log_change(request, row, _("Settled what the file leaves open."))
                return redirect("admin:medicines_listimport_change", row.pk)
        return self._shown(request, row, edition=form, status=422)

    @while_it_is_there
    def settle_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take a person's answers and plan anew."""
        row = self._row(pk)
        questions = SettleForm(request.POST, row=row)
        if not questions.is_valid():
            return self._shown(request, row, questions=questions, status=422)
        try:
            row = settle(waiting=row, choices=questions.choices(), plan=questions.cleaned_data["plan"])
        except PreviewHasChanged as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:medicines_listimport_change", row.pk)
        except REFUSALS as refusal:
            questions.add_error(None, str(refusal))
            return self._shown(request, row, questions=questions, status=422)
        self.log_change(request, row, _("Settled what the file leaves open."))
        messages.success(request, _("The preview is made anew with what you settled."))
        return redirect("admin:medicines_listimport_change", row.pk)

    @while_it_is_there
    def carry_out_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do what the preview says."""
        row = self._row(pk)
        try:
            row = carry_out(waiting=row, plan=request.POST.get("plan", ""))
        except PlanHasMoved as refusal:
            messages.error(request, str(refusal))
            if against := _previewed_again(row):
                messages.error(request, against)
        except REFUSALS as refusal:
            messages.error(request, str(refusal))
        else:
            if made := row.report.get("edition_created"):
                self.log_addition(request, Edition.objects.get(number=made["number"]), [{"added": {}}])
            self.log_change(request, row, _("Carried out."))
            messages.success(request, _("The import is carried out. This report is kept."))
        return redirect("admin:medicines_listimport_change", row.pk)

    @while_it_is_there
    def discard_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Forget a file that waits."""
        row = self._row(pk)
        try:
            with transaction.atomic():  # The log tells of no discarding that was refused.
                self.log_change(request, row, _("Discarded before it was carried out."))
                discard(waiting=row)
        except REFUSALS as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:medicines_listimport_change", row.pk)
        messages.success(request, _("The file is forgotten; nothing of it was written."))
        return redirect("admin:medicines_listimport_changelist")

    @while_it_is_there
    def part_view(self, request: HttpRequest, pk: int, part: str) -> HttpResponse:
        """One part of a report whole, a page at a time."""
        row = self._row(pk)
        found = next((each for each in parts(row.report) if each.name == part), None)
        if found is None:
            raise Http404
        page = Paginator(found.rows, ON_A_PAGE).get_page(request.GET.get("page"))
        return self._page(request, "part", title=found.heading, row=row, part=found, page=page)

    @while_it_is_there
    def json_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self._row(pk)
        answer = JsonResponse(in_words(row.report), json_dumps_params={"ensure_ascii": False, "indent": 1})
        return _attached(answer, f"import-{row.pk}.json")

    @while_it_is_there
    def xlsx_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self._row(pk)
        return _attached(
            HttpResponse(report_workbook(row.report), content_type=sheets.CONTENT_TYPE), f"import-{row.pk}.xlsx"
        )

    @while_it_is_there
    def file_view(self, request: HttpRequest, pk: int) -> FileResponse:
        row = self._row(pk)
        response = FileResponse(
            row.file.open("rb"), as_attachment=True, filename=row.name, content_type="application/octet-stream"
        )
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response

    def _row(self, key: str | int) -> ListImport:
        if not (str(key).isascii() and str(key).isdecimal() and len(str(key)) < 19):
            raise Http404
        return ListImport.objects.get(pk=int(key))

    def _shown(
        self,
        request: HttpRequest,
        row: ListImport,
        *,
        questions: SettleForm | None = None,
        edition: EditionForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        waits = row.carried_out_at is None
        edition_form = edition or EditionForm.of(row)
        if not row.report:
            return self._page(request, "edition", status=status, title=row.name, row=row, form=edition_form)
        created = row.report.get("edition_created")
        twin = ListImport.objects.filter(sha256=row.sha256, kind=row.kind, edition=row.edition).exclude(pk=row.pk)
        return self._page(
            request,
            "import",
            status=status,
            title=row.name,
            row=row,
            waits=waits,
            twin=twin.defer("report").first() if waits else None,
            created=created and created | {"effective_date": date.fromisoformat(created["effective_date"])},
            edition_form=edition_form,
            refused=row.report.get("refused", []),
            figures=figures(row.report),
            parts=parts(row.report),
            read_as=file_form(row.report.get("form", "")),
            form=questions or SettleForm(row=row),
        )

    def _page(self, request: HttpRequest, name: str, *, status: int = 200, **context: Any) -> TemplateResponse:
        context = self.admin_site.each_context(request) | {"opts": self.opts} | context
        return TemplateResponse(request, f"admin/lists/{name}.html", context, status=status)


def _previewed_again(row: ListImport) -> str:
    """Make the preview anew; return what stands against it, if anything."""
    try:
        preview_again(waiting=row)
    except REFUSALS as refusal:
        return str(refusal)
    return ""


def _refuse(form: forms.Form, refusal: Exception) -> None:
    """Say a refusal at the field that is to blame, or above all fields where the form has none."""
    in_file = isinstance(refusal, (TableUnreadable, SectionsRefused))
    field = "file" if in_file else getattr(refusal, "field", "")
    words = [str(each) for each in getattr(refusal, "findings", [])] or [str(refusal)]
    form.add_error(field if field in form.fields else None, words)  # type: ignore[arg-type]


def _attached(answer: HttpResponse, name: str) -> HttpResponse:
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
