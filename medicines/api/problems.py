"""Errors as programs read them: application/problem+json, RFC 9457."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus

from django.http import HttpResponse
from pydantic import BaseModel, Field

CONTENT_TYPE = "application/problem+json"

SAID: Mapping[int, str] = {
    400: "The request could not be read.",
    404: "There is nothing at this address.",
    405: "The API is read-only: it answers GET, HEAD and OPTIONS.",
    412: "The state that the request asks for has passed.",
    500: "Something failed here. It has been noted.",
}
"""What is said of an error where nothing more is known."""


class BadParameter(BaseModel):
    """A parameter that could not be understood."""

    name: str = Field(description="The parameter as it stands in the address.")
    detail: str = Field(description="What is wrong with it.")


class ProblemDetails(BaseModel):
    """An error (RFC 9457). ``parameters`` names those that could not be understood."""

    type: str = Field(default="about:blank", description="Always `about:blank`: `status` says what kind it is.")
    title: str = Field(description="The name of the status, such as `Bad Request`.")
    status: int
    detail: str = Field(description="What is wrong, in a sentence.")
    parameters: list[BadParameter] = Field(default=[], description="The parameters that could not be understood.")


class Problem(Exception):
    """Raised where a request cannot be answered; the reader gets it as a problem."""

    def __init__(self, status: int, detail: str = "", *, parameters: Iterable[tuple[str, str]] = ()) -> None:
        self.status = status
        self.detail = detail
        self.parameters = tuple(parameters)
        super().__init__(status, detail)


def bad_parameter(name: str, detail: str) -> Problem:
    """The problem of one parameter that cannot be understood."""
    return bad_parameters([(name, detail)])


def bad_parameters(found: Iterable[tuple[str, str]]) -> Problem:
    """The problem of parameters, each with what is wrong with it."""
    found = tuple(found)
    names = ", ".join(dict.fromkeys(name for name, _detail in found))
    return Problem(400, f"Not understood: {names}.", parameters=found)


def answer(problem: Problem) -> HttpResponse:
    """The problem as a response."""
    told = ProblemDetails(
        title=HTTPStatus(problem.status).phrase,
        status=problem.status,
        detail=problem.detail or SAID.get(problem.status, HTTPStatus(problem.status).description or ""),
        parameters=[BadParameter(name=name, detail=detail) for name, detail in problem.parameters],
    )
    # What is wrong with a parameter may repeat it, so the words are kept to ASCII: they may hold anything.
    words = json.dumps(told.model_dump(exclude_defaults=False))
    return HttpResponse(words, status=problem.status, content_type=CONTENT_TYPE)
