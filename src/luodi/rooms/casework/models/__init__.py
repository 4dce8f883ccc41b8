"""The three lists: a case (the problem), who is responsible, what is being done about it."""

from luodi.rooms.casework.models.case import Case, Category
from luodi.rooms.casework.models.history import Event, Responsibility, Share, Verification
from luodi.rooms.casework.models.intake import Intake, PublicAttempt, ReportKey
from luodi.rooms.casework.models.keeping import Link, Numbering, SavedFilter, Template
from luodi.rooms.casework.models.measure import Measure

__all__ = [
    "Case",
    "Category",
    "Event",
    "Intake",
    "Link",
    "Measure",
    "Numbering",
    "PublicAttempt",
    "ReportKey",
    "Responsibility",
    "SavedFilter",
    "Share",
    "Template",
    "Verification",
]
