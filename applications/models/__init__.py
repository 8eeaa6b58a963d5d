from .decision import Approval, Clearance, Decision, Dissent
from .discussion import Comment, Reading, Thread
from .draft import Draft, Revision, WorkingCopy
from .event import Event
from .item import Application, Document, Item, Proposal, Recusal
from .meeting import Meeting, Member
from .person import Person

__all__ = [
    "Application",
    "Approval",
    "Clearance",
    "Comment",
    "Decision",
    "Dissent",
    "Document",
    "Draft",
    "Event",
    "Item",
    "Meeting",
    "Member",
    "Person",
    "Proposal",
    "Reading",
    "Recusal",
    "Revision",
    "Thread",
    "WorkingCopy",
]
