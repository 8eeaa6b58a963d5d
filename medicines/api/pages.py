"""Lists in pages, each found by a cursor: where the last one ended, in an order in which nothing stands twice.

A cursor holds the values that the row at the edge of a page is sorted by. So a page costs the same wherever it stands
in the list, and what is published meanwhile neither repeats a row nor leaves one out.
"""

from __future__ import annotations

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from pydantic import BaseModel, ConfigDict, Field

from medicines.api.problems import bad_parameter

Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item", bound=BaseModel)

DEFAULT, MOST = 50, 200


class PageQuery(BaseModel):
    """Which page of a list."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=DEFAULT, ge=1, le=MOST, description="How many items a page has.")
    cursor: str = Field(
        default="",
        max_length=8000,
        description="Where the page begins. Take it from `next` or `previous`; do not make one.",
        json_schema_extra={"format": "cursor"},
    )


class ListPage(BaseModel, Generic[Item]):
    """One page of a list. ``next`` and ``previous`` are addresses, ``null`` at the ends."""

    items: list[Item]
    next: str | None = Field(description="The address of the next page; also in the header `Link`.")
    previous: str | None = Field(description="The address of the page before; also in the header `Link`.")


@dataclass(frozen=True)
class Order:
    """An order of a list: the columns to sort by, with "-" before those that descend. The last one tells all apart.

    Columns hold text, whole numbers or moments, never nothing.
    """

    name: str
    columns: tuple[str, ...]

    def sorted_by(self, *, backwards: bool) -> list[str]:
        return [_turned(column) if backwards else column for column in self.columns]

    def values_of(self, row: Model) -> list[Any]:
        return [_value(row, column.lstrip("-")) for column in self.columns]

    def beyond(self, values: Sequence[Any], *, backwards: bool) -> Q:
        """What stands behind a row that is sorted by these values, or before it."""
        found, same = Q(pk__in=[]), Q()
        for column, value in zip(self.columns, values, strict=True):
            name = column.lstrip("-")
            further = "lt" if column.startswith("-") != backwards else "gt"
            found |= same & Q(**{f"{name}__{further}": value})
            same &= Q(**{name: value})
        # The same again in fewer words for the first column, by which an index finds the place.
        first = self.columns[0]
        edge = "lte" if first.startswith("-") != backwards else "gte"
        return Q(**{f"{first.lstrip('-')}__{edge}": values[0]}) & found


def _turned(column: str) -> str:
    return column[1:] if column.startswith("-") else f"-{column}"


def _value(row: Any, column: str) -> Any:
    for name in column.split("__"):
        row = getattr(row, name)
    return row


@dataclass(frozen=True)
class Cursor:
    order: str
    backwards: bool
    values: tuple[Any, ...]

    def __str__(self) -> str:
        values = [value.isoformat() if isinstance(value, datetime) else value for value in self.values]
        words = json.dumps([self.order, int(self.backwards), *values], ensure_ascii=False, separators=(",", ":"))
        return urlsafe_b64encode(words.encode()).decode().rstrip("=")


def read_cursor(words: str, order: Order, model: type[Model]) -> Cursor:
    """The cursor that these words are. Raises ``Problem`` where they are none, or one of a list in another order."""
    try:
        name, backwards, *values = json.loads(urlsafe_b64decode(words + "=" * (-len(words) % 4)))
        columns = [_field(model, column.lstrip("-")) for column in order.columns]
        given = [_given(field, value) for field, value in zip(columns, values, strict=True)]
        cursor = Cursor(order.name, bool(backwards), tuple(given))
        written = str(cursor)
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise bad_parameter("cursor", "It is not one that this list gave.") from None
    if name != order.name:
        raise bad_parameter("cursor", f"It is of a list in another order than {order.name}.")
    if written != words:
        raise bad_parameter("cursor", "It is not one that this list gave.")
    return cursor


def _field(model: Any, column: str) -> type:
    *way, last = column.split("__")
    for name in way:
        model = model._meta.get_field(name).related_model
    return {"DateTimeField": datetime, "CharField": str, "TextField": str}.get(
        model._meta.get_field(last).get_internal_type(), int
    )


def _given(kind: type, value: Any) -> Any:
    """A value of a cursor as the column holds it. Raises ``ValueError`` where it can be none."""
    if kind is datetime:
        moment = datetime.fromisoformat(value)
        if moment.utcoffset() != timedelta(0):
            raise ValueError("in no time zone, or in one that cursors do not use")
        return moment
    if type(value) is kind and isinstance(value, str) and "\0" not in value:
        return value
    if type(value) is kind and isinstance(value, int) and abs(value) < 2**63:
        return value
    raise ValueError("of another kind")


def read_page(
    request: HttpRequest,
    rows: QuerySet[Row],
    *,
    order: Order,
    query: PageQuery,
    item: Callable[[Row], Item],
    page: type[ListPage[Item]],
) -> ListPage[Item]:
    """One page of the rows in this order, each as ``item`` makes it. One query. Raises ``Problem`` on a bad cursor."""
    cursor = read_cursor(query.cursor, order, rows.model) if query.cursor else None
    backwards = bool(cursor and cursor.backwards)
    if cursor:
        rows = rows.filter(order.beyond(cursor.values, backwards=backwards))
    found = list(rows.order_by(*order.sorted_by(backwards=backwards))[: query.limit + 1])
    there_is_more = len(found) > query.limit
    found = found[: query.limit]
    if backwards:
        found.reverse()
    has_next, has_previous = (bool(found), there_is_more) if backwards else (there_is_more, bool(found and cursor))
    return page(
        items=[item(row) for row in found],
        next=_address(request, Cursor(order.name, False, tuple(order.values_of(found[-1])))) if has_next else None,
        previous=_address(request, Cursor(order.name, True, tuple(order.values_of(found[0]))))
        if has_previous
        else None,
    )


def first_page(request: HttpRequest) -> str:
    """The address of the first page of the list that is asked for."""
    return _address(request, None)


def _address(request: HttpRequest, cursor: Cursor | None) -> str:
    query = request.GET.copy()
    query.pop("cursor", None)
    if cursor:
        query["cursor"] = str(cursor)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}" if query else request.path)
