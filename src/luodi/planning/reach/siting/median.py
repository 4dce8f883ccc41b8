"""The p-median as arrays, and its sites ranked by every point.

Lagrange multipliers of the p-median: relax "everyone is served once".

Narula, Ogbu and Samuelsson (1977), Operations Research 25, 709–713; steps with a memory after
Camerini, Fratta and Maffioli (1975), Mathematical Programming Study 3, 26–34.

Good medians without a proof: greedy, then exchanges, then exchanges from disturbed copies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ...compiled import compiled
from ...core import BadData, Flags, Floats, Ints, Progress
from .problem import SitingProblem


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
        raise BadData("有到不了的点，请给出上限。", "Some pairs are unreachable: cap them.")
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


@dataclass(frozen=True)
class Ranked:
    """``sites``: n × m, of every point the nearest first; ``cost``: its person-minutes by them,
    ascending; ``cap``: n person-minutes by what it has without any of them."""

    sites: NDArray[np.int32]
    cost: Floats
    cap: Floats

    @classmethod
    def of(cls, p: Median) -> Self:
        order = np.argsort(p.near, axis=1, kind="stable")
        cost = np.take_along_axis(p.near, order, axis=1) * p.people[:, None]
        return cls(order.astype(np.int32), cost, p.far * p.people)

    def only(self, keep: NDArray[np.bool_]) -> Self:
        """Without some sites; those kept (m flags) are numbered anew in their order."""
        here, n = keep[self.sites], len(self.cap)
        number = (np.cumsum(keep) - 1).astype(np.int32)
        return type(self)(
            number[self.sites[here]].reshape(n, -1), self.cost[here].reshape(n, -1), self.cap
        )


@dataclass(frozen=True)
class Relaxed:
    """At the best multipliers ``price`` (n): the ``bound``, what each free site saves (``worth``,
    m) and which are open (``top``, m); ``often``: how often each was open of late (m shares)."""

    bound: float
    price: Floats
    worth: Floats
    top: Flags
    often: Floats
    step: float

    def decided(self, free: Flags, limit: float) -> tuple[Flags, Flags]:
        """Free sites that every choice of at most ``limit`` builds, and those that none builds."""
        last = self.worth[self.top].min()
        rest = self.worth[free & ~self.top]
        following = rest.max() if len(rest) else 0.0
        must = self.top & (self.bound + self.worth - following > limit)
        never = free & ~self.top & (self.bound + last - self.worth > limit)
        return must, never


QUICK, SURE = (10, 0.8, 0.5), (20, 0.9, 0.9)  # stale steps, the cut after them, memory


def relax(
    ranked: Ranked,
    cap: Floats,
    free: Flags,
    count: int,
    price: Floats,
    target: float,
    enough: float,
    *,
    steps: int,
    step: float,
    direction: Floats | None = None,
) -> Relaxed:
    """Raise the bound from ``price``: ``count`` of the ``free`` sites (more than count) may open
    beside what ``cap`` (n person-minutes) already offers. Ends early above ``enough``.

    ``direction`` (n, zeros at first, changed here) carries the memory from one call to the next;
    with it the steps shorten slowly, as many calls will come.
    """
    pace = QUICK if direction is None else SURE
    memory = np.zeros(len(cap)) if direction is None else direction
    return Relaxed(
        *_ascend(
            ranked.sites, ranked.cost, cap, free, count, price, target, enough,
            memory, steps, step, *pace,
        )
    )  # fmt: skip


@compiled
def _ascend(
    sites: NDArray[np.int32],
    cost: Floats,
    cap: Floats,
    free: Flags,
    count: int,
    price: Floats,
    target: float,
    enough: float,
    direction: Floats,
    steps: int,
    step: float,
    patience: int,
    shrink: float,
    memory: float,
) -> tuple[float, Floats, Floats, Flags, Floats, float]:
    n, m = sites.shape
    price = np.minimum(price, cap)
    best, stale = -np.inf, 0
    best_price, best_worth = price.copy(), np.zeros(m)
    best_top, top = np.zeros(m, dtype=np.bool_), np.zeros(m, dtype=np.bool_)
    often = np.zeros(m)
    for it in range(steps):
        worth = np.zeros(m)
        for i in range(n):
            for k in range(m):
                gain = price[i] - cost[i, k]
                if gain <= 0.0:
                    break
                worth[sites[i, k]] += gain
        value = price.sum() - _open(worth, free, count, top)
        weight = max(0.05, 1.0 / (it + 1))
        often += weight * (top - often)
        stale = 0 if value > best + 1e-5 * abs(best) else stale + 1
        if value > best:
            best, best_worth = value, worth
            best_price[:] = price
            best_top[:] = top
        if best > enough or step < 1e-3:
            break
        length = 0.0
        for i in range(n):
            slope = 1.0
            for k in range(m):
                if cost[i, k] >= price[i]:
                    break
                if top[sites[i, k]]:
                    slope -= 1.0
            direction[i] = slope + memory * direction[i]
            if price[i] >= cap[i] and (slope > 0.0 or direction[i] > 0.0):
                direction[i] = min(direction[i], 0.0)
            length += direction[i] * direction[i]
        if length == 0.0:
            break
        if stale >= patience:
            step, stale = shrink * step, 0
        move = step * max(1.0005 * target - value, 1e-9) / length
        for i in range(n):
            price[i] = min(max(price[i] + move * direction[i], 0.0), cap[i])
    return best, best_price, best_worth, best_top, often, step


@compiled
def _open(worth: Floats, free: Flags, count: int, top: Flags) -> float:
    """Flag in ``top`` the ``count`` free sites of most worth; what they save together."""
    m = len(worth)
    for j in range(m):
        if not free[j]:
            worth[j] = -1.0
    level = np.partition(worth, m - count)[m - count]
    saved, left = 0.0, count
    for j in range(m):
        top[j] = worth[j] > level
        if top[j]:
            saved += worth[j]
            left -= 1
    for j in range(m):
        if left and worth[j] == level:
            top[j] = True
            saved += level
            left -= 1
    return saved


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
