from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from medicines.list_files import BeingMade, make_files


class Command(BaseCommand):
    help = "Make the files of the data page from the record as it is. Does nothing where they are there already."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--site",
            default="http://127.0.0.1:8000" if settings.DEMO else f"https://{settings.ALLOWED_HOSTS[0]}",
            help="the address of the site, which the files name as theirs (%(default)s)",
        )

    def handle(self, *args: Any, site: str, **options: Any) -> None:
        try:
            made = make_files(site=site.rstrip("/"))
        except BeingMade as error:
            raise CommandError("The files are being made by another process. Nothing was done.") from error
        if not options["verbosity"]:
            return
        self.stdout.write(f"{len(made.files)} files of state {made.state} of the record")
        for file in made.files:
            self.stdout.write(f"{file.sha256}  {file.size:>12,}  {file.name}")
