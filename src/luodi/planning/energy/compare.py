"""What the plan is measured against: no contract at all, and sharing out pro rata.

A plan in plain words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from ..core import Floats, Lang, Text
from .dispatch import Dispatch, costs, emissions, idle, total
from .plan import EnergyPlan, green_share
from .problem import CarbonScope, EnergyProblem
from .solve import solve
from .units import degrees, wan


@dataclass(frozen=True)
class Comparison:
    """Yuan over the horizon. ``pro_rata`` may miss targets that the plan keeps."""

    plan: float
    no_contract: float
    pro_rata: float
    no_contract_by_enterprise: Floats  # (N,)

    @property
    def saving(self) -> float:
        return self.no_contract - self.plan


@lru_cache(maxsize=4)
def compare(plan: EnergyPlan) -> Comparison:
    """Compare with no contract and with sharing out pro rata (solved once for a plan)."""
    problem = plan.problem
    alone = without_contracts(problem)
    each = np.sum([p for name, p in alone.parts.items() if name != "shortfall"], axis=0)
    naive = total(costs(problem, pro_rata(problem)))
    return Comparison(plan.objective, alone.objective, naive, np.asarray(each))


def without_contracts(problem: EnergyProblem) -> EnergyPlan:
    """Plan the same park without green contracts (and so without green targets)."""
    free = tuple(replace(e, green_share_min=0.0) for e in problem.enterprises)
    return solve(replace(problem, enterprises=free, contracts=()))


def pro_rata(problem: EnergyProblem) -> Dispatch:
    """Share hourly green power by load, thinned evenly to the volumes; batteries idle."""
    net = np.stack([np.maximum(e.load_mwh - e.pv_mwh, 0) for e in problem.enterprises])
    green = np.zeros((len(problem.contracts), *net.shape))
    left = net.copy()
    for k, c in enumerate(problem.contracts):
        need = left.sum(axis=0)
        flow = np.minimum(c.profile_mwh, need)
        if c.monthly_mwh.size:
            month = np.bincount(problem.month, flow, problem.months)
            thin = np.minimum(1, c.monthly_mwh / np.maximum(month, 1e-9))
            flow = flow * thin[problem.month]
        flow = flow * min(1.0, c.volume_mwh / max(float(flow.sum()), 1e-9))
        green[k] = left * flow / np.maximum(need, 1e-12)
        left = np.maximum(left - green[k], 0)
    return idle(problem, green)


def explain(problem: EnergyProblem, plan: EnergyPlan, lang: Lang = "zh") -> str:
    """Tell the plan in plain words, one sentence a line."""
    said = [
        _whole(plan),
        _saving(compare(plan)),
        *_contracts(plan),
        *_storage(plan),
        *_carbon(plan),
    ]
    return "\n".join(t.say(lang) for t in said)


def _whole(plan: EnergyPlan) -> Text:
    problem = plan.problem
    load = problem.load_mwh.sum() / 1000
    green = plan.green_mwh / 1000
    grid = plan.dispatch.grid(problem).sum() / 1000
    n, days = len(problem.enterprises), problem.steps * problem.step_h / 24
    return Text(
        f"{n} 家企业在 {days:.0f} 天里用电 {degrees(load * 1000)}。"
        f"方案安排合同绿电 {degrees(green * 1000)}（占 {green / load:.1%}），"
        f"从电网购电 {degrees(grid * 1000)}；"
        f"总费用 {wan(plan.objective)} 万元，"
        f"折合每度 {plan.unit_price:.4f} 元。",
        f"{n} enterprises use {load:,.1f} GWh in {days:.0f} days. The plan takes {green:,.1f} GWh "
        f"({green / load:.1%}) of green contract power and {grid:,.1f} GWh from the grid, at "
        f"{plan.objective / 1e6:,.2f} million yuan, {plan.unit_price:.4f} yuan per kWh.",
    )


def _saving(c: Comparison) -> Text:
    rate = c.saving / c.no_contract if c.no_contract else 0.0
    more = c.pro_rata - c.plan
    return Text(
        f"与不签绿电合同相比，节省 {wan(c.saving)} 万元（{rate:.2%}）；"
        f"与按用电量平摊绿电相比，节省 {wan(more)} 万元。",
        f"Against no contract it saves {c.saving / 1e6:,.2f} million yuan ({rate:.2%}); against "
        f"handing green power out pro rata, {more / 1e6:,.2f} million.",
    )


def _contracts(plan: EnergyPlan) -> list[Text]:
    said = []
    for k, (c, rent) in enumerate(zip(plan.problem.contracts, plan.rents, strict=True)):
        used = float(plan.dispatch.green[k].sum())
        zh = f"合同“{c.name}”用了 {degrees(used)}（上限 {degrees(c.volume_mwh)}）。"
        en = f"“{c.name}”: {used / 1000:,.1f} of {c.volume_mwh / 1000:,.1f} GWh are used. "
        if rent.volume > 0.005:
            zh += f"再多签一千度可再省 {rent.volume:.2f} 元。"
            en += f"One MWh more would save another {rent.volume:.2f} yuan."
        elif rent.volume < -0.005:
            zh += f"照付不议（或直连比例）使最后一千度亏 {-rent.volume:.2f} 元。"
            en += f"The obligation to take makes the last MWh lose {-rent.volume:.2f} yuan."
        else:
            zh += "电量上限没有卡住，再多签没有好处。"
            en += "The cap does not bind: more volume would be worth nothing."
        if c.floor_mwh > used + 1e-3:
            zh += f"低于照付不议电量 {degrees(c.floor_mwh - used)}。"
            en += f" It is {(c.floor_mwh - used) / 1000:,.1f} GWh below take-or-pay."
        said.append(Text(zh, en))
    return said


def _storage(plan: EnergyPlan) -> list[Text]:
    out = float(plan.dispatch.discharge.sum())
    if not any(e.battery for e in plan.problem.enterprises):
        return []
    return [
        Text(
            f"储能全期放电 {degrees(out)}，低谷和绿电多时充、高峰时放。",
            f"The batteries give out {out:,.0f} MWh: charged when power is cheap or green.",
        )
    ]


def _carbon(plan: EnergyPlan) -> list[Text]:
    problem = plan.problem
    avoided = plan.green_mwh * problem.carbon.grid_factor
    left = float(emissions(problem, plan.dispatch).sum())
    counted = [e.name for e in problem.enterprises if e.carbon_scope is CarbonScope.PILOT]
    share = green_share(problem, plan.dispatch)
    best = int(np.argmax(share))
    names_zh, names_en = "、".join(counted) or "无", ", ".join(counted) or "none"
    return [
        Text(
            f"外购电排放 {left:,.0f} 吨，绿电少排 {avoided:,.0f} 吨。计入履约的企业：{names_zh}；"
            "其余企业的外购电不计入全国碳市场履约，少排的部分不能折成配额收入。",
            f"Purchased power emits {left:,.0f} t; green power avoids {avoided:,.0f} t. It counts "
            f"for compliance at: {names_en}; the national scheme leaves purchased power out.",
        ),
        Text(
            f"绿电占比最高的是{problem.enterprises[best].name}（{share[best]:.1%}）。",
            f"Highest green share: {problem.enterprises[best].name} ({share[best]:.1%}).",
        ),
    ]
