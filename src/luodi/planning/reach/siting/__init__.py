"""Where to build: covering, p-median, p-centre and catchment, to proof."""

from .problem import GOALS, Goal, SitingPlan, SitingProblem, catchment_index, explain, supply_ratio
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
