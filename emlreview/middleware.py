"""The language of a page, and the two doors behind which a stranger learns nothing."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import translation
from django.utils.cache import patch_vary_headers

GetResponse = Callable[[HttpRequest], HttpResponse]

DOORS = ("/committee", "/admin")
PERSONAL = (*DOORS, "/accounts")


def behind(path: str, prefixes: tuple[str, ...]) -> bool:
    """Whether the path is one of the prefixes or below it."""
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in prefixes)


class LanguageMiddleware:
    """The path says which language a public page has; a person's own choice says it behind the doors.

    Django's LocaleMiddleware would ask cookies and the browser's wishes, and a public page negotiates nothing. Only
    where somebody logs in, whose choice is not known yet, the browser's wish is followed.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if behind(request.path_info, PERSONAL):
            language = getattr(request.user, "language", "") or translation.get_language_from_request(request)
        else:
            language = translation.get_language_from_path(request.path_info)
        if language not in dict(settings.LANGUAGES):
            language = settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if behind(request.path_info, PERSONAL):
            patch_vary_headers(response, ("Accept-Language",))
        return response


class DoorMiddleware:
    """A stranger gets one redirect for all of /committee/ and /admin/; whoever is not staff finds no admin at all.

    The answer is given before a path is looked up, so that it cannot tell which addresses exist.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if behind(request.path_info, DOORS):
            if not request.user.is_authenticated:
                return redirect_to_login(_way_back(request), resolve_url(settings.LOGIN_URL))
            if behind(request.path_info, ("/admin",)) and not request.user.is_staff:
                raise Http404
        return self.get_response(request)


def _way_back(request: HttpRequest) -> str:
    """Where to go after log-in: what was asked for, unless that was an act, which must be done anew."""
    return request.get_full_path() if request.method in {"GET", "HEAD"} else resolve_url(settings.LOGIN_REDIRECT_URL)
