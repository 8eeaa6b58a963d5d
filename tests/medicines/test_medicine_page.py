"""Medicines A–Z and the page of one medicine."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from medicines.content.schema import Alternatives, StatusEvent
from medicines.models import AtcCode, AwareEntry, Medicine
from tests.medicines.browse import editions, in_edition, links, named, queries, stated, text
from tests.medicines.build import content, corrected, published

pytestmark = pytest.mark.django_db


def of(version: object) -> str:
    return f"/medicines/{version.recommendation.medicine_id}/"  # type: ignore[attr-defined]


def test_names_stand_under_their_letters_in_whichever_script(client: Client) -> None:
    for name in ("Ácido fólico", "аспирин", "阿司匹林", "布洛芬", "17 beta", "baclofen", "(a mixture)"):
        published(content(medicine=name))
    letters = [link for link in links(client, "/medicines/") if link.startswith("?letter=")]
    assert letters == ["?letter=a", "?letter=b", "?letter=%D0%B0", "?letter=cjk", "?letter=other", "?letter=0"]
    assert "Ácido fólico Essential medicine 1 recommendation" in text(client, "/medicines/")
    assert "阿司匹林" in text(client, "/medicines/?letter=cjk")
    assert "布洛芬" in text(client, "/medicines/?letter=cjk")
    assert "17 beta" in text(client, "/medicines/?letter=0")
    assert "Ácido fólico" in text(client, "/medicines/?letter=nonsense")


def test_an_empty_record_says_so(client: Client) -> None:
    assert "No recommendation has been published yet." in text(client, "/medicines/")


def test_a_medicine_that_nothing_is_published_of_is_nowhere(client: Client) -> None:
    hidden = Medicine.objects.create(name="hiddenamab", key="hiddenamab", sort_key="hiddenamab")
    published()
    assert client.get(f"/medicines/{hidden.pk}/").status_code == 404
    assert "hiddenamab" not in text(client, "/medicines/?letter=h")


def test_a_row_tells_the_status_that_says_most(client: Client) -> None:
    published(content(indication="Hiccups", placements=(), history=(StatusEvent(event="not_recommended", year=2025),)))
    assert "Baclofen Not recommended for listing 1 recommendation" in text(client, "/medicines/")
    published()
    assert "Baclofen Essential medicine 2 recommendations" in text(client, "/medicines/")


def test_the_page_has_names_codes_and_the_dated_group(client: Client) -> None:
    version = published(content(atc=("M03BX01", "Z99ZZ99")))
    medicine = version.recommendation.medicine
    medicine.synonyms, medicine.former_names = ["lioresal"], ["baclophene"]
    medicine.save()
    AtcCode.objects.create(code="M03BX01", name="substance of that code")
    AwareEntry.objects.create(edition="2021", name="baclofen", key="baclofen", group="access")
    AwareEntry.objects.create(edition="2023", name="baclofen", key="baclofen", group="watch")
    page = text(client, of(version))
    assert "Other names lioresal Former names on the lists baclophene" in page
    assert "M03BX01 substance of that code Z99ZZ99 Not in the imported classification" in page
    assert "Watch AWaRe classification of 2023 Access AWaRe classification of 2021" in page


def test_without_an_imported_classification_no_code_is_called_unknown(client: Client) -> None:
    assert "Not in the imported classification" not in text(client, of(published()))


def test_uses_are_grouped_and_partners_lead_to_their_pages(client: Client) -> None:
    alone = published(content(medicine="gentamicin", indication="Sepsis"))
    published(content(medicine="gentamicin", indication="Sepsis", partners=("ampicillin",)))
    partner = published(content(medicine="Ampicillin", indication="Sepsis"))
    page = text(client, of(alone))
    assert "Sepsis On its own Essential medicine" in page
    assert "+ ampicillin Essential medicine" in page
    assert of(partner) in links(client, of(alone))


def test_alternatives_are_linked_both_ways(client: Client) -> None:
    square = published(content(medicine="amlodipine", indication="Hypertension", alternatives=named("Nifedipine")))
    named_one = published(content(medicine="nifedipine", indication="Angina", atc=("C08CA05",)))
    a_class = published(
        content(medicine="felodipine", indication="Pain", alternatives=Alternatives(kind="atc_class", atc="C08CA"))
    )
    stranger = published(content(medicine="aspirin", indication="Fever", atc=("N02BA01",)))
    assert of(named_one) in links(client, of(square))
    back = text(client, of(named_one))
    heading = "An alternative in recommendations for other medicines"
    assert f"{heading} Amlodipine Hypertension Felodipine Pain" in back
    assert heading not in text(client, of(stranger))
    assert heading not in text(client, of(a_class))
    decision = text(client, f"/recommendations/{named_one.recommendation.number}/")
    assert "Nifedipine as an alternative to other medicines Amlodipine – Hypertension" in decision


def test_a_former_name_means_the_medicine_too(client: Client) -> None:
    published(content(medicine="amlodipine", indication="Hypertension", alternatives=named("nifedipin")))
    renamed = published(content(medicine="nifedipine", indication="Angina"))
    Medicine.objects.filter(pk=renamed.recommendation.medicine_id).update(former_names=["Nifedipin"])
    assert "Amlodipine Hypertension" in text(client, of(renamed))


def test_the_timeline_tells_editions_decisions_and_corrections(client: Client) -> None:
    older, newer = editions()
    in_edition(older, stated("exemplin", "Hiccups"))
    in_edition(newer, stated("exemplin", "Yawning"))
    decided = published(content(medicine="exemplin", indication="Pain", history=()), effective_date=date(2026, 3, 1))
    corrected(
        decided, content(medicine="exemplin", indication="Pain", history=(), weight="> 25 kg"), note="The weight."
    )
    page = text(client, of(decided)).partition("Through the years ")[2]
    assert page.startswith("2026 Correction Pain 25th Expert Committee · 1 March 2026 Added Pain")
    assert "2025 EML 24 · 1 recommendation 2023 EML 23 · 1 recommendation" in page


def test_histories_that_uses_share_are_told_once(client: Client) -> None:
    first = StatusEvent(event="first_added", year=1977, report="TRS 615")
    one = published(content(text=False, indication="Hiccups", history=(first,)), kind="imported", outcome="")
    published(content(text=False, indication="Yawning", history=(first,)), kind="imported", outcome="")
    assert text(client, of(one)).count("First added in 1977") == 1


def test_a_page_asks_as_often_for_many_recommendations_as_for_one(client: Client) -> None:
    one = published(content(alternatives=named("diazepam"), partners=("ampicillin",)))
    few = [queries(client, address) for address in ("/medicines/?letter=b", of(one))]
    for number in range(12):
        published(
            content(indication=f"Use {number}", alternatives=named(f"other {number}"), atc=(f"M03BX0{number % 9}",))
        )
        published(content(medicine=f"b {number}", alternatives=named("baclofen")))
    assert [queries(client, address) for address in ("/medicines/?letter=b", of(one))] == few
