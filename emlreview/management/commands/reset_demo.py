import shutil
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from emlreview.embedded import data, server

# What the demonstration and the tests make, by name: a folder that was named by mistake loses nothing else.
MADE = (
    *("postgres", "postgres.new", "postgres.log", "pg_hba.conf", "pg_ident.conf"),
    *("files", "mail", "static", "secret-key"),
)


class Command(BaseCommand):
    help = "Remove the demonstration's data, so that the next start begins anew."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is not a demonstration: EMLREVIEW_DEMO is not set.")
        if "DATA_FOLDER" not in settings.DATABASES["default"]:
            raise CommandError("DATABASE_URL names a database of your own: remove its data yourself.")
        folder = settings.DATA_DIR
        with server.stopped(folder) as nobody_uses_it:
            if not nobody_uses_it:
                raise CommandError("The demonstration or a command still runs. End it first.")
            for path in (*(folder / name for name in MADE), *folder.glob("programs-*")):
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
            shutil.rmtree(data.socket_folder(folder), ignore_errors=True)
        self.stdout.write(f"The data in {folder} are removed.")
