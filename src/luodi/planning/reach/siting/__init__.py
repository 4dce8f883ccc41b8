"""Where to build: covering, p-median, p-centre and catchment, to proof."""

from .plan import SitingPlan, catchment_index, explain, supply_ratio
from .problem import GOALS, Goal, SitingProblem
from .solve import solve

__all__ = [
    "GOALS",
    "Goal",
    "SitingPlan",
    "SitingProblem",
    "catchment_index",
    "explain",
    "solve",
    "supply_ratio",
]
