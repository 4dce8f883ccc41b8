"""The cheapest flow through a network, and a proof of it by node prices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from ...compiled import compiled
from ...core import (
    BadData,
    Infeasible,
    Lang,
    Plan,
    PlanningError,
    Progress,
    Status,
    Text,
    Violation,
)

Ints = NDArray[np.int64]
LARGEST = 2**61


@dataclass(frozen=True, kw_only=True, eq=False)
class FlowProblem:
    """Arcs ``tail`` → ``head`` (nodes from 0) that carry ``low`` to ``high`` units at ``cost``.

    ``supply``: (n) units that enter (> 0) or leave (< 0) at each node; they sum to zero.
    Everything is whole. Raises :class:`BadData`.
    """

    supply: Ints
    tail: Ints
    head: Ints
    low: Ints
    high: Ints
    cost: Ints

    def __post_init__(self) -> None:
        n, m = len(self.supply), len(self.tail)
        ends = np.concatenate([self.tail, self.head])
        if any(len(a) != m for a in (self.head, self.low, self.high, self.cost)):
            raise BadData(Text("弧的数据长短不一。", "The arcs' columns differ in length."))
        if m and (ends.min() < 0 or ends.max() >= n):
            raise BadData(Text("弧引用了未知的节点。", "An arc refers to an unknown node."))
        if (self.low > self.high).any() or (self.low < 0).any():
            raise BadData(Text("弧的上下限颠倒或为负。", "An arc's limits are upside down."))
        if self.supply.sum():
            raise BadData(Text("供需总量不相等。", "Supply and demand differ."))
        if float(np.abs(self.cost).max(initial=0)) * (n + 1) > LARGEST:
            raise BadData(Text("费用过大。", "The costs are too large."))

    def left(self, flow: Ints) -> Ints:
        """(n) supply that ``flow`` leaves at each node: zero where it is conserved."""
        n = len(self.supply)
        out = np.bincount(self.tail, flow, n) - np.bincount(self.head, flow, n)
        return np.asarray(self.supply - np.rint(out).astype(np.int64))


@dataclass(frozen=True, kw_only=True)
class FlowPlan(Plan[FlowProblem]):
    """``flow``: (m) units. ``price``: (n) what a unit is worth at each node (the proof)."""

    flow: Ints
    price: Ints

    def check(self, problem: FlowProblem) -> list[Violation]:
        """Conservation, limits, cost, and the bound by weak duality."""
        found = []
        over = np.maximum(self.flow - problem.high, problem.low - self.flow)
        for words, amount in (
            (Text("流量不守恒", "flow is not conserved"), np.abs(problem.left(self.flow))),
            (Text("超出弧的上下限", "an arc's limits are broken"), over),
        ):
            if amount.max(initial=0) > 0:
                found.append(Violation(words, float(amount.max())))
        if cost_of(problem, self.flow) != self.objective:
            found.append(Violation(Text("总费用不对", "the cost is wrong"), self.objective))
        if self.bound is not None and self.bound > lower_bound(problem, self.price):
            found.append(Violation(Text("界限不对", "the bound is wrong"), self.bound))
        return found

    def explain(self, lang: Lang = "zh") -> str:
        used, m = int((self.flow > 0).sum()), len(self.flow)
        zh = f"最小费用 {self.objective:,.0f}；{m:,} 条弧中用到 {used:,} 条。"
        return Text(zh, f"Least cost {self.objective:,.0f}; {used:,} of {m:,} arcs are used.").say(
            lang
        )


def cost_of(problem: FlowProblem, flow: Ints) -> float:
    return float(sum(map(int, problem.cost * flow)))


def lower_bound(problem: FlowProblem, price: Ints) -> float:
    """Weak duality: no flow costs less than this, whatever the prices."""
    reduced = problem.cost + price[problem.tail] - price[problem.head]
    arcs = reduced * np.where(reduced > 0, problem.low, problem.high)
    return float(sum(map(int, arcs)) - sum(map(int, price * problem.supply)))


def solve(
    problem: FlowProblem,
    *,
    time_limit: float | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> FlowPlan:
    """The cheapest flow (cost scaling, OR-tools); seconds even for large networks.

    Raises :class:`Infeasible` where the arcs cannot carry the supply.
    """
    clock = progress or Progress()
    before = clock.seconds
    flow = _cheapest(problem)
    price = node_prices(problem, flow)
    objective, bound = cost_of(problem, flow), lower_bound(problem, price)
    status = Status.OPTIMAL if bound >= objective else Status.FEASIBLE
    clock.report(objective, bound)
    return FlowPlan(
        objective=objective,
        bound=bound,
        status=status,
        seconds=clock.seconds - before,
        flow=flow,
        price=price,
    )


def _cheapest(problem: FlowProblem) -> Ints:
    """OR-tools on the flow above the lower limits."""
    network = min_cost_flow.SimpleMinCostFlow()
    room = problem.high - problem.low
    network.add_arcs_with_capacity_and_unit_cost(problem.tail, problem.head, room, problem.cost)
    nodes = np.arange(len(problem.supply), dtype=np.int64)
    network.set_nodes_supplies(nodes, problem.left(problem.low))
    status = network.solve()
    if status == network.INFEASIBLE:
        words = Text("弧的容量送不完全部供应", "the arcs cannot carry the whole supply")
        raise Infeasible([words])
    if status != network.OPTIMAL:
        raise PlanningError(Text("数值过大，无法求解。", "The numbers are too large to solve."))
    flow = network.flows(np.arange(len(room), dtype=np.int64))
    return np.asarray(flow, dtype=np.int64) + problem.low


def node_prices(problem: FlowProblem, flow: Ints) -> Ints:
    """Shortest distances in the residual network from a source beside all nodes (Bellman, Ford).

    With a cheapest flow there is no negative cycle, and no arc can gain against these prices.
    """
    forth, back = flow < problem.high, flow > problem.low
    tail = np.concatenate([problem.tail[forth], problem.head[back]])
    head = np.concatenate([problem.head[forth], problem.tail[back]])
    cost = np.concatenate([problem.cost[forth], -problem.cost[back]])
    order = np.argsort(tail, kind="stable")
    first = np.searchsorted(tail[order], np.arange(len(problem.supply) + 1))
    price: Ints = _relax(first, head[order], cost[order], 4 * len(problem.supply) + 100)
    return price


@compiled
def _relax(first: Ints, head: Ints, cost: Ints, patience: int) -> Ints:
    """Label correcting with a queue; each node enters at most ``patience`` times."""
    n = len(first) - 1
    price = np.zeros(n, dtype=np.int64)
    waiting = np.ones(n, dtype=np.bool_)
    queue = np.arange(n)
    begin, length, steps = 0, n, 0
    while length > 0 and steps < patience * n:
        at = queue[begin]
        begin, length, steps = (begin + 1) % n, length - 1, steps + 1
        waiting[at] = False
        for k in range(first[at], first[at + 1]):
            far = price[at] + cost[k]
            to = head[k]
            if far < price[to]:
                price[to] = far
                if not waiting[to]:
                    waiting[to] = True
                    queue[(begin + length) % n] = to
                    length += 1
    return price
