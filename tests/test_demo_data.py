"""The demonstration's data: that they load whole, once, and say nothing that is not their own."""

import re
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction

from applications.models import Event, Item, Person, Reading, Recusal, Thread
from applications.permissions import may_publish, takes_part
from emlreview import demo_data
from emlreview.demo_data.people import ACCOUNTS, PASSWORD
from medicines.actions.verify import verify_record
from medicines.content.checks import check
from medicines.content.citations import Numbering
from medicines.content.schema import SECTION_KEYS
from medicines.models import Listing, Recommendation, Section, Version

TEXTS = sorted((Path(demo_data.__file__).parent / "texts").iterdir())
SHARED = settings.BASE_DIR.parent / "shared" / "data"
RUN = 8
"""As many words in a row are a sentence taken over."""


@pytest.fixture(scope="module", autouse=True)
def loaded(django_db_setup, django_db_blocker):
    """What the command prints, loaded once for the tests of this file, which only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        printed = StringIO()
        call_command("load_demo", stdout=printed)
        yield printed.getvalue()
        transaction.set_rollback(True)


def of(medicine):
    versions = Version.objects.filter(recommendation__medicine__name=medicine)
    return list(versions.order_by("recommendation__number", "number"))


def test_recommendation_number_one_is_baclofen_with_nine_sections():
    (version,) = Version.objects.filter(recommendation__number=1)
    facts, narrative = version.content.facts, version.content.narrative
    left_out = {"additional_evidence", "implementation"}
    assert (facts.medicine, facts.indication) == ("Baclofen", "Spastic cerebral palsy")
    assert [section.key for section in narrative.sections] == [key for key in SECTION_KEYS if key not in left_out]
    assert (facts.list_status("EML"), facts.list_status("EMLc")) == ("complementary", "complementary")
    assert [(e.event, e.year, e.report) for e in facts.history] == [("first_added", 2025, "TRS 1064")]


def test_the_findings_of_baclofen_are_written_as_their_source_has_them():
    (version,) = of("Baclofen")
    rows = version.content.narrative.findings
    assert [(r.studies, r.participants, r.measure, r.estimate, r.low, r.high) for r in rows] == [
        ("19", "343", "SMD", "−1.70", "−2.15", "−1.25"),
        ("6", "117", "SMD", "0.15", "0.08", "0.22"),
    ]


def test_every_reference_of_baclofen_is_cited():
    (version,) = of("Baclofen")
    numbering = Numbering(version.content.narrative)
    assert len(numbering.entries) == 21
    assert [entry.number for entry in numbering.entries if not entry.is_cited] == []
    assert numbering.dangling == ()


def test_items_stand_in_every_state_that_the_road_has():
    assert Counter(Item.objects.values_list("state", flat=True)) == {
        "published": 5,
        "decided": 1,
        "signed": 1,
        "in_review": 1,
        "at_meeting": 1,
        "received": 1,
        "withdrawn": 1,
    }


def test_outcomes_are_published_as_they_were_decided():
    outcomes = {
        (v.content.facts.medicine, v.content.facts.indication, v.number): (v.kind, v.outcome)
        for v in Version.objects.exclude(kind="imported")
    }
    assert outcomes == {
        ("Baclofen", "Spastic cerebral palsy", 1): ("decision", "added"),
        ("Tizanidine", "Spasticity in multiple sclerosis", 1): ("decision", "not_recommended"),
        ("Melatonin", "Sleep problems in autistic children", 1): ("decision", "deferred"),
        ("Candesartan", "Prevention of migraine in adults", 1): ("decision", "added"),
        ("Candesartan", "Prevention of migraine in children", 1): ("decision", "not_recommended"),
        ("Candesartan", "Prevention of migraine in adults", 2): ("correction", "added"),
    }


def test_a_corrected_version_keeps_its_mistake_and_the_next_one_mends_it():
    first, second, _children = of("Candesartan")
    strengths = [v.content.facts.placements[0].formulations[0].strengths for v in (first, second)]
    assert strengths == [("8 mg", "18 mg"), ("8 mg", "16 mg")]
    assert second.corrects == first
    assert "16 mg" in second.note


def test_a_correction_says_who_decided_as_the_corrected_version_does():
    first, second, _children = of("Candesartan")
    same = ("meeting", "year", "report", "item", "decided_on", "method", "asked", "dissents")
    assert [second.provenance[key] for key in same] == [first.provenance[key] for key in same]
    assert second.provenance["correction"] == "E.1"
    assert second.provenance["revision"] != first.provenance["revision"]


def test_many_medicines_are_there_by_their_facts_alone():
    facts_only = Listing.objects.filter(has_narrative=False)
    assert Counter(facts_only.values_list("status", flat=True)) == {
        "essential": 53,
        "removed": 2,
        "not_recommended": 3,
    }
    assert [(v.effective_date.year, v.content.facts.status) for v in of("Halothane")] == [
        (2023, "essential"),
        (2025, "removed"),
    ]


def test_one_recommendation_stands_in_two_sections():
    (ceftriaxone,) = of("Ceftriaxone")
    assert [p.section.leaf.number for p in ceftriaxone.content.facts.placements] == ["6.2.2", "5.1.6.1"]


def test_sections_continue_those_of_the_edition_before():
    section = Section.objects.get(edition__number=24, number="6.5.3.1")
    assert (section.continues.edition.number, section.continues.title) == (23, "For curative treatment")
    assert section.parent.number == "6.5.3"


def test_one_member_takes_no_part_in_the_item_in_review():
    item = Item.objects.get(state="in_review")
    recusal = Recusal.objects.get()
    assert (recusal.item, recusal.person.email) == (item, "recused@example.org")
    assert not takes_part(recusal.person, item)
    assert Thread.objects.filter(draft__item=item, resolved_at=None).count() == 2
    assert Reading.objects.get(revision__draft__item=item).verdict == "needs_changes"


def test_what_waits_for_the_publisher_was_written_by_somebody_else():
    publisher = Person.objects.get(email="publisher@example.org")
    assert may_publish(publisher, Item.objects.get(state="signed"))


def test_nothing_of_the_review_is_in_the_record():
    record = " ".join(f"{v.body} {v.note} {v.provenance}" for v in Version.objects.all()).lower()
    hidden = ("lacosamide", "cinnarizine", "nirsevimab", "duloxetine", "the rapporteur had doubts", "okello", "idrissi")
    assert [words for words in hidden if words in record] == []


def test_made_up_decisions_say_so_in_their_first_paragraph():
    made_up = Version.objects.exclude(kind="imported").exclude(recommendation__number=1)
    openings = [v.content.narrative.section("recommendation")[:120] for v in made_up]
    assert len(openings) == 5
    assert [words for words in openings if "This text is an example made up for a demonstration" not in words] == []


def test_the_record_holds():
    verification = verify_record()
    assert verification.holds
    assert verification.versions == Version.objects.count()


def test_no_check_finds_an_error_in_what_is_published():
    problems = [
        (version.recommendation.number, problem.where, str(problem.message))
        for version in Version.objects.select_related("recommendation")
        for problem in check(version.content)
        if problem.level == "error"
    ]
    assert problems == []


def test_the_command_prints_every_account(loaded):
    assert PASSWORD in loaded
    assert [account.email for account in ACCOUNTS if account.email not in loaded] == []
    assert {person.email for person in Person.objects.all()} == {account.email for account in ACCOUNTS}
    assert all(person.check_password(PASSWORD) for person in Person.objects.all())


def test_a_second_run_changes_nothing():
    models = (Version, Recommendation, Person, Item, Event, Section)
    before = [model.objects.count() for model in models]
    printed = StringIO()
    call_command("load_demo", stdout=printed)
    assert "nothing was changed" in printed.getvalue()
    assert [model.objects.count() for model in models] == before


def test_outside_a_demonstration_the_command_refuses(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="not a demonstration"):
        call_command("load_demo")


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs shared/data")
def test_no_sentence_of_the_demonstration_stands_in_another_text():
    own = {run: path.name for path in TEXTS for run in runs(re.sub(r"\[@[^\]]*\]", " ", path.read_text()))}
    taken = {
        (own[run], " ".join(run))
        for path in SHARED.iterdir()
        if path.suffix in {".md", ".csv", ".json", ".txt"}
        for run in runs(path.read_text(errors="replace"))
        if run in own
    }
    assert taken == set()


def runs(text):
    words = re.findall(r"\w+", text.lower())
    return zip(*(words[start:] for start in range(RUN)), strict=False)
