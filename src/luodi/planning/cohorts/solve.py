"""Solve the nested part as a flow; if its plan breaks nothing it is the optimum, else a program.

Better plans from a valid one: flows that can break nothing, each with other freedoms.

Every round shares out what each unit may have away, by cohort, so that any use of the shares keeps
the unit caps; frees one side of each pair within what the other side leaves; and keeps the cohorts
that run at their minimum. The flow then finds the best plan within these freedoms.
"""

from __future__ import annotations

import time

import numpy as np

from ..core import Flags, Longs, Progress, Status, relative_gap
from .flow import solve_flow
from .mixed import solve_mixed
from .plan import CohortPlan, broken, evaluate
from .problem import CohortProblem
from .repair import repair, shares, window

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


def improve(
    problem: CohortProblem,
    chosen: Longs,
    bound: float,
    seconds: float,
    seed: int,
    progress: Progress | None,
) -> Longs:
    """The best plan found in ``seconds``, starting from a plan that breaks nothing."""
    rng, until = np.random.default_rng(seed), time.perf_counter() + seconds
    best = evaluate(problem, chosen)
    while best > bound and time.perf_counter() < until:
        if progress is not None and progress.stopped:
            break
        size = np.bincount(chosen[chosen >= 0], minlength=len(problem.cohorts))
        runs = size > 0
        if (chosen < 0).any() or rng.random() < 0.2:
            runs |= rng.random(len(size)) < 0.1  # an idle cohort may open
        least = np.where(runs, problem.cohorts.min_size, 0)
        allowed = _freedom(problem, chosen, rng) & (runs | (problem.cohorts.min_size <= 1))
        other = solve_flow(problem, allowed, least, shares(problem, chosen, rng)).chosen
        value = evaluate(problem, other)
        if value <= best and not broken(problem, other):
            chosen, best = other, value
        if progress is not None:
            progress.report(best, bound)
    return chosen


def _freedom(problem: CohortProblem, chosen: Longs, rng: np.random.Generator) -> Flags:
    """(P, C): people in pairs stay where they are, but for some whose partners all stay."""
    partners: dict[int, set[int]] = {}
    pairs = [(a.first, a.second) for a in problem.apart]
    pairs += [(a.before, a.later) for a in problem.after]
    for a, b in pairs:
        partners.setdefault(a, set()).add(b)
        partners.setdefault(b, set()).add(a)
    people = np.array(sorted(partners), dtype=np.int64)
    order = people[np.lexsort((rng.random(len(people)), chosen[people] >= 0))]
    allowed = problem.eligible.copy()
    free: set[int] = set()
    for i in order.tolist():
        if partners[i] & free:
            stay = np.zeros(allowed.shape[1], dtype=bool)
            if chosen[i] >= 0:
                stay[chosen[i]] = True
            allowed[i] = stay
        else:
            free.add(i)
            allowed[i] &= window(problem, chosen, i)
    return allowed
