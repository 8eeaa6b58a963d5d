#!/usr/bin/env python
"""Django's command line."""

import os
import sys

# These change tables, or make them; everything else, the server included, works with the role that owns none.
OWNER_COMMANDS = {
    "flush",
    "grant_serving",
    "migrate",
    "optimizemigration",
    "pgtrigger",
    "sqlflush",
    "sqlmigrate",
    "squashmigrations",
    "testserver",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "emlreview.settings")
    # A checkout about which nothing was said is a demonstration. The server of a real site does not pass through here.
    if not any(os.environ.get(name) for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "EMLREVIEW_SECRET_KEY")):
        os.environ.setdefault("EMLREVIEW_DEMO", "1")
    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ.setdefault("EMLREVIEW_ROLE", "owner")

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
