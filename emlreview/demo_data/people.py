"""Who logs in to the demonstration, and the two meetings at which they sit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password

from applications.models import Meeting, Member, Person

PASSWORD = "essential-2027"  # noqa: S105, it is printed, and `load_demo` refuses to work outside a demonstration


@dataclass(frozen=True)
class Account:
    """``seat`` is empty for staff; ``role`` is for those who read the list of accounts."""

    key: str
    name: str
    role: str
    seat: str = ""
    may_publish: bool = False

    @property
    def email(self) -> str:
        return f"{self.key}@example.org"


ACCOUNTS = (
    Account("secretary", "Salma Idrissi", "secretary: drafts, records, never publishes"),
    Account("publisher", "Pavel Novak", "publisher: publishes what others wrote", may_publish=True),
    Account("chair", "Chen Lihua", "chair: signs", "chair"),
    Account("member", "Moses Okello", "member", "member"),
    Account("recused", "Renata Silva", "member, recused from item A.1 of the 26th meeting", "member"),
    Account("vice-chair", "Vera Lindqvist", "vice-chair", "vice_chair"),
    Account("rapporteur", "Rafael Diaz", "rapporteur", "rapporteur"),
)


def make_people() -> dict[str, Person]:
    """The people of the demonstration, by the key of their account."""
    hashed = make_password(PASSWORD)  # Once for all, because it is slow by design.
    return {
        account.key: Person.objects.create(
            email=account.email,
            password=hashed,
            name=account.name,
            is_staff=not account.seat,
            may_publish=account.may_publish,
        )
        for account in ACCOUNTS
    }


def make_meetings(people: dict[str, Person]) -> dict[int, Meeting]:
    """The meetings of 2025 and 2027, by number, with the same committee at both."""
    meetings = {
        25: Meeting.objects.create(
            number=25,
            name="25th meeting, 2025",
            year=2025,
            starts_on=date(2025, 5, 5),
            ends_on=date(2025, 5, 9),
            lists_on=date(2025, 9, 5),
            report="TRS 1064",
            edition=24,
            children_edition=10,
            rules={"signatures": ["chair"], "delegate": "chair", "clearance": True},
        ),
        26: Meeting.objects.create(
            number=26,
            name="26th meeting, 2027",
            year=2027,
            opens_on=date(2026, 5, 1),
            deadline=date(2026, 11, 6),
            starts_on=date(2027, 5, 3),
            ends_on=date(2027, 5, 7),
            lists_on=date(2027, 9, 3),
            edition=25,
            children_edition=11,
            rules={"signatures": ["chair", "rapporteur"], "delegate": "chair", "clearance": True},
        ),
    }
    for meeting in meetings.values():
        for account in ACCOUNTS:
            if account.seat:
                Member.objects.create(meeting=meeting, person=people[account.key], seat=account.seat)
    return meetings
