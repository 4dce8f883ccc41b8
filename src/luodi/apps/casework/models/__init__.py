"""The three lists: a case (the problem), who is responsible, what is being done about it."""

from luodi.apps.casework.models.case import Case, Category
from luodi.apps.casework.models.history import Event, Responsibility, Share, Verification
from luodi.apps.casework.models.intake import Intake, PublicAttempt
from luodi.apps.casework.models.keeping import Link, SavedFilter, Template
from luodi.apps.casework.models.measure import Measure

__all__ = [
    "Case",
    "Category",
    "Event",
    "Intake",
    "Link",
    "Measure",
    "PublicAttempt",
    "Responsibility",
    "SavedFilter",
    "Share",
    "Template",
    "Verification",
]
