"""Editions of the lists, their numbered sections, and what each recommendation said in them."""

from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Path, Query
from pydantic import BaseModel

from medicines.api import schema
from medicines.api.api import endpoint
from medicines.api.links import Addresses
from medicines.api.pages import ListPage, Order, PageQuery, read_page
from medicines.api.recommendations import LIST_LINKS, list_links
from medicines.models import Edition, EditionListing, Section

TAG = "Editions and sections"

EditionNumber = Annotated[int, Path(ge=1, le=32_767, description="The number of the edition of the EML.")]
SectionPath = Annotated[str, Path(max_length=30, pattern=r"^[0-9A-Za-z.]+$", description="Such as `5.1.4`.")]

BY_SECTION = Order("section", ("sort_key", "id"))
BY_NAME = Order("name", ("sort_key", "recommendation__number"))


class Editions(BaseModel):
    """All editions, the newest first."""

    items: list[schema.Edition]


class SectionPage(ListPage[schema.Section]):
    """One page of sections."""


class EntryPage(ListPage[schema.Entry]):
    """One page of an edition's entries."""


def _edition(row: Edition, to: Addresses) -> schema.Edition:
    return schema.Edition.model_construct(
        number=row.number,
        children_number=row.children_number,
        year=row.year,
        report=row.report,
        effective_date=row.effective_date,
        closed_on=row.closed_on,
        url=to.of("edition", row.number),
        page=to.page("edition", row.number),
        sections_url=to.of("sections", row.number),
        entries_url=to.of("entries", row.number),
    )


def _section(row: Section, to: Addresses) -> schema.Section:
    edition, earlier = row.edition.number, row.continues
    return schema.Section.model_construct(
        edition=edition,
        number=row.number,
        title=row.title,
        parent=row.parent.number if row.parent else None,
        continues=earlier
        and schema.SectionContinued.model_construct(
            edition=earlier.edition.number,
            number=earlier.number,
            url=to.of("section", earlier.edition.number, earlier.number),
        ),
        url=to.of("section", edition, row.number),
        page=to.page("section", edition, row.number),
        recommendations_url=to.of("recommendations", query=f"section={edition}:{row.number}"),
    )


def _entry(row: EditionListing, to: Addresses) -> schema.Entry:
    number, version = row.recommendation.number, row.version
    return schema.Entry.model_construct(
        recommendation=number,
        version=version.number,
        status=row.status,
        facts=version.content.facts,
        url=to.of("version", number, version.number),
        page=to.page("version", number, version.number),
    )


def _found(number: int) -> Edition:
    edition = Edition.objects.filter(number=number).first()
    if edition is None:
        raise Http404
    return edition


@endpoint("/editions", response=Editions, name="editions", tag=TAG, summary="Editions", example="/editions")
def editions(request: HttpRequest) -> Any:
    """All editions of the EML, each with the edition of the EMLc that appeared beside it; the newest first."""
    to = Addresses(request)
    return Editions.model_construct(items=[_edition(row, to) for row in Edition.objects.order_by("-number")])


@endpoint(
    "/editions/{int:edition}",
    response=schema.Edition,
    name="edition",
    tag=TAG,
    summary="One edition",
    example="/editions/{edition}",
)
def edition(request: HttpRequest, edition: EditionNumber) -> Any:
    """An edition with the addresses of its sections and of its entries."""
    return _edition(_found(edition), Addresses(request))


@endpoint(
    "/editions/{int:edition}/sections",
    response=SectionPage,
    name="sections",
    tag=TAG,
    summary="The sections of an edition",
    query=PageQuery,
    headers=LIST_LINKS,
    example="/editions/{edition}/sections?limit=20",
)
def sections(request: HttpRequest, response: HttpResponse, edition: EditionNumber, query: Query[PageQuery]) -> Any:
    """The numbered tree in its order; each section names the one above it and the one that it continues."""
    to = Addresses(request)
    rows = Section.objects.filter(edition=_found(edition)).select_related("edition", "parent", "continues__edition")
    found = read_page(
        request, rows, order=BY_SECTION, query=query, item=lambda row: _section(row, to), page=SectionPage
    )
    response.headers["Link"] = str(list_links(request, found))
    return found


@endpoint(
    "/editions/{int:edition}/sections/{section}",
    response=schema.Section,
    name="section",
    tag=TAG,
    summary="One section",
    example="/editions/{edition}/sections/{section}",
)
def section(request: HttpRequest, edition: EditionNumber, section: SectionPath) -> Any:
    """A section of an edition by its number."""
    rows = Section.objects.select_related("edition", "parent", "continues__edition")
    found = rows.filter(edition__number=edition, number=section).first()
    if found is None:
        raise Http404
    return _section(found, Addresses(request))


@endpoint(
    "/editions/{int:edition}/entries",
    response=EntryPage,
    name="entries",
    tag=TAG,
    summary="What an edition said",
    query=PageQuery,
    headers=LIST_LINKS,
    example="/editions/{edition}/entries?limit=5",
)
def entries(request: HttpRequest, response: HttpResponse, edition: EditionNumber, query: Query[PageQuery]) -> Any:
    """The facts of each recommendation as that edition had them. They never change, whatever is decided later."""
    to = Addresses(request)
    rows = EditionListing.objects.filter(edition=_found(edition)).select_related("recommendation", "version")
    found = read_page(request, rows, order=BY_NAME, query=query, item=lambda row: _entry(row, to), page=EntryPage)
    response.headers["Link"] = str(list_links(request, found))
    return found
