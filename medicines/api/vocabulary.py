"""Medicines, indications and ATC classes that have recommendations."""

from typing import Annotated, Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Path, Query
from pydantic import BaseModel, Field

from medicines.api import schema
from medicines.api.api import endpoint
from medicines.api.links import Addresses
from medicines.api.pages import ListPage, Order, PageQuery, read_page
from medicines.api.recommendations import LARGEST, LIST_LINKS, list_links
from medicines.browsing.counts import count_of
from medicines.facet_index import facet_index
from medicines.facets import ATC_LEVELS
from medicines.models import AtcCode, Indication, Listing, Medicine
from medicines.sorting import folded

TAG = "Medicines, indications and classes"

Id = Annotated[int, Path(ge=1, le=LARGEST)]
AtcPath = Annotated[str, Path(pattern=r"^[A-Z]([0-9]{2}([A-Z]([A-Z]([0-9]{2})?)?)?)?$", description="In capitals.")]

BY_NAME = Order("name", ("sort_key", "id"))


class NameQuery(PageQuery):
    """Names that begin with something."""

    name: str = Field(
        default="",
        max_length=200,
        pattern=r"^[^\x00]*$",
        description="How the name begins; accents and case do not matter.",
    )


class MedicinePage(ListPage[schema.Medicine]):
    """One page of medicines."""


class IndicationPage(ListPage[schema.Indication]):
    """One page of indications."""


def _listed(rows: QuerySet[Any], field: str) -> QuerySet[Any]:
    """The rows that have recommendations, with how many. What has none is not shown: nothing of it is published."""
    of_each = Listing.objects.filter(**{field: OuterRef("pk")}).order_by().values(field)
    count = Coalesce(Subquery(of_each.annotate(count=Count("pk")).values("count")), 0)
    return rows.filter(Exists(of_each)).annotate(recommendation_count=count)


def _medicine(row: Any, to: Addresses) -> schema.Medicine:
    return schema.Medicine.model_construct(
        id=row.pk,
        name=row.name,
        synonyms=row.synonyms,
        former_names=row.former_names,
        recommendations=row.recommendation_count,
        url=to.of("medicine", row.pk),
        page=to.page("medicine", row.pk),
        recommendations_url=to.of("recommendations", query=f"medicine={row.pk}"),
    )


def _indication(row: Any, to: Addresses) -> schema.Indication:
    block = row.icd11_block
    return schema.Indication.model_construct(
        id=row.pk,
        name=row.name,
        icd11=row.icd11,
        icd11_block=block
        and schema.Icd11Block.model_construct(title=block.title, release=block.release, address=block.address),
        recommendations=row.recommendation_count,
        url=to.of("indication", row.pk),
        page=to.page("indication", row.pk),
        recommendations_url=to.of("recommendations", query=f"indication={row.pk}"),
    )


def _one(rows: QuerySet[Any], identifier: int) -> Any:
    row = rows.filter(pk=identifier).first()
    if row is None:
        raise Http404
    return row


def _beginning(rows: QuerySet[Any], name: str) -> QuerySet[Any]:
    return rows.filter(key__startswith=folded(name)) if name else rows


@endpoint(
    "/medicines",
    response=MedicinePage,
    name="medicines",
    tag=TAG,
    summary="Medicines",
    query=NameQuery,
    headers=LIST_LINKS,
    example="/medicines?limit=10",
)
def medicines(request: HttpRequest, response: HttpResponse, query: Query[NameQuery]) -> Any:
    """All medicines that the record tells of, by name."""
    to = Addresses(request)
    rows = _beginning(_listed(Medicine.objects.all(), "medicine"), query.name)
    found = read_page(request, rows, order=BY_NAME, query=query, item=lambda row: _medicine(row, to), page=MedicinePage)
    response.headers["Link"] = str(list_links(request, found))
    return found


@endpoint(
    "/medicines/{int:medicine}",
    response=schema.Medicine,
    name="medicine",
    tag=TAG,
    summary="One medicine",
    example="/medicines/{medicine}",
)
def medicine(request: HttpRequest, medicine: Id) -> Any:
    """A medicine with its other names."""
    return _medicine(_one(_listed(Medicine.objects.all(), "medicine"), medicine), Addresses(request))


@endpoint(
    "/indications",
    response=IndicationPage,
    name="indications",
    tag=TAG,
    summary="Indications",
    query=NameQuery,
    headers=LIST_LINKS,
    example="/indications?limit=10",
)
def indications(request: HttpRequest, response: HttpResponse, query: Query[NameQuery]) -> Any:
    """All uses of medicines that the record tells of, by name, with their codes of ICD-11."""
    to = Addresses(request)
    rows = _beginning(_listed(Indication.objects.select_related("icd11_block"), "indication"), query.name)
    found = read_page(
        request, rows, order=BY_NAME, query=query, item=lambda row: _indication(row, to), page=IndicationPage
    )
    response.headers["Link"] = str(list_links(request, found))
    return found


@endpoint(
    "/indications/{int:indication}",
    response=schema.Indication,
    name="indication",
    tag=TAG,
    summary="One indication",
    example="/indications/{indication}",
)
def indication(request: HttpRequest, indication: Id) -> Any:
    """A use of medicines with its codes of ICD-11."""
    return _indication(
        _one(_listed(Indication.objects.select_related("icd11_block"), "indication"), indication), Addresses(request)
    )


class AtcGroups(BaseModel):
    """The main groups of the ATC classification that have recommendations."""

    items: list[schema.AtcClass]


class AtcWithChildren(schema.AtcClass):
    """A class with those right below it that have recommendations."""

    children: list[schema.AtcClass]


@endpoint(
    "/atc",
    response=AtcGroups,
    name="atc",
    tag=TAG,
    summary="The main groups of ATC",
    example="/atc",
)
def atc(request: HttpRequest) -> Any:
    """Where the tree of classes begins; each class names those below it."""
    return AtcGroups.model_construct(items=_classes(facet_index().below("atc", ""), Addresses(request)))


@endpoint(
    "/atc/{code}",
    response=AtcWithChildren,
    name="atc_class",
    tag=TAG,
    summary="One class of ATC",
    example="/atc/{atc}",
)
def atc_class(request: HttpRequest, code: AtcPath) -> Any:
    """A code of any level that has recommendations, with the codes right below it."""
    index = facet_index()
    if not index.bits("atc", code):
        raise Http404
    found, *children = _classes([code, *index.below("atc", code)], Addresses(request))
    return AtcWithChildren.model_construct(**dict(found), children=children)


def _classes(codes: list[str], to: Addresses) -> list[schema.AtcClass]:
    names = dict(AtcCode.objects.filter(code__in=codes).values_list("code", "name"))
    index = facet_index()
    return [
        schema.AtcClass.model_construct(
            code=code,
            name=names.get(code, ""),
            level=ATC_LEVELS.index(len(code)) + 1,
            parent=code[: ATC_LEVELS[ATC_LEVELS.index(len(code)) - 1]] if len(code) > 1 else None,
            recommendations=count_of(index, "atc", code),
            url=to.of("atc_class", code),
            page=to.page("atc_class", code),
            recommendations_url=to.of("recommendations", query=f"atc={code}"),
        )
        for code in codes
    ]
