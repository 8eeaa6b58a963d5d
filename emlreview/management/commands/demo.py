import os
import socket
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from emlreview import demo
from emlreview.embedded import server
from medicines.list_files import newest_set


class Command(BaseCommand):
    help = "Set up what the demonstration needs, load its data unless they are there, and serve it on this machine."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is not a demonstration: EMLREVIEW_DEMO is not set. See README.md on serving.")
        _check_port(port)
        try:
            self._set_up()
            if newest_set() is None:  # Later on whoever tries the site out makes them anew: it takes its time.
                call_command("make_files", site=f"http://{demo.ADDRESS}:{port}", verbosity=0)
            self.stdout.write(f"\nThe demonstration is at http://{demo.ADDRESS}:{port}/ (Ctrl-C ends it)\n\n")
            self.stdout.flush()
            demo.serve(port)
        except KeyboardInterrupt:
            pass

    def _set_up(self) -> None:
        data_folder = settings.DATA_DIR
        if "DATA_FOLDER" in settings.DATABASES["default"]:
            try:
                server.hold(data_folder)
            except server.ServerError as error:
                raise CommandError(str(error)) from error
        if not demo.claim(data_folder):
            raise CommandError(
                f"A demonstration already runs on {data_folder}. EMLREVIEW_DATA names another folder for a second one."
            )
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
        # In a process of its own, because it works as another role.
        migrated = subprocess.run(
            [sys.executable, settings.BASE_DIR / "manage.py", "migrate", "--verbosity", "0"],
            env=os.environ | {"EMLREVIEW_ROLE": "owner"},
        )
        if migrated.returncode:
            raise CommandError("The tables could not be made.")
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("load_demo")


def _check_port(port: int) -> None:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((demo.ADDRESS, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} cannot be used ({error.strerror}). Choose another one: PORT={port + 1} make demo"
            ) from error
