"""Solving the p-median: exchanges, multipliers, fixing, and branching over what is left.

With a budget that binds the multipliers' problem is no longer easy: the radius formulation then.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ...core import Flags, Ints, Progress
from .exchange import exchange, greedy, kicked
from .highs import run
from .median import Median, Ranked, reduce
from .plan import value
from .problem import SitingProblem
from .radius import radius_model
from .relax import Relaxed, relax
from .tree import Tree, limit

ROUNDS = 60  # of 100 steps each
AIMED_ROUNDS = 12  # where a bound is wanted only if it comes soon
RADII = 5_000  # radii of all points up to which the radius formulation is quicker


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
        chosen, bound = by_multipliers(p, seconds, seed, progress, constant)
    else:
        ranked = Ranked.of(p)
        chosen = exchange(p, ranked, greedy(p, ranked))
        none, bound = np.zeros(len(p.cost), dtype=bool), float(p.people @ p.near.min(axis=1))
        chosen, bound = _by_radius(p, chosen, bound, none, ~none, seconds, seed, progress, constant)
    return problem.new[chosen], constant + bound


def by_multipliers(
    p: Median,
    seconds: float,
    seed: int,
    progress: Progress,
    plus: float,
    aim: float = np.inf,
) -> tuple[Ints, float]:
    """Sites and a bound; no budget. With an ``aim`` only what is below it is looked for: the bound
    reaches the aim where there is nothing."""
    everything = np.ones(len(p.cost), dtype=bool)
    if p.count >= len(p.cost):
        return np.flatnonzero(everything), min(aim, p.value(np.flatnonzero(everything)))
    ranked = Ranked.of(p)
    chosen = exchange(p, ranked, greedy(p, ranked))
    chosen, root = _root(p, ranked, chosen, seconds, progress, plus, aim)
    best = min(aim, p.value(chosen))
    if root.bound <= limit(p, best):
        third = progress.seconds + (seconds - progress.seconds) / 3
        chosen = kicked(p, ranked, chosen, third, seed, progress)
        best = min(aim, p.value(chosen))
    if root.bound > limit(p, best):
        return chosen, best
    must, never = root.decided(everything, limit(p, best))
    small = _left(p, np.flatnonzero(must), np.flatnonzero(~must & ~never))
    useful = int((small.near < small.far[:, None]).sum())
    if useful < RADII and np.isinf(aim):
        return _by_radius(
            p, chosen, root.bound, must, ~must & ~never, seconds, seed, progress, plus
        )
    keep = np.flatnonzero(~never)
    small = replace(p, near=p.near[:, keep], cost=p.cost[keep])
    tree = Tree(small, ranked.only(~never), np.zeros(0, dtype=np.intp), best)
    left = replace(root, worth=root.worth[keep], top=root.top[keep], often=root.often[keep])
    tree.prove(left, seconds, progress, plus)
    return keep[tree.chosen] if tree.best < best else chosen, min(tree.bound, tree.best)


def _root(
    p: Median, ranked: Ranked, chosen: Ints, seconds: float, progress: Progress, plus: float,
    aim: float,
) -> tuple[Ints, Relaxed]:  # fmt: skip
    """Multipliers for all sites, and exchanges from the sites that they open on the way."""
    m, best = len(p.cost), p.value(chosen)
    price, step, found = ranked.cost[:, min(m // p.count, m - 1)], 1.5, None
    direction = np.zeros(len(price))
    for _ in range(ROUNDS if np.isinf(aim) else AIMED_ROUNDS):
        enough = limit(p, min(aim, best))
        last = relax(
            ranked, ranked.cap, np.ones(m, dtype=bool), p.count, price, best, enough,
            steps=100, step=step, direction=direction,
        )  # fmt: skip
        found = last if found is None or last.bound > found.bound else found
        price, step = found.price, last.step
        if found.bound <= enough:
            chosen = min(chosen, exchange(p, ranked, np.flatnonzero(last.top)), key=p.value)
            best = p.value(chosen)
        progress.report(plus + best, plus + found.bound)
        done = found.bound > limit(p, min(aim, best)) or step < 1e-3
        if done or progress.stopped or progress.seconds > seconds:
            break
    assert found is not None
    return chosen, found


def _left(p: Median, fixed: Ints, free: Ints) -> Median:
    """What is left when some sites are built and of the others only the ``free`` may be."""
    far = np.minimum(p.far, p.near[:, fixed].min(axis=1, initial=np.inf))
    return replace(
        p,
        near=np.minimum(p.near[:, free], far[:, None]),
        far=far,
        cost=p.cost[free],
        count=p.count - len(fixed),
        budget=p.budget - p.cost[fixed].sum(),
    )


def _by_radius(
    p: Median, chosen: Ints, bound: float, must: Flags, undecided: Flags,
    seconds: float, seed: int, progress: Progress, plus: float,
) -> tuple[Ints, float]:  # fmt: skip
    """The radius formulation over the undecided sites; built ones shorten every point's radii."""
    best = p.value(chosen)
    progress.report(plus + best, plus + bound)
    if bound > limit(p, best) or progress.stopped:
        return chosen, min(bound, best)
    fixed, free = np.flatnonzero(must), np.flatnonzero(undecided)
    small = _left(p, fixed, free)
    model, constant = radius_model(small)
    answer = run(
        model,
        seconds=seconds - progress.seconds,
        seed=seed,
        progress=progress,
        start=_start(small, np.isin(free, chosen)),
        view=(1.0, plus + constant),
    )
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
