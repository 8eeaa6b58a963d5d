"""The large invented record: what it holds, that it is the same each time, and where it refuses to be made."""

from __future__ import annotations

import io
from itertools import islice
from random import Random
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from medicines.actions.verify import verify_record
from medicines.load.names import diseases, substances
from medicines.load.uses import Use, uses
from medicines.models import (
    AtcCode,
    AwareEntry,
    Edition,
    EditionEntry,
    Icd11Entity,
    Listing,
    Medicine,
    Recommendation,
    Section,
    Version,
)
from tests.medicines.build import published

SIZE = 150


def load(*options: str, size: int = SIZE) -> str:
    out = io.StringIO()
    call_command("make_load", str(size), *options, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_it_makes_so_many_recommendations_and_everything_that_a_list_has() -> None:
    told = load()
    assert Recommendation.objects.count() == Listing.objects.count() == SIZE
    assert f"{SIZE} recommendations" in told
    assert "MB of memory at most" in told
    assert verify_record().holds
    assert {edition.number for edition in Edition.objects.all()} == {23, 24}
    assert Section.objects.filter(edition__number=24, continues__isnull=False).count() == 330
    assert set(Version.objects.values_list("kind", flat=True)) == {"imported", "decision", "correction"}
    assert set(Version.objects.values_list("number", flat=True)) >= {1, 2}
    assert Listing.objects.filter(has_narrative=True).exists()
    assert Listing.objects.exclude(aware="").exists()
    assert EditionEntry.objects.filter(edition__number=23).exists()
    for model in (AtcCode, AwareEntry, Icd11Entity):
        assert model.objects.exists()
    facets = {key.partition(":")[0] for keys in Listing.objects.values_list("facets", flat=True) for key in keys}
    assert facets >= {
        "status",
        "list",
        "tier",
        "section",
        "aware",
        "atc",
        "route",
        "type",
        "edition",
        "year",
        "meeting",
    }


@pytest.mark.django_db
def test_an_edition_is_entered_by_what_it_prints_and_not_by_what_was_refused() -> None:
    load()
    refused = Version.objects.filter(outcome__in=["not_recommended", "deferred"])
    assert refused.exists()
    assert not EditionEntry.objects.filter(version__in=refused).exists()
    assert set(Listing.objects.filter(status="essential").values_list("pk", flat=True)) <= set(
        EditionEntry.objects.values_list("recommendation", flat=True)
    )


@pytest.mark.django_db
def test_its_pages_can_be_read() -> None:
    load()
    numbers = [Listing.objects.filter(has_narrative=has_text)[0].recommendation.number for has_text in (True, False)]
    for path in ("/", *(f"/recommendations/{number}/" for number in numbers)):
        assert Client().get(path).status_code == 200, path


def told_by(use: Use) -> Any:
    return use.substance, use.disease, use.partner, use.fate


def test_the_same_size_and_seed_make_the_same_record() -> None:
    first, again, other = ([told_by(use) for use in uses(300, seed=seed)] for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_some_words_find_very_much_and_others_one_thing() -> None:
    found = list(uses(5000, seed=1))
    infections = sum("infection" in use.disease.name for use in found)
    assert 0.2 < infections / len(found) < 0.4
    medicines = [use.substance.name for use in found]
    assert sum(medicines.count(name) == 1 for name in set(medicines)) > 500
    assert len({(use.substance.name, use.disease.name, use.partner) for use in found}) == 5000


def test_no_two_substances_and_no_two_diseases_share_a_name() -> None:
    for invent in (substances, diseases):
        names = [each.name for each in islice(invent(Random(1)), 3000)]
        assert len(set(names)) == 3000


@pytest.mark.django_db
def test_a_record_that_holds_something_is_left_alone_unless_it_is_added_to() -> None:
    published()
    with pytest.raises(CommandError, match="The record is not empty"):
        load(size=5)
    assert Medicine.objects.count() == 1
    load("--add", size=5)
    load("--add", "--seed", "2", size=5)
    assert Recommendation.objects.count() == 11
    with pytest.raises(CommandError, match="choose another one: --seed"):
        load("--add", "--seed", "2", size=5)
    assert Recommendation.objects.count() == 11


@pytest.mark.django_db
def test_a_real_site_gets_no_invented_medicines_by_mistake(settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="This is not a demonstration"):
        load(size=5)
    assert not Version.objects.exists()
    load("--publish-invented-medicines", size=5)
    assert Recommendation.objects.count() == 5


@pytest.mark.parametrize("size", ["0", "-5", "many", "1.5", "2000000"])
def test_what_is_no_sensible_number_is_refused(size: str) -> None:
    with pytest.raises(CommandError, match="is no number from 1 to 1 000 000"):
        call_command("make_load", size)
