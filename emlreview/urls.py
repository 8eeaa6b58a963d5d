"""Three doors: the public record at the root in six languages, the committee room, the secretariat's admin."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("committee/", include("applications.urls")),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    *i18n_patterns(path("", include("medicines.urls")), prefix_default_language=False),
]
