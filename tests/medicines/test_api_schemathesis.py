"""schemathesis attacks the API from its own document, with all of its checks, and finds nothing.

What it sends is drawn from the seed of the run, which it prints; of a failure it prints the request as a command for
curl. HEAD is left out: it answers as GET does, which a test of ours says, and would double the time.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests import make
from tests.processes import PATIENCE

pytestmark = pytest.mark.long

CONFIG = """
[checks.negative_data_rejection]
# 414: a cursor beyond the longest one can make an address that the server does not hand on.
expected-statuses = [400, 404, 405, 414]
"""

EXAMPLES = 3
"""How many requests it makes up for each address, beside those for each limit of each parameter."""


def test_schemathesis_finds_nothing(live_url: str, tmp_path: Path) -> None:
    _record()
    (tmp_path / "schemathesis.toml").write_text(CONFIG, encoding="utf-8")
    run = subprocess.run(
        [
            *(Path(sys.executable).with_name("schemathesis"), "--config-file", tmp_path / "schemathesis.toml"),
            *("run", f"{live_url}/api/v1/openapi.json", "--checks", "all", "--max-examples", str(EXAMPLES)),
            *("--exclude-method", "HEAD", "--seed", os.environ["EMLREVIEW_TEST_SEED"]),
            *("--continue-on-failure", "--warnings", "off", "--no-color"),
        ],
        cwd=tmp_path,
        env=os.environ | {"SCHEMATHESIS_HOOKS": "tests.api_formats", "PYTHONPATH": str(settings.BASE_DIR)},
        capture_output=True,
        text=True,
        timeout=6 * PATIENCE,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "No issues found" in run.stdout
    # Every address was attacked, not a document without any.
    assert "20 selected" in run.stdout


def _record() -> None:
    edition = make.edition(24)
    make.section(edition, "5", "Medicines for neurological disorders")
    first = make.published()
    make.correction(first, "published")
    make.rejected(about=[make.facts("Bromazepam", "Insomnia", atc=("N05BA08",))])
    make.imported("Amlodipine", "Hypertension")
