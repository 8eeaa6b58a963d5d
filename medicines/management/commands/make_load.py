import resource
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from medicines.actions.errors import PublicationRefused
from medicines.load.record import Load
from medicines.models import Edition, EditionEntry, Indication, Medicine, Recommendation, Version

MOST = 1_000_000


class Command(BaseCommand):
    help = "Fill the record with many invented recommendations, to see how the site behaves when it has grown."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("size", type=_size, help="how many recommendations, such as 100000")
        parser.add_argument("--seed", type=int, default=1, help="the same size and seed make the same record")
        parser.add_argument("--add", action="store_true", help="even though the record holds something already")
        parser.add_argument(
            "--publish-invented-medicines",
            action="store_true",
            help="even though this is no demonstration: what is published can never be taken back",
        )

    def handle(self, *args: Any, size: int, seed: int, **options: Any) -> None:
        if not (settings.DEMO or options["publish_invented_medicines"]):
            raise CommandError(
                "This is not a demonstration. What is published can never be taken back, and the medicines are "
                "invented: --publish-invented-medicines says that you mean it."
            )
        if not options["add"] and (Version.objects.exists() or Edition.objects.exists()):
            raise CommandError("The record is not empty. --add puts the invented recommendations beside what is there.")
        started = time.monotonic()
        before = {model: model.objects.count() for model in COUNTED}
        try:
            Load(size, seed=seed, tell=self._tell).make()
        except PublicationRefused as refusal:
            raise CommandError(
                f"{refusal} If this seed has been added before, choose another one: --seed."
            ) from refusal
        seconds = time.monotonic() - started
        for model in COUNTED:
            self.stdout.write(f"{model.objects.count() - before[model]:>9,} {model._meta.verbose_name_plural}")
        self.stdout.write(f"Made in {seconds:.0f} s with {_peak_memory():.0f} MB of memory at most.")

    def _tell(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()


COUNTED = (Medicine, Indication, Recommendation, Version, EditionEntry)


def _size(words: str) -> int:
    if not words.isdecimal() or not 1 <= int(words) <= MOST:
        raise ArgumentTypeError(f"{words!r} is no number from 1 to {MOST:,}.".replace(",", " "))
    return int(words)


def _peak_memory() -> float:
    """In MB, of this process so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
