"""The classifications in the admin: found by code and name, and changed by nobody there."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from medicines.models import AtcCode, AwareEntry, Icd11Entity
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(make.secretary())
    return client


def entity(place: int, code: str, title: str, address: str = "") -> Icd11Entity:
    kind = "category" if code else "block"
    return Icd11Entity.objects.create(
        release="2025-01", place=place, kind=kind, code=code, title=title, key=title, address=address
    )


def rows(client: Client, address: str) -> list[str]:
    page = client.get(f"/admin/medicines/{address}")
    return [str(row) for row in page.context["cl"].result_list]


def test_rows_are_found_by_code_and_by_name(staff: Client):
    AtcCode.objects.create(code="N05", name="CALMING AGENTS")
    AtcCode.objects.create(code="N05BA99", name="exemplin")
    entity(1, "", "Noisy breath")
    entity(2, "ZZ10", "Hiccups")
    AwareEntry.objects.create(edition="2023", key="exemplin", name="Exemplin", group="watch", atc=["J01XX91"])
    assert rows(staff, "atccode/?q=calming") == ["N05 CALMING AGENTS"]
    assert rows(staff, "atccode/?q=N05BA") == ["N05BA99 exemplin"]
    assert rows(staff, "icd11entity/?q=zz10") == ["ZZ10 Hiccups"]
    assert rows(staff, "icd11entity/?kind=block") == ["Noisy breath"]
    assert rows(staff, "awareentry/?q=J01XX91") == ["Exemplin: watch (2023)"]


def test_an_entity_leads_to_its_address_and_cannot_be_changed(staff: Client):
    known = entity(1, "ZZ10", "Hiccups", "https://icd.example.org/browse#34")
    address = f"/admin/medicines/icd11entity/{known.pk}/change/"
    assert (
        '<a href="https://icd.example.org/browse#34" rel="external">icd.example.org</a>'
        in staff.get(address).content.decode()
    )
    assert staff.post(address, {"title": "Something else"}).status_code == 403
    assert Icd11Entity.objects.get().title == "Hiccups"


def test_more_rows_take_no_more_queries(staff: Client):
    entity(1, "ZZ10", "Hiccups")
    with CaptureQueriesContext(connection) as few:
        rows(staff, "icd11entity/")
    for place in range(2, 40):
        entity(place, f"ZZ{place + 10}", f"Hiccups {place}")
    with CaptureQueriesContext(connection) as many:
        rows(staff, "icd11entity/")
    assert len(many) == len(few)
