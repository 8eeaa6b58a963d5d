"""Triggers that keep what is written: the database refuses to change it, whoever asks."""

import pgtrigger


def append_only() -> pgtrigger.Protect:
    """Rows may be added and read, never changed or deleted."""
    return pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


def never_deleted() -> pgtrigger.Protect:
    """Rows may be added and changed, never deleted."""
    return pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)


def fixed(*fields: str) -> pgtrigger.ReadOnly:
    """These fields keep the value that the row was made with."""
    return pgtrigger.ReadOnly(name="fixed_fields", fields=list(fields))
