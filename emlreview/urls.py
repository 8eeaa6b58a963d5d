"""Three doors: the public record at the root in six languages, the committee room, the secretariat's admin."""

from typing import Any

from allauth.account.urls import urlpatterns as account_urls
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.templatetags.static import static
from django.urls import include, path
from django.views.generic import RedirectView

from medicines import sitemaps


class Favicon(RedirectView):
    """Browsers ask for this address of themselves where a page names no icon, such as for a file."""

    def get_redirect_url(self, *args: Any, **kwargs: Any) -> str:
        return static("favicon.svg")


# Staff enter the address by which somebody logs in; nobody changes it, or adds one, on a page of their own.
OWN_ADDRESSES = ("account_email", "account_confirm_email", "account_email_verification_sent")
accounts = [url for url in account_urls if url.name not in OWN_ADDRESSES]

urlpatterns = [
    path("favicon.ico", Favicon.as_view()),
    path("api/v1/", include("medicines.api.urls")),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-<str:kind>-<int:part>.xml", sitemaps.part, name="sitemap_part"),
    path("committee/", include("applications.urls")),
    path("admin/", admin.site.urls),
    path("accounts/", include(accounts)),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    *i18n_patterns(path("", include("medicines.urls")), prefix_default_language=False),
]
