"""What schemathesis must know of the API beside its document; its command line loads this by SCHEMATHESIS_HOOKS.

Cursors are given by lists, each its own, and a made-up one is refused: schemathesis sends the one that all lists take.
"""

import schemathesis
from hypothesis import strategies as st

schemathesis.openapi.format("cursor", st.just(""))
