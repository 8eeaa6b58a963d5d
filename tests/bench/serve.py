"""Serves the site as the demonstration is served: `python -m tests.bench.serve PORT`."""

import sys

import django
from django.conf import settings

from emlreview import demo
from emlreview.embedded import server


def main() -> None:
    django.setup()
    server.hold(settings.DATA_DIR)
    if not demo.claim(settings.DATA_DIR):
        sys.exit(f"Another server runs on {settings.DATA_DIR}.")
    demo.serve(int(sys.argv[1]))


if __name__ == "__main__":
    main()
