"""Maximal covering location: Church and ReVelle (1974), Papers of the RSA 32, 101–118.

Good covers and their bounds without a solver: exchanges, and Lagrange multipliers.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csc_array, csr_array, hstack, identity, vstack

from ...core import Flags, Floats, Ints, Progress
from .highs import Model, run
from .problem import SitingProblem


def merge(near: csr_array, people: Floats) -> tuple[csr_array, Floats]:
    """Add up demand points that the same sites cover; points without any site are dropped."""
    full = np.diff(near.indptr) > 0
    near, people = near[full], people[full]
    if not near.shape[0]:
        return near, people
    rng = np.random.default_rng(0)
    marks = rng.integers(1, 2**63, size=(2, near.shape[1]), dtype=np.uint64)
    keys = np.stack([np.add.reduceat(m[near.indices], near.indptr[:-1]) for m in marks], axis=1)
    _, first, group = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    return near[first], np.bincount(group.ravel(), weights=people).astype(float)


def undominated(p: Cover) -> Ints:
    """Sites that no other covers as much as for as little: the rest can never be needed."""
    shared = (p.near.T @ p.near).tocoo()
    size = np.asarray(p.near.sum(axis=0))
    j, k = shared.row, shared.col
    inside = (shared.data >= size[j] - 0.5) & (p.cost[k] <= p.cost[j]) & (j != k)
    twins = (size[j] == size[k]) & (p.cost[k] == p.cost[j])
    beaten = inside & (~twins | (k < j))
    keep = size > 0
    keep[j[beaten]] = False
    return np.flatnonzero(keep)


def model(p: Cover) -> Model:
    """y: build the site; u: the point stays uncovered. Minimises the people left uncovered."""
    n, m = p.near.shape
    rows, caps = [hstack([p.near, identity(n, format="csr")])], []
    for weights, cap in ((np.ones(m), float(p.count)), (p.cost, p.budget)):
        if np.isfinite(cap):
            rows.append(csr_array(np.concatenate([weights, np.zeros(n)])[None]))
            caps.append(cap)
    return Model(
        cost=np.concatenate([np.zeros(m), p.people]),
        matrix=csc_array(vstack(rows)),
        row_lower=np.concatenate([np.ones(n), np.full(len(caps), -np.inf)]),
        row_upper=np.concatenate([np.full(n, np.inf), caps]),
        lower=np.zeros(m + n),
        upper=np.concatenate([np.ones(m), np.full(n, np.inf)]),
        integer=np.arange(m + n) < m,
    )


def solve_cover(
    problem: SitingProblem, seconds: float, seed: int, progress: Progress
) -> tuple[Ints, float]:
    """The sites to build and an upper bound of the people covered.

    Exact reductions first: merged points, dominated sites, and sites that multipliers or reduced
    costs rule out against the best known choice; only what is left goes to the branching.
    """
    near = problem.within(problem.limit)
    new, served = problem.new, np.asarray(near[:, problem.existing].sum(axis=1)) > 0
    already = float(problem.people[served].sum())
    rest, people = merge(csr_array(near[~served][:, new]), problem.people[~served])
    budget = np.inf if problem.budget is None else problem.budget
    p = Cover(rest, people, problem.cost[new], problem.room, budget)
    if np.isfinite(budget) and np.sort(p.cost)[::-1][: p.count].sum() <= budget:
        p = replace(p, budget=np.inf)
    if not len(people) or not p.count:
        return np.zeros(0, dtype=np.intp), already
    kept = undominated(p)
    small = only(p, kept)
    chosen, bound = _choose(small, seconds, seed, progress, already)
    return new[kept[chosen]], already + bound


def _choose(
    p: Cover, seconds: float, seed: int, progress: Progress, plus: float
) -> tuple[Ints, float]:
    chosen = search(p, np.zeros(0, dtype=np.intp), 0.0, seed)
    best, bound = p.value(chosen), float(p.people.sum())
    left = np.arange(len(p.cost))
    if np.isinf(p.budget) and bound > best:
        first = lagrange(p, best)
        better = search(p, first.trial, min(2.0, seconds / 10), seed, first.bound)
        chosen = max(chosen, better, key=p.value)
        best, bound = p.value(chosen), min(bound, first.bound)
        _, may = undecided(first, min(p.count, len(left)), best)
        left = np.flatnonzero(may)
    progress.report(plus + best, plus + bound)
    if bound <= best * (1 + 1e-9) or progress.stopped:
        return chosen, max(best, bound if progress.stopped else best)
    # IPX rather than the dual simplex: 1 s against more than 15 s on 10,000 merged points
    small = only(p, left)
    everyone = float(small.people.sum())
    relaxed = run(
        model(small),
        seconds=seconds - progress.seconds,
        relax=True,
        options={"solver": "ipm"},
    )
    if relaxed.optimal:
        bound = max(best, min(bound, everyone - relaxed.objective))
        progress.report(plus + best, plus + bound)
        # a site at 0 whose use would cost more than the whole gap cannot be in a better choice
        left = left[relaxed.reduced[: len(left)] <= bound - best + 1e-6]
    if bound <= best * (1 + 1e-9) or progress.stopped or not relaxed.optimal:
        return chosen, bound
    return _branch(p, left, chosen, bound, seconds, seed, progress, plus)


def only(p: Cover, sites: Ints) -> Cover:
    near, people = merge(csr_array(p.near[:, sites]), p.people)
    return Cover(near, people, p.cost[sites], p.count, p.budget)


def _branch(
    p: Cover,
    left: Ints,
    chosen: Ints,
    bound: float,
    seconds: float,
    seed: int,
    progress: Progress,
    plus: float,
) -> tuple[Ints, float]:
    """Branch and bound over the sites ``left``; the known choice stands if none is better."""
    small = only(p, left)
    everyone = float(small.people.sum())
    known = np.isin(left, chosen)
    start = None
    if known.sum() == len(chosen):
        uncovered = np.asarray(small.near[:, known].sum(axis=1)) == 0
        start = np.concatenate([known, uncovered]).astype(float)
    answer = run(
        model(small),
        seconds=seconds - progress.seconds,
        seed=seed,
        start=start,
        progress=progress,
        view=(-1.0, plus + everyone),
    )
    if answer.x is not None:
        found = left[answer.x[: len(left)] > 0.5]
        chosen = max(chosen, found, key=p.value)
    return chosen, min(bound, max(p.value(chosen), everyone - answer.bound))


@dataclass(frozen=True)
class Cover:
    """The reduced problem: only new sites, only points that no existing site covers."""

    near: csr_array
    people: Floats
    cost: Floats
    count: int
    budget: float

    def value(self, sites: Ints) -> float:
        return float(self.people[np.asarray(self.near[:, sites].sum(axis=1)) > 0].sum())


class Exchange:
    """Greedy by gain per cost, then the best exchange of one site until none helps."""

    def __init__(self, p: Cover) -> None:
        self.p, self.by_site = p, csr_array(p.near.T)
        self.hits = np.zeros(len(p.people))
        self.chosen: list[int] = []

    def value(self) -> float:
        return float(self.p.people[self.hits > 0].sum())

    def flip(self, site: int, way: int) -> None:
        span = self.by_site.indptr
        self.hits[self.by_site.indices[span[site] : span[site + 1]]] += way
        if way > 0:
            self.chosen.append(site)
        else:
            self.chosen.remove(site)

    def best(self) -> int:
        """The affordable site with the largest gain, −1 if none gains."""
        p = self.p
        gain = np.asarray(self.by_site @ np.where(self.hits == 0, p.people, 0.0))
        gain[self.chosen] = -1.0
        gain[p.cost > p.budget - p.cost[self.chosen].sum() + 1e-9] = -1.0
        rate = gain / np.maximum(p.cost, 1e-9) if np.isfinite(p.budget) else gain
        site = int(np.argmax(np.where(gain > 1e-9, rate, -1.0)))
        return site if gain[site] > 1e-9 else -1

    def fill(self) -> None:
        while len(self.chosen) < self.p.count and (site := self.best()) >= 0:
            self.flip(site, 1)

    def improve(self, until: float) -> None:
        self.fill()
        improved = True
        while improved and time.perf_counter() < until:
            improved = False
            for out in list(self.chosen):
                before = self.value()
                self.flip(out, -1)
                site = self.best()
                into = site if site >= 0 else out
                self.flip(into, 1)
                if self.value() <= before + 1e-9:
                    self.flip(into, -1)
                    self.flip(out, 1)
                else:
                    improved = True
            self.fill()


def search(p: Cover, start: Ints, seconds: float, seed: int, enough: float = np.inf) -> Ints:
    """Exchanges from ``start``, then from kicked copies of the best (iterated local search).

    Ends early when ``enough`` people are covered.
    """
    rng, until = np.random.default_rng(seed), time.perf_counter() + seconds
    work = Exchange(p)
    for site in start:
        work.flip(int(site), 1)
    work.improve(until)
    best, best_value = list(work.chosen), work.value()
    for _ in range(200):
        if time.perf_counter() > until or len(best) < 3 or best_value >= enough * (1 - 1e-9):
            break
        for site in rng.choice(work.chosen, size=max(1, len(best) // 6), replace=False):
            work.flip(int(site), -1)
        others = np.setdiff1d(np.arange(len(p.cost)), work.chosen)
        room = p.budget - p.cost[work.chosen].sum()
        affordable = others[p.cost[others] <= room + 1e-9]
        if len(affordable):
            work.flip(int(rng.choice(affordable)), 1)
        work.improve(until)
        if work.value() > best_value + 1e-9:
            best, best_value = list(work.chosen), work.value()
        else:
            for site in list(work.chosen):
                work.flip(site, -1)
            for site in best:
                work.flip(site, 1)
    return np.array(sorted(best), dtype=np.intp)


@dataclass(frozen=True)
class Multipliers:
    """``bound`` of the people covered; ``worth`` of each site at the best multipliers."""

    bound: float
    worth: Floats
    trial: Ints


def lagrange(p: Cover, best: float, steps: int = 800) -> Multipliers:
    """Relax "covered only if a site is open" (Galvão and ReVelle, 1996, EJOR 88, 114–123).

    Needs ``budget`` infinite: the relaxed problem then opens the ``count`` sites of most worth.
    """
    by_site, count = csr_array(p.near.T), min(p.count, p.near.shape[1])
    price, step, stale = p.people / 2, 2.0, 0
    bound, kept, trial, trial_value = np.inf, price, np.zeros(0, dtype=np.intp), -1.0
    for _ in range(steps):
        worth = by_site @ price
        top = np.argpartition(-worth, count - 1)[:count]
        value = (p.people - price).sum() + worth[top].sum()
        stale = 0 if value < bound * (1 - 1e-5) else stale + 1
        if value < bound:
            bound, kept = value, price
        chosen = np.zeros(len(worth))
        chosen[top] = 1.0
        hits = p.near @ chosen
        if (found := p.people[hits > 0].sum()) > trial_value:
            trial, trial_value = top, found
        slope = hits - (price < p.people)
        length = slope @ slope
        if stale >= 15:
            step, stale = step * 0.6, 0
        if not length or step < 1e-4 or bound <= max(best, trial_value) * (1 + 1e-12):
            break
        move = step * max(value - max(best, trial_value), 1e-6 * value) / length
        price = np.clip(price - move * slope, 0.0, p.people)
    return Multipliers(float(bound), np.asarray(by_site @ kept), np.sort(trial))


def undecided(m: Multipliers, count: int, best: float) -> tuple[Flags, Flags]:
    """Sites that a better choice must build, and those that it may build (both as flags)."""
    order = np.sort(m.worth)[::-1]
    last, following = order[count - 1], order[count] if len(order) > count else 0.0
    top = np.zeros(len(m.worth), dtype=bool)
    top[np.argsort(-m.worth, kind="stable")[:count]] = True
    must = top & (m.bound - m.worth + following < best)
    may = top | (m.bound - last + m.worth >= best)
    return must, may
