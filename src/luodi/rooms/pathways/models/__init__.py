"""Development of members, dues, terms of office, two-way training."""

from luodi.rooms.pathways.models.development import (
    SUCCESS,
    End,
    Fact,
    Helper,
    Interruption,
    Journey,
)
from luodi.rooms.pathways.models.dues import BASE, CATEGORIES, DuesBase, DuesMonth
from luodi.rooms.pathways.models.terms import (
    DIRECTIONS,
    Pairing,
    PairingStep,
    TermShift,
)

__all__ = [
    "BASE",
    "CATEGORIES",
    "DIRECTIONS",
    "SUCCESS",
    "DuesBase",
    "DuesMonth",
    "End",
    "Fact",
    "Helper",
    "Interruption",
    "Journey",
    "Pairing",
    "PairingStep",
    "TermShift",
]
