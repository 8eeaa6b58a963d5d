from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from emlreview import grants


class Command(migrate.Command):
    help = f"{migrate.Command.help} Then gives the serving role what it needs on the tables."

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if not (options["plan"] or options["check_unapplied"]):
            grants.grant_serving(connections[options["database"]])
