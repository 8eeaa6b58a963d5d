"""Collecting garbage less often while much of the record is written."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

RARELY = 100
"""After how many collections of the middle generation the oldest is collected; usually 10."""


@contextmanager
def rare_full_collections() -> Iterator[None]:
    """Leave what is old alone for a while.

    A full collection walks through everything that the process has loaded, and an import makes so many objects that
    it would come dozens of times, for a fifth of all its work. The memory stays bounded, because what an import makes
    goes as soon as nothing names it: it has no cycles.
    """
    young, middle, old = gc.get_threshold()
    gc.set_threshold(young, middle, RARELY)
    try:
        yield
    finally:
        gc.set_threshold(young, middle, old)
