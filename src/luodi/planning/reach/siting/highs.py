"""Arrays straight into HiGHS: no modelling layer between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from ...core import Floats, Progress


@dataclass(frozen=True)
class Model:
    """min cost·x, row_lower <= A x <= row_upper, lower <= x <= upper, x[integer] whole."""

    cost: Floats
    matrix: csc_array
    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats
    integer: NDArray[np.bool_]


@dataclass(frozen=True)
class Answer:
    """``x`` is ``None`` without a feasible point. ``reduced`` and ``duals`` of an LP only."""

    x: Floats | None
    objective: float
    bound: float
    optimal: bool
    infeasible: bool
    reduced: Floats


def run(
    model: Model,
    *,
    seconds: float | None = None,
    seed: int = 0,
    start: Floats | None = None,
    progress: Progress | None = None,
    view: tuple[float, float] = (1.0, 0.0),
    relax: bool = False,
    options: dict[str, Any] | None = None,
) -> Answer:
    """Solve; ``relax`` drops the whole-number wish. ``start`` is a feasible point to begin from.

    Progress is told as ``view[0] * value + view[1]``, which turns the model's unit into the plan's.
    """
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("random_seed", seed)
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("mip_abs_gap", 1e-6)
    if seconds is not None:
        highs.setOptionValue("time_limit", max(seconds, 0.01))
    if highs.version().startswith("1.14") and not relax:
        # its presolve returns wrong "optima" of mixed-integer models; right before and since
        highs.setOptionValue("presolve", "off")
    for name, wish in (options or {}).items():
        highs.setOptionValue(name, wish)
    highs.passModel(_lp(model, relax))
    if start is not None and not relax:
        solution = highspy.HighsSolution()
        solution.col_value = start
        highs.setSolution(solution)
    if progress is not None and not relax:
        _listen(highs, progress, view)
    highs.run()
    status = highs.getModelStatus()
    info = highs.getInfo()
    has = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    solution = highs.getSolution()
    whole = model.integer.any() and not relax
    return Answer(
        x=np.array(solution.col_value) if has else None,
        objective=info.objective_function_value if has else np.inf,
        bound=info.mip_dual_bound if whole else info.objective_function_value,
        optimal=status == highspy.HighsModelStatus.kOptimal,
        infeasible=status == highspy.HighsModelStatus.kInfeasible,
        reduced=np.array(solution.col_dual) if not whole else np.zeros(0),
    )


def _lp(model: Model, relax: bool) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = model.matrix.shape
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = model.cost, model.lower, model.upper
    lp.row_lower_, lp.row_upper_ = model.row_lower, model.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = model.matrix.indptr
    lp.a_matrix_.index_ = model.matrix.indices
    lp.a_matrix_.value_ = model.matrix.data
    if not relax and model.integer.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(i)] for i in model.integer]
    return lp


def _listen(highs: Any, progress: Progress, view: tuple[float, float]) -> None:
    def seen(value: float) -> float | None:
        return view[0] * value + view[1] if abs(value) < 1e30 else None

    def told(event: Any) -> None:
        out = event.data_out
        progress.report(seen(out.mip_primal_bound), seen(out.mip_dual_bound))

    def stop(event: Any) -> None:
        if progress.stopped:
            event.data_in.user_interrupt = True

    highs.cbMipLogging += told
    highs.cbMipInterrupt += stop
