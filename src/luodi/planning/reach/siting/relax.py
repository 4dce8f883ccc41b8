"""Lagrange multipliers of the p-median: relax "everyone is served once".

Narula, Ogbu and Samuelsson (1977), Operations Research 25, 709–713; steps with a memory after
Camerini, Fratta and Maffioli (1975), Mathematical Programming Study 3, 26–34.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...compiled import compiled
from ...core import Flags, Floats
from .median import Ranked


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
