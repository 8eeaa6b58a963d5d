"""Feeds: who follows the record learns of what is published, once, and of nothing before."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from medicines.models import Medicine, Version
from tests import make
from tests.medicines import build

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def record() -> Version:
    """A decision with a correction in section 5.1.4, a rejection elsewhere."""
    edition = make.edition(24)
    make.section(edition, "5", "Medicines for neurological disorders")
    make.section(edition, "12", "Cardiovascular medicines")
    first = make.published()
    make.correction(first, "published")
    make.rejected(about=[make.facts("Amlodipine", "Hypertension", placements=())])
    return first


def feed(path: str) -> ElementTree.Element:
    answer = Client().get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(answer.content)


def texts(element: ElementTree.Element, name: str) -> list[str]:
    return [entry.findtext(f"{ATOM}{name}") or "" for entry in element.iter(f"{ATOM}entry")]


def medicine_feed(name: str) -> str:
    return f"/medicines/{Medicine.objects.get(name=name).pk}/feed.atom"


def test_each_feed_has_its_own_versions(record: Version) -> None:
    there = "http://testserver/recommendations"
    assert texts(feed("/feeds/decisions.atom"), "id") == [f"{there}/2/v1/", f"{there}/1/v1/"]
    assert texts(feed("/feeds/corrections.atom"), "id") == [f"{there}/1/v2/"]
    assert texts(feed("/sections/24/5/feed.atom"), "id") == [f"{there}/1/v2/", f"{there}/1/v1/"]
    assert texts(feed("/sections/24/12/feed.atom"), "id") == []
    assert texts(feed(medicine_feed("Amlodipine")), "id") == [f"{there}/2/v1/"]


def test_an_entry_says_what_was_decided_and_when(record: Version) -> None:
    found = feed("/feeds/decisions.atom")
    assert texts(found, "title") == [
        "Amlodipine – Hypertension: Not recommended",
        "Baclofen – Spastic cerebral palsy: Added",
    ]
    published = [
        version.published_at.isoformat(timespec="seconds").replace("+00:00", "Z")
        for version in Version.objects.filter(kind="decision").order_by("-position")
    ]
    assert [moment[:19] for moment in texts(found, "updated")] == [moment[:19] for moment in published]
    assert found.findtext(f"{ATOM}updated", "")[:19] == published[0][:19]
    assert "Essential medicine" in texts(found, "summary")[1]


def test_a_correction_says_what_was_corrected(record: Version) -> None:
    note = Version.objects.get(kind="correction").note
    assert note
    assert texts(feed("/feeds/corrections.atom"), "summary")[0].startswith(note)


def test_ids_are_the_same_in_all_languages_and_links_are_not(record: Version) -> None:
    english, french = feed("/feeds/decisions.atom"), feed("/fr/feeds/decisions.atom")
    assert texts(french, "id") == texts(english, "id")
    links = [entry.find(f"{ATOM}link") for entry in french.iter(f"{ATOM}entry")]
    assert [link.get("href") for link in links if link is not None] == [
        "http://testserver/fr/recommendations/2/v1/",
        "http://testserver/fr/recommendations/1/v1/",
    ]
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    assert (english.get(lang), french.get(lang), feed("/zh-hans/feeds/decisions.atom").get(lang)) == (
        "en",
        "fr",
        "zh-Hans",
    )
    assert french.findtext(f"{ATOM}id") == "http://testserver/fr/feeds/decisions.atom"


def test_odd_characters_leave_the_feed_well_formed() -> None:
    """The record keeps them where an old row has them; XML has no place for them."""
    from medicines.feeds import xml_words

    assert xml_words("a\0\x08\x0b\x1f\ud800\ufffe\uffffb\t\n💊<&") == "ab\t\n💊<&"
    build.published(build.content(medicine='x <b>&"]]> 💊', indication="é\u2028 ü ع"))
    assert texts(feed("/feeds/decisions.atom"), "title") == ['X <b>&"]]> 💊 – é\u2028 ü ع: Added']


def test_nothing_of_a_draft_is_in_a_feed(record: Version) -> None:
    paths = ("/feeds/decisions.atom", "/feeds/corrections.atom", "/sections/24/5/feed.atom", medicine_feed("Baclofen"))
    before = [Client().get(path).content for path in paths]
    make.item("cleared", title="Brandnewamab", about=[make.facts("Brandnewamab", "A new use")])
    make.correction(Version.objects.get(recommendation=record.recommendation, number=2))
    assert [Client().get(path).content for path in paths] == before


def test_whoever_has_the_newest_is_told_so_in_one_query(record: Version) -> None:
    tag = Client().get("/feeds/decisions.atom").headers["ETag"]
    with CaptureQueriesContext(connection) as seen:
        assert Client().get("/feeds/decisions.atom", headers={"If-None-Match": tag}).status_code == 304
    assert len(seen) == 1
    make.imported()
    assert Client().get("/feeds/decisions.atom", headers={"If-None-Match": tag}).status_code == 200


def test_a_feed_asks_as_often_for_many_entries_as_for_few(record: Version) -> None:
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            feed(path)
        return len(seen)

    paths = ("/feeds/decisions.atom", "/sections/24/5/feed.atom", medicine_feed("Baclofen"))
    few = [queries(path) for path in paths]
    for number in range(12):
        build.published(build.content(text=False, indication=f"Use {number}"))
    assert [queries(path) for path in paths] == few
    assert max(few) <= 3


def test_feeds_of_what_is_not_there_are_not_found(record: Version) -> None:
    hidden = Medicine.objects.create(name="Hiddenamab", key="hiddenamab", sort_key="hiddenamab")
    for path in (f"/medicines/{hidden.pk}/feed.atom", "/medicines/999999/feed.atom", "/sections/24/99/feed.atom"):
        assert Client().get(path).status_code == 404


def test_pages_lead_to_their_feeds(record: Version) -> None:
    medicine = record.recommendation.medicine_id
    expected = {
        "/": ["/feeds/decisions.atom", "/feeds/corrections.atom"],
        "/fr/": ["/fr/feeds/decisions.atom", "/fr/feeds/corrections.atom"],
        f"/medicines/{medicine}/": [f"/medicines/{medicine}/feed.atom"],
        "/sections/24/5/": ["/sections/24/5/feed.atom"],
        "/recommendations/1/": [f"/medicines/{medicine}/feed.atom"],
    }
    for path, feeds in expected.items():
        page = Client().get(path).content.decode()
        assert re.findall(r'type="application/atom\+xml"[^>]*?href="([^"]*)"', page, re.DOTALL) == feeds
        for address in feeds:
            feed(address)
