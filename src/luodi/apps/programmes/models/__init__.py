"""Programme > measure > target, and what outside statements say."""

from luodi.apps.programmes.models.plan import Measure, MeasureCase, Programme
from luodi.apps.programmes.models.statements import Indicator, Observation
from luodi.apps.programmes.models.targets import Pledge, Target

__all__ = [
    "Indicator",
    "Measure",
    "MeasureCase",
    "Observation",
    "Pledge",
    "Programme",
    "Target",
]
