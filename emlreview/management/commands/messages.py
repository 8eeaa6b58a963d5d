from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from emlreview import catalogues


class Command(BaseCommand):
    help = (
        "Bring the catalogues of translations in step with the sources: new messages come in untranslated, those that "
        "nobody says any more go, and what is translated is compiled. Needs the development environment (Babel)."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("locales", nargs="*", metavar="LOCALE", help="fr, es, ru, zh_Hans, ar; without one, all")

    def handle(self, *args: Any, **options: Any) -> None:
        unknown = set(options["locales"]) - set(catalogues.PLURALS)
        if unknown:
            known = ", ".join(catalogues.PLURALS)
            raise CommandError(f"Not a language of the site: {', '.join(sorted(unknown))}. There are {known}.")
        try:
            sources = catalogues.source()
        except ValueError as error:
            raise CommandError(str(error)) from error
        for locale in options["locales"] or catalogues.PLURALS:
            new = catalogues.update(sources, catalogues.read(locale), locale)
            path = catalogues.po_path(locale)
            path.parent.mkdir(parents=True, exist_ok=True)
            catalogues.store(path, catalogues.text(new, locale))
            catalogues.store(path.with_suffix(".mo"), catalogues.compiled(new, locale))
            count = Counter(catalogues.is_translated(message) for message in new if message.id)
            self.stdout.write(f"{locale}: {count[True]} translated, {count[False]} to do")
