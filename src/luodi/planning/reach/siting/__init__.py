"""Where to build the next k: covering, p-median, p-centre and catchment, to proof."""

from .files import read_pmed, read_problem, report, write_plan
from .plan import SitingPlan, catchment_index, supply_ratio
from .problem import GOALS, Goal, SitingProblem
from .solve import solve

__all__ = [
    "GOALS",
    "Goal",
    "SitingPlan",
    "SitingProblem",
    "catchment_index",
    "read_pmed",
    "read_problem",
    "report",
    "solve",
    "supply_ratio",
    "write_plan",
]
