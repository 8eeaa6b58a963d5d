"""The search finds what readers type, says so when it finds nothing, and takes any input."""

import pytest
from django.test import Client

from medicines.content.schema import Placement
from medicines.search import find
from tests.medicines.build import CEREBRAL_PALSY, content, imported

pytestmark = pytest.mark.django_db


def names(query: str = "", **more: str) -> list[str]:
    return [listing.medicine.name for listing in find(query, **more)]


@pytest.fixture
def record() -> None:
    imported(content(text=False, medicine="amoxicillin", indication="Pneumonia", atc=("J01CA04",), icd11=("CA40",)))
    imported(content(text=False, medicine="baclofen", indication="Spastic cerebral palsy"))
    imported(content(text=False, medicine="époétine", indication="Anaemia with baclofen", placements=()))


@pytest.mark.usefixtures("record")
class TestFind:
    def test_every_word_must_stand_somewhere(self) -> None:
        assert names("palsy bac") == ["baclofen"]
        assert names("pneumonia baclofen") == []

    def test_what_begins_with_the_query_comes_first(self) -> None:
        assert names("baclofen") == ["baclofen", "époétine"]

    def test_case_and_accents_do_not_matter(self) -> None:
        assert names("EPOETINE") == ["époétine"]
        assert names("  Époétine ") == ["époétine"]

    def test_codes_are_found(self) -> None:
        assert names("j01ca04") == ["amoxicillin"]
        assert names("CA40") == ["amoxicillin"]

    def test_a_section_includes_those_below_it(self) -> None:
        assert names(section="5") == ["amoxicillin", "baclofen"]
        assert names(section="5.1.4") == ["amoxicillin", "baclofen"]
        assert names("palsy bac", section="5.1") == ["baclofen"]
        assert names(section="51") == []

    def test_nothing_asked_finds_nothing(self) -> None:
        assert names("   ") == []

    @pytest.mark.parametrize("query", ["%", "_", "\\", "'", "q\0z", "%s", "☃", "a" * 5000])
    def test_signs_of_the_database_are_only_signs(self, query: str) -> None:
        assert names(query) == []


def test_an_empty_result_says_what_to_do(client: Client) -> None:
    html = client.get("/search/?q=nothing+at+all").content.decode()
    assert "No recommendation has all the words “nothing at all”." in html
    assert "not under brand names" in html


def test_a_search_keeps_what_was_typed(client: Client) -> None:
    html = client.get("/search/", {"q": '  "quoted"   words '}).content.decode()
    assert 'value="&quot;quoted&quot; words"' in html


def test_long_results_are_paged_and_keep_the_query(client: Client) -> None:
    for number in range(31):
        imported(
            content(
                text=False,
                medicine=f"medicine {number}",
                placements=(Placement(section=CEREBRAL_PALSY, eml="core"),),
            )
        )
    first = client.get("/search/?q=medicine+5.1").content.decode()
    assert "No recommendation" in first  # Section numbers are asked for apart.
    first = client.get("/search/?q=medicine&section=5.1").content.decode()
    assert "31 recommendations" in first
    assert first.count('class="result"') == 30
    assert 'href="?q=medicine&amp;section=5.1&amp;page=2"' in first
    second = client.get("/search/?q=medicine&section=5.1&page=2").content.decode()
    assert second.count('class="result"') == 1


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999"])
def test_any_page_number_gives_a_page(client: Client, page: str) -> None:
    assert client.get("/search/", {"q": "x", "page": page}).status_code == 200
