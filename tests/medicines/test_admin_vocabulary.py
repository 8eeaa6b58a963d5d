"""Editions and sections in the admin: by hand, and as tables in and out."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from medicines.models import Edition, Section
from tests import make
from tests.sent import sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(make.secretary())
    return client


@pytest.fixture
def edition() -> Edition:
    return Edition.objects.create(number=24, children_number=10, year=2025, effective_date="2025-09-05")


def test_a_section_finds_its_place_by_its_number(staff, edition):
    for number, title in (("5", "Nerves"), ("5.1", "Brain")):
        staff.post(reverse("admin:medicines_section_add"), {"edition": edition.pk, "number": number, "title": title})
    above, below = Section.objects.order_by("sort_key")
    assert (below.parent, below.sort_key) == (above, "000005.000001")


def test_sections_come_in_as_a_table_after_a_preview(staff, edition):
    table = "edition,number,title,parent\n24,5,Nerves,\n24,5.1,Brain,5\n"
    address = reverse("admin:medicines_section_import")
    preview = staff.post(address, {"import_file": SimpleUploadedFile("sections.csv", table.encode()), "format": "0"})
    assert (preview.status_code, Section.objects.count()) == (200, 0)
    staff.post(reverse("admin:medicines_section_process_import"), sent(preview.content.decode()))
    assert [(s.number, s.title, str(s.parent)) for s in Section.objects.all()] == [
        ("5", "Nerves", "None"),
        ("5.1", "Brain", "5 Nerves"),
    ]


def test_a_formula_leaves_as_text_and_comes_back_as_it_was(staff, edition):
    Section.objects.create(edition=edition, number="5", title="=HYPERLINK(0)", sort_key="000005")
    answer = staff.post(reverse("admin:medicines_section_export"), {"format": "0"})
    assert answer.content.decode().splitlines() == ["edition,number,title,parent", "24,5,'=HYPERLINK(0),"]
    Section.objects.update(title="Other")
    file = SimpleUploadedFile("sections.csv", answer.content)
    preview = staff.post(reverse("admin:medicines_section_import"), {"import_file": file, "format": "0"})
    staff.post(reverse("admin:medicines_section_process_import"), sent(preview.content.decode()))
    assert Section.objects.get().title == "=HYPERLINK(0)"


def test_lists_cost_the_same_however_long_they_are(staff, edition):
    names = ("section", "edition", "recommendation", "version")
    costs: dict[str, list[int]] = {name: [] for name in names}
    for number in range(3):
        make.published(about=[make.facts(f"Medicine {number}")])
        Section.objects.create(edition=edition, number=str(number), title="Title", sort_key=str(number))
        if number != 1:
            for name in names:
                with CaptureQueriesContext(connection) as queries:
                    staff.get(reverse(f"admin:medicines_{name}_changelist"))
                costs[name].append(len(queries))
    assert {name: first == last for name, (first, last) in costs.items()} == dict.fromkeys(names, True)
