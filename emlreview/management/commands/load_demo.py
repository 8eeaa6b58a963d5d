from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from applications.models import Person
from emlreview.demo_data.load import load
from emlreview.demo_data.people import ACCOUNTS, PASSWORD


class Command(BaseCommand):
    help = "Load the demonstration's data, unless there are data already, and print its accounts."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is not a demonstration: EMLREVIEW_DEMO is not set.")
        if load():
            self.stdout.write("The demonstration's data are loaded.")
        else:
            self.stdout.write("There are data already; nothing was changed.")
        self._print_accounts()

    def _print_accounts(self) -> None:
        there = set(Person.objects.values_list("email", flat=True))
        accounts = [account for account in ACCOUNTS if account.email in there]
        if not accounts:
            return
        self.stdout.write(f"\nDemo accounts, all with the password {PASSWORD}\n\n")
        for account in accounts:
            self.stdout.write(f"  {account.email:<26}{account.role}")
