"""Periodic routing with fixed patterns of days, for published instances and regular rounds."""

from .problem import PeriodicPlan, PeriodicProblem, read_cordeau
from .solve import solve

__all__ = ["PeriodicPlan", "PeriodicProblem", "read_cordeau", "solve"]
