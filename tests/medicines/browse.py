"""A small record for the pages for browsing: two editions with entries, decisions of a meeting, alternatives."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from medicines.actions.listing import mark_edition
from medicines.content.schema import Alternatives, Content, Formulation, Placement, SectionPath, SectionStep
from medicines.facet_index import facet_index
from medicines.models import Edition, EditionEntry, Recommendation, Version
from tests import make
from tests.medicines.build import content, imported

TAG = re.compile(r"<(script|style).*?</\1>|<[^>]*>", re.DOTALL)


def text(client: Client, address: str) -> str:
    """What a reader reads at an address, with single blanks."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return " ".join(unescape(TAG.sub(" ", answer.content.decode())).split())


def links(client: Client, address: str) -> list[str]:
    return re.findall(r'href="([^"]*)"', client.get(address).content.decode())


def queries(client: Client, address: str) -> int:
    """How often a page asks the database. What its process counts from is at hand already."""
    facet_index()
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200, address
    return len(seen)


def place(number: str, title: str, *, edition: int = 24, listed: bool = True, strength: str = "10 mg") -> Placement:
    """A place in one section, as an import states it."""
    path = SectionPath(edition=str(edition), steps=(SectionStep(number=number, title=title),))
    return Placement(
        section=path,
        unnamed_list="listed" if listed else "removed",
        formulations=(Formulation(route=("Oral", "Solid"), strengths=(strength,)),),
    )


def stated(medicine: str, indication: str = "Hiccups", *places: Placement, **facts: Any) -> Content:
    """A content as an import of a list makes it: the name, the use and the places."""
    nothing: dict[str, Any] = {"sex": None, "age": None, "alternatives": None, "patents": None, "links": ()}
    nothing |= {"history": (), "atc": (), "icd11": (), "medicine_type": None}
    placements = places or (place("5", "Brain"),)
    return content(text=False, medicine=medicine, indication=indication, placements=placements, **nothing | facts)


def enter(edition: Edition, *versions: Version) -> None:
    """Give an edition entries for these versions, as an import does."""
    rows = [EditionEntry(edition=edition, recommendation=each.recommendation, version=each) for each in versions]
    EditionEntry.objects.bulk_create(rows)
    mark_edition(edition=edition, recommendations=[row.recommendation_id for row in rows])


def in_edition(edition: Edition, given: Content) -> Version:
    """The edition says this of a recommendation: a version of its day, with an entry."""
    source = {"source": f"EML {edition.number}"}
    version = imported(given, effective_date=edition.effective_date, source=source, base=newest(given))
    enter(edition, version)
    return version


def newest(given: Content) -> Version | None:
    """The newest version of the recommendation that the content is about: what a publication starts from."""
    known = Recommendation.objects.about(given.facts).first()
    return known.versions.newest_first().first() if known else None


def editions() -> tuple[Edition, Edition]:
    """Editions 23 and 24 with sections: 5 Brain goes on as 5 Brain and mind, 6 Blood is only in the newer one."""
    older, newer = make.edition(23), make.edition(24)
    brain = make.section(older, "5", "Brain")
    make.section(newer, "5", "Brain and mind", continues=brain)
    make.section(newer, "6", "Blood")
    make.section(newer, "6.1", "Red blood")
    return older, newer


def named(*medicines: str) -> Alternatives:
    return Alternatives(kind="named", medicines=medicines)
