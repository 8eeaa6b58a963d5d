from .classification import AtcCode, AwareEntry, Icd11Entity
from .edition import Edition, EditionEntry
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
    "Icd11Entity",
    "Indication",
    "Listing",
    "Medicine",
    "Recommendation",
    "RecordState",
    "Section",
    "Version",
]
