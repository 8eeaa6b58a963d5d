"""Editions and their sections, entered by hand or brought in as a table."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Count
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from import_export import fields, resources
from import_export.admin import ImportExportMixin
from import_export.forms import ExportForm
from import_export.widgets import ForeignKeyWidget

from medicines.models import Edition, Section
from medicines.sorting import sort_key

from .formats import InertCSV, InertXLSX
from .staff import StaffAdmin


class EditionResource(resources.ModelResource):
    class Meta:
        model = Edition
        import_id_fields = ["number"]
        fields = ["number", "children_number", "year", "report", "effective_date"]
        skip_unchanged = True
        use_transactions = True


class SectionResource(resources.ModelResource):
    edition = fields.Field(attribute="edition", widget=ForeignKeyWidget(Edition, "number"))
    parent = fields.Field()

    class Meta:
        model = Section
        import_id_fields = ["edition", "number"]
        fields = ["edition", "number", "title", "parent"]
        skip_unchanged = True
        use_transactions = True

    def dehydrate_parent(self, section: Section) -> str:
        return section.parent.number if section.parent_id and section.parent else ""

    def before_save_instance(self, instance: Section, row: Any, **options: Any) -> None:
        set_place(instance, parent=str(row.get("parent") or "").strip())


class Kept(ImportExportMixin, StaffAdmin):
    """Rows that staff keep. Words that a spreadsheet would take for a formula leave as text."""

    formats = [InertCSV, InertXLSX]
    export_form_class = ExportForm  # the form that selects fields needs inline scripts

    def has_import_permission(self, request: HttpRequest) -> bool:
        return bool(self.has_change_permission(request))

    def has_export_permission(self, request: HttpRequest) -> bool:
        return bool(self.has_view_permission(request))

    def export_action(self, request: HttpRequest) -> Any:
        try:
            return super().export_action(request)
        except IncorrectLookupParameters:
            return redirect(request.path)  # As a list does with a filter that it does not know.

    def get_export_formats(self) -> Any:
        return self.formats

    def get_import_formats(self) -> Any:
        return self.formats


@admin.register(Edition)
class EditionAdmin(Kept):
    resource_classes = [EditionResource]
    list_display = ["number", "children_number", "year", "report", "effective_date", "closed_on", "section_count"]
    ordering = ["-number"]
    readonly_fields = ["closed_on"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(sections_counted=Count("sections"))

    @admin.display(description=_("sections"), ordering="sections_counted")
    def section_count(self, edition: Any) -> int:
        return int(edition.sections_counted)


@admin.register(Section)
class SectionAdmin(Kept):
    resource_classes = [SectionResource]
    list_display = ["number", "title", "edition", "continues_words"]
    list_select_related = ["edition", "continues__edition"]
    list_filter = ["edition"]
    search_fields = ["number", "title"]
    autocomplete_fields = ["parent", "continues"]
    ordering = ["-edition__number", "sort_key"]
    fields = ["edition", "number", "title", "parent", "continues"]

    @admin.display(description=_("continues"))
    def continues_words(self, section: Section) -> str:
        return f"{section.continues.edition} {section.continues.number}" if section.continues else "–"

    def save_model(self, request: HttpRequest, obj: Section, form: Any, change: bool) -> None:
        set_place(obj)
        super().save_model(request, obj, form, change)


def set_place(section: Section, *, parent: str = "") -> None:
    """Give a section its sorting key, and where it has no parent the one that its number names (5.1 for 5.1.4)."""
    section.sort_key = sort_key(section.number)
    above = parent or section.number.rpartition(".")[0]
    if section.parent_id is None and above:
        section.parent = Section.objects.filter(edition=section.edition, number=above).first()
