"""Matching as a min-cost flow per period, proven against all pairs after a candidate search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ..core import Floats, Longs
from .candidates import Arcs, Target, coefficient, coefficients, join, price_out, targets
from .flow import FINEST, FINEST_PRICE, LARGEST, Network, Weights, combine, exact_scale
from .model import Left, Result
from .plan import Worth
from .problem import MatchingProblem

MANY = 20_000  # arcs above which prices are rounded to FINEST_PRICE decimals, for speed
ROUNDS = 30  # of adding pairs that the candidate search had left out
BATCH = 32  # pairs added per need and round


def is_pure(problem: MatchingProblem, arcs: Arcs) -> bool:
    """True where a min-cost flow says it all: no blending, lots, source limits or joint shares."""
    needs = problem.needs
    limits = ~(np.isnan(needs.quality_low) & np.isnan(needs.quality_high))
    if (needs.blend & limits.any(axis=1)).any() or (needs.max_sources[arcs.need] > 0).any():
        return False
    if (problem.offers.min_lot[arcs.offer] > 0).any():
        return False
    shared = needs.max_share[arcs.need] < 1
    if not shared.any():
        return True
    _, supplier = np.unique(problem.offers.supplier, return_inverse=True)
    pairs = arcs.need[shared] * len(supplier) + supplier[arcs.offer[shared]]
    return len(np.unique(pairs)) == len(pairs)


def solve_pure(
    problem: MatchingProblem, arcs: Arcs, left: Left
) -> tuple[Arcs, Result, Callable[[], Worth]] | None:
    """``None`` where 64-bit whole numbers cannot carry the problem, or shares became joint."""
    for _ in range(ROUNDS):
        solved = _solve(problem, arcs, left) if is_pure(problem, arcs) else None
        if solved is None:
            return None
        more = None if arcs.complete else _better_pairs(problem, solved)
        if more is None or len(more) == 0:
            return arcs, _result(problem, arcs, solved), partial(_worth, problem, solved)
        arcs = join(problem, arcs, more)
    return None


def relax(problem: MatchingProblem, arcs: Arcs, left: Left) -> Relaxation | None:
    """The flow without blends, lots and source limits: a bound per goal, and reduced costs."""
    solved = _solve(problem, arcs, left)
    if solved is None:
        return None
    n = len(problem.offers)
    reduced = np.zeros((len(arcs), problem.n_periods))
    for t, (network, flow) in enumerate(zip(solved.networks, solved.flows, strict=True)):
        at = network.distances(flow, to_rest=False).astype(float)
        reduced[:, t] = network.cost + at[arcs.offer] - at[arcs.need + n + 1]
    return Relaxation(_result(problem, arcs, solved).values, reduced)


@dataclass(frozen=True, eq=False)
class Relaxation:
    """``values``: per goal the best the flow can reach; ``reduced`` (arcs, T) in combined units."""

    values: list[float]
    reduced: Floats


@dataclass(frozen=True, eq=False)
class _Case:
    """The goals as whole numbers. ``factor`` scales prices, ``error`` yuan/t is their rounding."""

    wanted: list[Target]
    weights: Weights
    factor: int
    error: float

    def combined(self, problem: MatchingProblem, o: Longs, w: Longs, price: Floats) -> Longs:
        total = np.zeros(np.shape(price), dtype=np.int64)
        for target, weight in zip(self.wanted, self.weights.weight, strict=True):
            value = coefficient(problem, target, o, w, price)
            if target[0] == "cost":
                value = value * self.factor
            total += np.rint(value).astype(np.int64) * np.int64(weight)
        return total


@dataclass(frozen=True, eq=False)
class _Solved:
    """Optimal flows, one network per period; ``unit`` of them is a tonne."""

    case: _Case
    networks: list[Network]
    flows: list[Longs]
    unit: int


def _solve(problem: MatchingProblem, arcs: Arcs, left: Left) -> _Solved | None:
    scale = exact_scale(np.concatenate([left.supply.ravel(), left.demand.ravel()]))
    case = _prepare(problem, arcs, targets(problem))
    if scale.error or case is None:
        return None
    cost, networks = case.weights.combined, []
    for t in range(problem.n_periods):
        supply, demand = scale(left.supply[:, t]), scale(left.demand[:, t])
        # more than can flow, so that marginal values see what one more tonne could use
        capacity = np.full(len(arcs), supply.sum() + demand.sum(), dtype=np.int64)
        if (problem.needs.max_share < 1).any():
            room = np.floor(_share_room(problem, arcs, t) * scale.factor + 1e-6)
            capacity = np.minimum(capacity, room.astype(np.int64))
        networks.append(Network(arcs.offer, arcs.need, cost, capacity, supply, demand))
    try:
        return _Solved(case, networks, [network.solve() for network in networks], scale.factor)
    except OverflowError:
        return None


def _prepare(problem: MatchingProblem, arcs: Arcs, wanted: list[Target]) -> _Case | None:
    """Prices as fine as 64 bits allow beside the weights of the earlier goals."""
    n, m = len(problem.offers), len(problem.needs)
    highest = float(arcs.price.max(initial=0.0)) if arcs.complete else _dearest(problem)
    for finest in range(FINEST if len(arcs) < MANY else FINEST_PRICE, 1, -1):
        scale = exact_scale(arcs.price, finest)
        if not arcs.complete:
            scale = type(scale)(10**finest, 0.5 / 10**finest)
        levels = tuple(
            np.rint(values * (scale.factor if target[0] == "cost" else 1)).astype(np.int64)
            for values, target in zip(coefficients(problem, arcs, wanted), wanted, strict=True)
        )
        spread = tuple(int(highest * scale.factor) + 1 if g == "cost" else 1 for g, _ in wanted)
        weights = combine(levels, spread, n, m)
        if weights is not None:
            return _Case(wanted, weights, scale.factor, scale.error)
    return None


def _dearest(problem: MatchingProblem) -> float:
    """No pair can be dearer than this (half the way around the earth)."""
    cap = problem.needs.cap.max()
    far = min(problem.transport.max_km, 20_100 * problem.transport.detour)
    price = problem.offers.price.max() + far * problem.transport.rate
    return float(min(cap, max(price, np.nanmax(problem.transport.yuan, initial=0.0) + price)))


def _share_room(problem: MatchingProblem, arcs: Arcs, t: int) -> Floats:
    """(arcs,) what the share of one supplier still allows beside its contracts."""
    names, supplier = np.unique(problem.offers.supplier, return_inverse=True)
    c = problem.contracts
    bound: dict[int, float] = {}
    for key, tonnes in zip(c.need * len(names) + supplier[c.offer], c.tonnes[:, t], strict=True):
        bound[int(key)] = bound.get(int(key), 0.0) + float(tonnes)
    taken = np.zeros(len(arcs))
    if bound:
        keys = arcs.need * len(names) + supplier[arcs.offer]
        taken = np.array([bound.get(int(k), 0.0) for k in keys])
    share, wanted = problem.needs.max_share[arcs.need], problem.needs.tonnes[arcs.need, t]
    room: Floats = np.where(share < 1, np.maximum(share * wanted - taken, 0.0), wanted)
    return room


def _better_pairs(problem: MatchingProblem, solved: _Solved) -> Arcs:
    """Pairs outside the candidates whose reduced cost is negative in some period."""
    n, m = len(problem.offers), len(problem.needs)
    case, networks, flows = solved.case, solved.networks, solved.flows
    known = np.sort(networks[0].offer * m + networks[0].need)
    levels = [net.distances(f, to_rest=False) for net, f in zip(networks, flows, strict=True)]

    def worse(o: Longs, w: Longs, price: Floats) -> NDArray[np.bool_]:
        cost = case.combined(problem, o, w, price)
        out = np.ones(price.shape, dtype=bool)
        for at in levels:
            reached = at[o] < LARGEST
            out &= ~reached | (cost + np.where(reached, at[o], 0) - at[w + n + 1] >= 0)
        better = np.nonzero(~out)
        keys = np.broadcast_to(o * m + w, out.shape)[better]
        found = np.searchsorted(known, keys)
        out[better] = (found < len(known)) & (known[np.minimum(found, len(known) - 1)] == keys)
        return out

    return price_out(problem, worse, BATCH)


def _result(problem: MatchingProblem, arcs: Arcs, solved: _Solved) -> Result:
    case = solved.case
    tonnes = np.stack(solved.flows, axis=1) / solved.unit
    total = tonnes.sum(axis=1)
    values = [float(g @ total) for g in coefficients(problem, arcs, case.wanted)]
    # each of two plans may be misjudged by the rounding of prices on every tonne it moves
    loss = 2 * case.error * float(problem.needs.tonnes.sum())
    bounds: list[float | None] = [
        value - (loss if goal == "cost" else 0.0)
        for value, (goal, _) in zip(values, case.wanted, strict=True)
    ]
    return Result(tonnes, values, bounds)


def _worth(problem: MatchingProblem, solved: _Solved) -> Worth:
    """Exact one-sided values: the cheapest residual path that one more tonne could take."""
    n, m, case = len(problem.offers), len(problem.needs), solved.case
    at_offer = np.zeros((2, n, problem.n_periods))
    at_need = np.zeros((2, m, problem.n_periods))
    for t, (network, flow) in enumerate(zip(solved.networks, solved.flows, strict=True)):
        out = network.distances(flow, to_rest=True)[:n]
        come = network.distances(flow, to_rest=False)[n + 1 : n + 1 + m]
        for where, distance in ((at_offer, out), (at_need, come)):
            parts = case.weights.split(np.where(distance < LARGEST, distance, 0))
            for part, (goal, _) in zip(parts, case.wanted, strict=True):
                if goal == "served":
                    where[0, :, t] -= part
                elif goal == "cost":
                    where[1, :, t] += part / case.factor
    return Worth(at_offer[0], -at_offer[1], at_need[0], at_need[1])
