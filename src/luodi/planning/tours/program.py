"""Which outings make the season: a mixed-integer program (HiGHS) with one column per outing.

With every trip on every day it is the problem itself. With dates only where they earn something
(``SOME_DAY`` otherwise) it leaves conditions of dates out: nothing can beat its optimum.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from scipy.sparse import csc_array

from ..core import Floats
from .outings import SOME_DAY, Outing
from .problem import TourProblem
from .routes import Routes

INF = highspy.kHighsInf


@dataclass(frozen=True)
class Chosen:
    """``outings``: ``None`` without a choice; once per time taken. ``bound``: kilometres."""

    outings: list[Outing] | None
    bound: float


class Program:
    """Columns: the outings, missed wishes, villages without a show."""

    def __init__(self, problem: TourProblem, outings: Sequence[Outing], routes: Routes) -> None:
        self.p, self.outings = problem, outings
        p, n = problem, len(outings)
        self.miss, self.unserved = n, n + len(p.wishes.village)
        width = self.unserved + len(p.villages.names)
        self.cost, self.low, self.high = np.zeros(width), np.zeros(width), np.ones(width)
        self.cost[self.miss : self.unserved] = p.wish_km * p.wishes.weight
        self.high[self.miss : self.unserved] = ~p.wishes.must
        self.cost[self.unserved :] = p.audience_km * p.villages.audience / 1000
        self.rows: list[tuple[list[int], float, float]] = []
        self.of_village: dict[int, list[int]] = defaultdict(list)
        self.of_troupe: dict[int, list[int]] = defaultdict(list)
        self.dated: dict[int, list[int]] = defaultdict(list)
        self._columns(routes)
        self._villages()
        self._wishes()
        self._troupes()
        self._stages()

    def row(self, columns: list[int], low: float, high: float) -> None:
        self.rows.append((columns, low, high))

    def _columns(self, routes: Routes) -> None:
        p, here = self.p, defaultdict(list)
        for s in p.published:
            here[s.day, s.village].append(s.troupe)
        for i, o in enumerate(self.outings):
            self.cost[i] = routes.length(o.troupe, o.villages)
            for v in o.villages:
                self.of_village[v].append(i)
                for troupe in here.get((o.day, v), ()):
                    self.cost[i] -= p.change_km * (1.0 if troupe == o.troupe else 0.5)
            self.of_troupe[o.troupe].append(i)
            if o.day == SOME_DAY:
                self.high[i] = min(int(p.villages.most[v]) for v in o.villages)
            else:
                self.dated[o.day].append(i)
                self.low[i] = o.day < p.fixed_before
        self.offset = p.change_km * len(p.published)

    def _windows(self, columns: list[int], length: int, most: int) -> None:
        """At most ``most`` of the columns within ``length`` days in a row."""
        by_day: dict[int, list[int]] = defaultdict(list)
        for i in columns:
            by_day[self.outings[i].day].append(i)
        by_day.pop(SOME_DAY, None)
        for first in by_day:
            days = [d for d in range(first, first + length) if d in by_day]
            near = [i for d in days for i in by_day[d]]
            if len(near) > most and len(days) >= min(length, most + 1):
                self.row(near, -INF, most)

    def _villages(self) -> None:
        p, v = self.p, self.p.villages
        towns: dict[int, list[int]] = defaultdict(list)
        for i in range(len(v.names)):
            mine = self.of_village[i]
            towns[int(v.township[i])] += mine
            self.row(mine, float(v.least[i]), float(v.most[i]))
            self.row([*mine, self.unserved + i], 1.0, INF)
            self._windows(mine, max(p.spacing, 1), 1)
        for k, least in enumerate(p.township_least.tolist()):
            self.row(towns[k], float(least), INF)
        self.row([i for mine in self.of_village.values() for i in mine], p.shows, p.shows)

    def _wishes(self) -> None:
        w = self.p.wishes
        for k in range(len(w.village)):
            good = [
                i
                for i in self.of_village[int(w.village[k])]
                if w.first[k] <= self.outings[i].day <= w.last[k] and self.outings[i].day >= 0
            ]
            self.row([*good, self.miss + k], 1.0, INF)

    def _troupes(self) -> None:
        for t, mine in self.of_troupe.items():
            self.row(mine, -INF, float(self.p.troupes.free[t].sum()))
            self._windows(mine, 1, 1)
            run = int(self.p.troupes.run[t])
            self._windows(mine, run + 1, run)

    def _stages(self) -> None:
        p = self.p
        stage = p.needs_stage.tolist()
        needs = [any(stage[o.troupe][v] for v in o.villages) for o in self.outings]
        for day, columns in self.dated.items():
            self.row([i for i in columns if needs[i]], -INF, float(p.stages[day]))
        self.row([i for i, need in enumerate(needs) if need], -INF, float(p.stages.sum()))

    def matrix(self) -> csc_array:
        """A column that a row names twice (two shows of an outing) counts twice."""
        at = np.repeat(np.arange(len(self.rows)), [len(c) for c, _, _ in self.rows])
        columns = np.concatenate([np.array(c, dtype=np.intp) for c, _, _ in self.rows])
        shape = (len(self.rows), len(self.cost))
        return csc_array((np.ones(len(at)), (at, columns)), shape=shape)

    def relax(
        self, seconds: float, seed: int, *, heard: Callable[[], bool]
    ) -> tuple[float, Floats] | None:
        """The optimum with fractions of outings, and the reduced cost of each outing.

        ``None`` without a proof in time, or if ``heard`` is true.
        """
        highs = self._highs(seconds, seed, whole=False)

        def hear(event: highspy.HighsCallbackEvent) -> None:
            if heard():
                event.interrupt()

        highs.cbSimplexInterrupt += hear
        highs.run()
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        reduced = np.array(highs.getSolution().col_dual)[: self.miss]
        return float(highs.getInfo().objective_function_value), reduced

    def solve(
        self,
        seconds: float,
        seed: int,
        *,
        heard: Callable[[float], bool],
        start: Sequence[Outing] = (),
    ) -> Chosen:
        """``heard`` gets the bound now and then; true from it ends the search.

        ``start``: outings of a season to begin from.
        """
        highs = self._highs(seconds, seed, whole=True)
        highs.setOptionValue("mip_rel_gap", 1e-7)
        if start:
            highs.setSolution(self._point(start))

        def hear(event: highspy.HighsCallbackEvent) -> None:
            if heard(float(event.data_out.mip_dual_bound)):
                event.interrupt()

        highs.cbMipInterrupt += hear
        highs.run()
        info = highs.getInfo()
        chosen = None
        if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
            times = np.rint(np.array(highs.getSolution().col_value)[: self.miss]).astype(int)
            chosen = [
                o for o, n in zip(self.outings, times.tolist(), strict=True) for _ in range(n)
            ]
        return Chosen(chosen, float(info.mip_dual_bound))

    def _highs(self, seconds: float, seed: int, *, whole: bool) -> highspy.Highs:
        highs = highspy.Highs()
        highs.silent()
        highs.setOptionValue("random_seed", seed)
        highs.setOptionValue("time_limit", max(seconds, 0.01))
        highs.setOptionValue("presolve", "off")  # here it takes ten times as long as the search
        highs.passModel(self._lp(whole))
        return highs

    def _point(self, start: Sequence[Outing]) -> highspy.HighsSolution:
        taken = set(start)
        x = np.zeros(len(self.cost))
        x[: self.miss] = [o in taken for o in self.outings]
        for columns, low, _ in self.rows:
            if columns and columns[-1] >= self.miss:
                x[columns[-1]] = max(0.0, low - x[columns[:-1]].sum())
        point = highspy.HighsSolution()
        point.col_value = x.tolist()
        return point

    def _lp(self, whole: bool) -> highspy.HighsLp:
        lp, matrix = highspy.HighsLp(), self.matrix()
        lp.num_row_, lp.num_col_ = matrix.shape
        lp.offset_, lp.col_cost_ = self.offset, self.cost
        lp.col_lower_, lp.col_upper_ = self.low, self.high
        lp.row_lower_ = np.array([low for _, low, _ in self.rows], dtype=float)
        lp.row_upper_ = np.array([high for _, _, high in self.rows], dtype=float)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = matrix.indptr
        lp.a_matrix_.index_ = matrix.indices
        lp.a_matrix_.value_ = matrix.data
        if whole:
            kinds = highspy.HighsVarType
            rest = [kinds.kContinuous] * (len(self.cost) - self.miss)
            lp.integrality_ = [kinds.kInteger] * self.miss + rest
        return lp
