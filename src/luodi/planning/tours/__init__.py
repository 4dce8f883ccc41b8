"""Tours: which troupe plays in which village on which day, and how it drives."""

from .example import example
from .plan import DayTrip, TourPlan, explain
from .problem import Show, TourProblem, Troupes, Villages, Wishes
from .report import report
from .solve import solve
from .tables import read_problem, write_plan, write_template

__all__ = [
    "DayTrip",
    "Show",
    "TourPlan",
    "TourProblem",
    "Troupes",
    "Villages",
    "Wishes",
    "example",
    "explain",
    "read_problem",
    "report",
    "solve",
    "write_plan",
    "write_template",
]
