"""Publishing: numbers, versions, what is current, and what is refused."""

import json
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from medicines.actions.errors import BaseHasMoved, NothingToPublish, NotPublishable
from medicines.actions.listing import current_versions
from medicines.actions.publish import FIRST_LINK, Publication, next_link, publish
from medicines.actions.verify import verify_record
from medicines.content.fingerprint import canonical, fingerprint
from medicines.content.schema import (
    Content,
    Facts,
    Formulation,
    Narrative,
    NarrativeSection,
    Placement,
    Reference,
    SectionPath,
    SectionStep,
    StatusEvent,
)
from medicines.models import Listing, Recommendation, Version

pytestmark = pytest.mark.django_db

SOURCE = {"meeting": "25th Expert Committee", "report": "TRS 1064"}
PLACEMENT = Placement(
    section=SectionPath(
        edition="24", steps=(SectionStep(number="5", title="Nerves"), SectionStep(number="5.1", title="Brain"))
    ),
    eml="complementary",
    emlc="complementary",
    formulations=(Formulation(route=("Oral", "Solid", "tablet"), strengths=("10 mg",), lists=("EML", "EMLc")),),
)


def content(medicine: str = "baclofen", indication: str = "Spastic cerebral palsy", **facts: Any) -> Content:
    return Content(facts=Facts(medicine=medicine, indication=indication, **facts))


def publish_one(what: Content, **details: Any) -> Version:
    details = {"kind": "imported", "effective_date": date(2025, 9, 5), **details}
    return publish(publications=[Publication(content=what, **details)], source=SOURCE)[0]


def test_the_first_version_of_a_recommendation_gets_the_next_number():
    one, two = publish_one(content("baclofen")), publish_one(content("diazepam"))
    assert [(v.recommendation.number, v.number, v.position) for v in (one, two)] == [(1, 1, 1), (2, 1, 2)]


def test_a_medicine_is_one_whatever_its_case_and_accents():
    publish_one(content("Baclofène", "First"))
    publish_one(content("baclofene", "Second"))
    assert Recommendation.objects.values_list("medicine__name", flat=True).distinct().get() == "Baclofène"


def test_what_is_stored_reads_as_what_was_published_and_carries_a_salt():
    version = Version.objects.get(pk=publish_one(content(placements=(PLACEMENT,))).pk)
    assert version.content.model_copy(update={"salt": ""}) == content(placements=(PLACEMENT,))
    assert len(json.loads(version.body)["salt"]) == 32
    assert version.fingerprint == fingerprint(version.body)


def test_the_same_content_has_the_same_fingerprint_in_every_release():
    # What was published is checked against its fingerprint for ever: neither words nor their order may move.
    body = canonical(content("Baclofène", placements=(PLACEMENT,), atc=("M03BX01",)).to_dict())
    assert fingerprint(body) == "7d9303e0dc4a4104f252c2530542bd893a8b1715061f6454c43a3e05f6feb6ad"


def test_the_chain_goes_on_from_a_version_alike_in_every_release():
    facts = {"recommendation": 1, "version": 1, "note": "é", "corrects": None, "provenance": SOURCE}
    assert (
        next_link(previous=FIRST_LINK, facts=facts)
        == "3c80dce92878d8a09739ec0b20fc4e659374b52bba43603ad2dea73946a97f8f"
    )


def test_the_record_takes_the_rows_of_one_publication_and_of_many_alike():
    together = publish(
        publications=[
            Publication(content=content(name, atc=("N03AX01",)), kind="imported", effective_date=date(2025, 9, 5))
            for name in ("one", "two")
        ],
        source=SOURCE,
    )
    alone = publish_one(content("three", atc=("N03AX01",)))
    assert [version.position for version in (*together, alone)] == [1, 2, 3]
    assert list(Listing.objects.order_by("pk").values_list("atc", "medicine__sort_key", "version")) == [
        (["N03AX01"], name, version.pk)
        for name, version in zip(("one", "two", "three"), (*together, alone), strict=True)
    ]
    assert verify_record().holds


def test_two_publications_of_the_same_words_have_different_fingerprints():
    assert publish_one(content("a")).fingerprint != publish_one(content("b")).fingerprint


def test_current_is_the_latest_effective_date_and_then_the_highest_number():
    first = publish_one(content(atc=("M03BX01",)), effective_date=date(2025, 9, 5))
    older = publish_one(content(atc=("M03BX",)), effective_date=date(2023, 7, 26), base=first)
    assert current_versions(recommendations=[first.recommendation]) == {first.recommendation_id: first}
    same_day = publish_one(content(atc=("M03BX02",)), effective_date=date(2025, 9, 5), base=older)
    assert current_versions(recommendations=[first.recommendation]) == {first.recommendation_id: same_day}
    assert Listing.objects.get().version == same_day


def test_publishing_on_a_version_that_has_moved_is_refused_and_changes_nothing():
    first = publish_one(content())
    publish_one(content(atc=("M03BX01",)), base=first)
    with pytest.raises(BaseHasMoved) as refusal:
        publish_one(content(atc=("M03BX02",)), base=first)
    assert (
        str(refusal.value) == "baclofen has moved on: the text was made from version 1, and version 2 is published now."
    )
    assert Version.objects.count() == 2


def test_publishing_as_new_what_the_record_has_is_refused():
    publish_one(content())
    with pytest.raises(BaseHasMoved):
        publish_one(content())
    assert Version.objects.count() == 1


def test_one_refusal_refuses_all():
    good, bad = (
        content("diazepam"),
        Content(
            facts=Facts(medicine="tizanidine", indication="x"),
            narrative=Narrative(sections=(NarrativeSection(key="unplaced", html='<p data-block="a">Left over</p>'),)),
        ),
    )
    publications = [Publication(content=each, kind="imported", effective_date=date(2025, 9, 5)) for each in (good, bad)]
    with pytest.raises(NotPublishable):
        publish(publications=publications, source=SOURCE)
    assert not Recommendation.objects.exists()


def test_publishing_nothing_is_refused():
    with pytest.raises(NothingToPublish):
        publish(publications=[], source=SOURCE)


def test_a_citation_without_its_reference_is_refused():
    narrative = Narrative(
        sections=(NarrativeSection(key="harms", html='<p data-block="a">Sleepiness.<cite data-ref="r9"></cite></p>'),)
    )
    with pytest.raises(NotPublishable):
        publish_one(Content(facts=Facts(medicine="a", indication="b"), narrative=narrative))


def test_only_what_the_text_uses_is_published():
    narrative = Narrative(
        sections=(
            NarrativeSection(key="benefits"),
            NarrativeSection(key="harms", html='<p data-block="a">Sleepiness.<cite data-ref="r1"></cite></p>'),
        ),
        references=(
            Reference(id="r1", csl={"title": "Kept"}, original="1. Kept", guessed=("author",)),
            Reference(id="r2", csl={"title": "Never cited"}),
        ),
    )
    version = publish_one(Content(facts=Facts(medicine="a", indication="b"), narrative=narrative))
    assert version.content.narrative == Narrative(
        sections=(NarrativeSection(key="harms", html='<p data-block="a">Sleepiness.<cite data-ref="r1"></cite></p>'),),
        references=(Reference(id="r1", csl={"title": "Kept"}),),
    )


def test_markup_from_outside_is_cleaned_when_it_is_stored():
    narrative = Narrative(
        sections=(NarrativeSection(key="harms", html="<p onclick='x()'>Safe<script>alert(1)</script></p>"),)
    )
    html = publish_one(
        Content(facts=Facts(medicine="a", indication="b"), narrative=narrative)
    ).content.narrative.section("harms")
    assert "onclick" not in html
    assert "alert" not in html
    assert "Safe" in html


def test_status_is_read_from_the_facts_and_never_from_the_outcome():
    version = publish_one(content(placements=(PLACEMENT,)), kind="decision", outcome="not_recommended")
    assert (Listing.objects.get().status, version.outcome) == ("essential", "not_recommended")


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"placements": (PLACEMENT,)}, "essential"),
        ({"placements": (Placement(unnamed_list="listed"),)}, "essential"),
        ({"placements": (Placement(eml="removed"),)}, "removed"),
        (
            {"placements": (Placement(eml="not_listed"),), "history": (StatusEvent(event="added", year=2001),)},
            "removed",
        ),
        ({"history": (StatusEvent(event="not_recommended", year=2023),)}, "not_recommended"),
        ({"history": (StatusEvent(event="deferred", year=2023),)}, "not_listed"),
        ({}, "not_listed"),
    ],
)
def test_the_overall_status_follows_from_the_facts(facts: dict[str, Any], status: str):
    assert content(**facts).facts.status == status


def test_the_projection_can_be_dropped_and_rebuilt(capsys: pytest.CaptureFixture[str]):
    publish_one(content(placements=(PLACEMENT,), atc=("M03BX01",), icd11=("8D20",)))
    before = Listing.objects.values().get()
    call_command("rebuild_listings")
    assert capsys.readouterr().out == "1 listings written.\n"
    assert Listing.objects.values().get() == before
    assert before["sections"] == ["5", "5.1"]


def test_many_are_published_with_as_many_queries_as_one_and_the_record_holds(django_assert_num_queries: Any):
    publish_one(content("a"))
    with CaptureQueriesContext(connection) as one:
        publish_one(content("b", "Another use"))
    many = [
        Publication(content=content(f"medicine {n % 7}", f"use {n}"), kind="imported", effective_date=date(2025, 9, 5))
        for n in range(40)
    ]
    with django_assert_num_queries(len(one)):
        versions = publish(publications=many, source=SOURCE)
    assert [version.recommendation.number for version in versions] == list(range(3, 43))
    assert [version.position for version in versions] == list(range(3, 43))
    assert verify_record().holds
    assert set(Listing.objects.values_list("version", flat=True)) == set(Version.objects.values_list("pk", flat=True))


def test_two_publications_of_one_new_recommendation_are_refused_together():
    publications = [Publication(content=content(), kind="imported", effective_date=date(2025, 9, 5))] * 2
    with pytest.raises(BaseHasMoved):
        publish(publications=publications, source=SOURCE)
    assert not Version.objects.exists()


def test_a_publication_adds_its_own_details_to_the_provenance():
    assert publish_one(content(), details={"rows": [2, 5]}).provenance == {**SOURCE, "rows": [2, 5]}
