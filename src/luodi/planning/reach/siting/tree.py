"""Branch and bound over sites, best bound first, with Lagrange multipliers at every node.

Christofides and Beasley (1982), EJOR 10, 196–211; sites are fixed by what they save at the
multipliers (Beasley, 1985, EJOR 21, 270–273).
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np

from ...core import Flags, Floats, Ints, Progress
from .exchange import exchange
from .median import Median, Ranked
from .relax import Relaxed, relax

CLOSE = 1e-7  # share of the objective that counts as nothing where the numbers are not whole


@dataclass(frozen=True)
class Node:
    """``opened`` sites, the person-minutes by them (``cap``, n), and the ``free`` sites (m flags),
    of which more than enough are left; ``price`` and ``often`` as in ``Relaxed``."""

    opened: Ints
    cap: Floats
    free: Flags
    price: Floats
    often: Floats


class Tree:
    """At most ``p.count`` sites of ``p``, whatever they cost.

    :meth:`prove` improves ``chosen``; ``best`` is its value, ``bound`` what is proven.
    """

    def __init__(self, p: Median, ranked: Ranked, chosen: Ints, best: float) -> None:
        self.p, self.ranked, self.chosen, self.best = p, ranked, chosen, best
        self.cost = np.ascontiguousarray((p.near * p.people[:, None]).T)
        self.heap: list[tuple[float, int, Node]] = []
        self.bound = -np.inf
        self.kept = 0

    def prove(self, root: Relaxed, seconds: float, progress: Progress, plus: float) -> None:
        """Branch until nothing is left, or time is up, or someone wishes to stop."""
        none, everything = np.zeros(0, dtype=np.intp), np.ones(len(self.p.cost), dtype=bool)
        self._keep(none, self.ranked.cap, everything, root, root.bound)
        while self.heap and self.heap[0][0] <= limit(self.p, self.best):
            self.bound = self.heap[0][0]
            progress.report(plus + self.best, plus + self.bound)
            if progress.stopped or progress.seconds > seconds:
                return
            bound, _, node = heapq.heappop(self.heap)
            site = int(np.argmin(np.where(node.free, np.abs(node.often - 0.5), np.inf)))
            free = node.free.copy()
            free[site] = False
            with_it = np.minimum(node.cap, self.cost[site])
            self._visit(np.append(node.opened, site), with_it, free, node.price, bound)
            self._visit(node.opened, node.cap, free, node.price, bound)
        self.bound = self.best

    def _visit(self, opened: Ints, cap: Floats, free: Flags, price: Floats, bound: float) -> None:
        count, enough = self.p.count - len(opened), limit(self.p, self.best)
        if count == 0 or free.sum() <= count:
            self._try(np.append(opened, np.flatnonzero(free)) if count else opened)
            return
        found = relax(self.ranked, cap, free, count, price, self.best, enough, steps=80, step=0.5)
        if max(bound, found.bound) <= enough:
            self._try(exchange(self.p, self.ranked, np.append(opened, np.flatnonzero(found.top))))
            self._keep(opened, cap, free, found, bound)

    def _keep(self, opened: Ints, cap: Floats, free: Flags, found: Relaxed, bound: float) -> None:
        """Fix what the multipliers decide, then wait in the heap; or settle the node here."""
        must, never = found.decided(free, limit(self.p, self.best))
        opened, free = np.append(opened, np.flatnonzero(must)), free & ~must & ~never
        count = self.p.count - len(opened)
        if count == 0 or free.sum() <= count:
            self._try(np.append(opened, np.flatnonzero(free)) if count else opened)
            return
        if must.any():
            cap = np.minimum(cap, self.cost[must].min(axis=0))
        node = Node(opened, cap, free, np.minimum(found.price, cap), found.often)
        self.kept += 1
        heapq.heappush(self.heap, (max(bound, found.bound), self.kept, node))

    def _try(self, sites: Ints) -> None:
        if (value := self.p.value(sites)) < self.best:
            self.chosen, self.best = np.sort(sites), value


def limit(p: Median, best: float) -> float:
    """A choice that is better than ``best`` stays at or below this."""
    return best - max(p.grain - 1e-6, CLOSE * best)
