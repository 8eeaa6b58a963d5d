"""The API itself: what it is called, how it writes, what it answers where something is wrong."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, get_origin

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.decorators import decorate_view
from ninja.errors import HttpError, ValidationError
from ninja.renderers import JSONRenderer
from pydantic import BaseModel

from medicines.api import problems
from medicines.api.links import NAMESPACE
from medicines.api.problems import Problem, ProblemDetails, bad_parameters
from medicines.conditional import kept_while_unchanged

DESCRIPTION = """\
The public record of the Model Lists of Essential Medicines: what is recommended, for which use, since when and why.

It is read-only, needs no key, and may be read by scripts of any site. Answers are JSON; lists come in pages, and
`next` is the address of the next one. Errors are problems (RFC 9457), and unknown parameters are errors. Answers
carry `ETag` and `Last-Modified`: send them back and get 304 as long as nothing has changed. `null` and empty mean
*not stated*, which is not *no*. The lists are for selecting medicines; they give no advice on dosing.
"""

Function = TypeVar("Function", bound=Callable[..., Any])


class Writer(JSONRenderer):
    """JSON in all scripts as they are, without blanks."""

    json_dumps_params: Mapping[str, Any] = {"ensure_ascii": False, "separators": (",", ":")}


api = NinjaAPI(
    title="Essential medicines",
    version="1",
    description=DESCRIPTION,
    urls_namespace=NAMESPACE,
    openapi_url=None,  # Ours carries an ETag: see medicines.api.document.
    docs_url=None,  # Ours is a page of the site.
    renderer=Writer(),
)


def endpoint(
    path: str,
    *,
    response: Any,
    name: str,
    tag: str,
    summary: str,
    query: type[BaseModel] | None = None,
    example: str = "",
    headers: Mapping[str, str] | None = None,
) -> Callable[[Function], Function]:
    """Register a function that answers GET and HEAD at ``path``.

    ``query`` is the model of the parameters that the function takes; any other parameter is an error. ``example`` is
    an address that works, from the path on, where {number} and the like stand for what the record holds. ``headers``
    are those of its answers, with their descriptions, beside the ones that all answers have.
    """
    known = {name: _takes_several(field.annotation) for name, field in query.model_fields.items()} if query else {}

    def register(function: Function) -> Function:
        has_path_parameters = "{" in path
        answers: dict[int, Any] = {200: response, 400: ProblemDetails}
        if has_path_parameters:
            answers[404] = ProblemDetails
        api.api_operation(
            ["GET", "HEAD"],
            path,
            response=answers,
            url_name=name,
            operation_id=name,
            tags=[tag],
            summary=summary,
            by_alias=True,
            openapi_extra={"x-example": example, "x-headers": dict(headers or {})},
        )(decorate_view(kept_while_unchanged, _strict(known))(function))
        return function

    return register


def _takes_several(annotation: Any) -> bool:
    return get_origin(annotation) is tuple


def _strict(known: Mapping[str, bool]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Refuse parameters that nobody asked for: a filter with a typing error must not find everything.

    ``known`` says of each parameter whether it may stand several times.
    """

    def decorate(run: Callable[..., Any]) -> Callable[..., Any]:
        def checked(request: HttpRequest, **arguments: Any) -> Any:
            wrong = [(name, found) for name, values in request.GET.lists() if (found := _fault(name, values, known))]
            return problems.answer(bad_parameters(wrong)) if wrong else run(request, **arguments)

        return checked

    return decorate


def _fault(name: str, values: list[Any], known: Mapping[str, bool]) -> str:
    if name not in known:
        return "There is no such parameter."
    if len(values) > 1 and not known[name]:
        return "It may be given once."
    if any("\0" in value for value in values):
        return "It holds a character that no text has."
    return ""


@api.exception_handler(Problem)
def on_problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    return problems.answer(problem)


@api.exception_handler(Http404)
def on_absence(request: HttpRequest, absence: Http404) -> HttpResponse:
    return problems.answer(Problem(404))


@api.exception_handler(HttpError)
def on_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problems.answer(Problem(error.status_code))


@api.exception_handler(ValidationError)
def on_bad_parameters(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A path that cannot be leads nowhere; a query that cannot be is told by its parameters."""
    places = [(entry["loc"], str(entry["msg"])) for entry in error.errors]
    if any(place[0] == "path" for place, _words in places):
        return problems.answer(Problem(404))
    return problems.answer(bad_parameters((_named(place), words) for place, words in places))


def _named(place: tuple[Any, ...]) -> str:
    """The parameter that an error is about: places read ("query", "status", 0)."""
    names = [str(step) for step in place if isinstance(step, str) and step != "query"]
    return names[-1] if names else "query"
