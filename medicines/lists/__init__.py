"""Lists from outside: files become rows, rows become entries, entries and the record become a plan. No database."""
