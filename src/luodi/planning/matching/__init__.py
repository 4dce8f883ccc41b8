"""Matching: who should supply whom, at what delivered cost, and what depends on whom."""

from .example import example, write_template
from .failure import Enterprise, Failure, Pair, enterprises, failures, partners, rivals
from .plan import Level, MatchingPlan, Worth
from .problem import Contracts, MatchingProblem, Needs, Offers, Transport, make_needs, make_offers
from .report import report
from .solve import solve
from .tables import from_tables, read_problem, write_plan
from .words import explain

__all__ = [
    "Contracts",
    "Enterprise",
    "Failure",
    "Level",
    "MatchingPlan",
    "MatchingProblem",
    "Needs",
    "Offers",
    "Pair",
    "Transport",
    "Worth",
    "enterprises",
    "example",
    "explain",
    "failures",
    "from_tables",
    "make_needs",
    "make_offers",
    "partners",
    "read_problem",
    "report",
    "rivals",
    "solve",
    "write_plan",
    "write_template",
]
