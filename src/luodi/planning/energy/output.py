"""The plan as a workbook: costs, months, marginal values, bills, certificates, every hour."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ..core import Lang, Text
from ..tables import OutSheet, write_workbook
from .dispatch import PARTS, by_month, fixed_costs
from .plan import EnergyPlan, green_share
from .problem import EnergyProblem
from .settlement import LINES, Settlement, settle


def write_plan(
    path: str | Path, problem: EnergyProblem, plan: EnergyPlan, lang: Lang = "zh"
) -> None:
    """Costs, months, marginal values and the hourly dispatch of every enterprise."""
    zh = lang == "zh"
    sheets = [
        _cost_sheet(problem, plan, lang),
        _month_sheet(problem, plan, zh),
        _rents(problem, plan, zh),
    ]
    done = settle(problem, plan)
    sheets += [_bills(done, lang), _certificates(done, zh), _hours(problem, plan, zh)]
    write_workbook(path, sheets)


def _cost_sheet(problem: EnergyProblem, plan: EnergyPlan, lang: Lang) -> OutSheet:
    parts = {k: v for k, v in plan.parts.items() if k != "shortfall"}
    share = green_share(problem, plan.dispatch)
    headers = [
        Text("企业", "Enterprise").say(lang),
        *(f"{PARTS[k].say(lang)} (yuan)" for k in parts),
        Text("绿电占比", "Green share").say(lang),
    ]
    rows = [
        [e.name, *(float(v[i]) for v in parts.values()), float(share[i])]
        for i, e in enumerate(problem.enterprises)
    ]
    rows.append([Text("合计", "Total").say(lang), *(float(v.sum()) for v in parts.values()), None])
    return OutSheet(Text("费用", "Costs").say(lang), headers, rows)


def _month_sheet(problem: EnergyProblem, plan: EnergyPlan, zh: bool) -> OutSheet:
    d = plan.dispatch
    green, grid = by_month(problem, d.green_by_enterprise), by_month(problem, d.grid(problem))
    fixed = fixed_costs(problem, d)
    head = ["企业", "月", "绿电 (MWh)", "电网购电 (MWh)", "基本电费 (yuan)"]
    if not zh:
        head = ["Enterprise", "Month", "Green (MWh)", "Grid (MWh)", "Fixed charge (yuan)"]
    rows = [
        [e.name, m + 1, green[i, m], grid[i, m], fixed[i, m]]
        for i, e in enumerate(problem.enterprises)
        for m in range(problem.months)
    ]
    return OutSheet("逐月" if zh else "Months", head, rows)


def _rents(problem: EnergyProblem, plan: EnergyPlan, zh: bool) -> OutSheet:
    rows: list[list[Any]] = []
    for c, r in zip(problem.contracts, plan.rents, strict=True):
        rows.append([c.name, "总电量" if zh else "volume", r.volume])
        rows += [
            [c.name, f"{m + 1} 月" if zh else f"month {m + 1}", v] for m, v in enumerate(r.month)
        ]
        mean = float(r.hour.mean())
        rows.append([c.name, "发电曲线（时均）" if zh else "profile (hourly mean)", mean])
    for (kind, name), value in plan.limits.items():
        label = {"share": "绿电占比目标", "demand": "月需量 1,000 千瓦"}[kind] if zh else kind
        rows.append([name, label, value])
    head = ["对象", "限制", "边际价值 (yuan)"] if zh else ["Of", "Limit", "Marginal value (yuan)"]
    return OutSheet("边际价值" if zh else "Marginal values", head, rows)


def _bills(done: Settlement, lang: Lang) -> OutSheet:
    head = [Text("企业", "Enterprise"), Text("月", "Month"), *LINES.values(), Text("合计", "Total")]
    rows = [
        [b.enterprise, b.month, *(float(b.lines.get(k, 0)) for k in LINES), float(b.total)]
        for b in done.bills
    ]
    return OutSheet(Text("账单", "Bills").say(lang), [h.say(lang) for h in head], rows)


def _certificates(done: Settlement, zh: bool) -> OutSheet:
    head = ["合同", "企业", "月", "约定", "发电", "用电", "结算", "绿证（张）", "结转"]
    if not zh:
        head = ["Contract", "Enterprise", "Month", "Agreed", "Generated", "Used"]
        head += ["Settled", "Certificates", "Carried"]
    rows = [
        [g.contract, g.enterprise, g.month]
        + [float(v) for v in (g.agreed, g.generated, g.consumed, g.settled)]
        + [g.certificates, float(g.carried)]
        for g in done.green
    ]
    return OutSheet("绿证" if zh else "Certificates", head, rows, (), "#,##0.000")


def _hours(problem: EnergyProblem, plan: EnergyPlan, zh: bool) -> OutSheet:
    d = plan.dispatch
    words = ("绿电", "电网", "充电", "放电", "电量", "上网")
    if not zh:
        words = ("green", "grid", "charge", "discharge", "state", "feed-in")
    grid = d.grid(problem)
    head, columns = ["时间" if zh else "Time"], []
    for i, e in enumerate(problem.enterprises):
        kinds = [d.green_by_enterprise[i], grid[i]]
        kinds += [d.charge[i], d.discharge[i], d.state[i], d.export[i]]
        wanted = [0, 1, *((2, 3, 4) if e.battery else ()), *((5,) if e.pv_mwh.any() else ())]
        head += [f"{e.name} {words[k]} (MWh)" for k in wanted]
        columns += [kinds[k] for k in wanted]

    def rows() -> Iterator[list[Any]]:
        begin = dt.datetime.combine(problem.start_on, dt.time())
        values = np.round(np.stack(columns, axis=1), 4).tolist()
        for t, row in enumerate(values):
            at = begin + dt.timedelta(hours=t * problem.step_h)
            yield [at.strftime("%Y-%m-%d %H:%M"), *row]

    return OutSheet("逐时" if zh else "Hours", head, rows())
