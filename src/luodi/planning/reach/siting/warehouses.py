"""Which warehouses to open and who is served from where: fixed and delivery costs together.

OR-Library's warehouse location (Beasley 1988, European Journal of Operational Research 33,
314–325). A customer's demand may be split. The strong formulation (a share ≤ its warehouse is
open) is nearly whole already as a linear program.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from ...core import BadData, Infeasible, Lang, Plan, Progress, Status, Text, Violation
from .highs import Model, run

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class WarehouseProblem:
    """``fixed``: (m) cost of opening; ``capacity``: (m), infinite for none. ``demand``: (n).

    ``delivery``: (n, m) cost of serving the whole demand of a customer from a warehouse.
    """

    fixed: Floats
    capacity: Floats
    demand: Floats
    delivery: Floats

    def __post_init__(self) -> None:
        n, m = self.delivery.shape
        if self.fixed.shape != (m,) or self.capacity.shape != (m,) or self.demand.shape != (n,):
            raise BadData(
                Text("仓库或客户的数据不完整。", "Warehouse or customer data are missing.")
            )
        everything = (self.fixed, self.capacity, self.demand, self.delivery)
        if any(np.isnan(a).any() or a.min(initial=0) < 0 for a in everything):
            raise BadData(Text("费用、容量、需求不能为负。", "Costs, sizes must not be negative."))


@dataclass(frozen=True, kw_only=True)
class WarehousePlan(Plan[WarehouseProblem]):
    """``opened``: positions of open warehouses. ``share``: (n, m) of a customer's demand."""

    opened: NDArray[np.intp]
    share: Floats

    def check(self, problem: WarehouseProblem) -> list[Violation]:
        shut = np.delete(self.share, self.opened, axis=1).max(initial=0.0)
        over = problem.demand @ self.share - problem.capacity
        found = [
            Violation(words, float(amount))
            for words, amount in (
                (Text("有客户没有供足", "a customer is not served"), _off(self.share)),
                (Text("由未开的仓库供货", "served from a closed warehouse"), shut),
                (Text("超过仓库容量", "capacity exceeded"), over.max(initial=0.0)),
            )
            if amount > 1e-6 * max(1.0, float(problem.demand.sum()))
        ]
        truth = cost_of(problem, self.opened, self.share)
        if abs(truth - self.objective) > 1e-6 * max(1.0, truth):
            found.append(Violation(Text("总费用不对", "the cost is wrong"), truth))
        return found

    def explain(self, lang: Lang = "zh") -> str:
        n = len(self.opened)
        zh = f"开 {n} 处仓库，固定费用与配送费用合计 {self.objective:,.3f}。"
        en = f"{n} warehouses are opened; fixed and delivery costs are {self.objective:,.3f}."
        return Text(zh, en).say(lang)


def _off(share: Floats) -> float:
    return float(np.abs(share.sum(axis=1) - 1).max(initial=0.0))


def cost_of(problem: WarehouseProblem, opened: NDArray[np.intp], share: Floats) -> float:
    return float(problem.fixed[opened].sum() + (problem.delivery * share).sum())


def solve_warehouses(
    problem: WarehouseProblem,
    *,
    time_limit: float | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> WarehousePlan:
    """The cheapest set of warehouses. ``time_limit`` in seconds (60 if not given).

    Raises :class:`Infeasible` where all warehouses together cannot hold the demand.
    """
    clock = progress or Progress()
    before = clock.seconds
    if problem.capacity.sum() < problem.demand.sum() * (1 - 1e-12):
        words = Text(
            "全部仓库的容量小于总需求", "all warehouses together hold less than the demand"
        )
        raise Infeasible([words])
    m = len(problem.fixed)
    answer = run(_model(problem), seconds=time_limit or 60.0, seed=seed, progress=progress)
    # stopped before a plan: all are opened
    opened = np.arange(m) if answer.x is None else np.flatnonzero(answer.x[:m] > 0.5)
    share = _shares(problem, opened)
    objective = cost_of(problem, opened, share)
    bound = min(answer.bound, objective) if np.isfinite(answer.bound) else 0.0
    proven = objective - bound <= 1e-6 * max(1.0, objective)
    return WarehousePlan(
        objective=objective,
        bound=objective if proven else bound,
        status=Status.OPTIMAL if proven else Status.FEASIBLE,
        seconds=clock.seconds - before,
        opened=opened,
        share=share,
    )


def _model(problem: WarehouseProblem) -> Model:
    """Columns: m openings, then n × m shares. Rows: n customers, n × m links, m capacities."""
    n, m = problem.delivery.shape
    pair = np.arange(n * m)
    customer, site = np.divmod(pair, m)
    held = np.isfinite(problem.capacity)
    # no more of a warehouse than everyone's demand; with that, the row stays well scaled
    size = np.where(held, np.minimum(problem.capacity, problem.demand.sum()), 0.0)
    rows = [customer, n + pair, n + pair, (n + n * m + site)[held[site]]]
    columns = [m + pair, m + pair, site, (m + pair)[held[site]]]
    values = [
        np.ones(n * m),
        np.ones(n * m),
        -np.ones(n * m),
        problem.demand[customer][held[site]],
    ]
    rows.append(n + n * m + np.arange(m))
    columns.append(np.arange(m))
    values.append(-size)
    shape = (n + n * m + m, m + n * m)
    matrix = csc_array(
        (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=shape
    )
    return Model(
        cost=np.concatenate([problem.fixed, problem.delivery.ravel()]),
        matrix=matrix,
        row_lower=np.concatenate([np.ones(n), np.full(n * m + m, -np.inf)]),
        row_upper=np.concatenate([np.ones(n), np.zeros(n * m + m)]),
        lower=np.zeros(m + n * m),
        upper=np.ones(m + n * m),
        integer=np.arange(m + n * m) < m,
    )


def _shares(problem: WarehouseProblem, opened: NDArray[np.intp]) -> Floats:
    """The cheapest deliveries from open warehouses: a transportation problem."""
    n, m = problem.delivery.shape
    part = WarehouseProblem(
        fixed=np.zeros(len(opened)),
        capacity=problem.capacity[opened],
        demand=problem.demand,
        delivery=problem.delivery[:, opened],
    )
    model = _model(part)
    model.lower[: len(opened)] = 1.0
    answer = run(model, relax=True)
    share = np.zeros((n, m))
    if answer.x is not None:
        share[:, opened] = answer.x[len(opened) :].reshape(n, len(opened))
    return share
