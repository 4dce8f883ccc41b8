"""Measure the circle, then choose where to build."""

from __future__ import annotations

import numpy as np

from ..core import Progress, Status
from .access import nearest
from .plan import ReachPlan, share_covered
from .problem import ReachProblem, siting_problem
from .siting import solve as choose_sites


def solve(
    problem: ReachProblem,
    *,
    time_limit: float | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> ReachPlan:
    """Minutes for everyone, and the sites to build if the problem asks for them.

    Without siting the objective is the share of people within the limit of every kind: a
    measurement, so its bound is itself.
    """
    clock = progress or Progress()
    began = clock.seconds
    limit, n = problem.horizon_minutes, len(problem.network.lon)
    found = [nearest(problem.graph, problem.sources(k), limit) for k in range(len(problem.kinds))]
    minutes = np.array([far[:n] for far, _ in found])
    place = np.array([who[:n] for _, who in found])
    sites, after = None, None
    if problem.siting is not None:
        left = None if time_limit is None else max(time_limit - (clock.seconds - began), 0.1)
        chosen = siting_problem(problem)
        sites = choose_sites(chosen, time_limit=left, seed=seed, progress=clock)
        old = problem.sources(problem.siting.kind)
        built = problem.candidates[sites.chosen - len(old)]
        after = nearest(problem.graph, np.concatenate([old, built]), limit)[0][:n]
    share = share_covered(problem, minutes)
    return ReachPlan(
        objective=sites.objective if sites else share,
        bound=sites.bound if sites else share,
        status=sites.status if sites else Status.OPTIMAL,
        seconds=clock.seconds - began,
        minutes=minutes,
        place=place,
        sites=sites,
        after=after,
    )
