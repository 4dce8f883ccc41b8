"""The chosen sites, and the proof of how good they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...core import Lang, Plan, Status, Text, Violation
from .problem import GOALS, Goal, SitingProblem

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
