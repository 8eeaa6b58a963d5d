"""The public pages: what each kind of page says, in which language, from which tables, at what cost."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from django.views.defaults import server_error

from medicines import reading
from medicines.content.schema import (
    Alternatives,
    Aware,
    Formulation,
    Narrative,
    NarrativeSection,
    Placement,
    StatusEvent,
)
from medicines.models import Edition
from tests.medicines.build import (
    CEREBRAL_PALSY,
    MEETING,
    cite,
    content,
    corrected,
    imported,
    narrative,
    paragraph,
    published,
)

pytestmark = pytest.mark.django_db

TAG = re.compile(r"<[^>]*>")


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def words(html: str) -> str:
    """What a page says, without tags and with single blanks."""
    return " ".join(unescape(TAG.sub(" ", html)).split())


def part(html: str, tag: str, css_class: str) -> str:
    found = re.search(rf'<{tag} class="{css_class}"[^>]*>(.*?)</{tag}>', html, re.DOTALL)
    return words(found[1]) if found else ""


def headings(html: str) -> list[str]:
    return [words(found) for found in re.findall(r"<h2[^>]*>(.*?)</h2>", html, re.DOTALL)]


# The full decision


def test_a_decision_leads_with_its_answer(client: Client) -> None:
    published()
    html = page(client, "/recommendations/1/")
    assert part(html, "h1", "title") == "Baclofen"
    assert part(html, "p", "use") == "Spastic cerebral palsy"
    assert part(html, "ul", "marks") == "Essential medicine EML Complementary list EMLc Complementary list"
    assert part(html, "p", "answer") == "On the complementary list of the EML and of the EMLc. Listed since 2025."
    assert part(html, "p", "by") == "25th Expert Committee : listing recommended."
    version = "As of EML 24 In force since 5 September 2025 Recommendation 1 Version 1"
    assert part(html, "p", "as-of") == f"{version} Cite this recommendation"


def test_a_decision_has_its_parts_in_the_order_of_reading(client: Client) -> None:
    published()
    assert headings(page(client, "/recommendations/1/")) == [
        "Formulations",
        "Expert Committee recommendation",
        "Background",
        "Public health relevance",
        "Benefits",
        "Harms",
        "Summary of findings",
        "Cost and cost-effectiveness",
        "Other considerations",
        "Further facts",
        "References",
        "On the lists",
        "Versions of this text",
        "Cite this recommendation",
        "Verify",
        "Where this comes from",
    ]


def test_the_contents_list_names_every_part_that_it_links_to(client: Client) -> None:
    published()
    html = page(client, "/recommendations/1/")
    links = re.findall(r'<a href="#([^"]*)">', html[html.index('class="toc"') : html.index('class="body"')])
    assert links[0] == "formulations"
    assert [f'id="{link}"' in html for link in links] == [True] * 11


def test_every_fact_of_the_record_is_on_the_page(client: Client) -> None:
    published(content(weight="> 25 kg", choice="first", partners=("tizanidine",), aware=Aware(group="access")))
    html = page(client, "/recommendations/1/")
    facts = [
        (words(term), words(said))
        for term, said in re.findall(r"<dt>([^<]*)</dt>\s*<dd>(.*?)</dd>\s*</div>", html, re.DOTALL)
    ]
    for fact in [
        ("Indication", "Spastic cerebral palsy ICD-11 8D20"),
        ("Combined with", "tizanidine"),
        ("Choice for this indication", "First choice"),
        ("Age", "Also recommended for children"),
        ("Sex", "All"),
        ("Weight", "> 25 kg"),
        ("Therapeutic alternatives", "The recommendation is for this specific medicine"),
        ("International nonproprietary name (INN)", "baclofen"),
        ("ATC codes", "M03BX01"),
        ("Medicine type", "Chemical agent"),
        ("Patent information", "Patents have expired in most jurisdictions MedsPaL"),
        ("Elsewhere", "Wikipedia: Baclofen · DrugBank: Baclofen"),
    ]:
        assert fact in facts
    assert "AWaRe Access group" in words(html)


def test_formulations_stand_under_their_lists_and_routes(client: Client) -> None:
    placement = Placement(
        section=CEREBRAL_PALSY,
        eml="core",
        formulations=(
            Formulation(route=("Oral", "Solid", "tablet"), strengths=("10 mg",), lists=("EMLc", "EML")),
            Formulation(route=("Oral", "Solid", "tablet"), strengths=("25 mg",), lists=("EML", "EMLc")),
            Formulation(route=("Oral", "Gadget"), strengths=("1 g", "2 g"), lists=("EML",)),
            Formulation(original="All vaccines <b>comply</b>.\nEach of them."),
        ),
    )
    published(content(placements=(placement,)))
    html = page(client, "/recommendations/1/")
    sheet = html[html.index('class="formulations"') : html.index('class="more who"')]
    assert words(sheet[sheet.index("<h2") :].rpartition("</section>")[0]) == (
        "Formulations On the EML and the EMLc Oral solid tablet 10 mg 25 mg "
        "On the EML only Oral Gadget 1 g 2 g All vaccines <b>comply</b>. Each of them."
    )
    assert "&lt;b&gt;comply" in sheet


def test_many_formulations_are_all_there_some_behind_a_disclosure(client: Client) -> None:
    many = tuple(Formulation(route=("Oral", f"form {n}"), strengths=(f"{n} mg",), lists=("EML",)) for n in range(12))
    published(content(placements=(Placement(section=CEREBRAL_PALSY, eml="core", formulations=many),)))
    html = page(client, "/recommendations/1/")
    assert "6 more formulations" in words(html)
    assert [f"<bdi>{n} mg</bdi>" in html for n in range(12)] == [True] * 12


def test_two_placements_show_both_sections(client: Client) -> None:
    other = CEREBRAL_PALSY.model_copy(update={"steps": CEREBRAL_PALSY.steps[:2]})
    published(
        content(placements=(Placement(section=CEREBRAL_PALSY, eml="core"), Placement(section=other, eml="removed")))
    )
    html = page(client, "/recommendations/1/")
    assert html.count('<nav class="path"') == 2
    assert re.findall(r'<h3 class="place"><span class="num">([^<]*)', html) == ["5.1.4", "5.1"]


def test_citations_lead_to_the_reference_and_back(client: Client) -> None:
    published()
    html = page(client, "/recommendations/1/")
    ids = set(re.findall(r' id="([^"]*)"', html))
    targets = {link for link in re.findall(r'href="#([^"]*)"', html) if link.startswith(("ref-", "cite-"))}
    assert {"ref-1", "ref-2", "ref-3", "cite-1a", "cite-1b"} <= targets
    assert targets - ids == set()


def test_no_id_stands_twice(client: Client) -> None:
    published()
    ids = re.findall(r' id="([^"]*)"', page(client, "/recommendations/1/"))
    assert sorted(ids) == sorted(set(ids))


def test_findings_and_costs_are_tables_with_figures_as_written(client: Client) -> None:
    published()
    html = page(client, "/recommendations/1/")
    assert "<bdi>SMD −1.70 (−2.15 to −1.25)</bdi>" in html
    assert "19 (343)" in words(html)
    assert '<svg class="forest"' in html
    assert "US$ 6.30" in words(html)


def test_a_wide_table_scrolls_in_its_own_box(client: Client) -> None:
    table = (
        '<table data-block="t1"><caption>Prices "by" country</caption><tbody><tr><td><p>Nigeria</p></td></tr></tbody>'
        "</table>"
    )
    sections = (NarrativeSection(key="background", html=table),)
    published(content().model_copy(update={"narrative": Narrative(sections=sections)}))
    assert '<div class="swipe" role="group" tabindex="0" aria-label="Prices &quot;by&quot; country"><table' in page(
        client, "/recommendations/1/"
    )


# The other kinds of page


def test_facts_without_text_say_where_the_text_is(client: Client) -> None:
    imported()
    html = page(client, "/recommendations/1/")
    assert "Its reasons are printed in the report of the Expert Committee: TRS 1064 ." in words(html)
    assert "Expert Committee recommendation" not in words(html)
    assert "References" not in headings(html)


def test_what_is_not_stated_is_left_out(client: Client) -> None:
    bare = content(
        text=False,
        atc=(),
        icd11=(),
        medicine_type=None,
        placements=(),
        sex=None,
        age=None,
        alternatives=None,
        patents=None,
        links=(),
        history=(),
    )
    imported(bare)
    html = page(client, "/recommendations/1/")
    assert "None" not in words(html)
    assert re.findall(r"<dt>([^<]*)</dt>", html) == ["Source"]
    assert "Further facts" not in words(html)


def test_a_rejection_says_so_and_explains_it_in_place(client: Client) -> None:
    rejected = content(
        placements=(Placement(section=CEREBRAL_PALSY, eml="not_listed", emlc="not_listed"),),
        history=(StatusEvent(event="not_recommended", year=2025, report="TRS 1064"),),
    )
    published(rejected, outcome="not_recommended")
    html = page(client, "/recommendations/1/")
    assert part(html, "ul", "marks") == "Not recommended for listing EML Not listed EMLc Not listed"
    assert "It is no advice to patients." in words(html)
    assert "Essential medicine" not in part(html, "ul", "marks")


def test_a_rejected_change_to_a_listed_medicine_stays_essential(client: Client) -> None:
    published(outcome="not_recommended")
    html = page(client, "/recommendations/1/")
    assert part(html, "ul", "marks").startswith("Essential medicine")
    assert part(html, "p", "by") == "25th Expert Committee : the proposal was not recommended."


def test_a_removal_says_when(client: Client) -> None:
    removed = content(
        text=False,
        placements=(Placement(section=CEREBRAL_PALSY, eml="removed"),),
        history=(StatusEvent(event="first_added", year=1979), StatusEvent(event="removed", year=2021)),
    )
    imported(removed)
    html = page(client, "/recommendations/1/")
    assert part(html, "p", "answer") == "Removed in 2021."
    assert part(html, "ul", "marks") == "Removed from the List EML Removed"


def test_a_deferred_decision_says_what_is_asked_for(client: Client) -> None:
    deferred = content(placements=(), history=(StatusEvent(event="deferred", year=2025),))
    published(deferred, outcome="deferred", source={**MEETING, "asked": "Prices from five countries."})
    html = page(client, "/recommendations/1/")
    assert part(html, "ul", "marks") == "Decision deferred"
    assert "Prices from five countries." in words(html)
    assert "Decision deferred" in words(page(client, "/"))


def test_a_vote_and_a_dissenting_opinion_are_printed(client: Client) -> None:
    opinion = {"name": "Prof Example Person", "seat": "member", "opinion": "I would have waited <for> more."}
    published(source={**MEETING, "method": "poll", "votes": [12, 3, 1], "dissents": [opinion]})
    html = page(client, "/recommendations/1/")
    assert "By vote (12 for, 3 against, 1 abstentions)" in words(html)
    assert "Dissenting opinion of Prof Example Person I would have waited <for> more." in words(html)


def test_an_earlier_version_stays_with_a_notice(client: Client) -> None:
    first = published()
    corrected(first, content(weight="> 25 kg"), note="The weight was missing.")
    old = page(client, "/recommendations/1/v1/")
    assert "This is version 1, kept as it was published." in words(old)
    assert "> 25 kg" not in words(old.partition('class="side"')[0])
    assert 'href="/recommendations/1/changes/1-2/"' in old
    new = page(client, "/recommendations/1/")
    assert "Corrected version The weight was missing." in words(new)
    assert 'href="/recommendations/1/v1/"' in new
    assert page(client, "/recommendations/1/v2/").count("> 25 kg") == new.count("> 25 kg")


def test_the_current_version_is_the_latest_in_force_not_the_last_made(client: Client) -> None:
    first = published(effective_date=date(2025, 9, 5))
    imported(content(text=False, weight="> 40 kg"), effective_date=date(2023, 7, 1), base=first)
    html = page(client, "/recommendations/1/")
    assert "Version 1" in part(html, "p", "as-of")
    assert "This is version 2, kept as it was published." in words(page(client, "/recommendations/1/v2/"))


def test_a_page_speaks_for_the_newest_edition(client: Client) -> None:
    Edition.objects.create(number=23, children_number=9, year=2023, effective_date=date(2023, 7, 1))
    first = published(effective_date=date(2023, 7, 26))
    assert "As of EML 23 and EMLc 9" in words(page(client, "/recommendations/1/"))
    Edition.objects.create(number=24, children_number=10, year=2025, effective_date=date(2025, 9, 5))
    assert "As of EML 24 and EMLc 10" in words(page(client, "/recommendations/1/"))
    published(content(weight="> 5 kg"), effective_date=date(2025, 9, 5), base=first)
    assert "As of EML 23 and EMLc 9" in words(page(client, "/recommendations/1/v1/"))


def test_differences_are_marked_with_words_for_those_who_do_not_see_them(client: Client) -> None:
    first = published()
    sections = tuple(
        NarrativeSection(key="background", html=paragraph("bg1", "Diazepam is listed for other uses."))
        if section.key == "background"
        else section
        for section in narrative().sections
    )
    changed = content(weight="> 25 kg").model_copy(update={"narrative": narrative(sections=sections)})
    corrected(first, changed, note="Two slips.")
    html = page(client, "/recommendations/1/changes/1-2/")
    assert "<ins>" in html
    assert '<del><span class="aside-heard">Deleted: </span>' in html
    assert "> 25 kg" in words(html)
    assert headings(html) == ["Facts", "Background"]


@pytest.mark.parametrize(
    "path",
    [
        "/recommendations/2/",
        "/recommendations/1/v2/",
        "/recommendations/1/changes/1-2/",
        "/recommendations/1/changes/1-1/",
        "/recommendations/1/v2/cite.ris",
        "/recommendations/1/v2/content.json",
        "/recommendations/99999999999999999999/",
        "/nowhere/",
        "/xx/",
    ],
)
def test_what_does_not_exist_is_not_found(client: Client, path: str) -> None:
    published()
    response = client.get(path)
    assert response.status_code == 404
    assert "Page not found" in response.content.decode()


def test_the_page_for_a_fault_of_ours_speaks_the_language_of_the_page(rf: RequestFactory) -> None:
    with override("ar"):
        html = server_error(rf.get("/ar/")).content.decode()
    assert '<html lang="ar" dir="rtl">' in html
    assert re.search(r'<link rel="stylesheet" href="/static/css/look\.[^"]*css">', html)


@pytest.mark.parametrize("path", ["/", "/recommendations/1/", "/search/?q=x", "/recommendations/1/v1/content.json"])
def test_public_pages_are_read_only(client: Client, path: str) -> None:
    published()
    assert client.post(path).status_code == 405


# Relations


def test_a_page_links_to_the_medicines_other_uses_and_the_uses_other_medicines(client: Client) -> None:
    published()
    imported(content(text=False, indication="Muscle spasms"))
    imported(content(text=False, medicine="diazepam"))
    imported(content(text=False, medicine="ibuprofen", indication="Pain"))
    html = page(client, "/recommendations/1/")
    related = html[html.index('id="further"') : html.index('id="references"')]
    assert re.findall(r'<li>\s*<a href="([^"]*)">([^<]*)</a>', related) == [
        ("/recommendations/2/", "Muscle spasms"),
        ("/recommendations/3/", "Diazepam"),
    ]


def test_a_page_shows_the_first_of_many_neighbours_and_leads_to_all(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_RELATED", 1)
    recommendation = published().recommendation
    alternatives = Alternatives(kind="named", medicines=("baclofen",))
    imported(content(text=False, medicine="tizanidine", alternatives=alternatives))
    assert "All of them" not in page(client, "/recommendations/1/")
    imported(content(text=False, medicine="dantrolene"))
    html = page(client, "/recommendations/1/")
    related = html[html.index('id="further"') : html.index('id="references"')]
    assert re.findall(r'<a href="([^"]*)">([^<]*)</a>', related)[-3:] == [
        ("/recommendations/3/", "Dantrolene"),
        (f"/indications/{recommendation.indication_id}/", "All of them"),
        ("/recommendations/2/", "Tizanidine – Spastic cerebral palsy"),
    ]


# Languages


def test_the_language_of_the_text_is_marked_where_it_differs(client: Client) -> None:
    published()
    english = page(client, "/recommendations/1/")
    french = page(client, "/fr/recommendations/1/")
    arabic = page(client, "/ar/recommendations/1/")
    assert '<html lang="en" dir="ltr">' in english
    assert "tongue-note" not in english
    assert '<div class="prose">' in english
    assert '<html lang="fr" dir="ltr">' in french
    assert french.count("tongue-note") == 1
    assert '<div class="prose" lang="en" dir="ltr">' in french
    assert '<html lang="ar" dir="rtl">' in arabic
    assert re.search('<h1 class="title" lang="en" dir="ltr"><a href="/ar/medicines/[0-9]+/">Baclofen</a></h1>', arabic)


def test_a_text_in_french_is_foreign_to_an_english_page_alone(client: Client) -> None:
    published(content().model_copy(update={"narrative": narrative(language="fr")}))
    assert '<div class="prose" lang="fr" dir="ltr">' in page(client, "/recommendations/1/")
    assert '<div class="prose">' in page(client, "/fr/recommendations/1/")


def test_every_language_links_to_the_same_page_in_the_others(client: Client) -> None:
    published()
    for path in ("/recommendations/1/v1/", "/fr/recommendations/1/v1/"):
        html = page(client, path)
        assert re.findall(r'<link rel="alternate" hreflang="([^"]*)" href="http://testserver([^"]*)">', html) == [
            ("en", "/recommendations/1/v1/"),
            ("x-default", "/recommendations/1/v1/"),
            ("fr", "/fr/recommendations/1/v1/"),
            ("es", "/es/recommendations/1/v1/"),
            ("ru", "/ru/recommendations/1/v1/"),
            ("zh-Hans", "/zh-hans/recommendations/1/v1/"),
            ("ar", "/ar/recommendations/1/v1/"),
        ]


def test_the_language_switch_keeps_the_query(client: Client) -> None:
    assert 'href="/fr/search/?q=baclofen&amp;page=2"' in page(client, "/search/?q=baclofen&page=2")


# Files


def test_the_content_file_has_the_fingerprint_of_the_page(client: Client) -> None:
    version = published()
    response = client.get("/recommendations/1/v1/content.json")
    assert hashlib.sha256(response.content).hexdigest() == version.fingerprint
    assert json.loads(response.content)["facts"]["medicine"] == "baclofen"
    assert version.fingerprint in page(client, "/recommendations/1/")


def test_a_citation_names_the_version_for_ever(client: Client) -> None:
    published()
    ris = client.get("/recommendations/1/v1/cite.ris")
    bibtex = client.get("/recommendations/1/v1/cite.bib")
    assert ris["Content-Disposition"] == 'attachment; filename="demonstration-recommendation-1-v1.ris"'
    assert "UR  - http://testserver/recommendations/1/v1/\r\n" in ris.content.decode()
    assert "recommendation-1-v1" in bibtex.content.decode()
    assert "http://testserver/recommendations/1/v1/" in part(page(client, "/recommendations/1/"), "p", "citation")


# Promises


def every_address() -> Iterator[str]:
    yield from ("/", "/about/", "/search/?q=baclofen", "/search/?section=5.1", "/recommendations/1/")
    yield from ("/recommendations/1/v1/", "/fr/recommendations/1/v2/", "/recommendations/1/changes/1-2/")
    yield from (
        "/recommendations/1/v1/cite.ris",
        "/recommendations/1/v1/cite.bib",
        "/recommendations/1/v1/content.json",
    )


def test_public_pages_touch_no_table_of_the_review_and_set_no_cookie(client: Client) -> None:
    corrected(published(), content(weight="> 25 kg"), note="The weight was missing.")
    for path in every_address():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = client.get(path)
        assert response.status_code == 200, path
        tables = {
            name for query in queries for name in re.findall(r'(?:FROM|JOIN|INTO|UPDATE) "([^"]*)"', query["sql"])
        }
        assert all(table.startswith("medicines_") for table in tables), (path, tables)
        assert dict(response.cookies) == {}
        assert "Cookie" not in response.get("Vary", "")


def test_a_recommendation_takes_two_queries_however_many_versions_and_then_one(
    client: Client, django_assert_num_queries: Any
) -> None:
    version = published()
    for weight in ("> 1 kg", "> 2 kg", "> 3 kg"):
        version = corrected(version, content(weight=weight), note="Again.")
    for number in range(5):
        imported(content(text=False, medicine=f"medicine {number}"))
    for path in ("/recommendations/1/", "/recommendations/1/v2/", "/ar/recommendations/1/"):
        with django_assert_num_queries(1 + 2 + 1):  # Looked for, made, stored.
            client.get(path)
        with django_assert_num_queries(1):
            client.get(path)


def test_lists_take_the_same_queries_for_one_row_and_for_many(client: Client) -> None:
    counts: list[list[int]] = []
    for number in range(2):
        for more in range(1 + number * 6):
            published(content(medicine=f"medicine {number} {more}"))
        found = []
        for path in ("/", "/search/?q=medicine"):
            with CaptureQueriesContext(connection) as queries:
                client.get(path)
            found.append(len(queries))
        counts.append(found)
    # The front page is looked for, made of what it counts, and stored; four queries read the facets anew, which the
    # search has then.
    assert counts == [[1 + 9 + 4 + 1, 4], [1 + 9 + 4 + 1, 4]]


DATA = re.compile(r'<script type="application/ld\+json">[^<]*</script>')
"""What no browser runs, and nothing in it can end."""


def test_no_page_carries_a_script_or_a_style_in_itself(client: Client) -> None:
    corrected(published(), content(weight="> 25 kg"), note="The weight was missing.")
    for path in list(every_address())[:8]:
        html = DATA.sub("", page(client, path))
        assert re.findall(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]* src=)|javascript:", html) == [], path


def test_what_came_from_outside_is_escaped(client: Client) -> None:
    bad = '"><script>alert(1)</script>'
    sections = (NarrativeSection(key="background", html=paragraph("b1", f"Words.{cite('r1')}")),)
    given = content(
        text=False,
        medicine=f"baclofen {bad}",
        indication=f"Pain {bad}",
        partners=(bad,),
        atc=('"><b>',),
        icd11=('"><b>',),
        weight=bad,
        history=(StatusEvent(event="added", year=2001, report=bad, words=bad),),
    )
    reference = narrative().references[0].model_copy(update={"id": "r1", "csl": {"type": "book", "title": bad}})
    published(
        given.model_copy(update={"narrative": Narrative(sections=sections, references=(reference,))}),
        source={**MEETING, "meeting": bad, "item": bad, "asked": bad},
        note=bad,
    )
    for path in ("/", "/recommendations/1/", "/fr/recommendations/1/v1/", "/search/?q=" + bad):
        page = client.get(path).content.decode()
        assert ("<script>alert" in page, '"><b>' in page) == (False, False), path
