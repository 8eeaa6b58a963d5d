"""Medicines as the record has them, and the one thing that staff change of them: the name."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medicines.actions.rename import RenameRefused, rename_medicine
from medicines.models import Medicine

from .list_forms import RenameForm
from .staff import ReadOnly


@admin.register(Medicine)
class MedicineAdmin(ReadOnly):
    list_display = ["name", "former_words"]
    search_fields = ["name", "former_names"]
    ordering = ["sort_key"]
    view_on_site = False

    @admin.display(description=gettext_lazy("former names"))
    def former_words(self, medicine: Medicine) -> str:
        return "; ".join(medicine.former_names) or "–"

    def get_urls(self) -> list[URLPattern]:
        rename = self.admin_site.admin_view(self.rename_view)
        return [path("<int:pk>/rename/", rename, name="medicines_medicine_rename"), *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        """The names that a medicine has had, and its recommendations."""
        if not (object_id.isascii() and object_id.isdecimal() and len(object_id) < 19):
            raise Http404
        medicine = get_object_or_404(Medicine, pk=int(object_id))
        recommendations = medicine.recommendations.select_related("indication").order_by("number")
        return self._page(
            request, "medicine", medicine, recommendations=recommendations, renamings=medicine.renamings.all()
        )

    def rename_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give a medicine another name."""
        medicine = get_object_or_404(Medicine, pk=pk)
        form = RenameForm(request.POST or None, initial={"name": medicine.name})
        if request.method == "POST" and form.is_valid():
            try:
                renaming = rename_medicine(
                    medicine=medicine, name=form.cleaned_data["name"], source={"source": form.cleaned_data["reason"]}
                )
            except RenameRefused as refusal:
                form.add_error("name", str(refusal))
            else:
                self.log_change(request, medicine, f"{renaming}")
                self.message_user(request, _("The medicine goes by its new name."))
                return redirect("admin:medicines_medicine_change", medicine.pk)
        return self._page(request, "rename", medicine, status=422 if form.is_bound else 200, form=form)

    def _page(
        self, request: HttpRequest, name: str, medicine: Medicine, *, status: int = 200, **more: Any
    ) -> TemplateResponse:
        context = self.admin_site.each_context(request) | {"opts": self.opts, "title": medicine.name} | more
        return TemplateResponse(request, f"admin/lists/{name}.html", context | {"medicine": medicine}, status=status)
