"""Conditions across cohorts as a mixed-integer program (HiGHS), on the pairs that look cheap.

The flow's reduced costs say what a pair costs at least, so leaving dear pairs out keeps a proof:
a plan that uses one of them costs at least the flow's optimum + the smallest reduced cost left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array

from ..core import Flags, Longs, Progress
from .flow import Relaxed
from .problem import CohortProblem

INF = highspy.kHighsInf
WIDE = 16  # cohorts per person that the program sees
SMALL = 20_000  # pairs up to which nothing is left out


@dataclass
class _Rows:
    row: list[int] = field(default_factory=list)
    column: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def add(
        self, columns: Longs, values: float | NDArray[np.float64], low: float, high: float
    ) -> None:
        self.row.extend([len(self.high)] * len(columns))
        self.column.extend(columns.tolist())
        self.value.extend(np.broadcast_to(values, len(columns)).tolist())
        self.low.append(low)
        self.high.append(high)


@dataclass(frozen=True, eq=False)
class Solved:
    """``chosen`` (P,) cohort or −1, and a proven bound (``None``: none)."""

    chosen: Longs
    bound: float | None


def solve_mixed(
    problem: CohortProblem,
    relaxed: Relaxed,
    first: Longs,
    *,
    time_limit: float | None,
    seed: int,
    progress: Progress | None,
) -> Solved:
    """The best plan on the cheap pairs, with a bound that holds for all pairs.

    ``first``: a plan that keeps all conditions; the search goes on from it.
    """
    kept, left_out = _prune(problem, relaxed.reduced(), first)
    model = _Model(problem, kept)
    solver = model.start(first)
    solver.setOptionValue("random_seed", seed)
    solver.setOptionValue("mip_rel_gap", 1e-6)
    if time_limit is not None:
        solver.setOptionValue("time_limit", time_limit)

    def hear(event: highspy.HighsCallbackEvent) -> None:
        if progress is not None:
            best = float(event.data_out.mip_primal_bound)
            progress.report(best if abs(best) < INF else None, event.data_out.mip_dual_bound)
            if progress.stopped:
                event.interrupt()

    if progress is not None:
        solver.cbMipInterrupt += hear
    solver.run()
    info = solver.getInfo()
    bound = max(float(info.mip_dual_bound), float(relaxed.objective))
    bound = min(bound, float(relaxed.objective + left_out))
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Solved(np.full(len(problem.people), -1, dtype=np.int64), bound)
    x = np.array(solver.getSolution().col_value)[: len(model.i)] > 0.5
    chosen = np.full(len(problem.people), -1, dtype=np.int64)
    chosen[model.i[x]] = model.j[x]
    return Solved(chosen, bound)


def _prune(problem: CohortProblem, reduced: Longs, first: Longs) -> tuple[Flags, int]:
    """The ``WIDE`` cheapest cohorts of everyone, and the smallest reduced cost left out."""
    usable = problem.eligible
    if usable.sum() <= SMALL or usable.shape[1] <= WIDE:
        return usable, 2**60
    limit = np.partition(reduced, WIDE - 1, axis=1)[:, WIDE - 1]
    kept = usable & (reduced <= limit[:, None])
    paired = [k for a in problem.apart for k in (a.first, a.second)]
    paired += [k for a in problem.after for k in (a.before, a.later)]
    wide = np.partition(reduced, min(3 * WIDE, usable.shape[1]) - 1, axis=1)
    limit = wide[:, min(3 * WIDE, usable.shape[1]) - 1]
    kept[paired] = (usable & (reduced <= limit[:, None]))[paired]
    placed = np.flatnonzero(first >= 0)
    kept[placed, first[placed]] = True
    return kept, int(reduced[usable & ~kept].min(initial=2**60))


class _Model:
    """Columns: pairs, "left out" per person, "runs" per cohort, excess over even shares."""

    def __init__(self, problem: CohortProblem, kept: Flags) -> None:
        self.problem = problem
        self.i, self.j = np.nonzero(kept)
        self.p, self.c, self.k = len(problem.people), len(problem.cohorts), len(self.i)
        self.miss, self.runs = self.k, self.k + self.p
        self.cost = [*problem.cost[self.i, self.j].tolist(), *[problem.miss_cost] * self.p]
        self.cost += [0] * self.c
        self.upper = [1.0] * (self.k + self.p + self.c)
        self.rows = _Rows()
        self.excess: dict[int, tuple[Longs, int]] = {}
        self.of_person = np.split(np.arange(self.k), np.searchsorted(self.i, np.arange(1, self.p)))
        by_cohort = np.argsort(self.j, kind="stable")
        cuts = np.searchsorted(self.j[by_cohort], np.arange(1, self.c))
        self.of_cohort = np.split(by_cohort, cuts)
        self._everyone_once()
        self._sizes()
        self._units()
        self._pairs()
        self._balance()

    def _everyone_once(self) -> None:
        for i, columns in enumerate(self.of_person):
            self.rows.add(np.append(columns, self.miss + i), 1.0, 1.0, 1.0)

    def _sizes(self) -> None:
        c = self.problem.cohorts
        for j, columns in enumerate(self.of_cohort):
            if c.min_size[j] > 0:
                for size, low, high in ((c.min_size[j], 0.0, INF), (c.max_size[j], -INF, 0.0)):
                    values = np.append(np.ones(len(columns)), -float(size))
                    self.rows.add(np.append(columns, self.runs + j), values, low, high)
            else:
                self.rows.add(columns, 1.0, -INF, float(c.max_size[j]))

    def _units(self) -> None:
        names, unit = self.problem.units
        mine = unit[self.i]
        order = np.argsort(mine, kind="stable")
        parts = np.split(order, np.searchsorted(mine[order], np.arange(1, len(names))))
        for u, columns in enumerate(parts):
            cap = self.problem.unit_cap.get(names[u])
            if cap is None:
                continue
            for together in self.problem.moments:
                here = columns[np.isin(self.j[columns], together)]
                if len(np.unique(self.i[here])) > cap:
                    self.rows.add(here, 1.0, -INF, float(cap))

    def _pairs(self) -> None:
        c = self.problem.cohorts
        for pair in self.problem.apart:
            both = np.concatenate([self.of_person[pair.first], self.of_person[pair.second]])
            for together in self.problem.moments:
                here = both[np.isin(self.j[both], together)]
                if len(np.unique(self.i[here])) > 1:
                    self.rows.add(here, 1.0, -INF, 1.0)
        for order in self.problem.after:
            a, b = self.of_person[order.before], self.of_person[order.later]
            for start in np.unique(c.starts[self.j[b]]):
                begun, done = b[c.starts[self.j[b]] <= start], a[c.ends[self.j[a]] < start]
                values = np.concatenate([np.ones(len(begun)), -np.ones(len(done))])
                self.rows.add(np.concatenate([begun, done]), values, -INF, 0.0)

    def _balance(self) -> None:
        if not self.problem.balance:
            return
        names, group = self.problem.groups
        sets = [np.ones(self.p, dtype=bool)]
        sets += [group == g for g, name in enumerate(names) if name]
        for members in sets:
            share = self.problem.even_share(int(members.sum()))
            for j, columns in enumerate(self.of_cohort):
                here = columns[members[self.i[columns]]]
                if len(here) <= share[j]:
                    continue
                excess = len(self.cost)
                self.excess[excess] = (here, int(share[j]))
                self.cost.append(self.problem.balance)
                self.upper.append(float(self.p))
                values = np.append(np.ones(len(here)), -1.0)
                self.rows.add(np.append(here, excess), values, -INF, float(share[j]))

    def _point(self, first: Longs) -> NDArray[np.float64]:
        x = np.zeros(len(self.cost))
        x[: self.k] = first[self.i] == self.j
        x[self.miss : self.runs] = first < 0
        x[self.runs : self.runs + self.c] = np.isin(np.arange(self.c), first)
        for column, (members, share) in self.excess.items():
            x[column] = max(0.0, x[members].sum() - share)
        return x

    def start(self, first: Longs) -> highspy.Highs:
        width, rows = len(self.cost), self.rows
        shape = (len(rows.high), width)
        matrix = coo_array((rows.value, (rows.row, rows.column)), shape=shape).tocsc()
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = width, len(rows.high)
        lp.col_cost_ = np.array(self.cost, dtype=float)
        lp.col_lower_, lp.col_upper_ = np.zeros(width), np.array(self.upper)
        lp.row_lower_, lp.row_upper_ = np.array(rows.low), np.array(rows.high)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = matrix.indptr
        lp.a_matrix_.index_ = matrix.indices
        lp.a_matrix_.value_ = matrix.data
        lp.integrality_ = [highspy.HighsVarType.kInteger] * width
        solver = highspy.Highs()
        solver.silent()
        solver.passModel(lp)
        point = highspy.HighsSolution()
        point.col_value = self._point(first).tolist()
        solver.setSolution(point)
        return solver
