"""How much to sign when wind, prices and loads are uncertain: expected cost and CVaR.

The volumes are signed now, everything else is decided when the scenario is known. The cost of a
scenario is convex in the volumes and its slope is the plan's dual, so cutting planes (Benders
1962, one cut per scenario) close in on the optimum with a proven gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..core import BadData, Floats, Lang, Plan, Progress, Status, Text, Violation
from ..output import OutSheet, write_workbook
from ..report import Report
from ..tables import Sheet, number, read_workbook
from . import greedy
from .example import first_weeks
from .plan import EnergyPlan
from .problem import EnergyProblem
from .sheets import SHEETS
from .solve import Session
from .solve import solve as solve_park
from .tables import from_tables, write_problem
from .units import degrees, wan
from .variants import FACTORS, Variant

SCENARIOS = Sheet("scenarios", Text("情景", "Scenarios"), (
    *FACTORS, number("probability", "概率", "Probability", "1", ..., 0, 1),
), note=Text("概率之和为 1。合同表的“总电量”是最多能签多少。",
             "Probabilities add up to 1. “Volume” of the contracts is the most on offer."))  # fmt: skip
SIGNING = Sheet("signing", Text("签约", "Signing"), (
    number("risk_weight", "风险权重", "Weight of risk", "1", 0.0, 0, 1,
           note=Text("0：只看平均费用；1：只看最坏情形的平均。", "0: the mean; 1: the worst.")),
    number("tail", "最坏的比例", "Worst share", "1", 0.1, 0.01, 1),
), required=False)  # fmt: skip
PROVEN = 1e-5  # relative gap that counts as proven


@dataclass(frozen=True)
class Scenario:
    name: str
    probability: float
    problem: EnergyProblem


@dataclass(frozen=True)
class VolumesProblem:
    """``largest_mwh``: the most that each contract offers; ``tail``: share that counts as worst."""

    scenarios: tuple[Scenario, ...]
    largest_mwh: tuple[float, ...]
    risk_weight: float = 0.0
    tail: float = 0.1

    def __post_init__(self) -> None:
        if not np.isclose(sum(s.probability for s in self.scenarios), 1.0):
            raise BadData("情景概率之和应为 1。", "Probabilities must add up to 1.")

    @property
    def probabilities(self) -> Floats:
        return np.array([s.probability for s in self.scenarios])

    def at(self, scenario: int, volumes: Floats) -> EnergyProblem:
        """Give the problem of a scenario with the volumes signed."""
        p = self.scenarios[scenario].problem
        pairs = zip(p.contracts, volumes, strict=True)
        return replace(p, contracts=tuple(replace(c, volume_mwh=float(v)) for c, v in pairs))


@dataclass(frozen=True, kw_only=True, eq=False)
class VolumePlan(Plan[VolumesProblem]):
    """``volumes_mwh`` by contract. Yuan; ``cvar``: mean of the worst ``tail`` share."""

    volumes_mwh: Floats
    expected: float
    cvar: float
    costs: Floats
    plans: tuple[EnergyPlan, ...]

    def check(self, problem: VolumesProblem) -> list[Violation]:
        found = [
            v for s, p in enumerate(self.plans) for v in p.check(problem.at(s, self.volumes_mwh))
        ]
        over = float((self.volumes_mwh - np.array(problem.largest_mwh)).max(initial=0.0))
        if over > 1e-6:
            found.append(Violation(Text("超过能签的电量", "more than is on offer"), over))
        costs = np.array([p.objective for p in self.plans])
        worst = cvar(costs, problem.probabilities, problem.tail)
        mean = float(problem.probabilities @ costs)
        truth = (1 - problem.risk_weight) * mean + problem.risk_weight * worst
        if abs(truth - self.objective) > 1e-6 * max(1.0, abs(truth)):
            found.append(Violation(Text("目标值", "objective"), abs(truth - self.objective)))
        return found


def cvar(costs: Floats, probabilities: Floats, tail: float) -> float:
    """Give the mean cost of the worst ``tail`` share of the probability (Rockafellar and Uryasev 2000)."""
    order = np.argsort(-costs)
    weight = np.minimum(np.cumsum(probabilities[order]), tail)
    return float(np.diff(weight, prepend=0.0) @ costs[order]) / tail


class _Subproblem:
    """One scenario, solved again and again for other volumes."""

    def __init__(self, problem: VolumesProblem, scenario: int, seed: int) -> None:
        self.problem, self.scenario = problem, scenario
        p = problem.scenarios[scenario].problem
        self.session = None if greedy.applies(p) else Session(p, seed=seed)

    def at(self, volumes: Floats) -> EnergyPlan:
        if self.session is not None:
            for k, v in enumerate(volumes):
                self.session.set_volume(k, float(v))
            return self.session.solve()
        return solve_park(self.problem.at(self.scenario, volumes))


def solve(
    problem: VolumesProblem,
    *,
    time_limit: float | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> VolumePlan:
    """Choose volumes that minimise (1 - risk_weight) × mean + risk_weight × CVaR of the cost.

    Take-or-pay moves with the volume.
    """
    clock = progress or Progress()
    began, probabilities = clock.seconds, problem.probabilities
    top, risk, tail = np.asarray(problem.largest_mwh), problem.risk_weight, problem.tail
    parts = [_Subproblem(problem, s, seed) for s in range(len(problem.scenarios))]
    cuts: list[tuple[int, float, Floats]] = []  # (scenario, constant, slope)
    best: VolumePlan | None = None
    volumes = top
    while True:
        plans = tuple(p.at(volumes) for p in parts)
        costs = np.array([p.objective for p in plans])
        for s, plan in enumerate(plans):
            slope = np.array([-r.volume_rent for r in plan.rents]) / np.maximum(volumes, 1e-9)
            floor = plan.objective if plan.bound is None else plan.bound
            cuts.append((s, floor - float(slope @ volumes), slope))
        worst, mean = cvar(costs, probabilities, tail), float(probabilities @ costs)
        value = (1 - risk) * mean + risk * worst
        proposed, bound = _master(cuts, probabilities, top, risk, tail)
        if best is None or value < best.objective:
            best = VolumePlan(
                objective=value, bound=bound, status=Status.FEASIBLE, seconds=0.0,
                volumes_mwh=volumes, expected=mean, cvar=worst, costs=costs, plans=plans,
            )  # fmt: skip
        bound, spent = min(bound, best.objective), clock.seconds - began
        done = best.objective - bound <= PROVEN * abs(best.objective)
        status = Status.OPTIMAL if done else Status.FEASIBLE
        best = replace(best, bound=bound, status=status, seconds=spent)
        clock.report(best.objective, bound)
        late = clock.stopped or (time_limit is not None and spent > time_limit)
        if done or late or np.allclose(proposed, volumes, rtol=1e-9):
            return best
        volumes = np.maximum(proposed, 1e-4 * top)  # the slope is read at a positive volume


def _master(
    cuts: Sequence[tuple[int, float, Floats]],
    probabilities: Floats,
    top: Floats,
    risk_weight: float,
    tail: float,
) -> tuple[Floats, float]:
    """Solve the cutting-plane model: columns volumes, scenario costs, the quantile, excesses."""
    from scipy.optimize import linprog  # 25 MB that only this needs

    c, s = top.size, probabilities.size
    cost = np.concatenate(
        [
            np.zeros(c),
            (1 - risk_weight) * probabilities,
            [risk_weight],
            risk_weight * probabilities / tail,
        ]
    )
    rows = np.zeros((len(cuts) + s, cost.size))
    side = np.zeros(len(cuts) + s)
    for r, (k, constant, slope) in enumerate(cuts):
        rows[r, :c], rows[r, c + k], side[r] = slope, -1.0, -constant
    for k in range(s):
        r = len(cuts) + k
        rows[r, c + k], rows[r, c + s], rows[r, c + s + 1 + k] = 1.0, -1.0, -1.0
    free = (None, None)
    bounds = [(0.0, float(t)) for t in top] + [free] * (s + 1) + [(0.0, None)] * s
    done = linprog(cost, rows, side, bounds=bounds, method="highs")
    return np.asarray(done.x[:c]), float(done.fun)


def read_problem(path: str | Path) -> VolumesProblem:
    """Read an energy workbook with sheets of scenarios and signing. Raises :class:`BadData`."""
    tables = read_workbook(path, (*SHEETS, SCENARIOS, SIGNING))
    p, cases = from_tables(tables), []
    if not p.contracts:
        raise BadData("没有合同可签。", "There is no contract to sign.")
    for row in tables["scenarios"].rows():
        probability = row.pop("probability")
        cases.append(Scenario(row["name"], probability, Variant(**row).of(p)))
    most = tuple(c.volume_mwh for c in p.contracts)
    return VolumesProblem(tuple(cases), most, **tables["signing"].only())


EXAMPLE = (
    (Variant("平常"), 0.5), (Variant("风小", generation=0.7), 0.3), (Variant("减产", load=0.8), 0.2)
)  # fmt: skip


def example() -> VolumesProblem:
    """Give four weeks of the demonstration park (示例), as they may come."""
    p = first_weeks(4)
    cases = tuple(Scenario(v.name, share, v.of(p)) for v, share in EXAMPLE)
    return VolumesProblem(cases, tuple(c.volume_mwh for c in p.contracts), 0.5)


def write_template(path: str | Path, lang: Lang = "zh") -> None:
    """Write the example as a workbook to fill."""
    rows = [[v.name, v.load, v.generation, v.price, share] for v, share in EXAMPLE]
    write_problem(path, first_weeks(4), lang, {SCENARIOS: rows, SIGNING: [[0.5, 0.1]]})


def explain(problem: VolumesProblem, plan: VolumePlan, lang: Lang = "zh") -> str:
    """Tell how much to sign, and what it costs on average and at worst."""
    said = []
    contracts = problem.scenarios[0].problem.contracts
    for c, v, most in zip(contracts, plan.volumes_mwh, problem.largest_mwh, strict=True):
        zh = f"合同“{c.name}”签 {degrees(v)}（最多 {degrees(most)}）。"
        said.append(Text(zh, f"“{c.name}”: sign {v:,.0f} of {most:,.0f} MWh.").say(lang))
    zh = f"平均费用 {wan(plan.expected)} 万元，最坏 {problem.tail:.0%} 情形平均 {wan(plan.cvar)} 万元。"
    en = f"Mean cost {plan.expected:,.0f} yuan, worst {problem.tail:.0%}: {plan.cvar:,.0f} yuan."
    return "\n".join([*said, Text(zh, en).say(lang)])


def _rows(problem: VolumesProblem, plan: VolumePlan) -> list[list[Any]]:
    return [
        [s.name, s.probability, float(cost) / 1e4, p.green_mwh]
        for s, cost, p in zip(problem.scenarios, plan.costs, plan.plans, strict=True)
    ]


HEADS = (
    Text("情景", "Scenario"), Text("概率", "Probability"),
    Text("总费用 (万元)", "Cost (10,000 yuan)"), Text("绿电 (MWh)", "Green (MWh)"),
)  # fmt: skip


def write_plan(
    path: str | Path, problem: VolumesProblem, plan: VolumePlan, lang: Lang = "zh"
) -> None:
    """Write the volumes, and what each scenario costs with them."""
    names = [c.name for c in problem.scenarios[0].problem.contracts]
    signed = zip(names, plan.volumes_mwh, problem.largest_mwh, strict=True)
    heads = (
        Text("合同", "Contract"), Text("签约 (MWh)", "Sign (MWh)"), Text("最多 (MWh)", "Most (MWh)")
    )  # fmt: skip
    sheets = [
        OutSheet(Text("签约", "Signing"), heads, signed),
        OutSheet(Text("情景", "Scenarios"), HEADS, _rows(problem, plan)),
    ]
    write_workbook(path, sheets, lang)


def report(problem: VolumesProblem, plan: VolumePlan, lang: Lang = "zh") -> str:
    """Write one HTML file."""
    page = Report(Text("绿电该签多少", "How much green power to sign for"), lang)
    page.words(explain(problem, plan, lang)).table(HEADS, _rows(problem, plan), decimals=2)
    return page.proof(plan, problem).html()
