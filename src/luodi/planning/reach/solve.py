"""Measure the circle, then choose where to build."""

from __future__ import annotations

import numpy as np

from ..core import Progress, Status
from .access import between, nearest
from .plan import ReachPlan, share_covered
from .problem import ReachProblem
from .siting import SitingProblem
from .siting import solve as choose_sites


def siting_problem(problem: ReachProblem) -> SitingProblem:
    """Demand points × (existing places of the kind, then candidates), in minutes."""
    wish = problem.siting
    assert wish is not None
    p = problem.people
    weight = p.total if wish.group is None else p.count[:, wish.group]
    living = np.flatnonzero(weight > 0)
    old = problem.sources(wish.kind)
    sources = np.concatenate([old, problem.candidates])
    limit = float(problem.limit_minutes[wish.kind])
    reach = limit if wish.goal in ("cover", "catchment") else problem.horizon_minutes
    way = problem.way(problem.homes)[living]
    new = len(problem.candidates)
    kept = problem.places.capacity[problem.places.kind == wish.kind]
    return SitingProblem(
        people=weight[living],
        minutes=between(problem.graph, sources, problem.homes.node[living], way, reach),
        goal=wish.goal,
        count=wish.count,
        budget=wish.budget,
        limit=limit,
        unreachable=problem.horizon_minutes,
        target=wish.target,
        existing=np.arange(len(sources)) < len(old),
        cost=np.concatenate([np.zeros(len(old)), wish.cost]),
        capacity=np.concatenate([kept, wish.capacity]) if new else kept,
    )


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
