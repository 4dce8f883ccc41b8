"""The result: who attends which cohort, who cannot be placed and why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core import Longs, Plan, Text, Violation
from .problem import CohortProblem


@dataclass(frozen=True, kw_only=True, eq=False)
class CohortPlan(Plan[CohortProblem]):
    """``chosen`` (P,): place of the cohort of each seat, −1 where it cannot be placed."""

    chosen: Longs

    @property
    def left_out(self) -> Longs:
        return np.flatnonzero(self.chosen < 0)

    def check(self, problem: CohortProblem) -> list[Violation]:
        out = broken(problem, self.chosen)
        value = evaluate(problem, self.chosen)
        if abs(value - self.objective) > 1e-6 * max(1.0, abs(value)):
            text = Text("目标值不符", "the objective is wrong")
            out.append(Violation(text, abs(value - self.objective)))
        if self.bound is not None and self.bound > value + 1e-6 * max(1.0, abs(value)):
            out.append(Violation(Text("界限不可信", "the bound cannot be right"), self.bound))
        return out


def evaluate(problem: CohortProblem, chosen: Longs) -> float:
    """Waiting + balance + those left out, from the assignment alone."""
    placed = np.flatnonzero(chosen >= 0)
    total = int(problem.cost[placed, chosen[placed]].sum())
    total += problem.miss_cost * int((chosen < 0).sum())
    names, group = problem.groups
    sets = [np.ones(len(chosen), dtype=bool)] + [group == g for g, n in enumerate(names) if n]
    for members in sets if problem.balance else ():
        size = np.bincount(chosen[placed[members[placed]]], minlength=len(problem.cohorts))
        over = size - problem.even_share(int(members.sum()))
        total += problem.balance * int(np.maximum(over, 0).sum())
    return float(total)


def broken(problem: CohortProblem, chosen: Longs) -> list[Violation]:
    """Every hard condition that an assignment breaks."""
    people, cohorts = problem.people, problem.cohorts
    out = []
    for i in np.flatnonzero(chosen >= 0):
        if not problem.fits[i, chosen[i]]:
            text = Text("课程或层级不符", "course or level do not fit")
            out.append(Violation(text, 1, people.key[i]))
        if problem.clashing[i, chosen[i]]:
            text = Text("班次占用不便日期", "the cohort falls on blocked days")
            out.append(Violation(text, 1, people.key[i]))
    size = np.bincount(chosen[chosen >= 0], minlength=len(cohorts))
    for j in np.flatnonzero(size > cohorts.max_size):
        over = float(size[j] - cohorts.max_size[j])
        out.append(Violation(Text("班次超员", "too many people"), over, cohorts.key[j]))
    for j in np.flatnonzero((size > 0) & (size < cohorts.min_size)):
        under = float(cohorts.min_size[j] - size[j])
        out.append(Violation(Text("班次人数不足", "too few people"), under, cohorts.key[j]))
    return out + _across(problem, chosen)


def _across(problem: CohortProblem, chosen: Longs) -> list[Violation]:
    people, cohorts, out = problem.people, problem.cohorts, []
    names, unit = problem.units
    placed, days = np.flatnonzero(chosen >= 0), np.unique(cohorts.starts)
    sent = np.zeros((len(names), len(cohorts)), dtype=np.int64)
    np.add.at(sent, (unit[placed], chosen[placed]), 1)
    runs = (cohorts.starts[:, None] <= days) & (cohorts.ends[:, None] >= days)
    away = sent @ runs.astype(np.int64)
    for u, name in enumerate(names):
        cap = problem.unit_cap.get(name)
        if cap is None:
            continue
        over = away[u] > cap
        if over.any():
            text = Text("单位同时离岗过多", "too many of a unit away at once")
            out.append(Violation(text, int(away[u][over.argmax()]) - cap, name))
    for pair in problem.apart:
        a, b = int(chosen[pair.first]), int(chosen[pair.second])
        overlap = cohorts.starts[a] <= cohorts.ends[b] and cohorts.starts[b] <= cohorts.ends[a]
        if a >= 0 and b >= 0 and overlap:
            where = f"{people.key[pair.first]}、{people.key[pair.second]} {pair.reason}".strip()
            out.append(Violation(Text("不应同期", "must not be away together"), 1, where))
    for order in problem.after:
        a, b = int(chosen[order.before]), int(chosen[order.later])
        if b >= 0 and (a < 0 or cohorts.ends[a] >= cohorts.starts[b]):
            where = f"{people.key[order.before]} → {people.key[order.later]}"
            out.append(Violation(Text("先修未完成", "a prerequisite is not finished"), 1, where))
    return out
