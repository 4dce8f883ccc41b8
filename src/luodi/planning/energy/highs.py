"""A :class:`Model` in HiGHS: dual simplex on plain arrays, warm re-solves, a bound of our own."""

from __future__ import annotations

import time
from dataclasses import dataclass

import highspy
import numpy as np

from ..core import Floats, Ints, PlanningError, Progress
from .model import Model

SLICE, GROWTH, LARGEST = 20_000, 1.3, 100_000  # simplex steps between two looks; each refactors


@dataclass
class Answer:
    """``bound`` is computed from the row duals (weak duality), not taken from the solver."""

    optimal: bool
    infeasible: bool
    x: Floats
    row_dual: Floats
    bound: float


class Solver:
    """Holds the loaded model, so that a changed price or volume starts from the last basis."""

    def __init__(self, model: Model, *, seed: int = 0) -> None:
        self.model = model
        self.highs = highspy.Highs()
        options = {
            "output_flag": False,
            "solver": "simplex",
            "simplex_strategy": 1,
            "random_seed": seed,
            "presolve": "off",
        }
        for name, value in options.items():
            self.highs.setOptionValue(name, value)
        m = model
        rows, columns = m.matrix.shape
        status = self.highs.passModel(
            columns, rows, m.matrix.nnz, int(highspy.MatrixFormat.kColwise),
            int(highspy.ObjSense.kMinimize), m.offset, m.cost, m.lower, m.upper, m.row_lower,
            m.row_upper, m.matrix.indptr.astype(np.int32), m.matrix.indices.astype(np.int32),
            m.matrix.data, np.zeros(columns, dtype=np.int32),
        )  # fmt: skip
        if status == highspy.HighsStatus.kError:
            raise PlanningError("求解器拒绝了模型。", "The solver refused the model.")

    def run(self, time_limit: float | None = None, progress: Progress | None = None) -> Answer:
        """Solve from the present basis, in slices of simplex steps, never of seconds.

        So a busy machine comes to the same vertex, and to the same bills, as an idle one. The
        clock only ends what exceeds ``time_limit``.
        """
        until = np.inf if time_limit is None else time.perf_counter() + time_limit
        steps = float(SLICE)
        while True:
            left = until - time.perf_counter()
            self.highs.setOptionValue("time_limit", self.highs.getRunTime() + max(left, 0.0))
            self.highs.setOptionValue("simplex_iteration_limit", int(steps))
            self.highs.run()
            status = self.highs.getModelStatus()
            if status != highspy.HighsModelStatus.kIterationLimit:
                break
            steps = min(steps * GROWTH, LARGEST)
            if progress is not None:
                progress.report(None, self._answer(False).bound)
                if progress.stopped:
                    break
        if status == highspy.HighsModelStatus.kModelEmpty:  # nothing to decide: do the rows hold?
            holds = bool(np.all((self.model.row_lower <= 0) & (self.model.row_upper >= 0)))
            return self._answer(holds, infeasible=not holds)
        if status == highspy.HighsModelStatus.kInfeasible:
            return self._answer(False, infeasible=True)
        return self._answer(status == highspy.HighsModelStatus.kOptimal)

    def _answer(self, optimal: bool, *, infeasible: bool = False) -> Answer:
        solution = self.highs.getSolution()
        dual = np.array(solution.row_dual) if solution.dual_valid else np.zeros(0)
        if dual.size != self.model.row_lower.size:
            dual = np.zeros(self.model.row_lower.size)
        x = np.array(solution.col_value)
        return Answer(optimal, infeasible, x, dual, lower_bound(self.model, dual))

    def set_rows(self, first: int, low: Floats, high: Floats) -> None:
        model = self.model
        model.row_lower[first : first + low.size] = low
        model.row_upper[first : first + high.size] = high
        at = np.arange(first, first + low.size, dtype=np.int32)
        self.highs.changeRowsBounds(at.size, at, low, high)

    def set_upper(self, column: int, value: float) -> None:
        self.model.upper[column] = value
        self.highs.changeColBounds(column, float(self.model.lower[column]), value)

    def set_costs(self, columns: Ints, cost: Floats) -> None:
        self.model.cost[columns] = cost
        self.highs.changeColsCost(columns.size, columns.astype(np.int32), cost)


def lower_bound(model: Model, y: Floats) -> float:
    """Bound by weak duality: for any y, no feasible point costs less than this."""
    low, high = model.row_lower, model.row_upper
    y = np.where((y > 0) & ~np.isfinite(low), 0.0, y)
    y = np.where((y < 0) & ~np.isfinite(high), 0.0, y)
    side = np.where(y > 0, low, high)
    rows = float(y @ np.where(y == 0, 0.0, side))
    reduced = model.cost - model.matrix.T @ y
    free = np.where(reduced > 0, model.lower, model.upper)
    columns = np.where(reduced == 0, 0.0, free) * reduced
    return model.offset + rows + float(columns.sum())
