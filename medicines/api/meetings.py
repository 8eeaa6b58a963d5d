"""Meetings whose decisions are published, and what they decided, with what they rejected and deferred."""

from typing import Annotated, Any

from django.db.models import QuerySet, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.lookups import Exact
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Path, Query
from pydantic import BaseModel

from medicines.api import schema
from medicines.api.api import endpoint
from medicines.api.links import Addresses
from medicines.api.pages import ListPage, Order, PageQuery, read_page
from medicines.api.recommendations import LARGEST, LIST_LINKS, list_links
from medicines.browsing.meetings import MeetingRow
from medicines.browsing.meetings import meetings as all_meetings
from medicines.models import Version

TAG = "Meetings"

MeetingNumber = Annotated[int, Path(ge=0, le=LARGEST, description="The number of the meeting.")]

BY_RECOMMENDATION = Order("recommendation", ("recommendation__number", "number"))

NUMBER = KeyTextTransform("meeting_number", "provenance")


class Meetings(BaseModel):
    """All meetings whose decisions are published, the newest first."""

    items: list[schema.Meeting]


class OutcomePage(ListPage[schema.MeetingOutcome]):
    """One page of a meeting's outcomes."""


def _decisions() -> QuerySet[Version]:
    """What meetings decided; a correction repeats where its words come from and decides nothing."""
    return Version.objects.filter(kind="decision")


def _meeting(row: MeetingRow, to: Addresses) -> schema.Meeting:
    number = int(row.number)
    return schema.Meeting.model_construct(
        number=number,
        name=row.name,
        year=row.year,
        report=row.report,
        outcomes=row.total,
        url=to.of("meeting", number),
        page=to.page("meeting", number),
        outcomes_url=to.of("outcomes", number),
    )


def _outcome(row: Version, to: Addresses) -> schema.MeetingOutcome:
    recommendation = row.recommendation
    return schema.MeetingOutcome.model_construct(
        recommendation=recommendation.number,
        version=row.number,
        medicine=to.medicine(recommendation.medicine),
        indication=to.indication(recommendation.indication),
        outcome=row.outcome or None,
        item=str(row.provenance.get("item") or ""),
        decided_on=str(row.provenance.get("decided_on") or ""),
        effective_date=row.effective_date,
        published_at=row.published_at,
        url=to.of("version", recommendation.number, row.number),
        page=to.page("version", recommendation.number, row.number),
    )


@endpoint("/meetings", response=Meetings, name="meetings", tag=TAG, summary="Meetings", example="/meetings")
def meetings(request: HttpRequest) -> Any:
    """All meetings whose decisions are published, the newest first."""
    to = Addresses(request)
    return Meetings.model_construct(items=[_meeting(row, to) for row in all_meetings() if row.number.isdecimal()])


@endpoint(
    "/meetings/{int:meeting}",
    response=schema.Meeting,
    name="meeting",
    tag=TAG,
    summary="One meeting",
    example="/meetings/{meeting}",
)
def meeting(request: HttpRequest, meeting: MeetingNumber) -> Any:
    """A meeting with the address of its outcomes."""
    for row in all_meetings():
        if row.number == str(meeting):
            return _meeting(row, Addresses(request))
    raise Http404


@endpoint(
    "/meetings/{int:meeting}/outcomes",
    response=OutcomePage,
    name="outcomes",
    tag=TAG,
    summary="What a meeting decided",
    query=PageQuery,
    headers=LIST_LINKS,
    example="/meetings/{meeting}/outcomes?limit=10",
)
def outcomes(request: HttpRequest, response: HttpResponse, meeting: MeetingNumber, query: Query[PageQuery]) -> Any:
    """One outcome for each recommendation that it decided on: added, rejected, deferred and all others."""
    to = Addresses(request)
    rows = _decisions().filter(Exact(NUMBER, Value(str(meeting)))).defer("body", "chain")
    found = read_page(
        request,
        rows.select_related("recommendation__medicine", "recommendation__indication"),
        order=BY_RECOMMENDATION,
        query=query,
        item=lambda row: _outcome(row, to),
        page=OutcomePage,
    )
    if not found.items and not query.cursor:
        raise Http404
    response.headers["Link"] = str(list_links(request, found))
    return found
