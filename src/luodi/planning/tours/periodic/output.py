"""Routes of a published instance as a workbook and as a report."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...charts import scatter
from ...core import Lang, Text
from ...report import Report
from ...tables import OutSheet, write_workbook
from .problem import PeriodicPlan, PeriodicProblem

HEAD = (
    Text("天", "day"),
    Text("车次", "route"),
    Text("路程", "distance"),
    Text("载量", "load"),
    Text("到访次序", "visits in order"),
)


def _lines(p: PeriodicProblem, plan: PeriodicPlan) -> Iterator[list[Any]]:
    for d, day in enumerate(plan.routes):
        for k, route in enumerate(day):
            stops = [0, *route, 0]
            length = float(p.far[d, stops[:-1], stops[1:]].sum())
            load = float(sum(p.demand[c - 1] for c in route))
            yield [d + 1, k + 1, length, load, " ".join(map(str, route))]


def write_plan(
    path: str | Path, problem: PeriodicProblem, plan: PeriodicPlan, lang: Lang = "zh"
) -> None:
    """One row per route."""
    title = Text("路线", "routes").say(lang)
    write_workbook(path, [OutSheet(title, [h.say(lang) for h in HEAD], _lines(problem, plan))])


def report(problem: PeriodicProblem, plan: PeriodicPlan, lang: Lang = "zh") -> str:
    """One HTML file: the answer, a picture, every route."""
    p, page = problem, Report(Text(f"巡回路线 {problem.name}", f"Rounds {problem.name}"), lang)
    page.words(plan.explain(lang))
    lines = [
        (a, b, 1.0)
        for day in plan.routes
        for route in day
        for a, b in zip([0, *route], [*route, 0], strict=True)
    ]
    points = list(zip(p.x.tolist(), p.y.tolist(), strict=True))
    picture = scatter(points, groups=[1] + [0] * (len(points) - 1), edges=lines)
    page.chart(picture, Text("全部路线；另一种颜色的点是车场。", "All routes and the depot."))
    page.table(HEAD, _lines(p, plan))
    return page.proof(plan, p).html()
