"""The secretariat's desk: Django's own admin with a first page that says what needs attention."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext_lazy as _

from applications.attention import attention


class DeskSite(admin.AdminSite):
    site_title = _("Secretariat")
    site_header = _("Secretariat")
    index_title = _("The desk")
    index_template = "admin/desk/index.html"
    enable_nav_sidebar = False
    site_url = "/"

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return super().index(request, {"attention": attention(request.user), **(extra_context or {})})

    def get_urls(self) -> list[URLPattern | URLResolver]:
        # The shortcut by content type and id would look rows up beside the gate.
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]
