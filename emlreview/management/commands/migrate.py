from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from emlreview import grants
from medicines.actions.listing import rebuild_outdated_listings


class Command(migrate.Command):
    help = (
        f"{migrate.Command.help} Then gives the serving role what it needs on the tables, and writes the listings "
        "anew where an older release wrote them."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if not (options["plan"] or options["check_unapplied"]):
            grants.grant_serving(connections[options["database"]])
            if not options["app_label"]:
                rebuild_outdated_listings()
