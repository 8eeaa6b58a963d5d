"""Recommendations: the list with the site's filters, one of them, its versions, and what changed between two."""

from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Path, Query
from pydantic import AfterValidator, BaseModel, Field

from medicines.api import schema
from medicines.api.api import endpoint
from medicines.api.differences import changes_between
from medicines.api.links import Addresses, Links
from medicines.api.pages import ListPage, Order, PageQuery, first_page, read_page
from medicines.api.rows import summary, version_fields
from medicines.content.formulations import ROUTES
from medicines.content.schema import Outcome, Status
from medicines.filters import READINGS, ListFilter
from medicines.models import Listing
from medicines.reading import Record, read_record, read_versions

TAG = "Recommendations"

LARGEST = 2_147_483_647
"""The largest number that a recommendation, a version or a row can have."""

Number = Annotated[int, Path(ge=1, le=LARGEST, description="The number by which the recommendation is cited.")]
VersionNumber = Annotated[int, Path(ge=1, le=LARGEST, description="The number of the version.")]

Code = Annotated[str, Field(pattern=r"^[A-Z]([0-9]{2}([A-Z]([A-Z]([0-9]{2})?)?)?)?$")]
SectionNumber = Annotated[
    str, Field(pattern=r"^([0-9]{1,4}:)?[0-9A-Za-z]{1,8}(\.[0-9A-Za-z]{1,8}){0,9}$", examples=["5.1"])
]
Counted = Annotated[int, Field(ge=0, le=999_999)]
Id = Annotated[int, Field(ge=1, le=LARGEST)]


def _known_route(value: str) -> str:
    if value not in ROUTES:
        raise ValueError("There is no such route.")
    return value


Route = Annotated[str, Field(json_schema_extra={"enum": sorted(ROUTES)}), AfterValidator(_known_route)]

MANY = 50


def several(words: str) -> Any:
    """A filter that may stand several times: what has any of its values is found."""
    return Field(default=(), max_length=MANY, description=words)


class RecommendationQuery(PageQuery):
    """The filters of the site. One that is given several times finds what has any of its values; all must fit."""

    q: str = Field(
        default="",
        max_length=200,
        pattern=r"^[^\x00]*$",
        description="Words of a medicine, an indication, a code or a section, as one types them into the search.",
    )
    status: tuple[Status, ...] = several("What holds now.")
    list: tuple[Literal["eml", "emlc", "unnamed"], ...] = several(
        "On which list: `unnamed` where a source says that it is listed, but not on which."
    )
    tier: tuple[Literal["core", "complementary"], ...] = several("Core or complementary, on any list.")
    section: tuple[SectionNumber, ...] = several(
        "A section with those below it: `5.1` of the newest edition, or `24:5.1` of another."
    )
    aware: tuple[Literal["access", "watch", "reserve", "not_recommended"], ...] = several(
        "The AWaRe group of an antibiotic."
    )
    atc: tuple[Code, ...] = several("An ATC code of any level, with those below it.")
    route: tuple[Route, ...] = several("The route of a formulation.")
    type: tuple[Literal["chemical", "biological"], ...] = several("The type of the medicine.")
    edition: tuple[Counted, ...] = several("In the edition of this number, whatever came later.")
    year: tuple[Counted, ...] = several("The year since when the text holds.")
    meeting: tuple[Counted, ...] = several("Decided by the meeting of this number.")
    outcome: tuple[Outcome, ...] = several("What was decided.")
    evidence: tuple[Literal["text", "figures"], ...] = several("With the reasons, or with figures.")
    medicine: tuple[Id, ...] = several("The id of a medicine.")
    indication: tuple[Id, ...] = several("The id of an indication.")
    sort: Literal["name", "newest", "number"] = Field(
        default="name", description="By the name of the medicine, by the day of publication, or by number."
    )


class RecommendationPage(ListPage[schema.RecommendationSummary]):
    """One page of recommendations."""


ORDERS = {
    "name": Order("name", ("sort_key", "recommendation__number")),
    "newest": Order("newest", ("-published_at", "-recommendation__number")),
    "number": Order("number", ("recommendation__number",)),
}

SHOWN = (
    "status",
    "eml",
    "emlc",
    "sections",
    "atc",
    "icd11",
    "aware",
    "year",
    "outcome",
    "effective_date",
    "published_at",
    "has_narrative",
    "sort_key",
    "recommendation__number",
    "recommendation__partners",
    "medicine__name",
    "indication__name",
    "version__number",
)
"""The columns that a row of the list is made of: the texts stay where they are."""

LIST_LINKS = {"Link": "`first`, and `next` and `prev` where there are such pages."}
VERSION_LINKS = {
    "Link": "`predecessor-version`, `successor-version` and `latest-version` where there are such; `version-history`; "
    "`alternate` is the page for people."
}


@endpoint(
    "/recommendations",
    response=RecommendationPage,
    name="recommendations",
    tag=TAG,
    summary="The list",
    query=RecommendationQuery,
    headers=LIST_LINKS,
    example="/recommendations?status=essential&list=emlc&limit=10",
)
def recommendations(request: HttpRequest, response: HttpResponse, query: Query[RecommendationQuery]) -> Any:
    """What holds now for each medicine in each use, with the filters of the site; what was rejected included."""
    to = Addresses(request)
    rows = found_by(query).select_related("recommendation", "medicine", "indication", "version")
    found = read_page(
        request,
        rows.only(*SHOWN),
        order=ORDERS[query.sort],
        query=query,
        item=lambda listing: summary(listing, to),
        page=RecommendationPage,
    )
    response.headers["Link"] = str(list_links(request, found))
    return found


def found_by(query: RecommendationQuery) -> Any:
    """The listings that fit the query, by the filters of the site."""
    asked = query.model_dump(include={"q", *READINGS})
    rows = ListFilter(asked, Listing.objects.all()).qs.order_by()
    if query.medicine:
        rows = rows.filter(medicine__in=query.medicine)
    if query.indication:
        rows = rows.filter(indication__in=query.indication)
    return rows


def list_links(request: HttpRequest, page: ListPage[Any]) -> Links:
    links = Links().add("first", first_page(request))
    return links.add("prev", page.previous).add("next", page.next)


@endpoint(
    "/recommendations/{int:number}",
    response=schema.Recommendation,
    name="recommendation",
    tag=TAG,
    summary="One recommendation",
    headers=VERSION_LINKS,
    example="/recommendations/{number}",
)
def recommendation(request: HttpRequest, response: HttpResponse, number: Number) -> Any:
    """The version that holds, with its whole text, and the list of all versions."""
    record = _record(number)
    to = Addresses(request)
    response.headers["Link"] = str(version_links(record, to))
    found = record.recommendation
    return schema.Recommendation.model_construct(
        number=number,
        medicine=to.medicine(found.medicine),
        indication=to.indication(found.indication),
        partners=found.partners,
        current=_version(record, to),
        versions=_versions(record, to),
        url=to.of("recommendation", number),
        page=to.page("recommendation", number),
    )


class Versions(BaseModel):
    """All versions of a recommendation, the newest number first."""

    items: list[schema.VersionSummary]


@endpoint(
    "/recommendations/{int:number}/versions",
    response=Versions,
    name="versions",
    tag=TAG,
    summary="The versions of a recommendation",
    example="/recommendations/{number}/versions",
)
def versions(request: HttpRequest, number: Number) -> Any:
    """All versions without their texts, the newest number first. None is ever taken away or changed."""
    return Versions.model_construct(items=_versions(_record(number), Addresses(request)))


@endpoint(
    "/recommendations/{int:number}/versions/{int:version}",
    response=schema.VersionDetail,
    name="version",
    tag=TAG,
    summary="One version",
    headers=VERSION_LINKS,
    example="/recommendations/{number}/versions/1",
)
def version(request: HttpRequest, response: HttpResponse, number: Number, version: VersionNumber) -> Any:
    """One version with all that it says. It never changes."""
    record = _record(number, version)
    to = Addresses(request)
    response.headers["Link"] = str(version_links(record, to))
    return _version(record, to)


@endpoint(
    "/recommendations/{int:number}/changes/{int:older}/{int:newer}",
    response=schema.Changes,
    name="changes",
    tag=TAG,
    summary="What changed between two versions",
    example="/recommendations/{number}/changes/{older}/2",
)
def changes(request: HttpRequest, number: Number, older: VersionNumber, newer: VersionNumber) -> Any:
    """Facts, passages, findings, costs and references that differ, word by word. The older version is named first."""
    found = read_versions(number=number, versions=(older, newer))
    if older >= newer or len(found) != 2:
        raise Http404
    return changes_between(found[older], found[newer], Addresses(request))


def _record(number: int, version: int | None = None) -> Record:
    record = read_record(number=number, version=version)
    if record is None:
        raise Http404
    return record


def _versions(record: Record, to: Addresses) -> list[schema.VersionSummary]:
    number = record.recommendation.number
    numbers: dict[int | None, int] = {each.pk: each.number for each in record.versions}
    return [
        schema.VersionSummary.model_construct(**version_fields(each, number, numbers.get(each.corrects_id), to))
        for each in record.by_number
    ]


def _version(record: Record, to: Addresses) -> schema.VersionDetail:
    number, shown = record.recommendation.number, record.version
    return schema.VersionDetail.model_construct(
        **version_fields(shown, number, record.corrects.number if record.corrects else None, to),
        recommendation=to.of("recommendation", number),
        is_current=record.is_current,
        provenance=shown.provenance,
        content=shown.content,
    )


def version_links(record: Record, to: Addresses) -> Links:
    """From a version to those before and behind it, to the one that holds, and to its page."""
    number, shown = record.recommendation.number, record.version.number
    order = sorted(each.number for each in record.versions)
    place = order.index(shown)
    older = order[place - 1] if place else None
    newer = order[place + 1] if place + 1 < len(order) else None
    links = Links()
    for relation, there in (("predecessor-version", older), ("successor-version", newer)):
        links.add(relation, to.of("version", number, there) if there else None)
    links.add("latest-version", to.of("version", number, record.current.number))
    links.add("version-history", to.of("versions", number))
    return links.add("alternate", to.page("version", number, shown), media_type="text/html")
