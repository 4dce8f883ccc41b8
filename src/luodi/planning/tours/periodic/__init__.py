"""Periodic routing with fixed patterns of days, for published instances and regular rounds."""

from .files import read_cordeau, read_problem, read_vrplib
from .output import report, write_plan
from .problem import PeriodicPlan, PeriodicProblem
from .solve import solve

__all__ = [
    "PeriodicPlan",
    "PeriodicProblem",
    "read_cordeau",
    "read_problem",
    "read_vrplib",
    "report",
    "solve",
    "write_plan",
]
