"""One entry for the four goals of siting."""

from __future__ import annotations

import math

from ...core import Progress, Status
from .catchment import solve_catchment
from .centre import solve_centre
from .cover import solve_cover
from .median_solve import solve_median
from .problem import SitingPlan, SitingProblem, value

SOLVERS = {
    "cover": solve_cover,
    "median": solve_median,
    "centre": solve_centre,
    "catchment": solve_catchment,
}


def solve(
    problem: SitingProblem,
    *,
    time_limit: float | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> SitingPlan:
    """Choose the sites. ``time_limit`` in seconds (60 if not given).

    Raises :class:`Infeasible` where the centre goal cannot reach everyone.
    """
    clock = progress or Progress()
    before = clock.seconds
    chosen, bound = SOLVERS[problem.goal](problem, before + (time_limit or 60.0), seed, clock)
    objective = value(problem, chosen)
    close = math.isclose(objective, bound, rel_tol=1e-6, abs_tol=1e-6)
    return SitingPlan(
        objective=objective,
        bound=objective if close else bound,
        status=Status.OPTIMAL if close else Status.FEASIBLE,
        seconds=clock.seconds - before,
        goal=problem.goal,
        chosen=chosen,
        start=value(problem, chosen[:0]) if problem.existing.any() else None,
    )
