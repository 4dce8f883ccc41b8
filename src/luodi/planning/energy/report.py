"""The plan as one page for people who know no optimisation."""

from __future__ import annotations

import numpy as np

from .. import charts
from ..core import Lang, Text
from ..report import Report
from .compare import compare
from .dispatch import PARTS, by_month
from .plan import EnergyPlan, green_share, tonnes
from .problem import EnergyProblem
from .words import wan

INVENTED = Text(
    "名称带“示例”的企业及其负荷、风光出力均为虚构，仅供演示。",
    "Enterprises marked 示例, their loads and the wind and sun are invented.",
)


def report(problem: EnergyProblem, plan: EnergyPlan, lang: Lang = "zh") -> str:
    c = compare(plan)
    page = Report(
        Text("园区绿电与碳综合方案", "Green power and carbon plan of the park"), lang, INVENTED
    )
    page.words(plan.explain(lang))
    page.key_figures(
        [
            (Text("总费用（万元）", "cost (10,000 yuan)"), wan(plan.objective)),
            (Text("比不签合同省（万元）", "saved against no contract"), wan(c.saving)),
            (Text("绿电（GWh）", "green power (GWh)"), f"{plan.green_mwh / 1000:,.1f}"),
            (Text("每度电（元）", "yuan per kWh"), f"{plan.unit_price:.4f}"),
            (
                Text("外购电排放（吨）", "t CO₂ of bought power"),
                f"{tonnes(problem, plan.dispatch):,.0f}",
            ),
        ]
    )
    _pictures(page, problem, plan, lang)
    _costs(page, problem, plan)
    _values(page, problem, plan)
    page.proof(plan, problem)
    return page.html()


def _pictures(page: Report, problem: EnergyProblem, plan: EnergyPlan, lang: Lang) -> None:
    d = plan.dispatch
    words = [Text("合同绿电", "contract green"), Text("自有光伏", "own PV"), Text("电网", "grid")]
    pv = np.stack([e.pv_mwh for e in problem.enterprises]) - d.export
    sources = [d.green_by_enterprise.sum(axis=0), pv.sum(axis=0), d.grid(problem).sum(axis=0)]
    names = [w.say(lang) for w in words]
    months = [f"{(problem.start_on.month - 1 + m) % 12 + 1}" for m in range(problem.months)]
    monthly = {
        n: (by_month(problem, s) / 1000).tolist() for n, s in zip(names, sources, strict=True)
    }
    page.heading(Text("电从哪里来", "Where the power comes from"))
    page.chart(
        charts.bar(months, monthly, "GWh", stacked=True), Text("逐月用电来源", "sources by month")
    )
    week = _typical_week(problem)
    labels = [f"{t % 168}h" for t in range(week.stop - week.start)]
    hourly = {n: (s[week] / problem.step_h).tolist() for n, s in zip(names, sources, strict=True)}
    caption = Text(
        "一周逐时：绿电先给最值钱的时段", "one week by hour: green power goes where it pays"
    )
    page.chart(charts.area(labels, hourly, "MW"), caption)
    state = d.state.sum(axis=0)[week]
    if state.any():
        series = {Text("储能电量", "battery content").say(lang): state.tolist()}
        page.chart(
            charts.line(labels, series, "MWh"), Text("同一周的储能", "the batteries, same week")
        )


def _typical_week(problem: EnergyProblem) -> slice:
    """The week in the middle of the horizon, or all of a shorter one."""
    week = round(168 / problem.step_h)
    begin = max((problem.steps - week) // 2, 0) // max(week // 7, 1) * max(week // 7, 1)
    return slice(begin, min(begin + week, problem.steps))


def _costs(page: Report, problem: EnergyProblem, plan: EnergyPlan) -> None:
    page.heading(Text("谁付多少，付的是什么", "Who pays what"))
    parts = {k: v for k, v in plan.parts.items() if k != "shortfall" and np.any(np.abs(v) > 0.5)}
    share = green_share(problem, plan.dispatch)
    rows: list[list[object]] = [
        [e.name, *(v[i] / 1e4 for v in parts.values()), f"{share[i]:.1%}"]
        for i, e in enumerate(problem.enterprises)
    ]
    rows.append([Text("合计", "Total"), *(v.sum() / 1e4 for v in parts.values()), ""])
    headers = [Text("企业（万元）", "10,000 yuan"), *(PARTS[k] for k in parts)]
    page.table([*headers, Text("绿电占比", "green share")], rows, total=True, decimals=1)
    short = float(plan.parts["shortfall"].sum())
    if short > 0.5:
        zh, en = (
            f"另有照付不议缺额 {wan(short)} 万元。",
            f"Take-or-pay shortfall: {short:,.0f} yuan.",
        )
        page.words(Text(zh, en))


def _values(page: Report, problem: EnergyProblem, plan: EnergyPlan) -> None:
    page.heading(Text("多一点值多少钱", "What a little more would be worth"))
    rows: list[list[object]] = []
    for c, r in zip(problem.contracts, plan.rents, strict=True):
        rows.append([c.name, Text("合同电量多 1 MWh", "one MWh more of volume"), r.volume])
        mean = Text("每小时多发 1 MWh（平均）", "one MWh more generated (mean hour)")
        rows.append([c.name, mean, float(r.hour.mean())])
    for (kind, name), value in plan.limits.items():
        label = Text("绿电目标少 1 MWh", "one MWh less of green target")
        if kind == "demand":
            label = Text("月需量少 1 MW", "one MW less of monthly demand")
        rows.append([name, label, value])
    heads = [Text("对象", "of"), Text("如果", "if"), Text("可省（元）", "saves (yuan)")]
    page.table(heads, rows)
