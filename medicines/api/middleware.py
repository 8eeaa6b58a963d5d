"""What holds for everything under /api/: anybody may read it from any page, and every error is a problem."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from medicines.api import problems
from medicines.api.problems import Problem

GetResponse = Callable[[HttpRequest], HttpResponse]

PREFIX = "/api/"
DOCUMENTATION = "/api/"
METHODS = ("GET", "HEAD", "OPTIONS")

READ_BY_SCRIPTS = "Content-Language, ETag, Last-Modified, Link"
"""Headers that a script of another site may read, besides the few that it may always read."""

SENT_BY_SCRIPTS = "Accept, If-Modified-Since, If-None-Match"
A_DAY = "86400"


class ApiMiddleware:
    """Answers preflights and methods that write, turns errors into problems, and opens the answers to other sites."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if not path.startswith(PREFIX) or path == DOCUMENTATION:
            return self.get_response(request)
        response = self._answer(request)
        if response.status_code >= 400 and response.headers["Content-Type"] != problems.CONTENT_TYPE:
            response = problems.answer(Problem(response.status_code))
        if response.status_code == 405:
            response.headers["Allow"] = ", ".join(METHODS)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = READ_BY_SCRIPTS
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if request.method == "OPTIONS":
            return _preflight()
        if request.method not in METHODS:
            return problems.answer(Problem(405))
        return self.get_response(request)


def _preflight() -> HttpResponse:
    return HttpResponse(
        status=204,
        headers={
            "Allow": ", ".join(METHODS),
            "Access-Control-Allow-Methods": ", ".join(METHODS),
            "Access-Control-Allow-Headers": SENT_BY_SCRIPTS,
            "Access-Control-Max-Age": A_DAY,
        },
    )
