from django.apps import AppConfig


class EmlreviewConfig(AppConfig):
    name = "emlreview"
    verbose_name = "emlreview"
