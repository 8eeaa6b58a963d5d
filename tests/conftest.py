"""What every test stands on."""

import os

# Tests change tables: they run as the owner, on the embedded server unless DATABASE_OWNER_URL names another.
os.environ.setdefault("EMLREVIEW_ROLE", "owner")
if "DATABASE_OWNER_URL" not in os.environ:
    os.environ.setdefault("EMLREVIEW_DEMO", "1")
