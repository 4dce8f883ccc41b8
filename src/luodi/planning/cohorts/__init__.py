"""Cohorts: train everyone in batches, exactly once, and say who cannot be placed and why."""

from .example import example, write_template
from .plan import CohortPlan
from .problem import After, Apart, CohortProblem, Cohorts, People, make_people
from .solve import solve
from .tables import from_tables, read_problem, write_plan
from .words import explain, report

__all__ = [
    "After",
    "Apart",
    "CohortPlan",
    "CohortProblem",
    "Cohorts",
    "People",
    "example",
    "explain",
    "from_tables",
    "make_people",
    "read_problem",
    "report",
    "solve",
    "write_plan",
    "write_template",
]
