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


def counted() -> pgtrigger.Trigger:
    """Every statement that changes this table moves the record to its next state (``RecordState``).

    The row of the state is changed in the same transaction, so whoever reads the new rows reads the new state too.
    """
    return pgtrigger.Trigger(
        name="counts_in_the_state",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func="""
            UPDATE medicines_recordstate SET number = number + 1, changed_at = clock_timestamp();
            RETURN NULL;
        """,
    )
