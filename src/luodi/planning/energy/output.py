"""The plan as a workbook: costs, months, marginal values, bills, certificates, every hour."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ..core import Lang, Text
from ..output import OutSheet, write_workbook
from .dispatch import PARTS, by_month, fixed_costs
from .plan import EnergyPlan, green_share
from .problem import EnergyProblem
from .rolling import act
from .settlement import LINES, Settlement, from_bills_to_cost, settle

ENTERPRISE, MONTH, CONTRACT = (
    Text("企业", "Enterprise"),
    Text("月", "Month"),
    Text("合同", "Contract"),
)


def write_plan(
    path: str | Path,
    problem: EnergyProblem,
    plan: EnergyPlan,
    lang: Lang = "zh",
    *,
    actual: EnergyProblem | None = None,
) -> None:
    """Write costs, months, marginal values, bills, certificates and the hourly dispatch.

    With ``actual``, bills and certificates are those of what came true.
    """
    done = settled(problem, plan, actual)
    sheets = [
        _costs(problem, plan),
        _months(problem, plan),
        _rents(problem, plan),
        *_bills(plan, done),
        _hours(problem, plan, lang),
    ]
    write_workbook(path, sheets, lang)


def settled(problem: EnergyProblem, plan: EnergyPlan, actual: EnergyProblem | None) -> Settlement:
    """Settle the plan as made, or as carried out on what came true."""
    if actual is None:
        return settle(problem, plan)
    return settle(actual, plan, act(actual, plan.dispatch))


def _costs(problem: EnergyProblem, plan: EnergyPlan) -> OutSheet:
    parts = {k: v for k, v in plan.parts.items() if k != "shortfall"}
    share = green_share(problem, plan.dispatch)
    heads = [Text(f"{PARTS[k].zh} (元)", f"{PARTS[k].en} (yuan)") for k in parts]
    rows: list[list[Any]] = [
        [e.name, *(float(v[i]) for v in parts.values()), float(share[i])]
        for i, e in enumerate(problem.enterprises)
    ]
    rows.append([Text("合计", "Total"), *(float(v.sum()) for v in parts.values()), None])
    return OutSheet(
        Text("费用", "Costs"), [ENTERPRISE, *heads, Text("绿电占比", "Green share")], rows
    )


def _months(problem: EnergyProblem, plan: EnergyPlan) -> OutSheet:
    d = plan.dispatch
    green, grid = by_month(problem, d.green_by_enterprise), by_month(problem, d.grid(problem))
    fixed = fixed_costs(problem, d)
    heads = (
        ENTERPRISE, MONTH, Text("绿电 (MWh)", "Green (MWh)"), Text("电网购电 (MWh)", "Grid (MWh)"),
        Text("基本电费 (元)", "Fixed charge (yuan)"),
    )  # fmt: skip
    rows = [
        [e.name, m + 1, green[i, m], grid[i, m], fixed[i, m]]
        for i, e in enumerate(problem.enterprises)
        for m in range(problem.months)
    ]
    return OutSheet(Text("逐月", "Months"), heads, rows)


def _rents(problem: EnergyProblem, plan: EnergyPlan) -> OutSheet:
    rows: list[list[Any]] = []
    for c, r in zip(problem.contracts, plan.rents, strict=True):
        rows.append([c.name, Text("总电量", "volume"), r.volume])
        months = [Text(f"{m + 1} 月", f"month {m + 1}") for m in range(r.month.size)]
        rows += [[c.name, month, v] for month, v in zip(months, r.month, strict=True)]
        rows.append([c.name, Text("发电曲线（时均）", "profile (hourly mean)"), r.hour.mean()])
    limit = {
        "share": Text("绿电占比目标", "green target"),
        "demand": Text("月需量 1,000 千瓦", "1,000 kW of demand"),
    }
    rows += [[name, limit[kind], value] for (kind, name), value in plan.limits.items()]
    heads = (
        Text("对象", "Of"),
        Text("限制", "Limit"),
        Text("边际价值 (元)", "Marginal value (yuan)"),
    )
    return OutSheet(Text("边际价值", "Marginal values"), heads, rows)


def _bills(plan: EnergyPlan, done: Settlement) -> list[OutSheet]:
    bills = [
        [b.enterprise, b.month, *(float(b.lines.get(k, 0)) for k in LINES), float(b.total)]
        for b in done.bills
    ]
    certificates = [
        [g.contract, g.enterprise, g.month]
        + [float(v) for v in (g.agreed, g.generated, g.consumed, g.settled)]
        + [g.certificates, float(g.carried)]
        for g in done.green
    ]
    heads = (
        CONTRACT, ENTERPRISE, MONTH, Text("约定", "Agreed"), Text("发电", "Generated"),
        Text("用电", "Used"), Text("结算", "Settled"), Text("绿证（张）", "Certificates"),
        Text("结转", "Carried"),
    )  # fmt: skip
    return [
        OutSheet(
            Text("账单", "Bills"),
            [ENTERPRISE, MONTH, *LINES.values(), Text("合计", "Total")],
            bills,
        ),
        OutSheet(
            Text("账单与总费用", "Bills and cost"),
            [Text("项目", "Item"), Text("元", "yuan")],
            from_bills_to_cost(plan, done),
        ),
        OutSheet(Text("绿证", "Certificates"), heads, certificates, number_format="#,##0.000"),
    ]


def _hours(problem: EnergyProblem, plan: EnergyPlan, lang: Lang) -> OutSheet:
    d = plan.dispatch
    words = (
        Text("绿电", "green"), Text("电网", "grid"), Text("充电", "charge"),
        Text("放电", "discharge"), Text("电量", "state"), Text("上网", "feed-in"),
    )  # fmt: skip
    grid = d.grid(problem)
    heads: list[Text | str] = [Text("时间", "Time")]
    columns = []
    for i, e in enumerate(problem.enterprises):
        kinds = [d.green_by_enterprise[i], grid[i], d.charge[i], d.discharge[i], d.state[i]]
        kinds.append(d.export[i])
        wanted = [0, 1, *((2, 3, 4) if e.battery else ()), *((5,) if e.pv_mwh.any() else ())]
        heads += [f"{e.name} {words[k].say(lang)} (MWh)" for k in wanted]
        columns += [kinds[k] for k in wanted]

    def rows() -> Iterator[list[Any]]:
        begin = dt.datetime.combine(problem.start_on, dt.time())
        for t, row in enumerate(np.round(np.stack(columns, axis=1), 4).tolist()):
            at = begin + dt.timedelta(hours=t * problem.step_h)
            yield [at.strftime("%Y-%m-%d %H:%M"), *row]

    return OutSheet(Text("逐时", "Hours"), heads, rows())
