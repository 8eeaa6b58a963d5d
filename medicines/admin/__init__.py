"""The public record in the admin, to look at; the vocabularies, to be kept."""

from . import record, vocabulary

__all__ = ["record", "vocabulary"]
