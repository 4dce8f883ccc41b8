"""Scales of assessment as data, and what follows from their answers: pure, no database."""

from luodi.rooms.care.scales.ability import (
    ABILITY,
    ADJUSTMENTS,
    Adjustments,
    level_of,
)
from luodi.rooms.care.scales.aids import BARTHEL, BRADEN, MORSE, NEWS2
from luodi.rooms.care.scales.base import Item, Missing, Option, Result, Scale
from luodi.rooms.care.scales.former import MZT039
from luodi.rooms.care.scales.risks import PROTECTION, needs_of, risks_of

SCALES: dict[str, Scale] = {
    one.key: one for one in (ABILITY, BARTHEL, BRADEN, MORSE, NEWS2, MZT039)
}

__all__ = [
    "ABILITY",
    "ADJUSTMENTS",
    "BARTHEL",
    "BRADEN",
    "MORSE",
    "MZT039",
    "NEWS2",
    "PROTECTION",
    "SCALES",
    "Adjustments",
    "Item",
    "Missing",
    "Option",
    "Result",
    "Scale",
    "level_of",
    "needs_of",
    "risks_of",
]
