from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class EmlreviewConfig(AppConfig):
    default = True
    name = "emlreview"
    verbose_name = "emlreview"


class DeskConfig(admin_apps.AdminConfig):
    default = False
    default_site = "emlreview.admin_site.DeskSite"
