"""A cohort plan in words, and why somebody cannot be placed.

The report of a cohort plan.
"""

from __future__ import annotations

import numpy as np

from .. import charts
from ..core import Flags, Lang, Longs, Text
from ..report import Report
from .plan import CohortPlan
from .problem import CohortProblem
from .tables import cohort_rows

FEW = 8


def explain(problem: CohortProblem, plan: CohortPlan, lang: Lang = "zh") -> str:
    """Tell the plan in paragraphs, one per line."""
    people, cohorts, chosen = problem.people, problem.cohorts, plan.chosen
    placed = np.flatnonzero(chosen >= 0)
    size = np.bincount(chosen[placed], minlength=len(cohorts))
    wait = cohorts.starts[chosen[placed]] - problem.first_day
    mean = float(wait.mean()) if len(wait) else 0.0
    lines = [
        Text(
            f"{len(people)} 人次分到 {int((size > 0).sum())} 个班：安排 {len(placed)} 人次"
            f"（{len(placed) / max(len(people), 1):.1%}），平均等候 {mean:.1f} 天。",
            f"{len(people)} seats in {int((size > 0).sum())} cohorts: {len(placed)} placed "
            f"({len(placed) / max(len(people), 1):.1%}), {mean:.1f} days of waiting on average.",
        )
    ]
    left = np.flatnonzero(chosen < 0)
    if not len(left):
        lines.append(
            Text(
                "每个人恰好安排一次，没有遗漏。", "Everyone is placed exactly once; no one is left."
            )
        )
    lines += [why_left_out(problem, chosen, int(i)) for i in left[:FEW]]
    if len(left) > FEW:
        lines.append(
            Text(f"另有 {len(left) - FEW} 人无法安排。", f"{len(left) - FEW} more remain.")
        )
    return "\n".join(line.say(lang) for line in lines)


def why_left_out(problem: CohortProblem, chosen: Longs, i: int) -> Text:
    """What keeps seat ``i`` out of every cohort, and with whom it competes for too few places."""
    name = problem.people.key[i]
    fits, free = problem.fits[i], problem.eligible[i]
    if not fits.any():
        return Text(
            f"{name}：没有适合其课程和层级的班次。",
            f"{name}: no cohort fits the course and level.",
        )
    if not free.any():
        return Text(
            f"{name}：适合的 {fits.sum()} 个班次都与其不便日期冲突。",
            f"{name}: all {fits.sum()} cohorts that fit fall on blocked days.",
        )
    counts = _blockers(problem, chosen, i)
    parts_zh = "、".join(f"{n} 个{text.zh}" for text, n in counts if n)
    parts_en = ", ".join(f"{n} {text.en}" for text, n in counts if n)
    rivals, cohorts, seats = _rivals(problem, chosen, i)
    crowd = Text("", "")
    if len(rivals) > seats:
        crowd = Text(
            f"；包括他在内 {len(rivals)} 人只能上这 {len(cohorts)} 个班，共 {seats} 个名额",
            f"; {len(rivals)} people in all can only attend these {len(cohorts)} cohorts, which "
            f"have {seats} places",
        )
    return Text(
        f"{name}：可上的 {free.sum()} 个班次中，{parts_zh}{crowd.zh}。",
        f"{name}: of {free.sum()} possible cohorts, {parts_en}{crowd.en}.",
    )


def _blockers(problem: CohortProblem, chosen: Longs, i: int) -> list[tuple[Text, int]]:
    cohorts = problem.cohorts
    size = np.bincount(chosen[chosen >= 0], minlength=len(cohorts))
    names, unit = problem.units
    cap = problem.unit_cap.get(names[unit[i]], len(chosen))
    mates = chosen[(unit == unit[i]) & (chosen >= 0)]
    full = units = closed = other = 0
    for j in np.flatnonzero(problem.eligible[i]):
        together = (cohorts.starts[mates] <= cohorts.ends[j]) & (
            cohorts.ends[mates] >= cohorts.starts[j]
        )
        if size[j] >= cohorts.max_size[j]:
            full += 1
        elif together.sum() >= cap:
            units += 1
        elif size[j] == 0 and cohorts.min_size[j] > 1:
            closed += 1
        else:
            other += 1
    return [
        (Text("已满", "are full"), full),
        (Text("本单位同期离岗已达上限", "would take too many of the unit away"), units),
        (Text("凑不足开班人数", "have too few people to run"), closed),
        (Text("与不同期或先修条件冲突", "clash with a pair or a prerequisite"), other),
    ]


def _rivals(problem: CohortProblem, chosen: Longs, i: int) -> tuple[list[int], list[int], int]:
    """People and cohorts that hang together with ``i`` by exchange, and the places there."""
    cohorts: Flags = np.zeros(len(problem.cohorts), dtype=bool)
    people: Flags = np.zeros(len(chosen), dtype=bool)
    people[i] = True
    while True:
        reach: Flags = np.asarray(problem.eligible[people].any(axis=0))
        inside = people | ((chosen >= 0) & reach[chosen])
        if (inside == people).all() and (reach == cohorts).all():
            break
        people, cohorts = inside, reach
    seats = int(problem.cohorts.max_size[cohorts].sum())
    return np.flatnonzero(people).tolist(), np.flatnonzero(cohorts).tolist(), seats


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
