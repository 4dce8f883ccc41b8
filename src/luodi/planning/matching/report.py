"""The report of a matching plan: the network, what depends on whom, who could join forces."""

from __future__ import annotations

import numpy as np

from .. import charts
from ..core import Lang, Text
from ..report import Report
from .failure import enterprises, failures, joint_shipping, partners, rivals
from .plan import MatchingPlan
from .problem import MatchingProblem
from .words import explain

ROWS = 30


def report(problem: MatchingProblem, plan: MatchingPlan, lang: Lang = "zh") -> str:
    """One HTML file."""
    delivered, wanted = plan.delivered(problem).sum(), problem.needs.tonnes.sum()
    page = Report(Text("供需匹配方案", "Who should supply whom"), lang)
    page.key_figures(
        [
            (Text("满足的需求", "of needs met"), f"{delivered / max(wanted, 1e-9):.1%}"),
            (
                Text("到厂总成本（万元）", "delivered cost, 10,000 yuan"),
                f"{plan.objective / 1e4:,.0f}",
            ),
            (Text("新的供应关系", "new deliveries"), f"{len(plan.offer)}"),
            (
                Text("平均每吨（元）", "yuan per tonne"),
                f"{plan.objective / max(delivered, 1e-9):,.1f}",
            ),
        ]
    )
    page.words(explain(problem, plan, lang))
    page.chart(
        network(problem, plan, page.lang),
        Text("供应网络：线越粗，数量越大。", "The network: thicker is more."),
    )
    _deliveries(page, problem, plan)
    _dependencies(page, problem, plan)
    _company(page, problem, plan)
    return page.proof(plan, problem).html()


def network(problem: MatchingProblem, plan: MatchingPlan, lang: Lang = "zh") -> str:
    """The largest deliveries, offers on the left and needs on the right (SVG)."""
    offer, need, tonnes, _ = plan.all_lines(problem)
    total = tonnes.sum(axis=1)
    shown = np.argsort(-total)[:30]
    left = list(dict.fromkeys(int(i) for i in offer[shown]))
    right = list(dict.fromkeys(int(j) for j in need[shown]))
    rows = max(len(left), len(right), 1)
    points = [(0.0, -rows * (k + 0.5) / len(left)) for k in range(len(left))]
    points += [(rows * 1.6, -rows * (k + 0.5) / len(right)) for k in range(len(right))]
    most = float(total.max(initial=0.0)) or 1.0
    edges = [
        (left.index(int(offer[k])), len(left) + right.index(int(need[k])), 1 + 9 * total[k] / most)
        for k in shown
    ]
    return charts.scatter(
        points or [(0.0, 0.0)],
        labels=[problem.offers.key[i] for i in left] + [problem.needs.key[j] for j in right],
        groups=[0] * len(left) + [1] * len(right),
        sizes=[6.0] * len(points),
        edges=edges,
        names=[Text("供应", "offers").say(lang), Text("需求", "needs").say(lang)],
        outward=True,
    )


def _deliveries(page: Report, problem: MatchingProblem, plan: MatchingPlan) -> None:
    offer, need, tonnes, price = plan.all_lines(problem)
    total, kept = tonnes.sum(axis=1), len(problem.contracts.offer)
    page.heading(Text("谁供给谁", "Who delivers to whom"))
    page.table(
        [
            Text("供应", "Offer"),
            Text("需求", "Need"),
            Text("数量（吨）", "Tonnes"),
            Text("到厂价（元/吨）", "Delivered, yuan/t"),
            Text("说明", "Note"),
        ],
        [
            (
                problem.offers.key[offer[k]],
                problem.needs.key[need[k]],
                float(total[k]),
                float(price[k]),
                Text("现有合同", "contract") if k < kept else Text("新增", "new"),
            )
            for k in np.argsort(-total)[:ROWS]
        ],
    )


def _dependencies(page: Report, problem: MatchingProblem, plan: MatchingPlan) -> None:
    page.heading(Text("如果一家供应商停供", "If one supplier stops"))
    page.bullets(f.say() for f in failures(problem, plan, most=8))


def _company(page: Report, problem: MatchingProblem, plan: MatchingPlan) -> None:
    firms, names = enterprises(problem), problem.product_names
    complementary = partners(firms, names=names, most=10)
    competing = rivals(firms, names=names, most=10)
    shared = joint_shipping(problem, plan)[:5]
    if complementary:
        page.heading(Text("互补：可以抱团的企业", "Complementary: possible partners"))
        page.bullets(p.reason for p in complementary)
    if competing:
        page.heading(Text("竞争：可以竞合的企业", "Competing: what they could do together"))
        page.bullets(r.reason for r in competing)
        page.bullets(
            Text(
                f"从{offer}发往{a}与{b}可拼车，约省 {saving:,.0f} 元（按每车 33 吨估算）。",
                f"From {offer}, {a} and {b} can share vehicles: about {saving:,.0f} yuan saved.",
            )
            for offer, a, b, saving in shared
        )
