"""The addresses of the committee room. No answer of it stays in a cache."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache

from applications.views import agenda, discussion, drafts, items, person, signature

app_name = "committee"


def _room(route: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
    return path(route, never_cache(view), name=name)


urlpatterns = [
    _room("", agenda.home, "home"),
    _room("language/", person.language, "language"),
    _room("items/<int:pk>/", items.item, "item"),
    _room("items/<int:pk>/draft/", drafts.draft, "draft"),
    _room("items/<int:pk>/draft/comment/<slug:block>/", discussion.comment, "comment"),
    _room("items/<int:pk>/draft/compare/", drafts.choose_revisions, "choose_revisions"),
    _room("items/<int:pk>/draft/compare/<int:a>/<int:b>/", drafts.draft_compare, "draft_compare"),
    _room("items/<int:pk>/sign/", signature.sign, "sign"),
    _room("threads/<int:pk>/", discussion.thread, "thread"),
    _room("documents/<int:pk>/", items.document, "document"),
]
