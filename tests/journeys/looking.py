"""What axe finds on a page that somebody could not use."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

ONLY_FAULTS = {"resultTypes": ["violations"]}
"""axe would also describe every part of the page that has none, which takes longer than to look at it."""


def faults(page: Page, **options: Any) -> list[str]:
    """Each rule that the page breaks, with the first place where it does."""
    found = Axe().run(page, options=ONLY_FAULTS | options).response["violations"]
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in found]
