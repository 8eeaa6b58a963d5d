"""The API: what it says, how it pages, what it refuses, and what it keeps to itself."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from medicines.api.pages import Cursor
from medicines.content.schema import Content, Placement, SectionPath, SectionStep
from medicines.models import Edition, RecordState, Section, Version
from tests import make
from tests.house import body

pytestmark = pytest.mark.django_db

START = "http://testserver/api/v1"


@pytest.fixture
def record() -> Version:
    """A decision with a correction, a rejection, an imported use; an edition with a section."""
    edition = make.edition(24)
    make.section(edition, "5", "Medicines for neurological disorders")
    first = make.published()
    make.correction(first, "published")
    make.rejected(about=[make.facts("Bromazepam", "Insomnia", atc=("N05BA08",))])
    section = SectionPath(edition="24", steps=(SectionStep(number="12", title="Cardiovascular medicines"),))
    make.imported("Amlodipine", "Hypertension", placements=(Placement(section=section, eml="core"),))
    return first


def get(path: str, **headers: str) -> Any:
    answer = Client().get(f"/api/v1{path}", headers=headers)
    assert answer.status_code == 200, (path, answer.content)
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    return answer.json()


def problem(answer: HttpResponseBase) -> dict[str, Any]:
    """What an error says; it says it in the one form that errors have."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    told = json.loads(body(answer))
    assert set(told) == {"type", "title", "status", "detail", "parameters"}
    assert told["status"] == answer.status_code
    assert told["detail"]
    return told


def refused(path: str) -> list[str]:
    """The parameters that an address is refused for."""
    answer = Client().get(f"/api/v1{path}")
    assert answer.status_code == 400, (path, answer.content)
    return [each["name"] for each in problem(answer)["parameters"]]


def links(answer: HttpResponseBase) -> dict[str, str]:
    found = [part.partition(";") for part in answer.headers["Link"].split(", ")]
    return {words.split('rel="')[1].partition('"')[0]: address.strip("<>") for address, _sign, words in found}


def names(page: dict[str, Any]) -> list[str]:
    return [item["medicine"]["name"] for item in page["items"]]


# What it says


def test_it_says_where_its_lists_are(record: Version) -> None:
    index = get("/")
    for address in index.values():
        if str(address).startswith(START):
            assert Client().get(address).status_code == 200


def test_a_row_of_the_list_says_what_holds_now(record: Version) -> None:
    item = get("/recommendations?q=baclofen")["items"][0]
    current = Version.objects.get(recommendation=record.recommendation, number=2)
    assert item == {
        "number": record.recommendation.number,
        "medicine": {
            "id": record.recommendation.medicine_id,
            "name": "Baclofen",
            "url": f"{START}/medicines/{record.recommendation.medicine_id}",
        },
        "indication": {
            "id": record.recommendation.indication_id,
            "name": "Spastic cerebral palsy",
            "url": f"{START}/indications/{record.recommendation.indication_id}",
        },
        "partners": "",
        "status": "essential",
        "eml": "complementary",
        "emlc": "complementary",
        "sections": ["5", "5.1", "5.1.4"],
        "atc": ["M03BX01"],
        "icd11": ["8D20"],
        "aware": None,
        "listed_since": 2025,
        "outcome": "added",
        "version": 2,
        "effective_date": "2025-09-05",
        "published_at": _written(current.published_at),
        "has_text": True,
        "url": f"{START}/recommendations/{record.recommendation.number}",
        "page": f"http://testserver/recommendations/{record.recommendation.number}/",
    }


def _written(moment: Any) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_a_recommendation_holds_its_current_version_and_all_others(record: Version) -> None:
    told = get("/recommendations/1")
    current = Version.objects.get(recommendation=record.recommendation, number=2)
    assert [version["number"] for version in told["versions"]] == [2, 1]
    assert told["current"]["number"] == 2
    assert told["current"]["kind"] == "correction"
    assert told["current"]["corrects"] == 1
    assert told["current"]["is_current"] is True
    assert told["current"]["note"] == current.note
    assert told["current"]["provenance"] == current.provenance
    assert Content.from_dict(told["current"]["content"]) == current.content


def test_a_version_has_the_words_that_its_fingerprint_is_of(record: Version) -> None:
    told = get("/recommendations/1/versions/1")
    assert told["content"] == json.loads(record.body)
    assert told["fingerprint"] == record.fingerprint
    assert body(Client().get(told["file"])).decode() == record.body
    assert told["is_current"] is False


def test_versions_lead_to_each_other(record: Version) -> None:
    first = Client().get("/api/v1/recommendations/1/versions/1")
    second = Client().get("/api/v1/recommendations/1/versions/2")
    one, two = (f"{START}/recommendations/1/versions/{number}" for number in (1, 2))
    shared = {"latest-version": two, "version-history": f"{START}/recommendations/1/versions"}
    assert links(first) == shared | {
        "successor-version": two,
        "alternate": "http://testserver/recommendations/1/v1/",
    }
    assert links(second) == shared | {
        "predecessor-version": one,
        "alternate": "http://testserver/recommendations/1/v2/",
    }


def test_changes_tell_what_differs_word_by_word(record: Version) -> None:
    told = get("/recommendations/1/changes/1/2")
    assert (told["older"]["number"], told["newer"]["number"]) == (1, 2)
    assert told["newer"]["corrects"] == 1
    assert told["is_empty"] is False
    html = "".join(block["html"] for section in told["sections"] for block in section["blocks"])
    assert "<ins>" in html
    assert told["words_added"] > 0
    assert told["page"] == "http://testserver/recommendations/1/changes/1-2/"


def test_vocabulary_is_what_has_recommendations(record: Version) -> None:
    assert [row["name"] for row in get("/medicines")["items"]] == ["Amlodipine", "Baclofen", "Bromazepam"]
    assert [row["name"] for row in get("/medicines?name=BAC")["items"]] == ["Baclofen"]
    indications = get("/indications")["items"]
    assert [(row["name"], row["recommendations"]) for row in indications] == [
        ("Hypertension", 1),
        ("Insomnia", 1),
        ("Spastic cerebral palsy", 1),
    ]
    medicine = get("/medicines?name=bac")["items"][0]
    assert get(medicine["url"].removeprefix(START)) == medicine
    assert names(get(medicine["recommendations_url"].removeprefix(START))) == ["Baclofen"]


def test_classes_lead_down_the_tree(record: Version) -> None:
    code, tree = "", get("/atc")["items"]
    while tree:
        code = next(row["code"] for row in tree if "M03BX01".startswith(row["code"]))
        tree = get(f"/atc/{code}")["children"]
    assert code == "M03BX01"
    told = get("/atc/M03BX01")
    assert (told["parent"], told["level"], told["recommendations"]) == ("M03BX", 5, 1)


def test_editions_have_sections_and_entries(record: Version) -> None:
    edition = get("/editions")["items"][0]
    assert edition["number"] == 24
    assert [row["number"] for row in get("/editions/24/sections")["items"]] == ["5"]
    assert get("/editions/24/sections/5")["title"] == "Medicines for neurological disorders"
    assert get("/editions/24/entries")["items"] == []


def test_a_meeting_tells_what_it_rejected_too(record: Version) -> None:
    meeting = get("/meetings")["items"][0]
    assert (meeting["number"], meeting["outcomes"]) == (25, 2)
    assert get("/meetings/25") == meeting
    outcomes = get("/meetings/25/outcomes")["items"]
    assert [(row["medicine"]["name"], row["outcome"]) for row in outcomes] == [
        ("Baclofen", "added"),
        ("Bromazepam", "not_recommended"),
    ]


# Filters and pages


FOUND = {
    "status=essential": ["Amlodipine", "Baclofen"],
    "status=not_recommended": ["Bromazepam"],
    "status=essential&status=not_recommended": ["Amlodipine", "Baclofen", "Bromazepam"],
    "list=emlc": ["Baclofen"],
    "tier=complementary": ["Baclofen"],
    "section=24:12": ["Amlodipine"],
    "section=24:5.1": ["Baclofen", "Bromazepam"],
    "atc=M03": ["Baclofen"],
    "atc=M03&status=not_recommended": [],
    "outcome=not_recommended": ["Bromazepam"],
    "evidence=text&sort=number": ["Baclofen", "Bromazepam"],
    "sort=newest": ["Amlodipine", "Bromazepam", "Baclofen"],
    "meeting=99": [],
}


def test_filters_find_what_the_site_finds(record: Version) -> None:
    assert {query: names(get(f"/recommendations?{query}")) for query in FOUND} == FOUND


def test_pages_go_forth_and_back_without_a_gap(record: Version) -> None:
    for number in range(7):
        make.imported(f"Medicine {number}", "Hypertension")
    for sort in ("name", "newest", "number"):
        goes_forth_and_back(sort)


def goes_forth_and_back(sort: str) -> None:
    whole = names(get(f"/recommendations?sort={sort}"))
    assert len(whole) == 10
    forth, pages = [], []
    address: str | None = f"{START}/recommendations?limit=3&sort={sort}"
    while address:
        answer = Client().get(address)
        page = answer.json()
        pages.append(page)
        forth += names(page)
        assert links(answer).get("next") == page["next"]
        assert links(answer).get("prev") == page["previous"]
        assert links(answer)["first"] == f"{START}/recommendations?limit=3&sort={sort}"
        address = page["next"]
    assert forth == whole
    assert [len(page["items"]) for page in pages] == [3, 3, 3, 1]
    back = names(pages[-1])
    address = pages[-1]["previous"]
    while address:
        page = Client().get(address).json()
        back = names(page) + back
        address = page["previous"]
    assert back == whole


def test_what_is_published_meanwhile_neither_repeats_nor_drops_a_row(record: Version) -> None:
    page = get("/recommendations?limit=2")
    assert names(page) == ["Amlodipine", "Baclofen"]
    make.imported("Aaa", "Hypertension")
    assert names(Client().get(page["next"]).json()) == ["Bromazepam"]


def test_the_end_of_a_list_leads_nowhere(record: Version) -> None:
    page = get("/recommendations?limit=200")
    assert (page["next"], page["previous"]) == (None, None)


# What it refuses


HALF_A_CHARACTER = rb'["name",0,"\ud800",1]'

REFUSED: dict[str, list[str]] = {
    "statuss=essential": ["statuss"],
    "status=no-such": ["status"],
    "limit=0": ["limit"],
    "limit=201": ["limit"],
    "limit=x": ["limit"],
    "limit=": ["limit"],
    "limit=1&limit=2": ["limit"],
    f"limit={10**30}": ["limit"],
    f"medicine={2**40}": ["medicine"],
    "section=%00": ["section"],
    "q=%00": ["q"],
    "atc=m": ["atc"],
    "sort=relevance": ["sort"],
    "cursor=x": ["cursor"],
    "cursor=W10": ["cursor"],
    f"cursor={Cursor('number', False, (1,))}": ["cursor"],
    f"cursor={Cursor('name', False, (1, 1))}": ["cursor"],
    f"cursor={Cursor('name', False, ('a' + chr(0), 1))}": ["cursor"],
    f"cursor={Cursor('name', False, ('a', 2**70))}": ["cursor"],
    f"cursor={Cursor('newest', False, ('yesterday', 1))}&sort=newest": ["cursor"],
    f"cursor={Cursor('newest', False, ('2025-01-01', 1))}&sort=newest": ["cursor"],
    f"cursor={Cursor('newest', False, ('0001-01-01T00:00:00+23:59', 1))}&sort=newest": ["cursor"],
    f"cursor={urlsafe_b64encode(HALF_A_CHARACTER).decode().rstrip('=')}": ["cursor"],
    "limit=0&sort=x": ["limit", "sort"],
}


def test_what_it_cannot_understand_is_named(record: Version) -> None:
    assert {query: refused(f"/recommendations?{query}") for query in REFUSED} == REFUSED


def test_other_addresses_take_no_parameter(record: Version) -> None:
    for path in ("/", "/recommendations/1", "/editions", "/atc", "/meetings/25"):
        assert refused(f"{path}?x=1") == ["x"]


ABSENT = (
    "/nothing",
    "/recommendations/0",
    "/recommendations/x",
    f"/recommendations/{10**40}",
    "/recommendations/999",
    "/recommendations/1/versions/9",
    "/recommendations/1/changes/2/1",
    "/recommendations/1/changes/1/1",
    "/medicines/0",
    "/medicines/999999",
    "/indications/999999",
    "/editions/99",
    "/editions/99/sections",
    "/editions/24/sections/%00",
    "/editions/24/sections/99",
    "/meetings/99",
    "/meetings/99/outcomes",
    "/atc/Z",
    "/atc/m03",
    "/recommendations/",
    "/%ff",
)


def test_what_is_not_there_is_a_problem(record: Version) -> None:
    for path in ABSENT:
        answer = Client().get(f"/api/v1{path}")
        assert answer.status_code == 404, path
        assert problem(answer)["title"] == "Not Found"
        assert "ETag" not in answer.headers


def test_whoever_writes_is_told_that_it_is_read_only(record: Version) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE", "PROPFIND"):
        for path in ("/api/v1/recommendations", "/api/v1/nothing", "/api/nothing"):
            answer = Client(enforce_csrf_checks=True).generic(method, path)
            assert answer.status_code == 405
            assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
            problem(answer)


def test_a_failure_is_a_problem_too(record: Version, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**given: Any) -> None:
        raise RuntimeError("words that must not be read")

    monkeypatch.setattr("medicines.api.recommendations.read_record", fail)
    answer = Client(raise_request_exception=False).get("/api/v1/recommendations/1")
    assert answer.status_code == 500
    assert "must not be read" not in problem(answer)["detail"]


# Reading from other sites, and keeping copies


def test_scripts_of_any_site_may_read(record: Version) -> None:
    for path in ("/recommendations", "/recommendations/999", "/recommendations?x=1", "/openapi.json"):
        answer = Client().get(f"/api/v1{path}", headers={"Origin": "https://elsewhere.example"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert {"ETag", "Link"} <= set(answer.headers["Access-Control-Expose-Headers"].split(", "))
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    preflight = Client().options("/api/v1/recommendations", headers=asked)
    assert (preflight.status_code, preflight.content) == (204, b"")
    assert preflight.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "If-None-Match" in preflight.headers["Access-Control-Allow-Headers"]


def test_pages_for_people_are_not_opened_to_scripts_of_other_sites(record: Version) -> None:
    for path in ("/", "/api/", "/fr/api/", "/recommendations/1/"):
        assert "Access-Control-Allow-Origin" not in Client().get(path).headers


def test_a_copy_holds_until_the_record_changes(record: Version) -> None:
    path = "/api/v1/recommendations/1"
    answer = Client().get(path)
    tag = answer.headers["ETag"]
    assert answer.headers["Cache-Control"] == "public, no-cache"
    with CaptureQueriesContext(connection) as seen:
        again = Client().get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, len(seen)) == (304, b"", 1)
    assert again.headers["ETag"] == tag
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    make.imported("Tizanidine", "Spastic cerebral palsy")
    later = Client().get(path, headers={"If-None-Match": tag})
    assert later.status_code == 200
    assert later.headers["ETag"] != tag


def test_a_tag_is_of_one_address(record: Version) -> None:
    tags = [
        Client().get(f"/api/v1{path}").headers["ETag"]
        for path in ("/recommendations", "/recommendations?limit=1", "/recommendations/1", "/openapi.json")
    ]
    assert len(set(tags)) == 4
    assert Client().get("/api/v1/recommendations?x=1", headers={"If-None-Match": tags[0]}).status_code == 400


def test_the_date_of_a_change_is_told_when_its_second_is_over(record: Version) -> None:
    """Two changes in one second have one date, and whoever asked between them would keep what is old."""
    path = "/api/v1/recommendations"
    RecordState.objects.update(changed_at=timezone.now() + timedelta(hours=1))
    assert "Last-Modified" not in Client().get(path).headers
    RecordState.objects.update(changed_at=timezone.now() - timedelta(minutes=1))
    modified = Client().get(path).headers["Last-Modified"]
    assert Client().get(path, headers={"If-Modified-Since": modified}).status_code == 304
    RecordState.objects.update(changed_at=timezone.now() - timedelta(seconds=5))
    assert Client().get(path, headers={"If-Modified-Since": modified}).status_code == 200


def test_head_says_what_get_says(record: Version) -> None:
    for path in ("/", "/recommendations", "/recommendations/1", "/recommendations/999", "/openapi.json"):
        get_, head = Client().get(f"/api/v1{path}"), Client().head(f"/api/v1{path}")
        assert (head.status_code, head.content) == (get_.status_code, b"")
        assert head.headers == get_.headers


# What it costs, and what it keeps to itself


def paths(record: Version) -> tuple[str, ...]:
    recommendation = record.recommendation
    return (
        "/",
        "/openapi.json",
        "/recommendations",
        "/recommendations?q=medicine&status=essential&section=5&sort=newest",
        "/recommendations/1",
        "/recommendations/1/versions",
        "/recommendations/1/versions/1",
        "/recommendations/1/changes/1/2",
        "/medicines",
        f"/medicines/{recommendation.medicine_id}",
        "/indications",
        f"/indications/{recommendation.indication_id}",
        "/atc",
        "/atc/M03",
        "/editions",
        "/editions/24",
        "/editions/24/sections",
        "/editions/24/sections/5",
        "/editions/24/entries",
        "/meetings",
        "/meetings/25",
        "/meetings/25/outcomes",
    )


def queries_of(path: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        get(path)
    return len(seen)


def test_it_asks_as_often_for_many_rows_as_for_few(record: Version) -> None:
    few = {path: queries_of(path) for path in paths(record)}
    edition = Edition.objects.get(number=24)
    for number in range(20):
        make.imported(f"Medicine {number}", "Hypertension")
        Section.objects.create(edition=edition, number=f"5.{number}", title="Words", sort_key=f"5.{number:06}")
    assert {path: queries_of(path) for path in paths(record)} == few
    assert few["/recommendations/1"] == 2
    assert few["/recommendations/1/versions/1"] == 2
    assert few["/recommendations/1/changes/1/2"] == 2
    assert max(few.values()) <= 9


def test_nothing_of_a_draft_is_in_it(record: Version) -> None:
    before = {path: body(Client().get(f"/api/v1{path}")) for path in paths(record)}
    item = make.item("received", title="Brandnewamab", about=[make.facts("Brandnewamab", "A new use")])
    make.carry(item, "cleared")
    assert {path: body(Client().get(f"/api/v1{path}")) for path in paths(record)} == before


def test_a_withdrawn_vocabulary_word_is_not_shown(record: Version) -> None:
    """A medicine that staff have entered, and of which nothing is published, is in no list."""
    from medicines.models import Medicine

    hidden = Medicine.objects.create(name="Hiddenamab", key="hiddenamab", sort_key="hiddenamab")
    assert "Hiddenamab" not in str(get("/medicines"))
    assert Client().get(f"/api/v1/medicines/{hidden.pk}").status_code == 404


# The page that tells of it


def test_the_manual_has_examples_that_work(record: Version) -> None:
    import re

    page = Client().get("/api/").content.decode()
    examples = re.findall(r'<a href="(/api/v1[^"]*)" dir="ltr">', page)
    assert len(examples) == 20
    for example in examples:
        answer = Client().get(example.replace("&amp;", "&"))
        assert answer.status_code == 200, example


def test_the_manual_names_every_endpoint_and_schema(record: Version) -> None:
    document = get("/openapi.json")
    for language in ("", "fr/", "ar/"):
        page = Client().get(f"/{language}api/").content.decode()
        for path in document["paths"]:
            assert f'<code dir="ltr">{path}</code>' in page
        for name in document["components"]["schemas"]:
            assert f'id="{name}"' in page


def test_the_record_may_be_empty() -> None:
    for path in ("/", "/recommendations", "/medicines", "/indications", "/atc", "/editions", "/meetings"):
        get(path)
    assert Client().get("/api/").status_code == 200


def test_effective_dates_are_days(record: Version) -> None:
    assert date.fromisoformat(get("/recommendations/1")["current"]["effective_date"]) == record.effective_date
