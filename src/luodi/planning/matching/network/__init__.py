"""Published minimum-cost flow and transportation instances (DIMACS ``.min``), to proof."""

from .files import read_problem, report, write_plan
from .flow import FlowPlan, FlowProblem, solve

__all__ = ["FlowPlan", "FlowProblem", "read_problem", "report", "solve", "write_plan"]
