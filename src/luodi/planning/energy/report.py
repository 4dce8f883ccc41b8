"""The plan as one page for people who know no optimisation."""

from __future__ import annotations

import os

import numpy as np

from .. import charts
from ..core import Lang, Text
from ..report import Report
from .compare import compare, explain
from .dispatch import PARTS, by_month
from .output import settled
from .plan import EnergyPlan, green_share, tonnes
from .problem import EnergyProblem
from .settlement import Settlement, from_bills_to_cost
from .sharing import Sharing, affordable, share, share_by_duals
from .units import degrees, wan

INVENTED = Text(
    "名称带“示例”的企业及其负荷、风光出力均为虚构，仅供演示。",
    "Enterprises marked 示例, their loads and the wind and sun are invented.",
)


def report(
    problem: EnergyProblem,
    plan: EnergyPlan,
    lang: Lang = "zh",
    *,
    actual: EnergyProblem | None = None,
) -> str:
    """Write one HTML file; with ``actual``, the bills are those of what came true."""
    invented = any("示例" in e.name for e in problem.enterprises)
    title = Text("园区绿电与碳综合方案", "Green power and carbon plan of the park")
    page = Report(title, lang, INVENTED if invented else None)
    page.words(explain(problem, plan, lang))
    page.key_figures(
        [
            (Text("总费用（万元）", "cost (10,000 yuan)"), wan(plan.objective)),
            (
                Text("比不签合同省（万元）", "saved against no contract"),
                wan(compare(plan).saving),
            ),
            (
                Text("绿电", "green power"),
                Text(degrees(plan.green_mwh), f"{plan.green_mwh / 1000:,.1f} GWh").say(lang),
            ),
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
    _sharing(page, problem, plan)
    _bills(page, plan, settled(problem, plan, actual), actual is not None)
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
        charts.bar(months, monthly, Text("百万度", "GWh").say(lang), stacked=True),
        Text("逐月用电来源", "sources by month"),
    )
    week = _typical_week(problem)
    at = (np.arange(week.start, week.stop) * problem.step_h).astype("timedelta64[h]")
    times = (np.datetime64(problem.start_on, "h") + at).astype(object)
    labels = [f"{t.month}-{t.day}" if t.hour + t.minute == 0 else "" for t in times]
    hourly = {n: (s[week] / problem.step_h).tolist() for n, s in zip(names, sources, strict=True)}
    caption = Text(
        "一周逐时：绿电先给最值钱的时段", "one week by hour: green power goes where it pays"
    )
    page.chart(charts.area(labels, hourly, Text("兆瓦", "MW").say(lang)), caption)
    state = d.state.sum(axis=0)[week]
    if state.any():
        series = {Text("储能电量", "battery content").say(lang): state.tolist()}
        page.chart(
            charts.line(labels, series, Text("千度", "MWh").say(lang)),
            Text("同一周的储能", "the batteries, same week"),
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
        rows.append([c.name, Text("合同电量多一千度", "one MWh more of volume"), r.volume])
        mean = Text("每小时多发一千度（平均）", "one MWh more generated (mean hour)")
        rows.append([c.name, mean, float(r.hour.mean())])
    for (kind, name), value in plan.limits.items():
        if abs(value) < 0.005:
            continue  # nothing to gain there
        label = Text("绿电目标少一千度", "one MWh less of green target")
        if kind == "demand":
            label = Text("月需量少 1,000 千瓦", "one MW less of monthly demand")
        rows.append([name, label, round(value, 2) + 0.0])
    heads = [Text("对象", "of"), Text("如果", "if"), Text("可省（元）", "saves (yuan)")]
    page.table(heads, rows)


PATIENCE = 3e6  # battery-steps, over all cores, that a report spends on the groups


def _sharing(page: Report, problem: EnergyProblem, plan: EnergyPlan) -> None:
    if not problem.contracts or len(problem.enterprises) < 2:
        return
    page.heading(Text("省下的钱怎么分才公平", "How to share the saving fairly"))
    page.words(
        Text(
            "每家企业按用电量（或约定的权益）拥有合同的一份。“稀缺价分法”：用多了紧缺的绿电就按"
            "稀缺价付给让出的企业；可以证明，没有哪几家企业单干会更好。“平均贡献分法”：按各"
            "家先后加入时带来的节省取平均。绿电占比目标是各家自己的事，不参与分配。",
            "Each enterprise owns a share of the contract. Owen: whoever takes more of the scarce "
            "power pays its scarcity to whoever leaves it; no group can do better alone, provably. "
            "Shapley: the mean saving that one brings when joining. Green targets stay outside.",
        )
    )
    exact, samples = affordable(problem, PATIENCE)
    if exact or samples >= 2:
        try:
            workers = os.cpu_count() or 1
            _both_shares(page, share(plan, exact_up_to=exact, samples=samples, workers=workers))
            return
        except KeyboardInterrupt:  # who does not wait gets the shares that need no group's plan
            why = Text("按 Ctrl-C 略去平均贡献分法。", "Shapley was left out: stopped by Ctrl-C.")
    else:
        why = Text(
            "企业和储能太多，平均贡献分法要算的组合太多，这里略去。",
            "Shapley is left out: with so many enterprises and batteries too many groups to price.",
        )
    page.words(why)
    names, saved = share_by_duals(plan)
    rows = [[name, s / 1e4] for name, s in zip(names, saved, strict=True)]
    page.table([Text("企业", "enterprise"), Text("稀缺价分法（万元）", "Owen (10,000 yuan)")], rows)


def _both_shares(page: Report, s: Sharing) -> None:
    rows: list[list[object]] = [
        [name, *(v[i] / 1e4 for v in (s.alone_cost, s.owen, s.shapley))]
        for i, name in enumerate(s.names)
    ]
    totals = [float(v.sum()) / 1e4 for v in (s.alone_cost, s.owen, s.shapley)]
    rows.append([Text("合计", "Total"), *totals])
    heads = [
        Text("企业（万元）", "10,000 yuan"),
        Text("不签合同的费用", "cost without contract"),
        Text("稀缺价分法", "Owen"),
        Text("平均贡献分法", "Shapley"),
    ]
    page.table(heads, rows, total=True, decimals=1)
    if s.error is not None:
        most = float(s.error.max())
        page.words(
            Text(
                f"企业较多，平均贡献分法由抽样估计，各家误差不超过 ±{wan(most)} 万元（95%）。",
                f"Shapley is estimated from samples: within ±{most:,.0f} yuan (95 %).",
            )
        )
    seen = Text("全部" if s.complete else "抽到的", "" if s.complete else "sampled ")
    for name, b in (
        (Text("稀缺价分法", "Owen"), s.owen_blocking),
        (Text("平均贡献分法", "Shapley"), s.shapley_blocking),
    ):
        zh, en = "、".join(b.members), ", ".join(b.members)
        if b.gain > 1.0:
            page.words(
                Text(
                    f"{name.zh}：{zh}合起来单干可多得 {wan(b.gain)} 万元，这样分可能留不住它们。",
                    f"{name.en}: {en} would gain {b.gain:,.0f} yuan by leaving together.",
                )
            )
        else:
            page.words(
                Text(
                    f"{name.zh}：查过{seen.zh} {s.solves} 种组合，没有哪几家单干会更好。",
                    f"{name.en}: none of the {s.solves} {seen.en}groups would do better alone.",
                )
            )


def _bills(page: Report, plan: EnergyPlan, done: Settlement, came_true: bool) -> None:
    number = sum(g.certificates for g in done.green)
    page.heading(
        Text("按实际结算", "Settled as it came true")
        if came_true
        else Text("按方案结算", "Settled as planned")
    )
    rule = plan.problem.deviation
    page.words(
        Text(
            f"按月结算，绿证取合同、发电、用电三者最小，整兆瓦时核发、余数结转：全期 {number:,} 张。"
            f"偏差考核：{rule.name}。全部账单合计 {done.total:,} 元，逐家逐项相加一分不差；"
            "明细在方案 Excel 的“账单”“绿证”表。账单与总费用的差别如下：",
            f"Certificates follow the least of contract, generation and use, in whole MWh with the "
            f"rest carried over: {number:,} in all. Deviations: {rule.name}. The bills add up to "
            f"{done.total:,} yuan. Why that is not the total cost:",
        )
    )
    rows = [[what, yuan / 1e4] for what, yuan in from_bills_to_cost(plan, done)]
    page.table([Text("项目", "item"), Text("万元", "10,000 yuan")], rows, total=True)
