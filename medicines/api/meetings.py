"""Meetings whose decisions are published, and what they decided, with what they rejected and deferred."""

from typing import Annotated, Any

from django.db.models import Count, Max, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Path, Query
from pydantic import BaseModel

from medicines.api import schema
from medicines.api.api import endpoint
from medicines.api.links import Addresses
from medicines.api.pages import ListPage, Order, PageQuery, read_page
from medicines.api.recommendations import LARGEST, LIST_LINKS, list_links
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
    return Version.objects.filter(kind="decision").annotate(meeting=NUMBER)


def _meetings(rows: QuerySet[Version], to: Addresses) -> list[schema.Meeting]:
    told = {
        name: Max(KeyTextTransform(key, "provenance"))
        for name, key in (("said_name", "meeting"), ("said_year", "year"), ("said_report", "report"))
    }
    groups = rows.order_by().values("meeting").annotate(outcomes=Count("pk"), **told)
    found = [group for group in groups if (group["meeting"] or "").isdecimal()]
    return [
        schema.Meeting.model_construct(
            number=int(group["meeting"]),
            name=group["said_name"] or "",
            year=int(group["said_year"]) if (group["said_year"] or "").isdecimal() else None,
            report=group["said_report"] or "",
            outcomes=group["outcomes"],
            url=to.of("meeting", int(group["meeting"])),
            page=to.page("meeting", int(group["meeting"])),
            outcomes_url=to.of("outcomes", int(group["meeting"])),
        )
        for group in sorted(found, key=lambda group: -int(group["meeting"]))
    ]


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
    return Meetings.model_construct(items=_meetings(_decisions().exclude(meeting=None), Addresses(request)))


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
    found = _meetings(_decisions().filter(meeting=str(meeting)), Addresses(request))
    if not found:
        raise Http404
    return found[0]


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
    rows = _decisions().filter(meeting=str(meeting)).defer("body", "chain")
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
