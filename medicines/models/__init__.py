from .classification import AtcCode, AwareEntry, Icd11Entity
from .edition import Edition, EditionEntry, EditionListing
from .indication import Indication
from .medicine import Medicine
from .recommendation import Listing, Recommendation, Version
from .section import Section
from .state import RecordState

__all__ = [
    "AtcCode",
    "AwareEntry",
    "Edition",
    "EditionEntry",
    "EditionListing",
    "Icd11Entity",
    "Indication",
    "Listing",
    "Medicine",
    "Recommendation",
    "RecordState",
    "Section",
    "Version",
]
