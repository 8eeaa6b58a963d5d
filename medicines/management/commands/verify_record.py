from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from medicines.actions.verify import Misfit, verify_record

WORDS = {
    "fingerprint": "its content is not what was published",
    "chain": "what is told of it, or of a version before it, is not what was published",
    "position": "a version before it is missing, or it was put in later",
}


class Command(BaseCommand):
    help = "Recompute every fingerprint and the chain of the record, and print its head."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--head", help="a head that was printed earlier: prove that the record still contains it")

    def handle(self, *args: Any, head: str | None, **options: Any) -> None:
        verification = verify_record(earlier_head=head)
        for misfit in verification.misfits:
            self.stderr.write(self.style.ERROR(_sentence(misfit)))
        if verification.contains is False:
            self.stderr.write(self.style.ERROR(f"The record does not contain the head {head}."))
        if not verification.holds:
            raise CommandError("The record does not hold.")
        self.stdout.write(f"{verification.versions} versions, all as they were published.")
        if verification.contains:
            self.stdout.write(f"The record contains the head {head}.")
        self.stdout.write(f"head {verification.head or 'none: the record is empty'}")


def _sentence(misfit: Misfit) -> str:
    where = f"Recommendation {misfit.recommendation}, version {misfit.version} (place {misfit.position} in the record)"
    return f"{where}: {WORDS[misfit.reason]}."
