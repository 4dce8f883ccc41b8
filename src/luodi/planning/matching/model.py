"""The rows and columns of a matching program.

Columns: tonnes per arc and period; where needed a switch per (supplier, need) for the number of
sources and a switch per arc and period for minimum lots. Blending limits are linear because they
hold at the destination. Stockpiles that mix lots *before* they reach a need would make the model
bilinear (the pooling problem); they are not covered.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import highspy
import numpy as np
from scipy.sparse import coo_array, csc_array

from ..core import Floats, Longs
from .candidates import Arcs
from .problem import MatchingProblem

INF = highspy.kHighsInf
LARGE = 5_000  # columns above which the interior point method is used


@dataclass
class Rows:
    """Sparse rows, collected block by block."""

    width: int
    row: list[Longs] = field(default_factory=list)
    column: list[Longs] = field(default_factory=list)
    value: list[Floats] = field(default_factory=list)
    low: list[Floats] = field(default_factory=list)
    high: list[Floats] = field(default_factory=list)
    count: int = 0

    def add(self, row: Longs, column: Longs, value: Floats, low: Floats, high: Floats) -> None:
        """Append ``len(high)`` rows; ``row`` counts from the first of them."""
        self.row.append(row + self.count)
        self.column.append(column)
        self.value.append(np.broadcast_to(value, row.shape).astype(float))
        self.low.append(np.broadcast_to(low, high.shape).astype(float))
        self.high.append(high.astype(float))
        self.count += len(high)


@dataclass(frozen=True, eq=False)
class Left:
    """What contracts leave: supply (n, T), demand (m, T) and, per need, suppliers they bind."""

    supply: Floats
    demand: Floats


@dataclass(frozen=True, eq=False)
class Result:
    """``x`` (arcs, T) tonnes; per goal its value and bound.

    Duals of supply (n, T) and demand (m, T): ``duals`` of the last goal, ``gains`` of all "served"
    goals together (of linear programs only).
    """

    x: Floats
    values: list[float]
    bounds: list[float | None]
    duals: tuple[Floats, ...] = ()
    gains: tuple[Floats, ...] = ()


class Model:
    """The rows and columns of one matching problem."""

    def __init__(self, problem: MatchingProblem, arcs: Arcs, left: Left) -> None:
        self.problem, self.arcs, self.left = problem, arcs, left
        self.t = problem.n_periods
        self.offers, self.at_offer = np.unique(arcs.offer, return_inverse=True)
        self.needs, self.at_need = np.unique(arcs.need, return_inverse=True)
        self.flows = len(arcs) * self.t
        self.flow = np.arange(self.flows).reshape(len(arcs), self.t)
        room = np.minimum(left.supply[arcs.offer], left.demand[arcs.need])
        self.upper = room.reshape(-1)
        self._switches()
        self.width = self.flows + len(self.pairs) + len(self.lots)
        self.mixed = self.width > self.flows
        self.rows = Rows(self.width)
        self._balance()
        self._blending()
        self._shares()
        self._sources()
        self._minimum_lots()

    def _switches(self) -> None:
        names, self.supplier = np.unique(self.problem.offers.supplier, return_inverse=True)
        pair = self.arcs.need * len(names) + self.supplier[self.arcs.offer]
        limited = self.problem.needs.max_sources[self.arcs.need] > 0
        self.pairs = np.unique(pair[limited])
        self.pair_of = np.where(limited, np.searchsorted(self.pairs, pair), -1)
        self.n_suppliers, self.pair_key = len(names), pair
        lot = np.repeat(self.problem.offers.min_lot[self.arcs.offer], self.t)
        self.upper[lot > self.upper + 1e-9] = 0.0
        self.lots = np.flatnonzero((lot > 0) & (self.upper > 0))
        self.lot = lot[self.lots]

    def _balance(self) -> None:
        columns, t, one = self.flow.reshape(-1), np.arange(self.t), np.ones(1)
        at_offer = (self.at_offer[:, None] * self.t + t).reshape(-1)
        at_need = (self.at_need[:, None] * self.t + t).reshape(-1)
        supply, demand = self.left.supply[self.offers], self.left.demand[self.needs]
        self.rows.add(at_offer, columns, one, np.array(-INF), supply.reshape(-1))
        self.rows.add(at_need, columns, one, np.array(-INF), demand.reshape(-1))
        self.need_row = supply.size
        self.blend_row = supply.size + demand.size

    def _blending(self) -> None:
        """Σ (stated worst value − limit) × tonnes ≤ 0 per need, attribute, side and period."""
        p = self.problem
        for q in range(len(p.attributes)):
            for worst, limit, sign in (
                (p.offers.quality_high[:, q], p.needs.quality_high[:, q], 1.0),
                (p.offers.quality_low[:, q], p.needs.quality_low[:, q], -1.0),
            ):
                held = self.needs[p.needs.blend[self.needs] & ~np.isnan(limit[self.needs])]
                if not len(held):
                    continue
                place = np.full(len(p.needs), -1)
                place[held] = np.arange(len(held))
                given = np.zeros((len(held), self.t))
                c = p.contracts
                mine = place[c.need] >= 0
                extra = sign * (worst[c.offer] - limit[c.need])
                np.add.at(given, place[c.need[mine]], extra[mine, None] * c.tonnes[mine])
                a = np.flatnonzero(place[self.arcs.need] >= 0)
                over = sign * (worst[self.arcs.offer[a]] - limit[self.arcs.need[a]])
                row = (place[self.arcs.need[a]][:, None] * self.t + np.arange(self.t)).reshape(-1)
                value = np.repeat(over, self.t)
                self.rows.add(
                    row, self.flow[a].reshape(-1), value, np.array(-INF), -given.reshape(-1)
                )

    def _shares(self) -> None:
        share = self.problem.needs.max_share
        mine = np.flatnonzero(share[self.arcs.need] < 1)
        if not len(mine):
            return
        keys, row = np.unique(self.pair_key[mine], return_inverse=True)
        need = keys // self.n_suppliers
        room = share[need, None] * self.problem.needs.tonnes[need]
        c = self.problem.contracts
        bound = c.need * self.n_suppliers + self.supplier[c.offer]
        for k in np.flatnonzero(np.isin(bound, keys)):
            room[np.searchsorted(keys, bound[k])] -= c.tonnes[k]
        at = (row[:, None] * self.t + np.arange(self.t)).reshape(-1)
        limit = np.maximum(room, 0.0).reshape(-1)
        self.rows.add(at, self.flow[mine].reshape(-1), np.ones(1), np.array(-INF), limit)

    def _sources(self) -> None:
        """tonnes ≤ room × switch; at most ``max_sources`` switches per need, contracts counted."""
        if not len(self.pairs):
            return
        a = np.flatnonzero(self.pair_of >= 0)
        flow, switch = self.flow[a].reshape(-1), np.repeat(self.flows + self.pair_of[a], self.t)
        k = np.arange(len(flow))
        value = np.concatenate([np.ones(len(flow)), -self.upper[flow]])
        self.rows.add(
            np.tile(k, 2), np.concatenate([flow, switch]), value, np.array(-INF), np.zeros(len(k))
        )
        need = self.pairs // self.n_suppliers
        needs, row = np.unique(need, return_inverse=True)
        most = self.problem.needs.max_sources[needs].astype(float)
        column = self.flows + np.arange(len(self.pairs))
        self.rows.add(row, column, np.ones(1), np.array(-INF), most)

    def _minimum_lots(self) -> None:
        if not len(self.lots):
            return
        k = np.arange(len(self.lots))
        column = np.concatenate([self.lots, self.flows + len(self.pairs) + k])
        low = np.concatenate([np.ones(len(k)), -self.lot])
        high = np.concatenate([np.ones(len(k)), -self.upper[self.lots]])
        self.rows.add(np.tile(k, 2), column, low, np.zeros(len(k)), np.full(len(k), INF))
        self.rows.add(np.tile(k, 2), column, high, np.array(-INF), np.zeros(len(k)))

    def start(self, seed: int, columns: Longs | None = None) -> highspy.Highs:
        """The program in HiGHS, with all columns or only some of them, and no objective yet."""
        chosen = np.arange(self.width) if columns is None else columns
        matrix = self.matrix[:, chosen]
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(chosen), self.rows.count
        lp.col_cost_ = np.zeros(len(chosen))
        lp.col_lower_ = self.switched_on()[chosen]
        lp.col_upper_ = np.concatenate([self.upper, np.ones(self.width - self.flows)])[chosen]
        lp.row_lower_, lp.row_upper_ = np.concatenate(self.rows.low), np.concatenate(self.rows.high)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = matrix.indptr
        lp.a_matrix_.index_ = matrix.indices
        lp.a_matrix_.value_ = matrix.data
        if self.mixed:
            kind = [highspy.HighsVarType.kContinuous] * self.flows
            lp.integrality_ = kind + [highspy.HighsVarType.kInteger] * (self.width - self.flows)
        solver = highspy.Highs()
        solver.silent()
        solver.setOptionValue("random_seed", seed)
        solver.setOptionValue("mip_rel_gap", 1e-6)
        if not self.mixed and len(chosen) > LARGE:
            solver.setOptionValue("solver", "ipm")  # 7 times faster than dual simplex with blends
        if columns is not None:  # of likely columns there is little to take away
            solver.setOptionValue("presolve", "off")
        solver.passModel(lp)
        return solver

    @cached_property
    def matrix(self) -> csc_array:
        rows = self.rows
        return coo_array(
            (np.concatenate(rows.value), (np.concatenate(rows.row), np.concatenate(rows.column))),
            shape=(rows.count, self.width),
        ).tocsc()

    def switched_on(self) -> Floats:
        """Suppliers with a contract are switched on already."""
        lower = np.zeros(self.width)
        c = self.problem.contracts
        bound = c.need * self.n_suppliers + self.supplier[c.offer]
        lower[self.flows + np.flatnonzero(np.isin(self.pairs, bound))] = 1.0
        return lower

    def hold_switches(self, solver: highspy.Highs, x: Floats) -> None:
        """Solve again as a linear program with the switches as chosen, for its duals."""
        chosen = np.arange(self.flows, self.width, dtype=np.int32)
        held = np.rint(x[self.flows :])
        real = np.zeros(len(chosen), dtype=np.uint8)  # kContinuous
        solver.changeColsBounds(len(chosen), chosen, held, held)
        solver.changeColsIntegrality(len(chosen), chosen, real)
        solver.setOptionValue("time_limit", INF)
        solver.run()

    def duals(self, solver: highspy.Highs) -> tuple[Floats, Floats]:
        """Duals of the rows of supply (n, T) and demand (m, T); 0 where there is no arc."""
        dual = np.array(solver.getSolution().row_dual)
        supply, demand = np.zeros_like(self.left.supply), np.zeros_like(self.left.demand)
        supply[self.offers] = dual[: self.need_row].reshape(-1, self.t)
        demand[self.needs] = dual[self.need_row : self.blend_row].reshape(-1, self.t)
        return supply, demand
