"""Indications, ATC classes, meetings, figures, the front page and the ways that lead to all of them."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from medicines.browsing.counts import PAGE, Rows, page_of
from medicines.browsing.meetings import MeetingRow
from medicines.content.schema import Aware, Formulation, Placement
from medicines.documents.plots import Bar, Group, bars
from medicines.models import AtcCode, Icd11Entity, Indication, Listing
from tests import make
from tests.medicines.browse import editions, in_edition, links, queries, stated, text
from tests.medicines.build import CEREBRAL_PALSY, MEETING, content, corrected, published

pytestmark = pytest.mark.django_db


def test_an_indication_has_its_medicines_the_essential_ones_first(client: Client) -> None:
    removed = (Placement(section=CEREBRAL_PALSY, eml="removed"),)
    version = published(content(medicine="abacavir", indication="HIV", placements=removed, icd11=("1C62",)))
    published(content(medicine="zidovudine", indication="HIV", icd11=()))
    address = f"/indications/{version.recommendation.indication_id}/"
    page = text(client, address)
    assert page.index("Zidovudine") < page.index("Abacavir")
    assert "ICD-11 1C62 Essential medicine Zidovudine" in page
    Icd11Entity.objects.create(release="2025-01", place=1, kind="category", code="1C62", title="Title", key="title")
    assert "1C62 Title" in text(client, address)
    few = queries(client, f"{address}?x")
    for number in range(9):
        published(content(medicine=f"another {number}", indication="HIV"))
    assert queries(client, f"{address}?x") == few


def test_an_indication_without_a_code_leads_to_its_block(client: Client) -> None:
    version = published(content(indication="Malaria", icd11=()))
    block = Icd11Entity.objects.create(release="2025-01", place=1, kind="block", title="Malaria", key="malaria")
    Indication.objects.filter(pk=version.recommendation.indication_id).update(icd11_block=block)
    assert "ICD-11 Malaria Block" in text(client, f"/indications/{version.recommendation.indication_id}/")
    decision = text(client, f"/recommendations/{version.recommendation.number}/")
    assert "From classifications Not part of the decision. ICD-11 Malaria Block · 2025-01" in decision


def test_indications_stand_under_their_letters(client: Client) -> None:
    published(content(indication="Éclampsie"))
    assert "Indications A–Z E E Éclampsie Essential medicine 1 recommendation" in text(client, "/indications/")


def test_classes_have_counts_names_where_imported_and_flags(client: Client) -> None:
    published(content(atc=("M03BX01",)))
    published(content(indication="Pain", atc=("M03BX99", "N02")))
    assert "M 2 N 1" in text(client, "/atc/")
    assert "Not in the imported classification" not in text(client, "/atc/")
    for code, name in (("M", "A group"), ("M03", "Another"), ("M03BX01", "A substance")):
        AtcCode.objects.create(code=code, name=name)
    front = text(client, "/atc/")
    assert "M A group 2" in front
    assert "Codes that the imported classification does not have" in front
    assert "M03BX99 Not in the imported classification 1" in front
    page = text(client, "/atc/M03/")
    assert "M A group M03 Another 2 recommendations Classes below M03B" in page
    assert "The imported classification does not have this code." in text(client, "/atc/M03BX99/")
    assert client.get("/atc/X/").status_code == 404


def test_a_meeting_tells_all_its_outcomes_with_the_versions_that_they_made(client: Client) -> None:
    added = published(content(medicine="addlin"))
    corrected(added, content(medicine="addlin", weight="> 25 kg"), note="The weight.")
    never = {"placements": (Placement(section=CEREBRAL_PALSY, eml="not_listed"),), "history": ()}
    published(content(medicine="rejectlin", **never), outcome="not_recommended")
    asked = MEETING | {"asked": "Longer studies.", "edition": 24}
    published(content(medicine="deferlin", **never), outcome="deferred", source=asked)
    page = text(client, "/meetings/25/")
    assert "Decisions 3 · Added: 1 · Not recommended: 1 · Decision deferred: 1" in page
    assert "Added Addlin Spastic cerebral palsy A.22 Corrected since Not recommended Rejectlin" in page
    assert "Decision deferred Deferlin Spastic cerebral palsy A.22 Longer studies." in page
    assert f"/recommendations/{added.recommendation.number}/v1/" in links(client, "/meetings/25/")
    assert "/editions/24/" not in links(client, "/meetings/25/"), "The record has no such edition."
    make.edition(24)
    assert "/editions/24/" in links(client, "/meetings/25/")
    assert "25th Expert Committee TRS 1064 3 decisions" in text(client, "/meetings/")
    assert client.get("/meetings/26/").status_code == 404


def test_a_meeting_asks_as_often_for_many_outcomes_as_for_few(client: Client) -> None:
    published()
    few = queries(client, "/meetings/25/?x")
    for number in range(9):
        published(content(medicine=f"another {number}"))
    assert queries(client, "/meetings/25/?x") == few


def test_the_way_to_an_outcome_leads_to_the_page_on_which_it_begins() -> None:
    outcomes = {"deferred": 2, "added": PAGE - 1, "removed": 1, "kept": 1}
    ways = MeetingRow(number="25", name="25th", year=2025, report="", outcomes=outcomes).ways
    assert [where for where, _words, _count in ways] == ["#added", "#kept", "?page=2#removed", "?page=2#deferred"]


def test_a_row_that_is_gone_by_now_is_left_out_of_its_page() -> None:
    key = published().recommendation_id
    rows = Rows(Listing.objects.all(), keys=lambda: [10**9, key, 10**9 + 1], count=3)
    assert [listing.pk for listing in page_of(rows, "1")] == [key]
    assert list(page_of(rows, "2", size=2)) == []


def test_figures_are_plots_with_their_tables(client: Client) -> None:
    older, newer = editions()
    in_edition(older, stated("onelin"))
    for given in (stated("onelin", "Hiccups"), stated("onelin", "Yawning"), stated("twolin")):
        in_edition(newer, given)
    published(content(medicine="bugkillin", aware=Aware(group="watch")))
    page = text(client, "/figures/")
    assert "EML 24 (2025) 2 3 0 0 2 What holds now 3 4 1 1 2" in page
    assert "25th Expert Committee Added 1" in page
    assert "Watch 1" in page
    html = client.get("/ar/figures/").content.decode()
    assert html.count('<svg class="bars"') == html.count('role="img"') == 3
    assert 'direction="rtl"' in html
    assert re.search(r'<text class="heading"[^>]* direction="ltr" lang="en">25th Expert Committee</text>', html)
    assert '<bdi lang="en" dir="ltr">25th Expert Committee</bdi>' in html
    assert " style=" not in html


def test_an_empty_record_has_no_plot_and_no_error(client: Client) -> None:
    addresses = ("/figures/", "/atc/", "/meetings/", "/editions/", "/sections/", "/indications/", "/")
    assert ['<svg class="bars"' in client.get(address).content.decode() for address in addresses] == [False] * 7
    assert text(client, "/figures/").count("The record holds nothing to count here yet.") == 3


def test_a_plot_escapes_names_and_draws_to_scale() -> None:
    svg = bars("Title", [Group((Bar("<b>", 4), Bar("half", 2), Bar("none", 0)))])
    assert "<b>" not in svg
    assert re.findall(r'class="bar" x="0.00%" y="\d+" width="([\d.]+)%"', svg) == ["100.00", "50.00", "0.00"]
    assert "<title>Title</title><desc>&lt;b&gt;: 4, half: 2, none: 0</desc>" in svg
    assert bars("Empty", [])


def test_the_ways_into_the_record_stand_on_every_page_in_its_language(client: Client) -> None:
    version = published()
    for address in ("/fr/", "/fr/medicines/", f"/fr/recommendations/{version.recommendation.number}/", "/fr/about/"):
        found = links(client, address)
        for way in ("search", "medicines", "indications", "sections", "editions", "meetings", "figures", "data"):
            assert f"/fr/{way}/" in found, (address, way)
    current = re.findall(r'href="([^"]*)" aria-current="true">', client.get("/medicines/").content.decode())
    assert current == ["/medicines/"]


def test_a_decision_leads_into_the_record(client: Client) -> None:
    edition = make.edition(24)
    make.section(edition, "5", "Medicines for neurological disorders")
    version = published()
    recommendation = version.recommendation
    found = links(client, f"/recommendations/{recommendation.number}/")
    for address in (
        f"/medicines/{recommendation.medicine_id}/",
        f"/indications/{recommendation.indication_id}/",
        "/sections/24/5/",
        "/atc/M03BX01/",
        "/meetings/25/",
        "/editions/24/",
    ):
        assert address in found, address
        assert client.get(address).status_code == 200, address


def test_medicines_of_a_class_are_one_link_away(client: Client) -> None:
    """What was printed as a square box leads to the class from which a national list chooses."""
    formulation = Formulation(route=("Oral",), strengths=("5 mg",))
    version = published(
        content(
            alternatives={"kind": "atc_class", "atc": "M03BX"},
            placements=(Placement(section=CEREBRAL_PALSY, eml="core", formulations=(formulation,)),),
        )
    )
    assert "/atc/M03BX/" in links(client, f"/recommendations/{version.recommendation.number}/")
    assert "/atc/M03BX/" in links(client, f"/medicines/{version.recommendation.medicine_id}/")


def test_a_code_that_has_not_the_form_of_one_is_shown_and_leads_nowhere(client: Client) -> None:
    """Lists keep such codes as they stand: no page, no file and no sitemap may fail because of one."""
    odd = published(content(atc=("A/B", "A\nB:C", "M03BX0"), alternatives={"kind": "atc_class", "atc": "M03/BX"}))
    addresses = ["/", "/atc/", "/search/?q=A/B", "/api/v1/atc", f"/medicines/{odd.recommendation.medicine_id}/"]
    sitemaps = re.findall(r"<loc>http://testserver(/[^<]+)</loc>", client.get("/sitemap.xml").content.decode())
    assert sitemaps
    for address in (*addresses, *sitemaps, f"/recommendations/{odd.recommendation.number}/"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert not re.search(rb"/atc/[AM]", b"".join(answer)), address  # type: ignore[call-overload]
    assert "A/B" in text(client, f"/medicines/{odd.recommendation.medicine_id}/")
