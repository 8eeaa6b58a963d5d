"""The OpenAPI document: what the endpoints say of themselves, with what holds for all of them."""

from __future__ import annotations

import json
from copy import deepcopy
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from medicines.api import editions, index, meetings, recommendations, vocabulary
from medicines.api.api import api
from medicines.api.problems import CONTENT_TYPE
from medicines.conditional import kept_while_unchanged
from medicines.operator import operator

REGISTERED = (index, recommendations, vocabulary, editions, meetings)
"""The endpoints, which importing registers, in the order of the document."""

HEADERS = {
    "ETag": "Send it back as `If-None-Match` and get 304 as long as nothing has changed.",
    "Last-Modified": "When the record last changed; to be sent back as `If-Modified-Since`.",
    "Cache-Control": "Any cache may keep the answer, and asks each time whether it still holds.",
}
NOT_ALWAYS = {"Last-Modified", "Link"}


@cache
def document() -> dict[str, Any]:
    """The document as plain values. It depends on the release alone; whoever gets it must not change it."""
    found: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), default=str))
    found["info"] |= {"summary": "A read-only API of the public record."}
    if operator():
        found["info"]["contact"] = {"name": operator()}
    if settings.DEMO:
        found["info"]["description"] += "\nThis is a demonstration: what stands here decides nothing.\n"
    order = [module.TAG for module in REGISTERED]
    found["paths"] = dict(sorted(found["paths"].items(), key=lambda path: order.index(path[1]["get"]["tags"][0])))
    schemas = found["components"]["schemas"].items()
    # The models of parameters are told as parameters.
    found["components"]["schemas"] = {name: each for name, each in sorted(schemas) if not name.endswith("Query")}
    for methods in found["paths"].values():
        _complete(methods["get"])
        methods["head"] = _as_head(methods["get"])
    del found["servers"]
    return found


def _complete(operation: dict[str, Any]) -> None:
    """What ninja does not say: headers, 304, and that errors are problems."""
    answers = operation["responses"]
    headers = HEADERS | operation.pop("x-headers", {})
    answers["200"]["headers"] = {
        name: {"description": words, "required": name not in NOT_ALWAYS, "schema": {"type": "string"}}
        for name, words in headers.items()
    }
    answers["304"] = {"description": "Nothing has changed since."}
    for status, answer in answers.items():
        if status >= "400":
            answer["content"] = {CONTENT_TYPE: answer["content"].pop("application/json")}
    # Said by the server before the site hears of it, so in a form of its own.
    answers["414"] = {"description": "The address is longer than the server takes."}
    operation["responses"] = dict(sorted(answers.items()))


def _as_head(get: dict[str, Any]) -> dict[str, Any]:
    head = deepcopy(get) | {"operationId": f"{get['operationId']}_head", "summary": f"{get['summary']}: headers alone"}
    for answer in head["responses"].values():
        answer.pop("content", None)
    return head


@kept_while_unchanged
def openapi_json(request: HttpRequest) -> HttpResponse:
    """The document as a file."""
    words = json.dumps(document(), ensure_ascii=False, indent=1)
    return HttpResponse(words.encode(), content_type="application/json; charset=utf-8")
