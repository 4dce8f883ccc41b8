"""Programme > measure > target, and what outside statements say."""

from luodi.rooms.programmes.models.plan import Measure, MeasureCase, Programme
from luodi.rooms.programmes.models.statements import Indicator, Observation
from luodi.rooms.programmes.models.targets import Pledge, Target

__all__ = [
    "Indicator",
    "Measure",
    "MeasureCase",
    "Observation",
    "Pledge",
    "Programme",
    "Target",
]
