"""The secretariat's admin of the confidential review. Every row is read through the gate."""

from . import documents, drafts, items, meetings, people, records

__all__ = ["documents", "drafts", "items", "meetings", "people", "records"]
