"""The public record: what is published, as it stands. It is changed by publishing alone."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from medicines.models import Recommendation, Version

from .staff import ReadOnly


@admin.register(Recommendation)
class RecommendationAdmin(ReadOnly):
    list_display = ["number", "medicine", "indication", "status", "version_number", "effective_date"]
    list_select_related = ["medicine", "indication", "listing__version"]
    list_filter = ["listing__status"]
    search_fields = ["=number", "medicine__name", "indication__name"]
    search_help_text = _("Number, medicine or indication")
    ordering = ["number"]
    view_on_site = False

    @admin.display(description=_("status"), ordering="listing__status")
    def status(self, recommendation: Any) -> str:
        return str(recommendation.listing.get_status_display())

    @admin.display(description=_("version"))
    def version_number(self, recommendation: Any) -> int:
        return int(recommendation.listing.version.number)

    @admin.display(description=_("effective date"), ordering="listing__effective_date")
    def effective_date(self, recommendation: Any) -> Any:
        return recommendation.listing.effective_date

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        """Its versions, newest first, with where each comes from."""
        if not (object_id.isascii() and object_id.isdecimal() and len(object_id) < 19):
            raise Http404
        recommendations = Recommendation.objects.select_related("medicine", "indication", "listing__version")
        recommendation = get_object_or_404(recommendations, pk=int(object_id))
        versions = list(recommendation.versions.newest_first().select_related("corrects"))
        context = self.admin_site.each_context(request) | {
            "title": recommendation.medicine.name,
            "subtitle": recommendation.indication.name,
            "opts": self.opts,
            "recommendation": recommendation,
            "versions": versions,
            "newest": versions[0] if versions else None,
            "current": recommendation.listing.version,
        }
        return TemplateResponse(request, "admin/desk/recommendation.html", context)


@admin.register(Version)
class VersionAdmin(ReadOnly):
    list_display = ["position", "recommendation_words", "number", "kind", "outcome", "effective_date", "published_at"]
    list_select_related = ["recommendation__medicine", "recommendation__indication"]
    list_filter = ["kind", "outcome", "effective_date"]
    search_fields = ["=recommendation__number", "recommendation__medicine__name", "fingerprint"]
    ordering = ["-position"]
    view_on_site = False
    fields = [
        "recommendation_words",
        "number",
        "kind",
        "outcome",
        "effective_date",
        "published_at",
        "note",
        "corrects",
        "position",
        "fingerprint",
        "chain",
    ]

    @admin.display(description=_("recommendation"), ordering="recommendation__number")
    def recommendation_words(self, version: Version) -> str:
        recommendation = version.recommendation
        return f"{recommendation.number} · {recommendation.medicine} · {recommendation.indication}"
