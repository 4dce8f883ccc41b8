"""Timetables of classes, and the curriculum-based instances of the 2007 competition."""

from .anneal import solve_curricula
from .classes import ClassPlan, ClassProblem, Room, Session
from .ctt import Curricula, CurriculumPlan, penalties, read_ctt
from .example import example, fifteen_days, write_template
from .program import solve_classes
from .solve import solve
from .tables import read_problem, report, write_plan

__all__ = [
    "ClassPlan",
    "ClassProblem",
    "Curricula",
    "CurriculumPlan",
    "Room",
    "Session",
    "example",
    "fifteen_days",
    "penalties",
    "read_ctt",
    "read_problem",
    "report",
    "solve",
    "solve_classes",
    "solve_curricula",
    "write_plan",
    "write_template",
]
