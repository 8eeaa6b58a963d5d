from .classification import AtcCode, AwareEntry, Icd11Entity
from .edition import Edition, EditionEntry, EditionListing
from .indication import Indication
from .list_import import ListImport
from .medicine import Medicine
from .recommendation import Listing, Recommendation, Version
from .renaming import Renaming
from .rendering import Rendering
from .searching import ListingText, SearchWord
from .section import Section
from .section_title import SectionTitle
from .state import RecordState

__all__ = [
    "AtcCode",
    "AwareEntry",
    "Edition",
    "EditionEntry",
    "EditionListing",
    "Icd11Entity",
    "Indication",
    "ListImport",
    "Listing",
    "ListingText",
    "Medicine",
    "Recommendation",
    "RecordState",
    "Renaming",
    "Rendering",
    "SearchWord",
    "Section",
    "SectionTitle",
    "Version",
]
