"""Timetables of classes: lecturers, rooms, forms, sites with travel."""

from .example import example, write_template
from .problem import ClassPlan, ClassProblem, Room, Session, explain
from .solve import solve
from .tables import read_problem, report, write_plan

__all__ = [
    "ClassPlan",
    "ClassProblem",
    "Room",
    "Session",
    "example",
    "explain",
    "read_problem",
    "report",
    "solve",
    "write_plan",
    "write_template",
]
