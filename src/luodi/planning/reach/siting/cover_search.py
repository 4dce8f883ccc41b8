"""Good covers and their bounds without a solver: exchanges, and Lagrange multipliers."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from ...core import Flags, Floats, Ints


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
