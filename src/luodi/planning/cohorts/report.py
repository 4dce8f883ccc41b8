"""The report of a cohort plan."""

from __future__ import annotations

import numpy as np

from .. import charts
from ..core import Lang, Text
from ..report import Report
from .plan import CohortPlan
from .problem import CohortProblem
from .tables import cohort_rows
from .words import explain, why_left_out


def report(problem: CohortProblem, plan: CohortPlan, lang: Lang = "zh") -> str:
    """One HTML file."""
    c, placed = problem.cohorts, plan.chosen >= 0
    size = np.bincount(plan.chosen[placed], minlength=len(c))
    page = Report(Text("分批轮训安排", "Training everyone in batches"), lang)
    page.key_figures(
        [
            (Text("人次", "seats"), f"{len(plan.chosen):,}"),
            (Text("覆盖", "covered"), f"{placed.mean() if len(placed) else 1.0:.1%}"),
            (Text("开班", "cohorts"), f"{int((size > 0).sum())}"),
            (Text("未能安排", "not placed"), f"{len(plan.left_out)}"),
        ]
    )
    page.words(explain(problem, plan, lang))
    series = {
        Text("人数", "people").say(lang): size.astype(float).tolist(),
        Text("最多", "at most").say(lang): c.max_size.astype(float).tolist(),
    }
    page.chart(charts.bar(c.key, series), Text("每个班的人数与上限。", "Size and limit by cohort."))
    page.heading(Text("各班", "Cohorts"))
    page.table(
        [
            Text("班次", "Cohort"), Text("开始", "Starts"), Text("结束", "Ends"),
            Text("人数", "People"), Text("最少", "At least"), Text("最多", "At most"),
        ],
        cohort_rows(problem, plan),
    )  # fmt: skip
    if len(plan.left_out):
        page.heading(Text("谁没有安排上，为什么", "Who is not placed, and why"))
        page.bullets(why_left_out(problem, plan.chosen, int(i)) for i in plan.left_out[:50])
    return page.proof(plan, problem).html()
