"""The pure case as a min-cost flow on integers (OR-tools), with exact marginal values.

Network: offers → needs, a stand-in D that serves what no offer can, and U that takes what is left
over; D → needs, offers → U and D → U cost nothing. Lexicographic goals become one integer cost:
an optimal flow has no negative residual cycle, a cycle visits each node once, so a weight above
what a cycle can change in all later goals makes the earlier goal count first, exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ..core import Floats, Longs

FINEST = 6  # decimals kept of quantities
FINEST_PRICE = 4  # decimals kept of prices: errs by less than 1e-6 of the cost
LARGEST = 2**61
LARGE = 200_000  # arcs above which separate parts are solved one by one


@dataclass(frozen=True, eq=False)
class Scale:
    """``values × factor`` rounded to whole numbers; ``error``: the largest rounding, in values."""

    factor: int
    error: float

    def __call__(self, values: Floats) -> Longs:
        return np.rint(values * self.factor).astype(np.int64)


def exact_scale(values: Floats, finest: int = FINEST) -> Scale:
    """The coarsest power of ten at which the values are whole, or the finest one with its error."""
    for power in range(finest + 1):
        off = np.abs(values * 10**power - np.rint(values * 10**power))
        if power == finest or (off <= 1e-7).all():
            error = float(off.max(initial=0.0)) / 10**power
            return Scale(10**power, error if error > 1e-7 / 10**power else 0.0)
    raise AssertionError("unreachable")


@dataclass(frozen=True, eq=False)
class Weights:
    """Goals as whole numbers per arc, and the weight of each in the combined cost."""

    levels: tuple[Longs, ...]
    weight: tuple[int, ...]

    @property
    def combined(self) -> Longs:
        total = np.zeros(len(self.levels[0]), dtype=np.int64)
        for values, weight in zip(self.levels, self.weight, strict=True):
            total += values * np.int64(weight)
        return total

    def split(self, cost: Longs) -> list[Longs]:
        """Combined costs of paths taken apart into goals (exact: a weight exceeds 2 × the rest)."""
        parts, rest = [], cost.copy()
        for weight in self.weight:
            part = np.floor_divide(2 * rest + weight, 2 * weight)
            parts.append(part)
            rest = rest - part * weight
        return parts


def combine(levels: tuple[Longs, ...], spread: tuple[int, ...], n: int, m: int) -> Weights | None:
    """Weights for n offers and m needs; ``None`` if int64 is too small.

    ``spread``: per goal the largest difference between two arcs (or an arc and nothing). A simple
    cycle or path uses at most min(n, m) + 1 arcs forwards and as many backwards.
    """
    weight: list[int] = []
    reach = 0
    for span in reversed(spread):
        weight.append(2 * reach + 1)
        reach += (min(n, m) + 2) * span * weight[-1]
    if weight[-1] * spread[0] * (n + m + 4) * 4 > LARGEST:
        return None
    return Weights(levels, tuple(reversed(weight)))


@dataclass(frozen=True, eq=False)
class Network:
    """One period: arcs with cost and capacity, supply (n), demand (m); all whole numbers."""

    offer: Longs
    need: Longs
    cost: Longs
    capacity: Longs
    supply: Longs
    demand: Longs

    def solve(self) -> Longs:
        """Units on each arc of a cheapest flow. Raises ``OverflowError`` if costs are too large."""
        if len(self.offer) < LARGE:
            return self._solve()
        flow = np.zeros(len(self.offer), dtype=np.int64)
        for mine in separate(self.offer, self.need, len(self.supply), len(self.demand), LARGE // 8):
            offers, offer = np.unique(self.offer[mine], return_inverse=True)
            needs, need = np.unique(self.need[mine], return_inverse=True)
            part = Network(
                offer.astype(np.int64),
                need.astype(np.int64),
                self.cost[mine],
                self.capacity[mine],
                self.supply[offers],
                self.demand[needs],
            )
            flow[mine] = part._solve()
        return flow

    def _solve(self) -> Longs:
        n, m = len(self.supply), len(self.demand)
        tail, head, cap, cost = self._arcs()
        solver = min_cost_flow.SimpleMinCostFlow()
        arcs = solver.add_arcs_with_capacity_and_unit_cost(tail, head, cap, cost)
        give = np.concatenate(
            [self.supply, [self.demand.sum()], -self.demand, [-self.supply.sum()]]
        )
        solver.set_nodes_supplies(np.arange(n + m + 2), give)
        status = solver.solve()
        if status != solver.OPTIMAL:
            raise OverflowError(str(status))
        return np.asarray(solver.flows(arcs[: len(self.offer)]), dtype=np.int64)

    def _arcs(self) -> tuple[Longs, Longs, Longs, Longs]:
        """Real arcs, offers → U, D → needs, D → U. Nodes: offers, D, needs, U."""
        n, m = len(self.supply), len(self.demand)
        d, u, needs = n, n + m + 1, n + 1 + np.arange(m)
        tail = np.concatenate([self.offer, np.arange(n), np.full(m + 1, d)])
        head = np.concatenate([self.need + n + 1, np.full(n, u), needs, [u]])
        room = np.int64(self.supply.sum() + self.demand.sum())
        cap = np.concatenate([self.capacity, np.full(n + m + 1, room)])
        cost = np.concatenate([self.cost, np.zeros(n + m + 1, dtype=np.int64)])
        return tail.astype(np.int64), head.astype(np.int64), cap, cost

    def distances(self, flow: Longs, *, to_rest: bool) -> Longs:
        """Cheapest change per node in the residual network of an optimal ``flow``.

        ``to_rest``: from each node to U (one more tonne *there*); else from D to each node.
        """
        n, m = len(self.supply), len(self.demand)
        tail, head, cap, cost = self._arcs()
        used = np.concatenate([flow, self._spare(flow)])
        go, back = used < cap, used > 0
        a = np.concatenate([tail[go], head[back]])
        b = np.concatenate([head[go], tail[back]])
        c = np.concatenate([cost[go], -cost[back]])
        return (
            shortest(b, a, c, n + m + 2, n + m + 1) if to_rest else shortest(a, b, c, n + m + 2, n)
        )

    def _spare(self, flow: Longs) -> Longs:
        n, m = len(self.supply), len(self.demand)
        left = self.supply - np.bincount(self.offer, flow, n).astype(np.int64)
        short = self.demand - np.bincount(self.need, flow, m).astype(np.int64)
        through = self.demand.sum() - short.sum()
        return np.concatenate([left, short, [through]])


def separate(offer: Longs, need: Longs, n: int, m: int, together: int) -> list[Longs]:
    """Arcs in groups that share no offer and no need; small ones go together in one group."""
    link = coo_array((np.ones(len(offer)), (offer, need + n)), shape=(n + m, n + m))
    _, part = connected_components(link, directed=False)
    _, part, size = np.unique(part[offer], return_inverse=True, return_counts=True)
    group = (np.cumsum(size) - size) // together
    order = np.argsort(part, kind="stable")
    cuts = np.flatnonzero(np.diff(group[part[order]])) + 1
    return [np.sort(piece) for piece in np.split(order, cuts) if len(piece)]


def shortest(tail: Longs, head: Longs, cost: Longs, nodes: int, start: int) -> Longs:
    """Bellman–Ford by whole sweeps (no negative cycle); unreachable nodes get ``LARGEST``."""
    by_head = np.argsort(head, kind="stable")
    tail, head, cost = tail[by_head], head[by_head], cost[by_head]
    targets, first = np.unique(head, return_index=True)
    distance: NDArray[np.int64] = np.full(nodes, LARGEST, dtype=np.int64)
    distance[start] = 0
    for _ in range(nodes):
        known = distance[tail]
        offer = np.where(known < LARGEST, known + cost, LARGEST)
        best = np.minimum(distance[targets], np.minimum.reduceat(offer, first))
        if np.array_equal(best, distance[targets]):
            break
        distance[targets] = best
    return distance
