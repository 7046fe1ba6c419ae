"""The aggregates of the domain."""

from commitments.models.areas import Area
from commitments.models.assemblies import Assembly, ImportedItem, Theme
from commitments.models.challenges import Challenge, Support, Verification
from commitments.models.commitments import Answering, Commitment, CommitmentArea, Lineage, Owner
from commitments.models.dates import DueDateChange, Milestone, Missed
from commitments.models.evidence_files import EvidenceFile
from commitments.models.hand_overs import HandOver, OfferedOwner
from commitments.models.priorities import Neighbourhood, Priority, PriorityWording, Tie
from commitments.models.recommendations import Asked, Recommendation, Response
from commitments.models.search import SearchDocument
from commitments.models.updates import Correction, Evidence, ProgressUpdate
from commitments.models.withheld import Redaction, Vaulted, Withholding

__all__ = [
    "Answering",
    "Area",
    "Asked",
    "Assembly",
    "Challenge",
    "Commitment",
    "CommitmentArea",
    "Correction",
    "DueDateChange",
    "Evidence",
    "EvidenceFile",
    "HandOver",
    "ImportedItem",
    "Lineage",
    "Milestone",
    "Missed",
    "Neighbourhood",
    "OfferedOwner",
    "Owner",
    "Priority",
    "PriorityWording",
    "ProgressUpdate",
    "Recommendation",
    "Redaction",
    "Response",
    "SearchDocument",
    "Support",
    "Theme",
    "Tie",
    "Vaulted",
    "Verification",
    "Withholding",
]
