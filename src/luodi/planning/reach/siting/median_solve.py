"""Solving the p-median: exchanges, multipliers, fixing, and branching over what is left.

With a budget that binds the multipliers' problem is no longer easy: the radius formulation then.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ...core import Progress
from .exchange import exchange, greedy, kicked
from .highs import run
from .median import Median, Ranked, reduce
from .plan import value
from .problem import SitingProblem
from .radius import radius_model
from .relax import Relaxed, relax
from .tree import Tree, limit

Ints = NDArray[np.intp]
Flags = NDArray[np.bool_]
KICK_SECONDS = 3.0


def solve_median(
    problem: SitingProblem, seconds: float, seed: int, progress: Progress
) -> tuple[Ints, float]:
    """The sites to build and a lower bound of the person-minutes."""
    p, nothing = reduce(problem), np.zeros(0, dtype=np.intp)
    if not len(p.people) or not p.count:
        return nothing, value(problem, nothing)
    # what the merged problem leaves out (people whom no new site can help) is the same in any plan
    constant = value(problem, problem.new[:1]) - p.value(np.zeros(1, dtype=np.intp))
    if np.isinf(p.budget) or np.sort(p.cost)[::-1][: p.count].sum() <= p.budget:
        p = replace(p, budget=np.inf)
        chosen, bound = _by_multipliers(p, seconds, seed, progress, constant)
    else:
        chosen, bound = _by_radius(p, seconds, seed, progress, constant)
    return problem.new[chosen], constant + bound


def _by_multipliers(
    p: Median, seconds: float, seed: int, progress: Progress, plus: float
) -> tuple[Ints, float]:
    everything = np.ones(len(p.cost), dtype=bool)
    if p.count >= len(p.cost):
        return np.flatnonzero(everything), p.value(np.flatnonzero(everything))
    ranked = Ranked.of(p)
    chosen = exchange(p, ranked, greedy(p, ranked))
    best = p.value(chosen)
    root = _root(p, ranked, best, seconds, progress, plus)
    if root.bound <= limit(p, best):
        trial = exchange(p, ranked, np.flatnonzero(root.top))
        chosen = min(chosen, trial, key=p.value)
        until = time.perf_counter() + min(KICK_SECONDS, (seconds - progress.seconds) / 3)
        chosen = kicked(p, ranked, chosen, until, seed)
        best = p.value(chosen)
    if root.bound > limit(p, best):
        return chosen, best
    _, never = root.decided(everything, limit(p, best))
    keep = np.flatnonzero(~never)
    small = replace(p, near=p.near[:, keep], cost=p.cost[keep])
    known = np.searchsorted(keep, chosen)
    tree = Tree(small, ranked.only(~never), known, best)
    left = replace(root, worth=root.worth[keep], top=root.top[keep], often=root.often[keep])
    tree.prove(left, seconds, progress, plus)
    found = keep[tree.chosen] if tree.best < best else chosen
    return found, min(tree.bound, tree.best)


def _root(
    p: Median, ranked: Ranked, best: float, seconds: float, progress: Progress, plus: float
) -> Relaxed:
    m = len(p.cost)
    price, step, found = ranked.cost[:, min(m // p.count, m - 1)], 1.5, None
    for _ in range(20):
        last = relax(
            ranked, ranked.cap, np.ones(m, dtype=bool), p.count, price, best, limit(p, best),
            steps=100, step=step,
        )  # fmt: skip
        found = last if found is None or last.bound > found.bound else found
        price, step = found.price, last.step
        progress.report(plus + best, plus + found.bound)
        done = found.bound > limit(p, best) or step < 1e-3
        if done or progress.stopped or progress.seconds > seconds:
            break
    assert found is not None
    return found


def _by_radius(
    p: Median, seconds: float, seed: int, progress: Progress, plus: float
) -> tuple[Ints, float]:
    ranked = Ranked.of(p)
    chosen = exchange(p, ranked, greedy(p, ranked))
    best = p.value(chosen)
    bound = float(p.people @ np.minimum(p.far, p.near.min(axis=1)))
    progress.report(plus + best, plus + bound)
    if bound > limit(p, best) or progress.stopped:
        return chosen, best if bound > limit(p, best) else bound
    model, constant = radius_model(p)
    answer = run(
        model,
        seconds=seconds - progress.seconds,
        seed=seed,
        progress=progress,
        start=_start(p, np.isin(np.arange(len(p.cost)), chosen)),
        view=(1.0, plus + constant),
    )
    if answer.x is not None:
        found = np.flatnonzero(answer.x[: len(p.cost)] > 0.5)
        chosen = min(chosen, found, key=p.value)
    return chosen, max(bound, min(p.value(chosen), answer.bound + constant))


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
