"""Solve the nested part as a flow; if its plan breaks nothing it is the optimum, else a program."""

from __future__ import annotations

import time

from ..core import Progress, Status, relative_gap
from .flow import solve_flow
from .improve import improve
from .mixed import solve_mixed
from .plan import CohortPlan, broken, evaluate
from .problem import CohortProblem
from .repair import repair

PROVEN = 1e-6
PROGRAM = 150_000  # pairs above which a program finds nothing in a minute; flows go on instead


def solve(
    problem: CohortProblem,
    *,
    time_limit: float | None = 60.0,
    seed: int = 0,
    progress: Progress | None = None,
) -> CohortPlan:
    """Everyone once, as early as urgency asks. Those who cannot be placed stay at −1.

    The min-cost flow without the conditions across cohorts is a bound; where its plan keeps them
    all (they may be absent), it is optimal. Never infeasible: ``plan.left_out`` names the few, and
    ``plan.explain()`` says why.
    """
    began = time.perf_counter()
    relaxed = solve_flow(problem)
    chosen, bound = relaxed.chosen, float(relaxed.objective)
    best = evaluate(problem, chosen)
    if broken(problem, chosen) or best > bound + 0.5:
        limit = 60.0 if time_limit is None else time_limit
        until = began + limit
        chosen = repair(problem, relaxed, began + 0.6 * limit, seed)
        rest = until - time.perf_counter()
        if problem.eligible.sum() > PROGRAM:
            chosen = improve(problem, chosen, bound, rest, seed, progress)
        elif evaluate(problem, chosen) > bound * (1 + PROVEN):
            solved = solve_mixed(
                problem, relaxed, chosen, time_limit=max(1.0, rest), seed=seed, progress=progress
            )
            if not broken(problem, solved.chosen):
                chosen = min(chosen, solved.chosen, key=lambda x: evaluate(problem, x))
            bound = solved.bound if solved.bound is not None else bound
        best = evaluate(problem, chosen)
        bound = min(bound, best)
    if progress is not None:
        progress.report(best, bound)
    gap = relative_gap(best, bound)
    return CohortPlan(
        objective=best,
        bound=bound,
        status=Status.OPTIMAL if gap is not None and gap <= PROVEN else Status.FEASIBLE,
        seconds=time.perf_counter() - began,
        chosen=chosen,
    )
