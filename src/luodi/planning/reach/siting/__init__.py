"""Where to build: covering, p-median, p-centre, catchment and warehouses, to proof."""

from .files import read_cap, read_pmed, read_problem, read_tsplib, report, write_plan
from .plan import SitingPlan, catchment_index, supply_ratio
from .problem import GOALS, Goal, SitingProblem
from .solve import solve
from .warehouses import WarehousePlan, WarehouseProblem

__all__ = [
    "GOALS",
    "Goal",
    "SitingPlan",
    "SitingProblem",
    "WarehousePlan",
    "WarehouseProblem",
    "catchment_index",
    "read_cap",
    "read_pmed",
    "read_problem",
    "read_tsplib",
    "report",
    "solve",
    "supply_ratio",
    "write_plan",
]
