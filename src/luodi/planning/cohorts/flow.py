"""Everyone placed once under sizes and unit caps per cohort, as a min-cost flow (OR-tools).

person → (unit, cohort) → cohort → end. The sets (unit in a cohort) ⊂ (cohort) are nested, so the
flow is exact; conditions across cohorts are relaxed here and left to the program.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from ortools.graph.python import min_cost_flow

from ..core import Flags, Longs
from .problem import CohortProblem


@dataclass(frozen=True, eq=False)
class Relaxed:
    """``chosen`` (P,) cohort or −1; ``objective`` of the flow (exact integer)."""

    chosen: Longs
    objective: int
    _network: _Network

    def reduced(self) -> Longs:
        """(P, C): a plan that uses a pair costs at least ``objective`` + its reduced cost."""
        return self._network.reduced()


@dataclass(frozen=True, eq=False)
class _Network:
    """Arcs (tail, head, capacity, cost) with their optimal flow; the first ones are the pairs."""

    shape: tuple[int, int]
    pairs: tuple[Longs, Longs]
    slot: Longs
    arcs: tuple[Longs, ...]
    flow: Longs
    miss_cost: int

    def reduced(self) -> Longs:
        (i, j), (p, c) = self.pairs, self.shape
        nodes = int(self.arcs[1].max()) + 1
        at = _potentials(self.arcs, self.flow, nodes, nodes - 1)
        ways = self.arcs[3][: len(i)] + at[p + self.slot]
        reduced = np.full((p, c), 2**60, dtype=np.int64)
        reduced[i, j] = ways
        # a person is held at the cheapest way to the end, so reduced costs are never negative
        best = np.minimum(reduced.min(axis=1, initial=2**60), self.miss_cost)
        reduced[i, j] = ways - best[i]
        return reduced


def solve_flow(
    problem: CohortProblem,
    allowed: Flags | None = None,
    least: Longs | None = None,
    cap: Longs | None = None,
) -> Relaxed:
    """The relaxation of unit caps per cohort, sizes and balance of all.

    ``allowed`` (P, C) narrows the eligible pairs; ``least`` (C,) people are rewarded in a cohort,
    which makes it reach that size where it can (then ``objective`` is no bound); ``cap`` (U, C)
    replaces the unit caps.
    """
    p, c = len(problem.people), len(problem.cohorts)
    _, unit = problem.units
    i, j = np.nonzero(problem.eligible if allowed is None else allowed)
    used, slot = np.unique(unit[i] * c + j, return_inverse=True)
    n, end = len(used), p + len(used) + c
    cohort, none = p + n + np.arange(c), np.zeros(c, dtype=np.int64)
    cap = unit_caps(problem) if cap is None else cap
    least = none if least is None else least
    share = np.clip(problem.even_share(p), least, problem.cohorts.max_size)
    tail = [i, p + np.arange(n), cohort, cohort, cohort, np.arange(p)]
    head = [p + slot, p + n + used % c, *(np.full(c, end),) * 3, np.full(p, end)]
    rest = problem.cohorts.max_size - share
    room = [np.ones(len(i)), cap.reshape(-1)[used], least, share - least, rest, np.ones(p)]
    cost = [
        problem.cost[i, j], np.zeros(n), none - problem.miss_cost // 4, none,
        none + problem.balance, np.full(p, problem.miss_cost),
    ]  # fmt: skip
    arcs = tuple(np.concatenate(v).astype(np.int64) for v in (tail, head, room, cost))
    solver = min_cost_flow.SimpleMinCostFlow()
    numbers = solver.add_arcs_with_capacity_and_unit_cost(*arcs)
    supply = np.zeros(end + 1, dtype=np.int64)
    supply[:p], supply[end] = 1, -p
    solver.set_nodes_supplies(np.arange(end + 1), supply)
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise OverflowError(str(status))
    flow = np.asarray(solver.flows(numbers), dtype=np.int64)
    taken = flow[: len(i)] > 0
    chosen = np.full(p, -1, dtype=np.int64)
    chosen[i[taken]] = j[taken]
    network = _Network((p, c), (i, j), slot, arcs, flow, problem.miss_cost)
    return Relaxed(chosen, int(flow @ arcs[3]), network)


def unit_caps(problem: CohortProblem) -> Longs:
    """(U, C) people of a unit in a cohort at most."""
    p, c = len(problem.people), len(problem.cohorts)
    caps = np.array([problem.unit_cap.get(name, p) for name in problem.units[0]], dtype=np.int64)
    return np.repeat(caps[:, None], c, axis=1)


def _potentials(arcs: tuple[Longs, ...], flow: Longs, nodes: int, end: int) -> Longs:
    """Cheapest residual way from each node to the end (the optimum has no negative cycle)."""
    tail, head, capacity, cost = arcs
    go, back = flow < capacity, flow > 0
    a = np.concatenate([tail[go], head[back]])
    b = np.concatenate([head[go], tail[back]])
    w = np.concatenate([cost[go], -cost[back]])
    order = np.argsort(a, kind="stable")
    a, b, w = a[order], b[order], w[order]
    starts, first = np.unique(a, return_index=True)
    far = np.full(nodes, 2**59, dtype=np.int64)
    far[end] = 0
    for _ in range(nodes):
        via = np.minimum.reduceat(np.where(far[b] < 2**59, far[b] + w, 2**59), first)
        best = np.minimum(far[starts], via)
        if np.array_equal(best, far[starts]):
            break
        far[starts] = best
    return far
