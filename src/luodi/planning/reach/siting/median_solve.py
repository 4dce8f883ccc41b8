"""Solving the p-median: exchange, multipliers, fixing, and branching over what is left."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ...core import Progress
from .highs import run
from .median import Median, exchange, greedy, kicked, lagrange, reduce
from .plan import value
from .problem import SitingProblem
from .radius import radius_model

Ints = NDArray[np.intp]
Flags = NDArray[np.bool_]


def solve_median(
    problem: SitingProblem, seconds: float, seed: int, progress: Progress
) -> tuple[Ints, float]:
    """The sites to build and a lower bound of the person-minutes."""
    p, nothing = reduce(problem), np.zeros(0, dtype=np.intp)
    if not len(p.people) or not p.count:
        return nothing, value(problem, nothing)
    # what the merged problem leaves out (people whom no new site can help) is the same in any plan
    constant = value(problem, problem.new[:1]) - p.value(np.zeros(1, dtype=np.intp))
    chosen, bound = _choose(p, seconds, seed, progress, constant)
    return problem.new[chosen], constant + bound


def _choose(
    p: Median, seconds: float, seed: int, progress: Progress, plus: float
) -> tuple[Ints, float]:
    half = time.perf_counter() + (seconds - progress.seconds) / 3
    chosen = exchange(p, greedy(p), half)
    best = p.value(chosen)
    bound = float(p.people @ np.minimum(p.far, p.near.min(axis=1)))
    progress.report(plus + best, plus + bound)
    must, may = np.zeros(len(p.cost), bool), np.ones(len(p.cost), bool)
    if np.isinf(p.budget) or np.sort(p.cost)[::-1][: p.count].sum() <= p.budget:
        p = replace(p, budget=np.inf)
        chosen, bound, must, may = _narrow(p, chosen, bound, half, seed)
        best = p.value(chosen)
        progress.report(plus + best, plus + bound)
    if bound > best - p.grain + 1e-6 or bound >= best * (1 - 1e-9) or not (may & ~must).any():
        return chosen, best
    if progress.stopped:
        return chosen, bound
    return _branch(p, chosen, bound, must, may, seconds, seed, progress, plus)


def _narrow(
    p: Median, chosen: Ints, bound: float, until: float, seed: int
) -> tuple[Ints, float, Flags, Flags]:
    """Better sites, a better bound, and which sites any better choice must and may build."""
    best = p.value(chosen)
    found = lagrange(p, best, until)
    if len(found.trial):
        chosen = min(chosen, exchange(p, found.trial, until), key=p.value)
        best = p.value(chosen)
    if found.bound <= best - max(p.grain, 1e-9 * best):
        chosen = kicked(p, chosen, min(until, time.perf_counter() + 3.0), seed)
        best = p.value(chosen)
    order = np.sort(found.saving)[::-1]
    last, following = order[p.count - 1], order[p.count] if len(order) > p.count else 0.0
    top = np.zeros(len(p.cost), bool)
    top[np.argsort(-found.saving, kind="stable")[: p.count]] = True
    limit = best - p.grain + 1e-6  # a better choice stays at or below this
    must = top & (found.bound + found.saving - following > limit)
    may = top | (found.bound + last - found.saving <= limit)
    return chosen, max(bound, found.bound), must, may


def _branch(
    p: Median,
    chosen: Ints,
    bound: float,
    must: Flags,
    may: Flags,
    seconds: float,
    seed: int,
    progress: Progress,
    plus: float,
) -> tuple[Ints, float]:
    """The radius formulation over the undecided sites; fixed ones shorten every point's radii."""
    fixed, free = np.flatnonzero(must), np.flatnonzero(may & ~must)
    far = np.minimum(p.far, p.near[:, fixed].min(axis=1, initial=np.inf))
    small = replace(
        p,
        near=np.minimum(p.near[:, free], far[:, None]),
        far=far,
        cost=p.cost[free],
        count=p.count - len(fixed),
        budget=p.budget - p.cost[fixed].sum(),
    )
    model, constant = radius_model(small)
    answer = run(
        model,
        seconds=seconds - progress.seconds,
        seed=seed,
        progress=progress,
        start=_start(small, np.isin(free, chosen)),
        view=(1.0, plus + constant),
    )
    best = p.value(chosen)
    if answer.x is not None:
        found = np.sort(np.concatenate([fixed, free[answer.x[: len(free)] > 0.5]]))
        chosen = min(chosen, found, key=p.value)
    if answer.infeasible:  # nothing better than the known choice can be built
        return chosen, best
    return chosen, max(bound, min(p.value(chosen), best, answer.bound + constant))


def _start(p: Median, known: Flags) -> NDArray[np.float64] | None:
    """Site values only, with the radii they imply; None if the known sites do not fit here."""
    sites = np.flatnonzero(known)
    if not p.fits(sites):
        return None
    n = len(p.people)
    minutes = np.sort(p.near, axis=1)
    fresh = (minutes < p.far[:, None]) & np.column_stack(
        [np.ones(n, bool), minutes[:, 1:] > minutes[:, :-1]]
    )
    now = np.minimum(p.far, p.near[:, sites].min(axis=1, initial=np.inf))
    beyond = (minutes < now[:, None])[fresh]
    return np.concatenate([known, beyond]).astype(float)
