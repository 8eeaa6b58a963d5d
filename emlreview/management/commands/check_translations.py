from typing import Any

from django.core.management.base import BaseCommand, CommandError

from emlreview import catalogues


class Command(BaseCommand):
    help = "Say what is missing or wrong in the catalogues of translations. Needs the development environment (Babel)."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            sources = catalogues.source()
        except ValueError as error:
            raise CommandError(str(error)) from error
        faults = [f"{locale}: {line}" for locale in catalogues.PLURALS for line in catalogues.faults(sources, locale)]
        for line in faults:
            self.stderr.write(line)
        if faults:
            raise CommandError(
                f"{len(faults)} faults in the translations. `manage.py messages` brings the catalogues in step with "
                "the sources and compiles them; the words are for people to write."
            )
