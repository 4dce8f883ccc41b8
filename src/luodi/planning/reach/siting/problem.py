"""Where to build: demand points, possible sites, and what each can serve.

The chosen sites, and the proof of how good they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ...core import BadData, Lang, Plan, Status, Text, Violation

Goal = Literal["cover", "median", "centre", "catchment"]
GOALS: dict[str, Text] = {
    "cover": Text("覆盖人数最多", "most people covered"),
    "median": Text("总路程最短", "least total distance"),
    "centre": Text("最远的人最近", "least largest distance"),
    "catchment": Text("人均设施缺口最小", "least shortage per head"),
}


@dataclass(frozen=True, kw_only=True)
class SitingProblem:
    """Choose new sites beside the existing ones.

    ``people``: weight of each of n demand points (> 0). ``minutes``: n × m travel times, either
    dense (infinity where unreachable) or a sparse array of the reachable pairs; any unit will do,
    as long as ``limit`` and ``unreachable`` are in it too.
    ``existing``: m flags, always open and free. ``count`` new sites at most, and/or ``budget`` in
    the unit of ``cost`` (m, default 1 each). ``limit``: minutes that count as covered (cover,
    catchment). ``unreachable``: minutes charged where no open site is reached (median).
    ``capacity`` (m) and ``target`` (capacity per head that counts as enough) serve the catchment
    goal only.
    """

    people: NDArray[np.float64]
    minutes: NDArray[np.float64] | csr_array
    goal: Goal
    count: int | None = None
    budget: float | None = None
    limit: float = 15.0
    unreachable: float = 60.0
    target: float = 1.0
    existing: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))
    cost: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    capacity: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))

    def __post_init__(self) -> None:
        n, m = self.minutes.shape
        defaults = (("existing", bool, False), ("cost", float, 1.0), ("capacity", float, 1.0))
        for name, kind, value in defaults:
            given = np.asarray(getattr(self, name), dtype=kind)
            object.__setattr__(self, name, given if len(given) else np.full(m, value))
            if len(getattr(self, name)) != m:
                raise BadData(f"{name} 应有 {m} 个值。", f"{name} needs {m} values.")
        if self.people.shape != (n,) or (n and self.people.min() <= 0):
            raise BadData("人数应逐点给出且为正。", "people must be positive, one per point.")
        entries = self.minutes.data if isinstance(self.minutes, csr_array) else self.minutes
        if entries.size and (np.isnan(entries).any() or entries.min() < 0):
            raise BadData("分钟数不能为负。", "minutes must not be negative.")
        if self.goal in ("cover", "catchment"):
            beyond = entries.size > 0 and entries.min() > self.limit
        else:
            beyond = entries.size > 0 and (entries[np.isfinite(entries)] > self.most).any()
        if beyond:
            zh = f"有的距离超出模型的上限 {self.most:g}；请核对单位，或放宽上限。"
            en = f"distances lie beyond the model's limit, {self.most:g}: check the unit."
            raise BadData(zh, en)
        if self.count is None and self.budget is None:
            raise BadData("请给出新建数量或预算。", "Give a count or a budget.")
        if (self.count or 0) < 0 or (self.budget or 0) < 0 or (m and self.cost.min() < 0):
            raise BadData("数量和费用不能为负。", "Counts and costs must not be negative.")

    @property
    def most(self) -> float:
        """The largest minutes that the goal tells apart."""
        return {"median": self.unreachable, "centre": np.inf}.get(self.goal, self.limit)

    @property
    def new(self) -> NDArray[np.intp]:
        """The sites that may be built."""
        return np.flatnonzero(~self.existing)

    @property
    def room(self) -> int:
        """How many sites can be built at most, by count and by budget."""
        cheapest = np.cumsum(np.sort(self.cost[self.new]))
        budget = self.budget if self.budget is not None else np.inf
        affordable = int((cheapest <= budget + 1e-9).sum())
        return min(affordable, self.count if self.count is not None else affordable)

    def within(self, limit: float) -> csr_array:
        """n × m sparse 0/1: the site is within ``limit`` minutes of the point."""
        if isinstance(self.minutes, csr_array):
            near = self.minutes.copy()
            near.data = np.where(near.data <= limit, near.data + 1.0, 0.0)
            near.eliminate_zeros()
        else:
            near = csr_array((self.minutes <= limit).astype(np.float64))
        near.data = np.ones(near.nnz)
        near.sort_indices()
        return near

    def dense(self, missing: float) -> NDArray[np.float64]:
        """n × m minutes, ``missing`` where unreachable (and nowhere more than it)."""
        if not isinstance(self.minutes, csr_array):
            return np.minimum(self.minutes, missing)
        full = np.full(self.minutes.shape, missing)
        rows = np.repeat(np.arange(full.shape[0]), np.diff(self.minutes.indptr))
        full[rows, self.minutes.indices] = np.minimum(self.minutes.data, missing)
        return full


UNITS: dict[Goal, Text] = {
    "cover": Text("人", "people"),
    "median": Text("人·分钟", "person-minutes"),
    "centre": Text("分钟", "minutes"),
    "catchment": Text("人的缺口", "people short"),
}


def open_sites(problem: SitingProblem, chosen: NDArray[np.intp]) -> NDArray[np.intp]:
    return np.union1d(np.flatnonzero(problem.existing), chosen).astype(np.intp)


def catchment_index(problem: SitingProblem, sites: NDArray[np.intp]) -> NDArray[np.float64]:
    """Capacity per head that each demand point can reach (n).

    Two-step floating catchment area: Luo and Wang (2003), Environment and Planning B 30, 865–884.
    """
    near = problem.within(problem.limit)
    return np.asarray(near[:, sites] @ supply_ratio(problem)[sites])


def supply_ratio(problem: SitingProblem) -> NDArray[np.float64]:
    """Step one: capacity of each site per head of the people within the limit (m)."""
    near = problem.within(problem.limit)
    people = near.T @ problem.people
    ratio: NDArray[np.float64] = np.divide(
        problem.capacity, people, out=np.zeros_like(people), where=people > 0
    )
    return ratio


def value(problem: SitingProblem, chosen: NDArray[np.intp]) -> float:
    """The objective of building ``chosen``, straight from its definition."""
    sites = open_sites(problem, chosen)
    if problem.goal == "cover":
        near = problem.within(problem.limit)[:, sites]
        return float(problem.people[np.asarray(near.sum(axis=1)) > 0].sum())
    if problem.goal == "catchment":
        index = catchment_index(problem, sites)
        short = np.maximum(problem.target - index, 0) / problem.target
        return float(problem.people @ short)
    nearest = problem.dense(np.inf)[:, sites].min(axis=1, initial=np.inf)
    if problem.goal == "centre":
        return float(nearest.max(initial=0))
    # as given: whoever reaches nothing counts as far as ``unreachable``, nobody else is cut off
    return float(problem.people @ np.where(np.isfinite(nearest), nearest, problem.unreachable))


@dataclass(frozen=True, kw_only=True)
class SitingPlan(Plan[SitingProblem]):
    """``chosen``: the new sites, as positions in the problem. Objective: see ``UNITS``.

    ``start``: the objective before anything is built, ``None`` where nothing exists yet.
    """

    goal: Goal
    chosen: NDArray[np.intp]
    start: float | None

    def check(self, problem: SitingProblem) -> list[Violation]:
        found = []
        if len(np.unique(self.chosen)) < len(self.chosen) or problem.existing[self.chosen].any():
            found.append(Violation(Text("每处只建一次", "each site is built once"), 1))
        over = len(self.chosen) - (problem.count if problem.count is not None else len(self.chosen))
        if over > 0:
            found.append(Violation(Text("新建数量", "number of new sites"), over))
        spent = float(problem.cost[self.chosen].sum())
        if problem.budget is not None and spent > problem.budget + 1e-6:
            found.append(Violation(Text("预算", "budget"), spent - problem.budget))
        truth = value(problem, self.chosen)
        tolerance = 1e-6 * max(1.0, abs(truth))
        if not (truth == self.objective or abs(truth - self.objective) <= tolerance):
            found.append(Violation(Text("目标值", "objective"), abs(truth - self.objective)))
        if self.bound is not None:
            beyond = self.objective - self.bound if self.goal == "cover" else self.bound - truth
            if beyond > tolerance:
                found.append(Violation(Text("界限", "bound"), beyond))
        return found


def explain(plan: SitingPlan, lang: Lang = "zh") -> str:
    """Tell what the new sites change, and whether a better choice is ruled out."""
    unit, goal = UNITS[plan.goal], GOALS[plan.goal]
    proven = plan.status is Status.OPTIMAL
    more = Text(
        "已证明没有更好的选择。" if proven else "尚未证明没有更好的选择。",
        "It is proven that no choice is better." if proven else "A better choice may exist.",
    )
    n, digits = len(plan.chosen), 0 if plan.goal == "cover" else 1
    after = f"{plan.objective:,.{digits}f}"
    zh, en = f"新建 {n} 处后为", f"{n} new sites make it"
    if plan.start is not None:
        before = f"{plan.start:,.{digits}f}"
        zh, en = f"新建 {n} 处后，由 {before} 变为", f"{n} new sites take it from {before} to"
    return Text(
        f"目标“{goal.zh}”：{zh} {after} {unit.zh}。{more.zh}",
        f"Goal “{goal.en}”: {en} {after} {unit.en}. {more.en}",
    ).say(lang)
