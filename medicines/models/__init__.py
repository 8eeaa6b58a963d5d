from .edition import Edition, EditionEntry
from .indication import Indication
from .medicine import Medicine
from .recommendation import Listing, Recommendation, Version
from .section import Section

__all__ = ["Edition", "EditionEntry", "Indication", "Listing", "Medicine", "Recommendation", "Section", "Version"]
