"""The general case as a linear or mixed-integer program (HiGHS), one goal after the other.

Short cut for linear programs: the pure flow is a relaxation. One program whose goals are weighted
far apart is solved on the arcs that look cheap under the flow's prices; its duals price the rest.
If every goal before cost reaches the flow's value, the order is proven; else goals are solved in
turn.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import highspy
import numpy as np

from ..core import Floats, Progress
from .candidates import Arcs, coefficients, targets
from .flow import separate
from .model import INF, LARGE, Left, Model, Result
from .problem import MatchingProblem
from .pure import relax

FIXED = 1e-9  # slack left to a goal that is settled, relative
APART = 3.0  # weight of a goal against the next one, times the dearest arc
CLOSE = 1e-9  # relative loss at which no further column is looked for
LIKELY = 4  # arcs per row that the first program keeps


TOGETHER = 2_000  # arcs up to which separate parts are solved in one program


class NoPlan(Exception):
    """The program has no solution, or none was found in time."""


@dataclass(frozen=True)
class _Run:
    """How to run: the time allowed, the seed, who listens."""

    time_limit: float | None
    seed: int
    progress: Progress | None


def solve_linear(
    problem: MatchingProblem,
    arcs: Arcs,
    left: Left,
    *,
    time_limit: float | None,
    seed: int,
    progress: Progress | None,
) -> Result:
    """Reach the goals of ``problem.order`` one after the other. Raises :class:`NoPlan`."""
    run = _Run(time_limit, seed, progress)
    n, m, t = len(problem.offers), len(problem.needs), problem.n_periods
    goals = len(targets(problem))
    x, began = np.zeros((len(arcs), t)), time.perf_counter()
    values, bounds = np.zeros(goals), np.zeros(goals)
    shape = (np.zeros((n, t)), np.zeros((m, t)))
    duals, gains = shape, tuple(np.zeros_like(part) for part in shape)
    groups = separate(arcs.offer, arcs.need, n, m, TOGETHER)
    waiting = len(arcs)
    for mine in groups:
        if time_limit is not None:
            rest = max(0.0, time_limit - (time.perf_counter() - began))
            run = replace(run, time_limit=max(0.2, rest * len(mine) / waiting))
        waiting -= len(mine)
        result = _one(problem, arcs.take(mine), left, run)
        x[mine] = result.x
        values += result.values
        bounds += [np.nan if b is None else b for b in result.bounds]
        for total, part in zip((*duals, *gains), (*result.duals, *result.gains), strict=True):
            total += part
    proven = [None if np.isnan(b) else float(b) for b in bounds]
    return Result(x, values.tolist(), proven, duals, gains)


def _one(problem: MatchingProblem, arcs: Arcs, left: Left, run: _Run) -> Result:
    model = Model(problem, arcs, left)
    quick = None
    if not model.mixed and model.flows > LARGE:
        quick = _weighted(model, run)
    return quick or _staged(model, run)


def _staged(model: Model, run: _Run) -> Result:
    solver = model.start(run.seed)
    began = time.perf_counter()
    values: list[float] = []
    bounds: list[float | None] = []
    gains: list[tuple[Floats, Floats]] = []
    columns = np.arange(model.width, dtype=np.int32)
    wanted = targets(model.problem)
    for goal, (kind, _) in zip(
        coefficients(model.problem, model.arcs, wanted), wanted, strict=True
    ):
        cost = np.zeros(model.width)
        cost[: model.flows] = np.repeat(goal, model.t)
        solver.changeColsCost(model.width, columns, cost)
        if run.time_limit is not None:
            spent = time.perf_counter() - began
            share = (run.time_limit - spent) / (len(wanted) - len(values))
            solver.setOptionValue("time_limit", solver.getRunTime() + max(0.1, share))
        best, bound = _run(solver, model.mixed, run.progress)
        values.append(best)
        bounds.append(bound)
        if kind == "served" and not model.mixed:
            gains.append(model.duals(solver))
        if len(values) < len(wanted):
            _settle(solver, cost, best, model.mixed)
    x = np.array(solver.getSolution().col_value)
    if model.mixed:
        model.hold_switches(solver, x)
    duals = model.duals(solver)
    gain = tuple(np.add.reduce(part) for part in zip(*gains, strict=True))
    none = tuple(np.zeros_like(part) for part in duals)
    return Result(_tonnes(model, x), values, bounds, duals, gain or none)


def _weighted(model: Model, run: _Run) -> Result | None:
    """Served and cost in one program; ``None`` where the flow cannot vouch for their order."""
    wanted = targets(model.problem)
    if [goal for goal, _ in wanted] != ["served", "cost"]:
        return None
    relaxed = relax(model.problem, model.arcs, model.left)
    if relaxed is None:
        return None
    goals = coefficients(model.problem, model.arcs, wanted)
    dear = APART * float(model.arcs.price.max(initial=1.0))
    x, solver, loss = _sift(
        model, np.repeat(dear * goals[0] + goals[1], model.t), relaxed.reduced.reshape(-1), run
    )
    tonnes = _tonnes(model, x)
    values = [float(g @ tonnes.sum(axis=1)) for g in goals]
    most = relaxed.values[0]
    if values[0] > most + 1e-7 * max(1.0, abs(most)):
        return None
    supply, demand = model.duals(solver)
    # a dual above half the weight means that a tonne more would be served; the rest is cost
    gain = tuple(np.rint(d / dear) for d in (supply, demand))
    supply, demand = supply - gain[0] * dear, demand - gain[1] * dear
    return Result(tonnes, values, [most, values[1] - loss], (supply, demand), gain)


def _sift(
    model: Model, cost: Floats, reduced: Floats, run: _Run
) -> tuple[Floats, highspy.Highs, float]:
    """Solve on the likely columns, add those that the duals find better, until there are none."""
    count = min(model.flows, LIKELY * model.rows.count)
    columns = np.argpartition(reduced, count - 1)[:count]
    solver = model.start(run.seed, columns)
    solver.changeColsCost(count, np.arange(count, dtype=np.int32), cost[columns])
    while True:
        _run(solver, False, run.progress)
        dual = np.array(solver.getSolution().row_dual)
        gain = cost - model.matrix.T @ dual
        gain[columns] = 0.0
        better = np.flatnonzero((gain < 0) & (model.upper > 0))
        # what the other columns could gain at most, by weak duality
        loss = -float(gain[better] @ model.upper[better])
        if loss <= CLOSE * abs(solver.getInfo().objective_function_value):
            x = np.zeros(model.flows)
            x[columns] = np.array(solver.getSolution().col_value)
            return x, solver, loss
        more = model.matrix[:, better]
        solver.addCols(
            len(better), cost[better], np.zeros(len(better)), model.upper[better],
            more.nnz, more.indptr[:-1], more.indices, more.data,
        )  # fmt: skip
        solver.setOptionValue("solver", "simplex")  # goes on from the basis that it has
        columns = np.concatenate([columns, better])


def _tonnes(model: Model, x: Floats) -> Floats:
    return np.maximum(x[: model.flows], 0.0).reshape(len(model.arcs), model.t)


def _settle(solver: highspy.Highs, cost: Floats, best: float, mixed: bool) -> None:
    """Keep a goal at its value, and start the next one from the plan that reached it."""
    point = solver.getSolution() if mixed else None
    used = np.flatnonzero(cost).astype(np.int32)
    slack = max(1e-5 if mixed else 1e-6, FIXED * abs(best))
    solver.addRow(-INF, best + slack, len(used), used, cost[used])
    if point is not None:
        solver.setSolution(point)


def _run(
    solver: highspy.Highs, mixed: bool, progress: Progress | None
) -> tuple[float, float | None]:
    """(value, proven bound). Raises :class:`NoPlan` where HiGHS ends without any plan."""
    if mixed and progress is not None:
        with _listening(solver, progress):
            solver.run()
    else:
        solver.run()
    info, status = solver.getInfo(), solver.getModelStatus()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        raise NoPlan(solver.modelStatusToString(status))
    value = float(info.objective_function_value)
    if mixed:
        bound = float(info.mip_dual_bound)
        return value, bound if np.isfinite(bound) else None
    return value, value if status == highspy.HighsModelStatus.kOptimal else None


class _listening:
    """Reports a running search, and ends it when the progress says stop."""

    def __init__(self, solver: highspy.Highs, progress: Progress) -> None:
        self.solver, self.progress = solver, progress

    def __enter__(self) -> None:
        self.solver.cbMipInterrupt += self.hear

    def __exit__(self, *_: object) -> None:
        self.solver.cbMipInterrupt -= self.hear

    def hear(self, event: highspy.HighsCallbackEvent) -> None:
        best, bound = event.data_out.mip_primal_bound, event.data_out.mip_dual_bound
        self.progress.report(best if abs(best) < INF else None, bound)
        if self.progress.stopped:
            event.interrupt()
