"""The public record in the admin, to look at; the vocabularies, to be kept."""

from . import classification, list_import, medicine, record, vocabulary

__all__ = ["classification", "list_import", "medicine", "record", "vocabulary"]
