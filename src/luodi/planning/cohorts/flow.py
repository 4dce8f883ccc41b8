"""Everyone placed once under sizes and unit caps per cohort, as a min-cost flow (OR-tools).

person → (unit, cohort) → cohort → end. The sets (unit in a cohort) ⊂ (cohort) are nested, so the
flow is exact; conditions across cohorts are relaxed here and left to the program.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from ortools.graph.python import min_cost_flow

from .problem import CohortProblem, Ints


@dataclass(frozen=True, eq=False)
class Relaxed:
    """``chosen`` (P,) cohort or −1; ``objective`` a lower bound of the problem (exact integers).

    ``seat`` and ``place``: duals, so that cost − ``seat`` + ``place[unit, cohort]`` is the reduced
    cost of a pair, and no plan that uses it costs less than ``objective`` + reduced cost.
    """

    chosen: Ints
    objective: int
    reduced: Ints
    reduced_miss: Ints


def solve_flow(problem: CohortProblem) -> Relaxed:
    """The relaxation of sizes (no minimum), unit caps per cohort and balance of all."""
    p, c = len(problem.people), len(problem.cohorts)
    names, unit = problem.units
    i, j = np.nonzero(problem.eligible)
    pair = unit[i] * c + j
    used, slot = np.unique(pair, return_inverse=True)
    n_slots, first_slot, first_cohort = len(used), p, p + len(used)
    end, nodes = first_cohort + c, first_cohort + c + 1
    cap = np.array([problem.unit_cap.get(name, p) for name in names], dtype=np.int64)
    share = np.minimum(problem.even_share(p), problem.cohorts.max_size)
    tail = [i, first_slot + np.arange(n_slots), *(first_cohort + np.arange(c),) * 2, np.arange(p)]
    head = [first_slot + slot, first_cohort + used % c, *(np.full(c, end),) * 2, np.full(p, end)]
    capacity = [
        np.ones(len(i), dtype=np.int64),
        cap[used // c],
        share,
        problem.cohorts.max_size - share,
        np.ones(p, dtype=np.int64),
    ]
    zero = np.zeros(n_slots + c, dtype=np.int64)
    cost = [problem.cost[i, j], zero, np.full(c, problem.balance), np.full(p, problem.miss_cost)]
    arcs = tuple(np.concatenate(v).astype(np.int64) for v in (tail, head, capacity, cost))
    solver = min_cost_flow.SimpleMinCostFlow()
    numbers = solver.add_arcs_with_capacity_and_unit_cost(*arcs)
    supply = np.zeros(nodes, dtype=np.int64)
    supply[:p], supply[end] = 1, -p
    solver.set_nodes_supplies(np.arange(nodes), supply)
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise OverflowError(str(status))
    flow = np.asarray(solver.flows(numbers), dtype=np.int64)
    taken = flow[: len(i)] > 0
    chosen = np.full(p, -1, dtype=np.int64)
    chosen[i[taken]] = j[taken]
    at = _potentials(arcs, flow, nodes, end)
    reduced = np.full((p, c), 2**60, dtype=np.int64)
    # a person is held at the cheapest way to the end, so reduced costs are never negative
    ways = problem.cost[i, j] + at[first_slot + slot]
    reduced[i, j] = ways
    best = np.minimum(reduced.min(axis=1, initial=2**60), problem.miss_cost)
    reduced[i, j] = ways - best[i]
    objective = int(flow @ arcs[3])
    return Relaxed(chosen, objective, reduced, problem.miss_cost - best)


def _potentials(arcs: tuple[Ints, ...], flow: Ints, nodes: int, end: int) -> Ints:
    """Cheapest residual way from each node to the end (sweeps; no negative cycle at the optimum)."""
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
