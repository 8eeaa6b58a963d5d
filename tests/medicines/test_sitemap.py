"""The sitemap, robots.txt, and the other languages of every page."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from medicines import sitemaps
from medicines.models import Medicine, Version
from medicines.templatetags.site import in_language, language_tag
from tests import make
from tests.house import body
from tests.medicines.test_public_tables import ADDRESSES, record  # noqa: F401

pytestmark = pytest.mark.django_db

SITE = "http://testserver"
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
TAGS = [language_tag(code) for code, _name in settings.LANGUAGES]


def xml(path: str) -> ElementTree.Element:
    answer = Client().get(path)
    assert answer.status_code == 200, path
    assert answer.headers["Content-Type"] == "application/xml; charset=utf-8"
    return ElementTree.fromstring(body(answer))


def parts() -> list[str]:
    return [place.text or "" for place in xml("/sitemap.xml").findall("s:sitemap/s:loc", NAMES)]


def addresses() -> list[str]:
    found = (xml(part.removeprefix(SITE)).findall("s:url/s:loc", NAMES) for part in parts())
    return [place.text or "" for each in found for place in each]


def test_every_page_that_it_names_is_there(record: Version) -> None:  # noqa: F811
    found = addresses()
    assert len(found) == len(set(found))
    for address in found:
        if not re.search(r"/(fr|es|ru|zh-hans)/", address):
            answer = Client().get(address.removeprefix(SITE))
            assert answer.status_code == 200, address
            assert answer.headers["Content-Type"].startswith("text/html")


def test_it_names_every_recommendation_medicine_and_section_in_all_languages(record: Version) -> None:  # noqa: F811
    found = set(addresses())
    medicine = record.recommendation.medicine_id
    for path in ("/", "/recommendations/1/", "/recommendations/4/", f"/medicines/{medicine}/", "/sections/24/5.1/"):
        for code, _name in settings.LANGUAGES:
            assert f"{SITE}{in_language(path, code)}" in found
    # Each version has its own address, and its page names the one that search machines should keep.
    assert f"{SITE}/recommendations/1/v1/" not in found


def test_each_page_stands_beside_its_other_languages(record: Version) -> None:  # noqa: F811
    part = next(part for part in parts() if "recommendations" in part)
    url = next(
        url
        for url in xml(part.removeprefix(SITE)).findall("s:url", NAMES)
        if url.findtext("s:loc", "", NAMES) == f"{SITE}/ar/recommendations/1/"
    )
    links = {link.get("hreflang"): link.get("href") for link in url.findall("x:link", NAMES)}
    expected = {
        language_tag(code): f"{SITE}{in_language('/recommendations/1/', code)}" for code, _name in settings.LANGUAGES
    }
    assert links == expected | {"x-default": f"{SITE}/recommendations/1/"}
    current = Version.objects.get(recommendation=record.recommendation, number=2)
    assert url.findtext("s:lastmod", "", NAMES) == current.published_at.isoformat(timespec="seconds")


def test_a_large_record_is_cut_into_parts(record: Version, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    whole = set(addresses())
    monkeypatch.setattr(sitemaps, "SPAN", 2)
    cut = [part for part in parts() if "recommendations" in part]
    assert cut == [f"{SITE}/sitemap-recommendations-{number}.xml" for number in (0, 1, 2)]
    found = addresses()
    assert len(found) == len(set(found))
    assert set(found) == whole


def test_parts_fit_the_limits_of_the_protocol() -> None:
    assert sitemaps.SPAN * len(settings.LANGUAGES) <= 50_000


def test_it_asks_as_often_for_many_pages_as_for_few(record: Version) -> None:  # noqa: F811
    def queries() -> list[int]:
        counts = []
        for path in ("/sitemap.xml", *(part.removeprefix(SITE) for part in parts())):
            with CaptureQueriesContext(connection) as seen:
                xml(path)
            counts.append(len(seen))
        return counts

    few = queries()
    for number in range(10):
        make.imported(f"Medicine {number}", "Spastic cerebral palsy")
    assert len(queries()) == len(few)
    assert max(queries()) <= max(few)


def test_what_is_not_published_is_not_named(record: Version) -> None:  # noqa: F811
    before = addresses()
    make.item("cleared", title="Brandnewamab", about=[make.facts("Brandnewamab", "A new use")])
    Medicine.objects.create(name="Hiddenamab", key="hiddenamab", sort_key="hiddenamab")
    assert addresses() == before


def test_parts_that_are_not_there_are_not_found(record: Version) -> None:  # noqa: F811
    for name in ("recommendations-9", "pages-1", "nothing-0", f"medicines-{10**30}", "sections-1"):
        assert Client().get(f"/sitemap-{name}.xml").status_code == 404


def test_robots_are_led_to_the_sitemap_and_kept_from_the_doors() -> None:
    answer = Client().get("/robots.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    lines = answer.content.decode().splitlines()
    assert "Sitemap: http://testserver/sitemap.xml" in lines
    assert {"Disallow: /committee/", "Disallow: /admin/"} <= set(lines)


def test_every_page_names_its_other_languages(record: Version) -> None:  # noqa: F811
    """As robots read it: each language, and the one for everybody else; all pages of one kind name the same."""
    pages = 0
    for address in ADDRESSES:
        answer = Client().get(address)
        page = body(answer).decode(errors="replace")
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        pages += 1
        found = dict(re.findall(r'<link rel="alternate"\s+hreflang="([^"]+)"\s+href="([^"]+)"', page))
        expected = {
            language_tag(code): f"{SITE}{in_language(address, code)}".replace("&", "&amp;")
            for code, _name in settings.LANGUAGES
        }
        assert found == expected | {"x-default": expected["en"]}, address
    assert pages > 100
