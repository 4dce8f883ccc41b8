"""p-median: Lagrange multipliers narrow it down, the radius formulation proves the rest.

Radius formulation: Cornuéjols, Nemhauser and Wolsey (1980), SIAM J. Alg. Disc. Meth. 1, 261–272;
Elloumi (2010), J. Comb. Optim. 19, 69–83; García, Labbé and Marín (2011), INFORMS J. Comput. 23.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...core import BadData, Text
from .problem import SitingProblem

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True)
class Median:
    """``far``: n minutes when nothing new is built; ``near``: n × m minutes by a new site."""

    near: Floats
    far: Floats
    people: Floats
    cost: Floats
    count: int
    budget: float

    def value(self, sites: Ints) -> float:
        return float(self.people @ np.minimum(self.far, _least(self.near[:, sites])))

    def fits(self, sites: Ints) -> bool:
        return len(sites) <= self.count and self.cost[sites].sum() <= self.budget + 1e-9

    @property
    def grain(self) -> float:
        """Two different values differ by at least this much (1 for whole numbers, else 0)."""
        whole = all(
            (np.isfinite(a) & (a == np.round(a))).all() for a in (self.near, self.far, self.people)
        )
        return 1.0 if whole else 0.0


def _least(minutes: Floats) -> Floats:
    return np.asarray(minutes.min(axis=1, initial=np.inf))


def reduce(problem: SitingProblem) -> Median:
    """Existing sites become the minutes that anyone has already; equal rows are added up."""
    full = problem.dense(problem.unreachable)
    if not np.isfinite(full).all():
        raise BadData(Text("有到不了的点，请给出上限。", "Some pairs are unreachable: cap them."))
    far = np.minimum(_least(full[:, problem.existing]), problem.unreachable)
    near = full[:, problem.new]
    if near.size:
        far = np.minimum(far, near.max(axis=1)) if not np.isfinite(far).all() else far
    near = np.minimum(near, far[:, None])
    people = problem.people
    helped = (near < far[:, None]).any(axis=1)
    near, far, people = near[helped], far[helped], people[helped]
    if len(people):
        mark = np.random.default_rng(0).random((near.shape[1], 2))
        keys = np.column_stack([near @ mark, far])
        _, first, group = np.unique(keys, axis=0, return_index=True, return_inverse=True)
        same = (near == near[first][group.ravel()]).all(axis=1)
        if same.all():
            people = np.bincount(group.ravel(), weights=people).astype(float)
            near, far = near[first], far[first]
    budget = np.inf if problem.budget is None else problem.budget
    return Median(near, far, people, problem.cost[problem.new], problem.room, budget)


def greedy(p: Median) -> Ints:
    chosen: list[int] = []
    now = p.far
    while len(chosen) < p.count:
        gain = p.people @ (now[:, None] - np.minimum(now[:, None], p.near))
        gain[p.cost > p.budget - p.cost[chosen].sum() + 1e-9] = 0.0
        rate = gain / np.maximum(p.cost, 1e-9) if np.isfinite(p.budget) else gain
        site = int(np.argmax(rate))
        if gain[site] <= 1e-12:
            break
        chosen.append(site)
        now = np.minimum(now, p.near[:, site])
    return np.array(chosen, dtype=np.intp)


def exchange(p: Median, chosen: Ints, until: float) -> Ints:
    """Best exchange of one site for another until none helps (Whitaker, 1983, INFOR 21)."""
    chosen = chosen.copy()
    while len(chosen) and time.perf_counter() < until:
        options = np.column_stack([p.near[:, chosen], p.far])
        nearest = options.argmin(axis=1)
        two = np.partition(options, 1, axis=1)[:, :2]
        first = np.minimum(two[:, :1], p.near)
        base = p.people @ first
        extra = (np.minimum(two[:, 1:], p.near) - first) * p.people[:, None]
        loss = np.zeros((len(chosen) + 1, len(base)))
        for k in range(len(chosen)):
            loss[k] = extra[nearest == k].sum(axis=0)
        total = base[None] + loss[:-1]
        total[:, chosen] = np.inf
        if np.isfinite(p.budget):
            room = p.budget - p.cost[chosen].sum() + p.cost[chosen]
            total[p.cost[None] > room[:, None] + 1e-9] = np.inf
        out, into = np.unravel_index(int(total.argmin()), total.shape)
        now = float(p.people @ two[:, 0])
        if total[out, into] >= now - 1e-9 * max(1.0, now):
            break
        chosen[out] = into
    return np.sort(chosen)


def kicked(p: Median, chosen: Ints, until: float, seed: int, rounds: int = 60) -> Ints:
    """Exchanges again from copies of the best with two sites moved by chance."""
    rng, best = np.random.default_rng(seed), chosen
    for _ in range(rounds):
        if time.perf_counter() > until or len(best) < 3 or len(best) > len(p.cost) - 2:
            break
        trial = best.copy()
        others = np.setdiff1d(np.arange(len(p.cost)), best)
        trial[rng.choice(len(best), 2, replace=False)] = rng.choice(others, 2, replace=False)
        if p.fits(trial):
            best = min(best, exchange(p, trial, until), key=p.value)
    return best


@dataclass(frozen=True)
class Multipliers:
    bound: float
    saving: Floats
    trial: Ints


def lagrange(p: Median, best: float, until: float, steps: int = 1500) -> Multipliers:
    """Relax "everyone is served once" (Narula, Ogbu and Samuelsson, 1977). Needs no budget."""
    weighted, cap = p.near * p.people[:, None], p.far * p.people
    rank = min(max(1, p.near.shape[1] // p.count), p.near.shape[1] - 1)
    price = np.minimum(cap, np.partition(weighted, rank, axis=1)[:, rank])
    bound, saving = -np.inf, np.zeros(len(p.cost))
    trial, trial_value, step, stale = np.zeros(0, dtype=np.intp), np.inf, 1.5, 0
    for n in range(steps):
        worth = np.maximum(price[:, None] - weighted, 0.0).sum(axis=0)
        top = np.argpartition(-worth, p.count - 1)[: p.count]
        value = price.sum() - worth[top].sum()
        stale = 0 if value > bound + 1e-5 * abs(bound) else stale + 1
        if value > bound:
            bound, saving = value, worth
            if n % 5 == 0 and (found := p.value(top)) < trial_value:
                trial, trial_value = top, found
        target = min(best, trial_value)
        slope = 1.0 - (weighted[:, top] < price[:, None]).sum(axis=1)
        slope[(price >= cap) & (slope > 0)] = 0.0
        length = slope @ slope
        if stale >= 20:
            step, stale = step * 0.7, 0
        done = bound > target - p.grain + 1e-6 if p.grain else bound >= target * (1 - 1e-9)
        if done or not length or step < 1e-3 or time.perf_counter() > until:
            break
        move = step * max(target * 1.0005 - value, 1e-9) / length
        price = np.clip(price + move * slope, 0.0, cap)
    return Multipliers(float(bound), saving, np.sort(trial))
