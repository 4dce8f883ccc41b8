"""Pure solvers: a problem in, a plan out. Imports no Django."""

from .core import (
    BadData,
    Infeasible,
    Lang,
    Plan,
    PlanningError,
    Progress,
    Snapshot,
    Status,
    Text,
    Violation,
)

__all__ = [
    "BadData",
    "Infeasible",
    "Lang",
    "Plan",
    "PlanningError",
    "Progress",
    "Snapshot",
    "Status",
    "Text",
    "Violation",
]
