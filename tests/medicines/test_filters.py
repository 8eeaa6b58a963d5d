"""The filters of the List: several at once, counted so that each finds what its count says, and never refused."""

from __future__ import annotations

import re
from itertools import product
from urllib.parse import parse_qs

import pytest
from django.http import QueryDict
from django.test import Client

from medicines.content.schema import Aware, Formulation, Placement, SectionPath, SectionStep, StatusEvent
from medicines.facet_index import facet_index
from medicines.facets import NAMES
from medicines.filters import LABELS, READINGS, ListFilter
from medicines.models import AtcCode, Listing
from medicines.panel import ORDER, Panel
from medicines.results import Results
from tests import make
from tests.medicines.build import MEETING, content, imported, published

pytestmark = pytest.mark.django_db


def path(*steps: tuple[str, str], edition: str = "24") -> SectionPath:
    return SectionPath(edition=edition, steps=tuple(SectionStep(number=n, title=title) for n, title in steps))


PAIN = ("2", "Medicines for pain")
OPIOIDS = ("2.2", "Opioid analgesics")
OTHERS = ("2.10", "Other analgesics")
INFECTIONS = ("6", "Anti-infective medicines")


@pytest.fixture
def record() -> None:
    """Recommendations that differ in everything that can be filtered."""
    tablet = Formulation(route=("Oral", "Solid"), strengths=("10 mg",))
    drip = Formulation(route=("Parenteral",), strengths=("10 mg per mL",))
    for medicine, more in {
        "morphine": {
            "atc": ("N02AA01",),
            "placements": (
                Placement(section=path(PAIN, OPIOIDS), eml="core", emlc="core", formulations=(tablet, drip)),
            ),
        },
        "paracetamol": {
            "atc": ("N02BE01",),
            "placements": (Placement(section=path(PAIN, OTHERS), eml="core", formulations=(tablet,)),),
        },
        "amoxicillin": {
            "atc": ("J01CA04",),
            "aware": Aware(group="access"),
            "placements": (
                Placement(section=path(INFECTIONS), eml="core", emlc="complementary", formulations=(tablet,)),
            ),
        },
        "meropenem": {
            "atc": ("J01DH02",),
            "aware": Aware(group="watch"),
            "placements": (Placement(section=path(INFECTIONS), eml="complementary", formulations=(drip,)),),
        },
        "oldamine": {"atc": (), "placements": (Placement(section=path(PAIN, edition="23"), unnamed_list="removed"),)},
    }.items():
        imported(content(text=False, medicine=medicine, indication=f"Use of {medicine}", **more))
    published(content(medicine="baclofen"))
    rejected = content(
        text=False,
        medicine="examplimab",
        medicine_type="biological",
        placements=(Placement(eml="not_listed"),),
        history=(StatusEvent(event="not_recommended", year=2025),),
    )
    published(rejected, outcome="not_recommended", source={**MEETING, "meeting_number": 24})


def names(**asked: object) -> list[str]:
    return [listing.medicine.name for listing in Results(ListFilter(asked)).page(start=0, size=100)]


def panel(**asked: object) -> Panel:
    return Panel(Results(ListFilter(asked)))


def values(shown: Panel, facet: str) -> list[tuple[str, int, bool]]:
    (group,) = (group for group in shown.groups if group.facet == facet)
    return [(value.code or value.words, value.count, value.is_chosen) for value in group.values]


@pytest.mark.usefixtures("record")
class TestFilters:
    def test_each_narrows(self) -> None:
        assert names(status="not_recommended") == ["examplimab"]
        assert names(list="emlc") == ["amoxicillin", "baclofen", "morphine"]
        assert names(tier="complementary") == ["amoxicillin", "baclofen", "meropenem"]
        assert names(section="2") == ["morphine", "paracetamol"]
        assert names(section="2.1") == []
        assert names(section="23:2") == ["oldamine"]
        assert names(aware="watch") == ["meropenem"]
        assert names(atc="n02") == ["morphine", "paracetamol"]
        assert names(route="parenteral") == ["baclofen", "meropenem", "morphine"]
        assert names(type="biological") == ["examplimab"]
        assert names(meeting="24") == ["examplimab"]
        assert names(outcome="added") == ["baclofen"]
        assert names(evidence="figures") == ["baclofen"]

    def test_values_of_one_filter_add_up_and_filters_narrow_each_other(self) -> None:
        assert names(aware=["access", "watch"]) == ["amoxicillin", "meropenem"]
        assert names(aware=["access", "watch"], route="oral") == ["amoxicillin"]
        assert names(aware=["access", "watch"], section="2") == []
        assert names(q="use", aware=["access", "watch"], route="oral") == ["amoxicillin"]

    def test_a_value_finds_what_its_count_says_whatever_else_is_chosen(self) -> None:
        choices = [{}, {"status": ("essential",)}, {"q": "use"}, {"route": ("oral",), "list": ("eml",)}]
        checked = 0
        for asked in choices:
            results = Results(ListFilter(asked))
            for facet in READINGS:
                there = results.index.values(facet)
                for value, count in results.counts(facet, there).items():
                    again = ListFilter({**asked, facet: [value]})
                    assert Results(again).count == count == again.qs.count(), (asked, facet, value)
                    checked += 1
        assert checked > 150

    def test_any_two_values_find_in_memory_what_the_database_finds(self) -> None:
        index = facet_index()
        some = [(facet, value) for facet in READINGS for value in index.values(facet)[:2]]
        for (one, first), (other, second) in product(some, repeat=2):
            asked = ListFilter({one: [first], **({other: [second]} if one != other else {one: [first, second]})})
            assert set(Results(asked).keys()) == {row.pk for row in asked.qs}, (one, first, other, second)

    def test_counts_of_a_filter_leave_its_own_choice_out(self) -> None:
        assert values(panel(aware="access", route="oral"), "aware") == [("Access group", 1, True)]
        assert values(panel(aware="access"), "aware") == [("Access group", 1, True), ("Watch group", 1, False)]

    def test_sections_open_one_branch(self) -> None:
        assert values(panel(), "section") == [("2", 2, False), ("5", 1, False), ("6", 2, False)]
        opened = [("2", 2, True), ("2.2", 1, False), ("2.10", 1, False)]
        assert values(panel(section="2"), "section") == opened
        assert values(panel(section="2.10"), "section") == [("2", 2, False), ("2.2", 1, False), ("2.10", 1, True)]

    def test_classes_show_the_level_below_the_chosen_one(self) -> None:
        assert values(panel(), "atc") == [("J", 2, False), ("M", 2, False), ("N", 2, False)]
        assert values(panel(atc="N02"), "atc") == [
            ("N", 2, False),
            ("N02", 2, True),
            ("N02A", 1, False),
            ("N02B", 1, False),
        ]

    def test_orders(self) -> None:
        by_name = ["amoxicillin", "baclofen", "examplimab", "meropenem", "morphine", "oldamine", "paracetamol"]
        assert names() == names(sort="name") == names(sort="relevance") == names(sort="nonsense") == by_name
        assert names(sort="section") == [
            "morphine", "paracetamol", "baclofen", "amoxicillin", "meropenem", "examplimab", "oldamine",
        ]  # fmt: skip
        assert names(sort="number") == [
            "morphine", "paracetamol", "amoxicillin", "meropenem", "oldamine", "baclofen", "examplimab",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        "query",
        [
            "status=x&list=%00&section=..&atc=ZZZ&year=-1&aware=essential",
            "section=" + "1." * 4000,
            "&".join(f"atc=N{number:02}" for number in range(100)) + "&atc=N",
            "status=&section=%ED%A0%80&year=99999999999999999999&sort=%00&exactly=%00",
            "edition=١٢&meeting=1e9&type[]=x",
        ],
    )
    def test_what_says_nothing_is_left_out_and_told(self, client: Client, query: str) -> None:
        assert client.get(f"/search/?{query}").status_code == 200
        asked = ListFilter(QueryDict(query))
        assert asked.qs.count() == Results(asked).count

    def test_the_page_tells_what_it_left_out(self, client: Client) -> None:
        html = client.get("/search/?status=zz&status=essential").content.decode()
        assert "The filter “Status” has no value “zz”. It was left out." in html
        assert html.count('class="result"') == 5

    def test_each_choice_is_a_chip_that_can_be_taken_away(self, client: Client) -> None:
        AtcCode.objects.create(code="N02", name="ANALGESICS")
        html = client.get("/search/?q=use&status=essential&atc=N02&section=2&sort=number").content.decode()
        chips = re.findall(
            r'<li>\s*<a (?:class="all" )?href="([^"]*)"', html.partition('class="chips"')[2].partition("</ul>")[0]
        )
        assert [parse_qs(chip[1:].replace("&amp;", "&")) for chip in chips] == [
            {"q": ["use"], "section": ["2"], "atc": ["N02"], "sort": ["number"]},
            {"q": ["use"], "status": ["essential"], "atc": ["N02"], "sort": ["number"]},
            {"q": ["use"], "status": ["essential"], "section": ["2"], "sort": ["number"]},
            {"q": ["use"], "sort": ["number"]},
        ]
        assert "Analgesics" in html

    def test_every_address_of_the_page_finds_what_it_says(self, client: Client) -> None:
        html = client.get("/search/?route=oral&section=2").content.decode()
        links = re.findall(r'<a href="(\?[^"]*)"([^>]*id="choose-[^>]*)>(.*?)</a>', html, re.DOTALL)
        assert len(links) == 3
        for address, marks, words in links:
            if "aria-current" in marks:
                continue  # It leads to the list without it.
            count = int(re.findall(r'class="many">(\d+)', words)[0])
            found = client.get("/search/" + address.replace("&amp;", "&")).content.decode()
            assert found.count('class="result"') == count, address

    def test_without_scripts_it_is_a_form(self, client: Client) -> None:
        html = client.get("/search/?aware=watch&section=6&sort=number").content.decode()
        boxes = re.findall(r'<input type="checkbox"\s+form="list-form"\s+name="aware"\s+value="(\w+)"( checked)?', html)
        assert boxes == [("access", ""), ("watch", " checked")]
        assert '<input type="hidden" name="section" value="6">' in html
        assert '<input type="hidden" name="sort" value="number">' in html
        assert '<button type="submit" form="list-form">Apply filters</button>' in html

    def test_a_list_can_be_downloaded_as_it_stands(self, client: Client) -> None:
        html = client.get("/search/?q=use&aware=access&aware=watch").content.decode()
        assert 'href="/search/list.csv?q=use&amp;aware=access&amp;aware=watch"' in html
        assert 'href="/search/list.xlsx"' in client.get("/search/").content.decode()


def test_every_facet_has_a_filter_a_label_and_a_place_on_the_page() -> None:
    assert set(NAMES) == set(READINGS) == set(LABELS) == set(ORDER)
    assert set(NAMES) <= set(ListFilter.base_filters)


def test_the_index_is_read_anew_when_the_record_has_moved_and_only_then() -> None:
    imported()
    first = facet_index()
    assert facet_index() is first
    imported(content(text=False, medicine="another"))
    second = facet_index()
    assert (len(first.keys), len(second.keys)) == (1, 2)
    make.edition(24)
    assert facet_index() is not second


def test_a_set_of_no_longer_known_rows_is_smaller_not_wrong() -> None:
    imported()
    index = facet_index()
    assert index.set_of([*Listing.objects.values_list("pk", flat=True), 10**9]) == index.everything == 1


def test_an_empty_record_says_so(client: Client) -> None:
    assert "No decision has been published yet." in client.get("/search/").content.decode()
