from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from emlreview import grants


class Command(BaseCommand):
    help = "Give the serving role what it needs on the tables, and no more. To be run after migrate."

    def handle(self, *args: Any, **options: Any) -> None:
        role = grants.grant_serving(connection)
        self.stdout.write(f"The role {role} may read and write rows.")
