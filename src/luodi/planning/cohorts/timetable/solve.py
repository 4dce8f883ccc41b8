"""One entrance for both kinds of timetables."""

from __future__ import annotations

from ...core import Progress
from .anneal import solve_curricula
from .classes import ClassPlan, ClassProblem
from .ctt import Curricula, CurriculumPlan
from .program import solve_classes


def solve(
    problem: ClassProblem | Curricula,
    *,
    time_limit: float | None = 60.0,
    seed: int = 0,
    progress: Progress | None = None,
) -> ClassPlan | CurriculumPlan:
    """CP-SAT for classes, annealing for competition instances. Raises :class:`Infeasible`."""
    if isinstance(problem, Curricula):
        return solve_curricula(problem, time_limit=time_limit, seed=seed, progress=progress)
    return solve_classes(problem, time_limit=time_limit, seed=seed, progress=progress)
