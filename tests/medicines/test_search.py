"""The search finds what readers type, mistyped too, the medicine itself first; it takes anything and is never stale."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from medicines.actions.listing import rebuild_listings, refresh_listings
from medicines.content.schema import Facts, Placement, SectionPath, SectionStep
from medicines.filters import ListFilter
from medicines.models import AtcCode, Icd11Entity, Listing, ListingText, SearchWord
from medicines.results import Results
from medicines.search.lexemes import Place, lexemes
from medicines.search.spelling import distances, forms, is_spelt, nearest
from medicines.search.words import Word, asked, whole, words
from tests import make
from tests.house import CANARIES, build
from tests.medicines.build import CEREBRAL_PALSY, content, corrected, imported, published

pytestmark = pytest.mark.django_db

LUNGS = SectionPath(edition="24", steps=(SectionStep(number="25", title="Medicines acting on the respiratory tract"),))


def results(query: str = "", **asked: object) -> Results:
    return Results(ListFilter({"q": query, **asked}))


def names(query: str = "", **asked: object) -> list[str]:
    return [listing.medicine.name for listing in results(query, **asked).page(start=0, size=100)]


def meant(query: str) -> dict[str, str]:
    return dict(results(query).matches.meant)


@pytest.fixture
def record() -> None:
    imported(
        content(
            text=False,
            medicine="amoxicillin",
            indication="Pneumonia",
            atc=("J01CA04",),
            icd11=("CA40.0",),
            placements=(Placement(section=LUNGS, eml="core"),),
        )
    )
    imported(content(text=False, medicine="baclofen", indication="Spastic cerebral palsy"))
    imported(content(text=False, medicine="époétine", indication="Anaemia with baclofen", placements=()))


# Words


class TestWords:
    def test_accents_case_and_signs_are_folded(self) -> None:
        assert list(words("Époétine (ALFA), µg")) == ["epoetine", "alfa", "μg"]

    def test_codes_and_numbers_stay_whole(self) -> None:
        assert list(words("8D20.1")) == ["8d20.1", "8d201", "8d20"]
        assert list(words("5.1.4")) == ["5.1.4"]
        assert list(words("Words.And so")) == ["words", "and", "wordsand", "so"]
        assert [word.text for word in asked("N02BE01 5.1.4 8D20.1", most=12)] == ["n02be01", "5.1.4", "8d20.1"]

    def test_a_hyphen_parts_and_joins(self) -> None:
        assert list(words("co-trimoxazole")) == ["co", "trimoxazole", "cotrimoxazole"]

    def test_chinese_is_taken_as_overlapping_pairs_and_single_signs(self) -> None:
        assert list(words("脑性瘫痪")) == ["脑", "性", "瘫", "痪", "脑性", "性瘫", "瘫痪"]
        assert asked("脑性瘫", most=12) == (Word("脑性", is_whole=True), Word("性瘫", is_whole=True))
        assert asked("脑", most=12) == (Word("脑", is_whole=True),)

    def test_korean_syllables_stay_whole(self) -> None:
        assert asked("한국", most=12) == (Word("한국", is_whole=True),)

    def test_a_number_is_asked_for_whole_and_a_word_by_its_beginning(self) -> None:
        assert asked("vitamin 12 b", most=12) == (Word("vitamin"), Word("12", is_whole=True), Word("b", is_whole=True))
        assert asked("b", most=12) == (Word("b"),)

    def test_a_name_is_one_whatever_stands_between_its_words(self) -> None:
        assert whole("Amoxicillin + Clavulanic-acid ") == "amoxicillin clavulanic acid"

    @given(st.text())
    def test_any_text_makes_words_that_the_database_reads(self, text: str) -> None:
        written = lexemes([text], {Place.TEXT: [text]})
        with connection.cursor() as cursor:
            cursor.execute("SELECT length(%s::tsvector)", [written])
            (found,) = cursor.fetchone()
        assert found == len({f"t{word}" for word in words(text)} | ({f"n{whole(text)}"} if whole(text) else set()))


class TestSpelling:
    @pytest.mark.parametrize(
        ("typed", "word"),
        [
            ("paracetmol", "paracetamol"),
            ("baclofene", "baclofen"),
            ("amoxicilin", "amoxicillin"),
            ("ibuprofne", "ibuprofen"),
            ("zicn", "zinc"),
            ("парацетмол", "парацетамол"),
            ("باراسيتمول", "باراسيتامول"),
        ],
    )
    def test_words_that_are_near_share_a_form_in_any_script(self, typed: str, word: str) -> None:
        assert set(forms(typed)) & set(forms(word))
        assert nearest(typed, ["morphine", word, "yellow"]) == [word]

    def test_two_letters_the_wrong_way_round_are_one_mistake(self) -> None:
        assert distances("ibuprofne", "ibuprofen") == (1, 1)

    def test_a_word_that_goes_on_is_near_by_its_beginning(self) -> None:
        assert distances("paracetm", "paracetamol") == (1, 3)

    def test_another_first_letter_is_another_word(self) -> None:
        assert nearest("killer", ["silver", "miller"]) == []

    def test_codes_and_chinese_are_not_spelt(self) -> None:
        assert [is_spelt(word) for word in ("n02be01", "脑性", "hi", "hiv")] == [False, False, False, True]


# Finding


@pytest.mark.usefixtures("record")
class TestFind:
    def test_every_word_must_stand_somewhere(self) -> None:
        assert names("palsy bac") == ["baclofen"]
        assert names("pneumonia baclofen") == []

    def test_case_and_accents_do_not_matter(self) -> None:
        assert names("EPOETINE") == ["époétine"]
        assert names("  Époétine ") == ["époétine"]

    @pytest.mark.parametrize("code", ["j01ca04", "J01CA", "CA40", "CA40.0", "ca400"])
    def test_codes_are_found_with_and_without_dots(self, code: str) -> None:
        assert names(code) == ["amoxicillin"]

    def test_sections_are_found_by_number_and_title(self) -> None:
        assert names("25") == ["amoxicillin"]
        assert names("respiratory tract") == ["amoxicillin"]
        assert names("2") == []

    def test_nothing_typed_finds_everything(self) -> None:
        assert names("   ") == ["amoxicillin", "baclofen", "époétine"]

    @pytest.mark.parametrize(
        "query", ["%", "_", "\\", "'", "q\0z", "☃", "a" * 5000, "':*", "& |", "!", "<->", "\ud800", "1" * 300]
    )
    def test_signs_of_the_database_are_only_signs(self, query: str) -> None:
        found = names(query)
        assert found in ([], ["amoxicillin", "baclofen", "époétine"])  # What has no word at all asks nothing.

    def test_the_filter_set_finds_the_same_in_the_database(self) -> None:
        for query in ("", "baclofen", "palsy bac", "baclofne", "nothing at all", "25"):
            asked = ListFilter({"q": query})
            assert {row.pk for row in asked.qs} == set(Results(asked).keys()), query


def test_the_medicine_itself_comes_first_then_by_where_the_words_stand() -> None:
    imported(content(text=False, medicine="aspirin for hearts", indication="Pain"))
    imported(content(text=False, medicine="aspirin", indication="Zoster"))
    imported(content(text=False, medicine="caffeine and aspirin", indication="Pain"))
    imported(content(text=False, medicine="abciximab", indication="Aspirin poisoning"))
    lungs = SectionPath(edition="24", steps=(SectionStep(number="3", title="Aspirin and the like"),))
    imported(content(text=False, medicine="aardvark", indication="Pain", placements=(Placement(section=lungs),)))
    text = content(medicine="a medicine", indication="Pain")
    told = text.narrative.sections[0].model_copy(update={"html": '<p data-block="a">Unlike aspirin.</p>'})
    published(text.model_copy(update={"narrative": text.narrative.model_copy(update={"sections": (told,)})}))
    assert names("aspirin") == [
        "aspirin",
        "aspirin for hearts",
        "caffeine and aspirin",
        "abciximab",
        "aardvark",
        "a medicine",
    ]
    assert names("aspirin", sort="name")[0] == "a medicine"


def test_the_decisions_text_is_found_and_is_no_source_of_corrections() -> None:
    published()
    assert names("sleepiness") == ["baclofen"]
    assert meant("sleepines") == {}
    assert meant("sleepinss") == {}
    assert not SearchWord.objects.filter(word="sleepiness").exists()


def test_a_synonym_is_found_like_the_name() -> None:
    version = imported(content(text=False, medicine="paracetamol", indication="Pain"))
    medicine = version.recommendation.medicine
    medicine.synonyms = ["Acetaminophen"]
    medicine.save()
    refresh_listings(recommendations=[version.recommendation])
    imported(content(text=False, medicine="methionine", indication="Acetaminophen poisoning"))
    assert names("acetaminophen") == ["paracetamol", "methionine"]
    assert meant("acetaminofen") == {"acetaminofen": "acetaminophen"}


def test_titles_of_classes_are_found_as_imported_in_any_script() -> None:
    AtcCode.objects.create(code="M03", name="Muscle relaxants")
    AtcCode.objects.create(code="M03BX01", name="баклофен")
    Icd11Entity.objects.create(release="1", place=1, kind="category", code="8D20", title="痉挛型脑性瘫痪", key="x")
    Icd11Entity.objects.create(release="1", place=2, kind="category", code="8D21", title="شلل", key="y")
    imported(content(text=False, icd11=("8D20", "8D21")))
    for query in ("relaxants", "Баклофен", "脑性瘫痪", "瘫痪", "痉", "شلل"):
        assert names(query) == ["baclofen"], query
    assert names("瘫脑") == []
    assert meant("баклофн") == {"баклофн": "баклофен"}


@pytest.mark.usefixtures("record")
class TestMistakes:
    @pytest.mark.parametrize(
        ("typed", "word"),
        [("baclofene", "baclofen"), ("amoxicilin", "amoxicillin"), ("amoxcicillin", "amoxicillin"), ("plasy", "palsy")],
    )
    def test_a_word_that_nobody_knows_is_taken_for_the_nearest(self, typed: str, word: str) -> None:
        assert meant(typed) == {typed: word}
        assert names(typed) == names(word)

    def test_a_word_that_is_known_is_left_alone(self) -> None:
        assert meant("baclofen") == {}

    def test_the_page_says_so_and_leads_to_what_was_typed(self, client: Client) -> None:
        html = client.get("/search/?q=spastic+baclofene").content.decode()
        assert (
            "No recommendation has the word “baclofene”. These are the results for <strong>baclofen</strong>." in html
        )
        assert 'href="?q=spastic+baclofene&amp;exactly=1"' in html
        exactly = client.get("/search/?q=spastic+baclofene&exactly=1").content.decode()
        assert "No recommendation has all the words “spastic baclofene”." in exactly
        assert "These are the results" not in exactly


def test_what_is_published_is_found_at_once_and_what_it_replaced_no_more(client: Client) -> None:
    def found(query: str) -> bool:
        return 'class="result"' in client.get("/search/", {"q": query, "exactly": "1"}).content.decode()

    assert not found("baclofen")
    version = imported(content(text=False, weight="> 1 kg", partners=("physiotherapist",)))
    assert (found("baclofen"), found("physiotherapist")) == (True, True)
    assert client.get("/search/?status=essential").content.decode().count('class="result"') == 1
    removed = content(text=False, partners=("physiotherapist",), placements=(Placement(unnamed_list="removed"),))
    imported(removed, base=version, effective_date=date(2026, 1, 1))
    assert client.get("/search/?status=essential").content.decode().count('class="result"') == 0
    assert client.get("/search/?status=removed").content.decode().count('class="result"') == 1


def test_a_correction_takes_its_words_out_of_the_search() -> None:
    wrong = published()
    assert names("sleepiness") == ["baclofen"]
    corrected(wrong, content(text=False), note="The text was another's.")
    assert names("sleepiness") == []


def test_a_rebuilt_record_is_found_alike_and_forgets_words_that_nobody_has() -> None:
    imported()
    SearchWord.objects.create(word="ghost", keys=forms("ghost"))
    before = dict(ListingText.objects.values_list("listing", "lexemes"))
    rebuild_listings()
    assert dict(ListingText.objects.values_list("listing", "lexemes")) == before
    assert not SearchWord.objects.filter(word="ghost").exists()
    assert meant("baclofne") == {"baclofne": "baclofen"}


def test_no_word_of_a_draft_is_found(client: Client) -> None:
    build()
    kept = " ".join(str(row) for row in ListingText.objects.values_list("lexemes", flat=True))
    kept += " ".join(SearchWord.objects.values_list("word", flat=True))
    assert [name for name, word in CANARIES.items() if word in kept] == []
    for word in CANARIES.values():
        assert names(word, exactly="1") == []
        assert client.get("/search/suggestions/", {"q": word[:8]}).json()["suggestions"] == []


def test_queries_do_not_depend_on_how_much_is_found(client: Client) -> None:
    counts = []
    for size in (1, 40):
        for number in range(size):
            imported(content(text=False, medicine=f"medicine {size} {number}"))
        found = []
        for path in (
            "/search/",
            "/search/?q=medicine+sec&status=essential",
            "/search/?q=medicnie",
            "/search/suggestions/?q=med",
        ):
            client.get("/search/")  # The index of facets is read anew by whoever comes first.
            with CaptureQueriesContext(connection) as queries:
                client.get(path)
            found.append(len(queries))
        counts.append(found)
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 7


# The page


def test_an_empty_result_says_what_to_do(client: Client) -> None:
    imported()
    html = client.get("/search/?q=baclofen+xylophone").content.decode()
    assert "No recommendation has all the words “baclofen xylophone”." in html
    assert "not under brand names" in html
    assert 'href="?q=baclofen"' in html


def test_filters_that_fit_nothing_together_can_be_taken_away_one_by_one(client: Client) -> None:
    imported()
    html = client.get("/search/?q=baclofen&status=removed&section=5.1").content.decode()
    assert "No recommendation fits all that is chosen." in html
    assert '<a href="?q=baclofen&amp;section=5.1" rel="nofollow">Without the filter Status:' in html


def test_a_search_keeps_what_was_typed(client: Client) -> None:
    html = client.get("/search/", {"q": '  "quoted"   words '}).content.decode()
    assert 'value="&quot;quoted&quot; words"' in html


def test_long_results_are_paged_and_keep_the_query(client: Client) -> None:
    for number in range(31):
        placement = Placement(section=CEREBRAL_PALSY, eml="core")
        imported(content(text=False, medicine=f"medicine {number}", placements=(placement,)))
    first = client.get("/search/?q=medicine&section=5.1").content.decode()
    assert "31 recommendations" in first
    assert first.count('class="result"') == 30
    assert 'href="?q=medicine&amp;section=5.1&amp;page=2"' in first
    second = client.get("/search/?q=medicine&section=5.1&page=2").content.decode()
    assert second.count('class="result"') == 1
    assert '<ol class="results" start="31">' in second


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999", "\0"])
def test_any_page_number_gives_a_page(client: Client, page: str) -> None:
    assert client.get("/search/", {"q": "x", "page": page}).status_code == 200


# Suggestions


def suggested(client: Client, typed: str, path: str = "/search/suggestions/") -> list[tuple[str, ...]]:
    found = client.get(path, {"q": typed}).json()["suggestions"]
    return [(each["kind"], each["code"], each["also"], each["words"]) for each in found]


class TestSuggestions:
    def test_medicines_come_first_then_uses_sections_and_classes(self, client: Client) -> None:
        edition = make.edition(24)
        make.section(edition, "5", "Medicines for the spine")
        AtcCode.objects.create(code="M03B", name="Spinal relaxants")
        imported(content(text=False, medicine="spinosad", indication="Lice"))
        imported(content(text=False, indication="Spina bifida"))
        assert suggested(client, "spin") == [
            ("Medicine", "", "", "spinosad"),
            ("Indication", "", "", "Spina bifida"),
            ("Section", "5", "", "Medicines for the spine"),
            ("ATC class", "M03B", "", "Spinal relaxants"),
        ]

    def test_another_name_leads_to_the_medicine(self, client: Client) -> None:
        version = imported(content(text=False, medicine="paracetamol", indication="Pain"))
        medicine = version.recommendation.medicine
        medicine.synonyms = ["N-(4-hydroxyphenyl)-acetamide-and-all-that-is-called-so", "Acetaminophen"]
        medicine.save()
        refresh_listings(recommendations=[version.recommendation])
        (found,) = client.get("/search/suggestions/?q=acetam").json()["suggestions"]
        assert found == {
            "kind": "Medicine",
            "words": "paracetamol",
            "code": "",
            "also": "Acetaminophen",
            "address": f"/medicines/{medicine.pk}/",
        }

    def test_a_mistake_is_forgiven_while_typing(self, client: Client) -> None:
        imported()
        assert suggested(client, "bacloffe") == [("Medicine", "", "", "baclofen")]

    def test_a_code_leads_to_its_use(self, client: Client) -> None:
        version = imported(content(text=False))
        indication = version.recommendation.indication
        indication.icd11 = ["8D20"]
        indication.save()
        refresh_listings(recommendations=[version.recommendation])
        assert ("Indication", "8D20", "", "Spastic cerebral palsy") in suggested(client, "8d2")

    def test_at_most_eight_are_given(self, client: Client) -> None:
        for number in range(12):
            imported(content(text=False, medicine=f"spin {number}", indication=f"Spin {number}"))
        assert len(suggested(client, "spin")) == 8

    def test_kinds_and_addresses_are_in_the_language_of_the_page(self, client: Client) -> None:
        imported()
        found = client.get("/fr/search/suggestions/?q=baclo").json()
        assert found["suggestions"][0]["address"].startswith("/fr/medicines/")
        assert found["suggestions"][0]["kind"] == "Médicament"
        assert found["language"] == "en"

    @pytest.mark.parametrize("typed", ["", "\0", "%", "a" * 3000, "'", "☃", "🐍", "5.", "1.2.3.4.5.6"])
    def test_anything_may_be_typed(self, client: Client, typed: str) -> None:
        imported()
        answer = client.get("/search/suggestions/", {"q": typed})
        assert answer.status_code == 200
        assert isinstance(answer.json()["suggestions"], list)

    def test_a_browser_that_has_the_answer_is_told_so(self, client: Client) -> None:
        imported()
        answer = client.get("/search/suggestions/?q=bac")
        assert "public" in answer.headers["Cache-Control"]
        again = client.get("/search/suggestions/?q=bac", headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304


def test_listings_hold_no_more_than_the_database_takes() -> None:
    facts = Facts(medicine="x", indication="y")
    text = " ".join(f"word{number}" for number in range(40_000)) + " " + "z" * 5000
    written = lexemes([facts.medicine], {Place.MEDICINE: [facts.medicine], Place.TEXT: [text]})
    with connection.cursor() as cursor:
        cursor.execute("SELECT length(%s::tsvector)", [written])
        assert cursor.fetchone() == (20_000,)
    assert Listing.objects.count() == 0
