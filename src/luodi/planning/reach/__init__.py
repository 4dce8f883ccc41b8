"""Reach: who lives how many minutes from which place, and where to build next."""

from .example import example
from .maps import map_page
from .plan import ReachPlan, explain
from .problem import People, Places, ReachProblem, Siting
from .report import report
from .solve import solve
from .tables import read_problem, write_plan, write_template

__all__ = [
    "People",
    "Places",
    "ReachPlan",
    "ReachProblem",
    "Siting",
    "example",
    "explain",
    "map_page",
    "read_problem",
    "report",
    "solve",
    "write_plan",
    "write_template",
]
