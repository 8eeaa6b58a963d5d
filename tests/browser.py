"""Chromium for journeys: where systems keep it, else Playwright's own, fetched where that is possible."""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/snap/bin/chromium",
)
LEFT_OUT = (
    # Two pages in each window for what is typed into its address bar, which cost more than most of ours.
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup"),
    # What Playwright leaves out: Chromium heeds the last list alone.
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades"),
    *(
        "HttpsFirstBalancedModeAutoEnable",
        "LensOverlay",
        "MediaRouter",
        "PaintHolding",
        "ThirdPartyStoragePartitioning",
    ),
    *("AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "NetworkTimeServiceQuerying"),
    *("AimEnabled", "PreconnectToSearch"),
)
FLAGS = [
    *("--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"),
    f"--disable-features={','.join(LEFT_OUT)}",
]
PATIENCE = 60_000
"""Milliseconds after which a page counts as hung. Nothing is measured by it: a busy machine may take its time."""

ADVICE = (
    "No Chromium was found. Get one with `apt-get install chromium` or `.venv/bin/playwright install chromium`, "
    "or name one in EMLREVIEW_CHROMIUM."
)


def flags() -> list[str]:
    """What Chromium is started with. Its sandbox does not work as root."""
    return [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS


@cache
def find(playwrights_own: str) -> str | None:
    """The path of a Chromium, or None where there is none and none can be fetched."""
    candidates = [os.environ.get("EMLREVIEW_CHROMIUM"), *map(shutil.which, NAMES), *PLACES, playwrights_own]
    for candidate in candidates:
        if candidate and Path(candidate).exists():
            return candidate
    fetch = [sys.executable, "-m", "playwright", "install", "chromium"]
    try:
        fetched = subprocess.run(fetch, capture_output=True, timeout=300, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        fetched = False
    return playwrights_own if fetched and Path(playwrights_own).exists() else None
