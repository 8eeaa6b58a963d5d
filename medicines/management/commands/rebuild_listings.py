from typing import Any

from django.core.management.base import BaseCommand

from medicines.actions.listing import rebuild_listings


class Command(BaseCommand):
    help = "Drop the searchable projection of the record and write it anew from the current versions."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rebuild_listings()} listings written.")
