"""Choose the fastest exact method for a problem and run it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from ..core import Infeasible, Progress, Status, Text, relative_gap
from .candidates import Arcs, find_arcs, targets
from .linear import NoPlan, solve_linear
from .model import Left, Result
from .plan import Level, MatchingPlan, Worth, goal_value
from .problem import FIRM, MatchingProblem
from .pure import is_pure, solve_pure
from .words import blend_clashes, contract_clashes, shortage

NO_PLAN_IN_TIME = Text("在时限内没有找到任何方案", "no plan was found within the time limit")
PROVEN = 1e-6  # relative gap below which a plan counts as optimal
TINY = 1e-7  # tonnes below this are rounding of the solver


def solve(
    problem: MatchingProblem,
    *,
    time_limit: float | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> MatchingPlan:
    """The best plan in the lexicographic order of ``problem.order``.

    A min-cost flow where only quantities, prices and filters matter, a linear program with blending
    limits or joint shares, a mixed-integer one with minimum lots or a limited number of suppliers.
    With ``transport.nearest`` the flow is proven against all pairs, not only the candidates; a
    program is not (its bound is ``None`` then).
    Raises :class:`Infeasible` where contracts clash or a firm need cannot be met.
    """
    began = time.perf_counter()
    if broken := contract_clashes(problem):
        raise Infeasible(broken)
    left = remaining(problem)
    arcs = find_arcs(problem)
    solved = solve_pure(problem, arcs, left) if is_pure(problem, arcs) else None
    if solved is not None:
        plan = _plan(problem, *solved, "flow", began)
    else:
        clashes = blend_clashes(problem)
        stuck = [text for j, text in clashes if j not in arcs.need]
        if stuck:
            raise Infeasible(stuck)
        try:
            result = solve_linear(
                problem, arcs, left, time_limit=time_limit, seed=seed, progress=progress
            )
        except NoPlan as error:
            raise Infeasible([text for _, text in clashes] or [NO_PLAN_IN_TIME]) from error
        plan = _plan(problem, arcs, result, partial(_worth, problem, result), "program", began)
    if progress is not None:
        progress.report(plan.objective, plan.bound)
    firm = (problem.needs.priority == FIRM)[:, None] & (plan.unmet(problem) > 0)
    if firm.any():
        raise Infeasible(shortage(problem, plan, firm))
    return plan


def remaining(problem: MatchingProblem) -> Left:
    """Supply and demand less what contracts bind."""
    supply, demand = problem.offers.tonnes.copy(), problem.needs.tonnes.copy()
    np.subtract.at(supply, problem.contracts.offer, problem.contracts.tonnes)
    np.subtract.at(demand, problem.contracts.need, problem.contracts.tonnes)
    return Left(np.maximum(supply, 0.0), np.maximum(demand, 0.0))


def _worth(problem: MatchingProblem, result: Result) -> Worth:
    """From duals: the change of the last goal with the goals before it held, and of what is met."""
    gains = result.gains
    saving, cost = result.duals if problem.order[-1] == "cost" else (0 * gains[0], 0 * gains[1])
    return Worth(-gains[0], -saving, -gains[1], cost)


def _plan(
    problem: MatchingProblem,
    arcs: Arcs,
    result: Result,
    marginals: Callable[[], Worth],
    method: str,
    began: float,
) -> MatchingPlan:
    used = (result.x > TINY).any(axis=1)
    tonnes = np.where(result.x[used] > TINY, result.x[used], 0.0)
    draft = MatchingPlan(
        objective=0.0,
        bound=None,
        status=Status.FEASIBLE,
        seconds=0.0,
        offer=arcs.offer[used],
        need=arcs.need[used],
        tonnes=tonnes,
        price=arcs.price[used],
        km=arcs.km[used],
        levels=(),
        method=method,
        rejected=arcs.rejected,
        n_arcs=len(arcs),
        marginals=marginals,
        problem=problem,
    )
    levels = []
    sure = arcs.complete or method == "flow"
    for (goal, priority), value, bound in zip(
        targets(problem), result.values, result.bounds, strict=True
    ):
        total = goal_value(problem, draft, goal, priority)
        sign = 1.0 if goal == "cost" else -1.0
        fixed = total - sign * value  # what contracts add, and rounding
        limit = None if bound is None or not sure else sign * bound + fixed
        levels.append(Level(goal, priority, total, limit))
        gap = relative_gap(total, limit)
        sure = sure and gap is not None and (gap <= PROVEN or abs(total - (limit or 0)) <= PROVEN)
    cost = next(level for level in levels if level.goal == "cost")
    return replace(
        draft,
        objective=cost.value,
        bound=cost.bound,
        levels=tuple(levels),
        status=Status.OPTIMAL if sure else Status.FEASIBLE,
        seconds=time.perf_counter() - began,
    )
