"""The plan: decisions, costs, marginal values; verified and explained without the solver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ..core import Floats, Plan, Text, Violation
from .dispatch import Dispatch, costs, emissions, total
from .greedy import Rents
from .problem import EnergyProblem

if TYPE_CHECKING:
    from .crash import Memory

TOLERANCE = 1e-5  # MWh per step


@dataclass(frozen=True, kw_only=True, eq=False)
class EnergyPlan(Plan[EnergyProblem]):
    """``objective`` is the whole cost in yuan over the horizon, carbon (and shadow) included.

    ``parts``: yuan by cost part and enterprise (``dispatch.PARTS``). ``rents``: per contract, the
    marginal values. ``limits``: marginal values of the enterprises' own limits, by
    (kind, enterprise): ``share`` yuan per MWh of target, ``demand`` yuan per MW and month.
    ``memories``: how simplex left each battery, by its owner's name.
    """

    problem: EnergyProblem
    dispatch: Dispatch
    parts: dict[str, Floats]
    rents: tuple[Rents, ...]
    limits: dict[tuple[str, str], float]
    method: str
    memories: Mapping[str, Memory] = field(default_factory=dict, repr=False, compare=False)

    def check(self, problem: EnergyProblem) -> list[Violation]:
        """Balance, batteries, contracts, targets and the objective, recomputed from the problem."""
        return [*violations(problem, self.dispatch), *self._cost(problem)]

    def _cost(self, problem: EnergyProblem) -> list[Violation]:
        found = []
        real = total(costs(problem, self.dispatch))
        slack = 1e-6 * max(abs(real), 1.0)
        if abs(real - self.objective) > slack:
            words = Text(
                "总费用与重新计算的不一致（元）", "objective differs from its recomputation"
            )
            found.append(Violation(words, abs(real - self.objective)))
        if self.bound is not None and self.bound > self.objective + slack:
            words = Text("理论下界高于总费用（元）", "the bound lies above the objective")
            found.append(Violation(words, self.bound - self.objective))
        return found

    @cached_property
    def green_mwh(self) -> float:
        return float(self.dispatch.green.sum())

    @cached_property
    def unit_price(self) -> float:
        """Yuan per kWh over everything consumed."""
        return self.objective / max(float(self.problem.load_mwh.sum()), 1e-9) / 1000


def violations(problem: EnergyProblem, d: Dispatch) -> list[Violation]:
    """Find what a dispatch breaks: balance, batteries, contracts, targets."""
    return [*_physics(problem, d), *_limits(problem, d)]


def _over(text: Text, excess: Floats, where: str = "", slack: float = TOLERANCE) -> list[Violation]:
    worst = float(np.max(excess, initial=0.0))
    return [Violation(text, worst, where)] if worst > slack else []


def _physics(problem: EnergyProblem, d: Dispatch) -> list[Violation]:
    """Balance, signs, battery states and limits."""
    found: list[Violation] = []
    for what, series in (("green", d.green), ("charge", d.charge), ("discharge", d.discharge)):
        found += _over(Text(f"{what} 不得为负", f"{what} is negative"), -series)
    found += _over(Text("电网购电不得为负", "negative purchase from the grid"), -d.grid(problem))
    for i, e in enumerate(problem.enterprises):
        surplus = np.maximum(e.pv_mwh - e.load_mwh, 0)
        words = Text("上网电量超过光伏余电", "more fed in than surplus PV")
        found += _over(words, d.export[i] - surplus, e.name)
        found += _over(Text("上网电量为负", "negative feed-in"), -d.export[i], e.name)
        b = e.battery
        step = b.power_mw * problem.step_h if b else 0.0
        for series in (d.charge[i], d.discharge[i]):
            found += _over(Text("超过储能功率", "battery power exceeded"), series - step, e.name)
        if b is None:
            continue
        before = np.roll(d.state[i], 1)
        if b.initial_mwh is not None:
            before[0] = b.initial_mwh
            words = Text("期末电量低于期初", "battery ends below its start")
            found += _over(words, np.array([b.initial_mwh - d.state[i][-1]]), e.name)
        gain = d.charge[i] * b.efficiency - d.discharge[i] / b.efficiency
        words = Text("储能电量不守恒", "battery energy is not conserved")
        found += _over(words, np.abs(d.state[i] - before - gain), e.name)
        words = Text("超过储能容量", "battery capacity exceeded")
        found += _over(words, np.maximum(d.state[i] - b.energy_mwh, -d.state[i]), e.name)
    return found


def _limits(problem: EnergyProblem, d: Dispatch) -> list[Violation]:
    """Contracts, direct connections, green targets."""
    found: list[Violation] = []
    slack = 1e-6 * max(float(problem.load_mwh.sum()), 1.0)
    for c, contract in enumerate(problem.contracts):
        taken = d.green[c].sum(axis=0)
        words = Text("超过合同发电曲线", "more than the contract generates")
        found += _over(words, taken - contract.profile_mwh, contract.name)
        year = float(taken.sum())
        words = Text("超过合同总电量", "contract volume exceeded")
        found += _over(words, np.array([year - contract.volume_mwh]), contract.name, slack)
        if contract.monthly_mwh.size:
            month = np.bincount(problem.month, taken, problem.months) - contract.monthly_mwh
            words = Text("超过合同月度电量", "monthly contract volume exceeded")
            found += _over(words, month, contract.name, slack)
        least = contract.self_use_min * contract.profile_mwh.sum()
        words = Text("直连自用比例不足", "self-use share of the direct connection missed")
        found += _over(words, np.array([least - year]), contract.name, slack)
        least = contract.load_share_min * problem.load_mwh.sum()
        words = Text("直连电量占负荷比例不足", "load share of the direct connection missed")
        found += _over(words, np.array([least - year]), contract.name, slack)
    for i, e in enumerate(problem.enterprises):
        green = d.green_by_enterprise[i].sum() + (e.pv_mwh - d.export[i]).sum()
        missing = e.green_share_min * e.load_mwh.sum() - green
        words = Text("绿电占比目标未达到", "green share target missed")
        if e.green_share_min:
            found += _over(words, np.array([missing]), e.name, slack)
    return found


def green_share(problem: EnergyProblem, d: Dispatch) -> Floats:
    """(N,) contract power and own photovoltaics used, over the load."""
    pv = np.array([e.pv_mwh.sum() for e in problem.enterprises]) - d.export.sum(axis=1)
    load = np.maximum(problem.load_mwh.sum(axis=1), 1e-9)
    return np.asarray((d.green_by_enterprise.sum(axis=1) + pv) / load)


def tonnes(problem: EnergyProblem, d: Dispatch) -> float:
    return float(emissions(problem, d).sum())
