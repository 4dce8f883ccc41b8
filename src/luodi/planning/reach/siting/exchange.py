"""Good medians without a proof: greedy, then exchanges, then exchanges from disturbed copies."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...compiled import compiled
from ...core import Floats, Ints, Progress
from .median import Median, Ranked


def greedy(p: Median, ranked: Ranked) -> Ints:
    """The site of most gain (per cost under a budget), again and again."""
    chosen: list[int] = []
    now = ranked.cap
    while len(chosen) < p.count:
        gain = _gains(ranked.sites, ranked.cost, now)
        gain[p.cost > p.budget - p.cost[chosen].sum() + 1e-9] = 0.0
        rate = gain / np.maximum(p.cost, 1e-9) if np.isfinite(p.budget) else gain
        site = int(np.argmax(rate))
        if gain[site] <= 1e-12:
            break
        chosen.append(site)
        now = np.minimum(now, p.near[:, site] * p.people)
    return np.array(chosen, dtype=np.intp)


@compiled
def _gains(sites: NDArray[np.int32], cost: Floats, now: Floats) -> Floats:
    gain = np.zeros(sites.shape[1])
    for i in range(sites.shape[0]):
        for k in range(sites.shape[1]):
            if cost[i, k] >= now[i]:
                break
            gain[sites[i, k]] += now[i] - cost[i, k]
    return gain


def exchange(p: Median, ranked: Ranked, chosen: Ints) -> Ints:
    """Best exchange of one site for another until none helps (Whitaker, 1983, INFOR 21)."""
    better = chosen.astype(np.intp)
    if len(better):
        _exchange(ranked.sites, ranked.cost, ranked.cap, p.cost, p.budget, better)
    return np.sort(better)


@compiled
def _exchange(
    sites: NDArray[np.int32],
    cost: Floats,
    cap: Floats,
    price: Floats,
    budget: float,
    chosen: Ints,
) -> None:
    """Improves ``chosen`` in place. What an exchange is worth is added up over the points for all
    pairs at once (Resende and Werneck, 2007, EJOR 174, 54–68)."""
    n, m = sites.shape
    count = len(chosen)
    at = np.full(m, -1, dtype=np.int64)  # where a site stands in ``chosen``
    spent = 0.0
    for k in range(count):
        at[chosen[k]] = k
        spent += price[chosen[k]]
    while True:
        now = 0.0
        gain, loss, extra = np.zeros(m), np.zeros(count), np.zeros((count, m))
        for i in range(n):
            first = second = cap[i]
            mine = -1
            for k in range(m):
                if cost[i, k] >= second:
                    break
                if at[sites[i, k]] >= 0:
                    if mine < 0:
                        first, mine = cost[i, k], at[sites[i, k]]
                    else:
                        second = cost[i, k]
                        break
            now += first
            if mine >= 0:
                loss[mine] += second - first
            for k in range(m):
                d = cost[i, k]
                if d >= second:
                    break
                if d < first:
                    gain[sites[i, k]] += first - d
                if mine >= 0:
                    extra[mine, sites[i, k]] += second - max(d, first)
        least, out, into = -1e-9 * max(1.0, now), -1, -1
        for r in range(count):
            room = budget - spent + price[chosen[r]] + 1e-9
            for s in range(m):
                change = loss[r] - gain[s] - extra[r, s]
                if change < least and at[s] < 0 and price[s] <= room:
                    least, out, into = change, r, s
        if out < 0:
            return
        spent += price[into] - price[chosen[out]]
        at[chosen[out]] = -1
        chosen[out] = into
        at[into] = out


def kicked(
    p: Median, ranked: Ranked, chosen: Ints, seconds: float, seed: int, progress: Progress
) -> Ints:
    """Exchanges again from copies of the best with two to four sites moved by chance, until that
    has failed 50 times and once more for every site, or the clock shows ``seconds``."""
    rng, best = np.random.default_rng(seed), chosen
    least, failed = p.value(best), 0
    while failed < 50 + len(best) and progress.seconds < seconds and not progress.stopped:
        size = 2 + failed % 3
        if len(best) <= size or len(best) > len(p.cost) - size:
            break
        trial = best.copy()
        others = np.setdiff1d(np.arange(len(p.cost)), best)
        trial[rng.choice(len(best), size, replace=False)] = rng.choice(others, size, replace=False)
        failed += 1
        if p.fits(trial):
            trial = exchange(p, ranked, trial)
            if (value := p.value(trial)) < least - 1e-9 * least:
                best, least, failed = trial, value, 0
    return best
