"""The result of a matching: who delivers what to whom, its cost, and what more would be worth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ..core import Floats, Longs, Plan, Text, Violation
from .candidates import SLACK, VERDICTS, Verdict, judge, local_pairs
from .problem import FIRM, GOALS, Goal, MatchingProblem

TOLERANCE = 1e-5  # tonnes, relative to the quantity where that is larger


@dataclass(frozen=True)
class Level:
    """One goal in the chosen order. ``value`` in tonnes (served, local) or yuan (cost).

    ``bound`` is proven under the goals before it; ``priority`` is the class of needs it counts.
    """

    goal: Goal
    priority: int | None
    value: float
    bound: float | None

    def say(self) -> Text:
        name = GOALS[self.goal]
        if self.priority is None:
            return name
        zh = "必须满足的需求" if self.priority == FIRM else f"第 {self.priority} 级需求"
        en = "needs that must be met" if self.priority == FIRM else f"priority {self.priority}"
        return Text(f"{name.zh}（{zh}）", f"{name.en} ({en})")


@dataclass(frozen=True, eq=False)
class Worth:
    """What one more tonne per period would change in the best plan; arrays (n, T) or (m, T).

    ``offer_served``: tonnes more served if the offer had one more tonne; ``offer_saving``: yuan
    saved by it. ``need_served`` and ``need_cost``: the same for one more tonne wanted.
    """

    offer_served: Floats
    offer_saving: Floats
    need_served: Floats
    need_cost: Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class MatchingPlan(Plan[MatchingProblem]):
    """New deliveries (k of them, contracts apart). ``objective``: yuan, contracts included.

    ``offer``, ``need`` (k,) places in the problem; ``tonnes`` (k, T); ``price`` delivered yuan/t;
    ``km`` NaN where unknown. ``rejected`` (m, verdicts): pairs that a filter refused.
    ``bound`` holds under the goals that come before cost, and is ``None`` unless those are proven.
    """

    offer: Longs
    need: Longs
    tonnes: Floats
    price: Floats
    km: Floats
    levels: tuple[Level, ...]
    method: str
    rejected: Longs
    n_arcs: int
    problem: MatchingProblem = field(repr=False)
    marginals: Callable[[], Worth] = field(repr=False)

    @cached_property
    def worth(self) -> Worth:
        """What one more tonne is worth, computed when it is first asked for."""
        return self.marginals()

    def delivered(self, problem: MatchingProblem) -> Floats:
        """(m, T) tonnes that reach each need, contracts included."""
        total = np.zeros_like(problem.needs.tonnes)
        np.add.at(total, self.need, self.tonnes)
        np.add.at(total, problem.contracts.need, problem.contracts.tonnes)
        return total

    def drawn(self, problem: MatchingProblem) -> Floats:
        """(n, T) tonnes taken from each offer, contracts included."""
        total = np.zeros_like(problem.offers.tonnes)
        np.add.at(total, self.offer, self.tonnes)
        np.add.at(total, problem.contracts.offer, problem.contracts.tonnes)
        return total

    def unmet(self, problem: MatchingProblem) -> Floats:
        """(m, T) tonnes that nobody delivers."""
        short = problem.needs.tonnes - self.delivered(problem)
        return np.where(short > TOLERANCE * np.maximum(1, problem.needs.tonnes), short, 0.0)

    def all_lines(self, problem: MatchingProblem) -> tuple[Longs, Longs, Floats, Floats]:
        """(offer, need, tonnes, price) of contracts first, then new deliveries."""
        c = problem.contracts
        return (
            np.concatenate([c.offer, self.offer]),
            np.concatenate([c.need, self.need]),
            np.concatenate([c.tonnes, self.tonnes]),
            np.concatenate([c.price, self.price]),
        )

    def check(self, problem: MatchingProblem) -> list[Violation]:
        return [
            *_check_pairs(problem, self),
            *_check_quantities(problem, self),
            *_check_blends(problem, self),
            *_check_sources(problem, self),
            *_check_levels(problem, self),
        ]


def goal_value(
    problem: MatchingProblem, plan: MatchingPlan, goal: Goal, priority: int | None
) -> float:
    """A goal computed from the deliveries alone, contracts included."""
    offer, need, tonnes, price = plan.all_lines(problem)
    total = tonnes.sum(axis=1)
    if goal == "served":
        return float(total[problem.needs.priority[need] == priority].sum())
    if goal == "local":
        return float(total[local_pairs(problem, offer, need)].sum())
    return float(total @ price)


def _check_pairs(problem: MatchingProblem, plan: MatchingPlan) -> list[Violation]:
    """Products fit, filters hold, delivered prices are what the problem says."""
    t, m = problem.transport, len(problem.needs)
    stated = {key: i for i, key in enumerate(t.offer * m + t.need)}
    at = np.array([stated.get(key, -1) for key in plan.offer * m + plan.need], dtype=int)
    km, yuan = (np.append(v, np.nan)[at] for v in (t.km, t.yuan))
    price, _, verdict = judge(problem, plan.offer, plan.need, km, yuan)
    out = []
    for k in np.flatnonzero(plan.tonnes.sum(axis=1) > TOLERANCE):
        where = _pair(problem, plan.offer[k], plan.need[k])
        code = problem.offers.product[plan.offer[k]]
        if not code.startswith(problem.needs.product[plan.need[k]]):
            out.append(Violation(Text("品种不符", "the product does not fit"), 1, where))
        if t.listed_only and at[k] < 0:
            out.append(Violation(Text("未列出的供需对", "the pair is not listed"), 1, where))
        if verdict[k]:
            out.append(Violation(VERDICTS[Verdict(verdict[k])], 1, where))
        if abs(price[k] - plan.price[k]) > 1e-6:
            difference = abs(price[k] - plan.price[k])
            out.append(Violation(Text("到厂价不符", "wrong delivered price"), difference, where))
    return out


def _check_quantities(problem: MatchingProblem, plan: MatchingPlan) -> list[Violation]:
    """Supply, demand, firm needs, minimum lots; nothing negative."""
    needs, offers = problem.needs, problem.offers
    firm = needs.priority == FIRM
    delivered, drawn = plan.delivered(problem), plan.drawn(problem)
    lots = np.where(plan.tonnes > TOLERANCE, offers.min_lot[plan.offer][:, None] - plan.tonnes, 0.0)
    rules: tuple[tuple[Text, Floats, Floats, tuple[str, ...]], ...] = (
        (Text("超过可供数量", "more than offered"), drawn - offers.tonnes, drawn, offers.key),
        (Text("超过需求数量", "more than wanted"), delivered - needs.tonnes, delivered, needs.key),
        (
            Text("必须满足的需求未满足", "a firm need is not met"),
            (needs.tonnes - delivered) * firm[:, None],
            needs.tonnes,
            needs.key,
        ),
    )
    out = [
        Violation(text, float(over[i, t]), f"{keys[i]} {problem.periods[t]}".strip())
        for text, over, size, keys in rules
        for i, t in zip(*np.nonzero(over > TOLERANCE * np.maximum(1, size)), strict=True)
    ]
    for text, over in (
        (Text("数量为负", "negative tonnes"), -plan.tonnes),
        (Text("低于最小批量", "below the minimum lot"), lots),
    ):
        for k, t in zip(*np.nonzero(over > TOLERANCE * np.maximum(1, plan.tonnes)), strict=True):
            where = _pair(problem, plan.offer[k], plan.need[k])
            out.append(Violation(text, float(over[k, t]), where))
    return out


def _check_blends(problem: MatchingProblem, plan: MatchingPlan) -> list[Violation]:
    """The mix that reaches a blending need keeps its limits even if every lot is at its worst."""
    offer, need, tonnes, _ = plan.all_lines(problem)
    out = []
    for q, attribute in enumerate(problem.attributes):
        for worst, limit, sign in (
            (problem.offers.quality_high[:, q], problem.needs.quality_high[:, q], 1.0),
            (problem.offers.quality_low[:, q], problem.needs.quality_low[:, q], -1.0),
        ):
            held = problem.needs.blend[need] & ~np.isnan(limit[need])
            over = np.zeros_like(problem.needs.tonnes)
            excess = sign * (worst[offer] - limit[need])
            np.add.at(over, need[held], excess[held, None] * tonnes[held])
            mass = np.maximum(plan.delivered(problem), 1.0)
            for j, t in zip(*np.nonzero(over > TOLERANCE * mass), strict=True):
                text = Text(f"混配后“{attribute}”超限", f"the mix breaks “{attribute}”")
                out.append(Violation(text, float(over[j, t] / mass[j, t]), problem.needs.key[j]))
    return out


def _check_sources(problem: MatchingProblem, plan: MatchingPlan) -> list[Violation]:
    """Number of suppliers per need, and the share of each in every period."""
    offer, need, tonnes, _ = plan.all_lines(problem)
    names, supplier = np.unique(problem.offers.supplier, return_inverse=True)
    keys, row = np.unique(need * len(names) + supplier[offer], return_inverse=True)
    by_pair = np.zeros((len(keys), problem.n_periods))
    np.add.at(by_pair, row, tonnes)
    j = keys // len(names)
    used = by_pair.sum(axis=1) > TOLERANCE
    count = np.bincount(j[used], minlength=len(problem.needs))
    most = problem.needs.max_sources
    out = [
        Violation(
            Text("供应商过多", "too many suppliers"), count[i] - most[i], problem.needs.key[i]
        )
        for i in np.flatnonzero((most > 0) & (count > most))
    ]
    # contracts stand even above the share; nothing may be added to them then
    fixed = np.zeros_like(by_pair)
    np.add.at(fixed, row[: len(problem.contracts.offer)], problem.contracts.tonnes)
    room = np.maximum(problem.needs.max_share[j][:, None] * problem.needs.tonnes[j], fixed)
    over = by_pair - room
    for k, t in zip(*np.nonzero(over > TOLERANCE * np.maximum(1, by_pair)), strict=True):
        text = Text("单个供应商份额过大", "one supplier's share is too large")
        where = f"{names[keys[k] % len(names)]} → {problem.needs.key[j[k]]}"
        out.append(Violation(text, float(over[k, t]), where))
    return out


def _check_levels(problem: MatchingProblem, plan: MatchingPlan) -> list[Violation]:
    out = []
    for level in plan.levels:
        value = goal_value(problem, plan, level.goal, level.priority)
        if abs(value - level.value) > TOLERANCE * max(1.0, abs(value)):
            text = Text("目标值不符", "a goal's value is wrong")
            out.append(Violation(text, abs(value - level.value), level.say().zh))
        sign = 1.0 if level.goal == "cost" else -1.0
        if (
            level.bound is not None
            and sign * (level.bound - value) > TOLERANCE * abs(value) + SLACK
        ):
            out.append(Violation(Text("界限不可信", "the bound cannot be right"), level.bound))
    cost = goal_value(problem, plan, "cost", None)
    if abs(plan.objective - cost) > TOLERANCE * max(1.0, abs(cost)):
        text = Text("总费用不符", "the objective is wrong")
        out.append(Violation(text, abs(plan.objective - cost)))
    return out


def _pair(problem: MatchingProblem, i: int, j: int) -> str:
    return f"{problem.offers.key[i]} → {problem.needs.key[j]}"
