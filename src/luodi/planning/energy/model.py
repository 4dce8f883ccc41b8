"""The plan as a linear programme in plain arrays: bounds as bounds, only rows that can bind.

Enterprises that nothing ties together over time (no battery, no green target, no carbon row, no
direct connection under a demand charge) and that value a MWh alike are merged into one *taker*;
their share is handed back in proportion to load, at the same cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ..core import Floats
from .dispatch import carbon_costs, fixed_costs, idle
from .problem import CarbonScope, DemandBasis, EnergyProblem

Index = NDArray[np.intp]
NONE: Index = np.zeros(0, dtype=np.intp)


@dataclass
class Taker:
    """Who buys: one enterprise or several alike. ``room``: (T,) most green power per step."""

    members: list[int]
    value: Floats
    room: Floats
    plain: bool


@dataclass
class Block:
    """Columns ``first`` … for the steps ``at``."""

    first: int
    at: Index

    @property
    def columns(self) -> Index:
        return self.first + np.arange(self.at.size)


@dataclass
class Model:
    """min cost·x, lower ≤ x ≤ upper, row_lower ≤ A x ≤ row_upper, and where everything stands."""

    problem: EnergyProblem
    takers: list[Taker]
    offset: float = 0.0
    cost: Floats = field(default_factory=lambda: np.zeros(0))
    lower: Floats = field(default_factory=lambda: np.zeros(0))
    upper: Floats = field(default_factory=lambda: np.zeros(0))
    row_lower: Floats = field(default_factory=lambda: np.zeros(0))
    row_upper: Floats = field(default_factory=lambda: np.zeros(0))
    matrix: sparse.csc_array = field(default_factory=lambda: sparse.csc_array((0, 0)))
    crowded: dict[int, Index] = field(default_factory=dict)  # by contract: steps with a row
    green: dict[tuple[int, int], Block] = field(default_factory=dict)  # (contract, taker)
    charge: dict[int, Block] = field(default_factory=dict)  # by enterprise
    discharge: dict[int, Block] = field(default_factory=dict)
    state: dict[int, Block] = field(default_factory=dict)
    export: dict[int, Block] = field(default_factory=dict)
    peak: dict[int, Block] = field(default_factory=dict)
    excess: dict[int, int] = field(default_factory=dict)
    missing: dict[int, int] = field(default_factory=dict)  # by contract
    rows: dict[tuple[str, int], Block] = field(default_factory=dict)  # (kind, who)


class _Arrays:
    """Columns and rows as they are added, in chunks of arrays."""

    def __init__(self) -> None:
        self.columns: list[tuple[Floats, Floats, Floats]] = []
        self.sides: list[tuple[Floats, Floats]] = []
        self.entries: list[tuple[Index, Index, Floats]] = []
        self.width = self.height = 0

    def add_columns(
        self, at: Index, cost: Floats | float, low: Floats | float, high: Floats | float
    ) -> Block:
        n = at.size
        parts = (np.broadcast_to(np.asarray(p, dtype=float), (n,)) for p in (cost, low, high))
        self.columns.append(tuple(parts))  # type: ignore[arg-type]
        self.width += n
        return Block(self.width - n, at)

    def add_rows(self, at: Index, low: Floats | float, high: Floats | float) -> Block:
        n = at.size
        sides = (np.broadcast_to(np.asarray(p, dtype=float), (n,)) for p in (low, high))
        self.sides.append(tuple(sides))  # type: ignore[arg-type]
        self.height += n
        return Block(self.height - n, at)

    def put(self, rows: Index, columns: Index, value: Floats | float) -> None:
        filled = np.broadcast_to(np.asarray(value, dtype=float), columns.shape)
        self.entries.append((np.broadcast_to(rows, columns.shape), columns, filled))

    def finish(self, model: Model) -> None:
        model.cost, model.lower, model.upper = _joined(self.columns, 3)
        model.row_lower, model.row_upper = _joined(self.sides, 2)
        rows, columns, values = _joined(self.entries, 3)
        shape = (self.height, self.width)
        model.matrix = sparse.csc_array(
            (values, (rows.astype(np.intp), columns.astype(np.intp))), shape=shape
        )


def _joined(chunks: Sequence[Sequence[Any]], width: int) -> list[Any]:
    """Chunks of parallel arrays as whole arrays; empty ones where there is no chunk."""
    if not chunks:
        return [np.zeros(0) for _ in range(width)]
    return [np.concatenate(part) for part in zip(*chunks, strict=True)]


def takers(problem: EnergyProblem, *, merge: bool = True) -> list[Taker]:
    """Enterprises as buyers; plain ones with the same value series become one."""
    direct = any(c.behind_meter for c in problem.contracts)
    found: dict[bytes, Taker] = {}
    out: list[Taker] = []
    for i, e in enumerate(problem.enterprises):
        pilot = e.carbon_scope is CarbonScope.PILOT and not problem.carbon.resale
        demand = direct and e.demand_basis is DemandBasis.MAX_DEMAND
        plain = e.battery is None and not (e.green_share_min or pilot or demand)
        value = problem.energy_value[i]
        room = np.maximum(e.load_mwh - e.pv_mwh, 0)
        key = value.tobytes()
        if plain and merge and key in found:
            found[key].members.append(i)
            found[key].room = found[key].room + room
            continue
        if e.battery is not None:
            room = room + e.battery.power_mw * problem.step_h
        out.append(Taker([i], value, room, plain))
        if plain:
            found[key] = out[-1]
    return out


def build(
    problem: EnergyProblem, demand_price: Floats, *, merge: bool = True, prune: bool = True
) -> Model:
    """``demand_price``: (N, M) yuan per MW of monthly demand (0 without a demand charge).

    Without ``prune``, columns that cannot pay at today's prices stay, for later price changes.
    """
    model = Model(problem, takers(problem, merge=merge))
    a = _Arrays()
    _green_columns(model, a, prune=prune)
    for k, taker in enumerate(model.takers):
        if taker.plain:
            _plain_rows(model, a, k)
        else:
            _enterprise(model, a, k, demand_price[taker.members[0]])
    _contract_rows(model, a)
    a.finish(model)
    model.offset = _offset(model)
    return model


def _green_columns(model: Model, a: _Arrays, *, prune: bool) -> None:
    """One column per contract, taker and step, where a purchase is possible and can pay.

    Where a single taker meets the generation of an hour, its bound does the work of a row.
    """
    problem = model.problem
    for c, contract in enumerate(problem.contracts):
        forced = contract.take_or_pay or contract.self_use_min or contract.load_share_min
        usable = np.stack([(contract.profile_mwh > 0) & (t.room > 0) for t in model.takers])
        if prune and not forced:
            for k, taker in enumerate(model.takers):
                if taker.plain:
                    usable[k] &= contract.unit_cost < taker.value
        most = np.sum([t.room * u for t, u in zip(model.takers, usable, strict=True)], axis=0)
        crowded = (most > contract.profile_mwh) & (usable.sum(axis=0) > 1)
        model.crowded[c] = np.flatnonzero(crowded)
        for k, taker in enumerate(model.takers):
            at = np.flatnonzero(usable[k])
            alone = np.minimum(contract.profile_mwh, taker.room)
            top = np.where(crowded, taker.room, alone)[at]
            cost = contract.unit_cost - taker.value
            model.green[c, k] = a.add_columns(at, cost[at], 0.0, top)


def _plain_rows(model: Model, a: _Arrays, k: int) -> None:
    """Several contracts together no more than the taker's room, where they could exceed it."""
    blocks = [model.green[c, k] for c in range(len(model.problem.contracts))]
    room = model.takers[k].room
    most = np.zeros(room.size)
    for c, block in enumerate(blocks):
        most[block.at] += np.minimum(model.problem.contracts[c].profile_mwh, room)[block.at]
    _shared_rows(a, "room", blocks, np.where(most > room, room, np.inf), model, k)


def _shared_rows(
    a: _Arrays, kind: str, blocks: Sequence[Block], limit: Floats, model: Model, who: int
) -> None:
    """Rows Σ blocks ≤ limit for the steps where limit is finite."""
    at = np.flatnonzero(np.isfinite(limit))
    row_of = np.full(limit.size, -1, dtype=np.intp)
    rows = a.add_rows(at, -np.inf, limit[at])
    row_of[at] = rows.columns
    for block in blocks:
        has = row_of[block.at] >= 0
        a.put(row_of[block.at][has], block.columns[has], 1.0)
    model.rows[kind, who] = rows


def _contract_rows(model: Model, a: _Arrays) -> None:
    problem = model.problem
    one = np.zeros(1, dtype=np.intp)
    for c, contract in enumerate(problem.contracts):
        blocks = [model.green[c, k] for k in range(len(model.takers))]
        limit = np.full(problem.steps, np.inf)
        limit[model.crowded[c]] = contract.profile_mwh[model.crowded[c]]
        _shared_rows(a, "hour", blocks, limit, model, c)
        if contract.monthly_mwh.size:
            rows = a.add_rows(np.arange(problem.months), -np.inf, contract.monthly_mwh)
            model.rows["month", c] = rows
            for block in blocks:
                a.put(rows.first + problem.month[block.at], block.columns, 1.0)
        least = contract.self_use_min * float(contract.profile_mwh.sum())
        least = max(least, contract.load_share_min * float(problem.load_mwh.sum()))
        limits = [("volume", -np.inf, contract.volume_mwh)]
        if least > 0:
            limits.append(("quota", least, np.inf))
        for kind, low, high in limits:
            row = model.rows[kind, c] = a.add_rows(one, low, high)
            for block in blocks:
                a.put(np.full(block.at.size, row.first), block.columns, 1.0)
        if contract.take_or_pay > 0 and contract.shortfall_price > 0:
            gap = a.add_columns(one, contract.shortfall_price, 0.0, 2 * contract.floor_mwh)
            model.missing[c] = gap.first
            floor = a.add_rows(one, contract.floor_mwh, np.inf)
            model.rows["floor", c] = floor
            for block in [*blocks, gap]:
                a.put(np.full(block.at.size, floor.first), block.columns, 1.0)


def _enterprise(model: Model, a: _Arrays, k: int, demand_price: Floats) -> None:
    """Battery, surplus, demand, green target and carbon row of one enterprise."""
    problem, taker = model.problem, model.takers[k]
    i = taker.members[0]
    e = problem.enterprises[i]
    every = np.arange(problem.steps)
    net = e.load_mwh - e.pv_mwh
    surplus = np.flatnonzero(net < 0)
    if surplus.size:
        worth = taker.value[surplus] - e.feed_in_price
        model.export[i] = a.add_columns(surplus, worth, 0.0, -net[surplus])
    if e.battery is not None:
        _battery(model, a, i, taker.value, every)
    plus = [b for b in (model.export.get(i), model.charge.get(i)) if b]
    minus = [b for b in (model.discharge.get(i),) if b]
    greens = [model.green[c, k] for c in range(len(problem.contracts))]
    # without a battery, the bounds of a single contract already keep the purchase non-negative
    bounded = e.battery is None and len(greens) == 1
    limit = np.where(net < 0, net, np.inf) if bounded else net
    _balance(model, a, i, [*greens, *minus], plus, limit)
    if e.demand_basis is DemandBasis.MAX_DEMAND:
        behind = [g for c, g in enumerate(greens) if problem.contracts[c].behind_meter]
        _demand(model, a, i, [*minus, *behind], plus, demand_price)
    if e.green_share_min:
        need = e.green_share_min * float(e.load_mwh.sum()) - float(e.pv_mwh.sum())
        row = a.add_rows(np.array([i]), need, np.inf)
        model.rows["share", i] = row
        for block, sign in [*((g, 1.0) for g in greens), *_signed(model.export.get(i), -1.0)]:
            a.put(np.full(block.at.size, row.first), block.columns, sign)
    if e.carbon_scope is CarbonScope.PILOT and not problem.carbon.resale:
        _carbon(model, a, i, [*greens, *minus], plus, net)


def _signed(block: Block | None, sign: float) -> list[tuple[Block, float]]:
    return [] if block is None else [(block, sign)]


def _battery(model: Model, a: _Arrays, i: int, value: Floats, every: Index) -> None:
    b = model.problem.enterprises[i].battery
    assert b is not None
    step = b.power_mw * model.problem.step_h
    charge = model.charge[i] = a.add_columns(every, value, 0.0, step)
    out = model.discharge[i] = a.add_columns(every, b.degradation - value, 0.0, step)
    state = model.state[i] = a.add_columns(every, 0.0, 0.0, b.energy_mwh)
    before = np.zeros(every.size)
    if b.initial_mwh is not None:
        before[0] = b.initial_mwh
    rows = model.rows["state", i] = a.add_rows(every, before, before)
    a.put(rows.columns, state.columns, 1.0)
    cyclic = b.initial_mwh is None
    a.put(rows.columns[1:], state.columns[:-1], -1.0)
    if cyclic and every.size > 1:
        a.put(rows.columns[:1], state.columns[-1:], -1.0)
    a.put(rows.columns, charge.columns, -b.efficiency)
    a.put(rows.columns, out.columns, 1 / b.efficiency)
    if not cyclic:
        end = model.rows["end", i] = a.add_rows(np.array([i]), before[0], np.inf)
        a.put(end.columns, state.columns[-1:], 1.0)


def _balance(
    model: Model, a: _Arrays, i: int, minus: list[Block], plus: list[Block], limit: Floats
) -> None:
    """Purchase from the grid ≥ 0: Σ minus − Σ plus ≤ load − own photovoltaics."""
    at = np.flatnonzero(np.isfinite(limit))
    rows = model.rows["balance", i] = a.add_rows(at, -np.inf, limit[at])
    _spread(a, rows, limit.size, minus, plus)


def _spread(a: _Arrays, rows: Block, steps: int, up: list[Block], down: list[Block]) -> None:
    row_of = np.full(steps, -1, dtype=np.intp)
    row_of[rows.at] = rows.columns
    for blocks, sign in ((up, 1.0), (down, -1.0)):
        for block in blocks:
            has = row_of[block.at] >= 0
            a.put(row_of[block.at][has], block.columns[has], sign)


def _demand(
    model: Model, a: _Arrays, i: int, minus: list[Block], plus: list[Block], price: Floats
) -> None:
    """Demand of the month ≥ metered power of each step that could set it."""
    problem = model.problem
    e = problem.enterprises[i]
    net = e.load_mwh - e.pv_mwh
    low, high = net.copy(), net.copy()
    power = e.battery.power_mw * problem.step_h if e.battery else 0.0
    low -= power
    high += power
    for c in problem.contracts:
        if c.behind_meter:
            low -= np.minimum(c.profile_mwh, np.maximum(net + power, 0))
    edges = np.flatnonzero(np.diff(problem.month, prepend=-1))
    floor = np.maximum(np.maximum.reduceat(low, edges), 0) / problem.step_h
    if e.peak_floor_mw.size:
        floor = np.maximum(floor, e.peak_floor_mw)
    most = np.maximum(np.maximum.reduceat(high, edges) / problem.step_h, floor)
    peak = model.peak[i] = a.add_columns(np.arange(problem.months), price, floor, most)
    at = np.flatnonzero(high / problem.step_h > floor[problem.month])
    rows = model.rows["demand", i] = a.add_rows(at, net[at], np.inf)
    a.put(rows.columns, peak.columns[problem.month[at]], problem.step_h)
    _spread(a, rows, net.size, minus, plus)


def _carbon(
    model: Model, a: _Arrays, i: int, minus: list[Block], plus: list[Block], net: Floats
) -> None:
    """Excess ≥ direct + factor × grid purchase − quota, without credit for a surplus."""
    e, market = model.problem.enterprises[i], model.problem.carbon
    power = e.battery.power_mw * model.problem.step_h if e.battery else 0.0
    most = e.direct_emissions_t + market.grid_factor * float(np.maximum(net + power, 0).sum())
    column = a.add_columns(np.array([i]), market.price, 0.0, max(most - e.quota_t, 0))
    model.excess[i] = column.first
    base = e.direct_emissions_t + market.grid_factor * float(net.sum()) - e.quota_t
    row = model.rows["carbon", i] = a.add_rows(np.array([i]), base, np.inf)
    a.put(row.columns, column.columns, 1.0)
    for blocks, sign in ((minus, 1.0), (plus, -1.0)):
        for block in blocks:
            a.put(np.full(block.at.size, row.first), block.columns, sign * market.grid_factor)


def _offset(model: Model) -> float:
    """The cost that no column carries, so that the optimum is the whole cost in yuan."""
    problem = model.problem
    carbon = carbon_costs(problem, np.zeros(len(problem.enterprises)))[0]
    fixed = fixed_costs(problem, idle(problem)).sum(axis=1)
    total = 0.0
    for taker in model.takers:
        for i in taker.members:
            e = problem.enterprises[i]
            net = e.load_mwh - e.pv_mwh
            total += 0.0 if i in model.excess else float(carbon[i])
            total += 0.0 if i in model.peak else float(fixed[i])
            if taker.plain:
                total += float(taker.value @ np.maximum(net, 0))
                total -= e.feed_in_price * float(np.maximum(-net, 0).sum())
            else:
                total += float(taker.value @ net)
    return total
