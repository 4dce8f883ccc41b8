"""DIMACS minimum-cost flow files, the answer as a workbook and a page.

Format of the First DIMACS Implementation Challenge (1990–91): ``p min NODES ARCS``, ``n ID FLOW``,
``a FROM TO LOW CAPACITY COST``, comments ``c``. A transportation or assignment problem is a
network without nodes between.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ...core import BadData, Lang, Text
from ...report import Report
from ...tables import OutSheet, write_workbook
from .flow import FlowPlan, FlowProblem

SHOWN = 200  # arcs in a report


def read_problem(path: str | Path) -> FlowProblem:
    """Raises :class:`BadData` with the line."""
    path = Path(path)
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise BadData(Text(f"无法读取“{path}”。", f"“{path}” cannot be read.")) from error
    size: list[int] = []
    nodes: list[list[int]] = []
    arcs: list[list[int]] = []
    width = {"n": (nodes, 2), "a": (arcs, 5)}
    for number, line in enumerate(lines, start=1):
        words = line.split()
        try:
            if words[:2] == ["p", "min"]:
                size = [int(w) for w in words[2:]]
            elif words and words[0] in width:
                rows, wanted = width[words[0]]
                rows.append([int(w) for w in words[1:]])
                if len(rows[-1]) != wanted:
                    raise ValueError(line)
        except ValueError:
            zh, en = f"“{path.name}”第 {number} 行读不懂。", f"“{path.name}”: line {number}."
            raise BadData(Text(zh, en)) from None
    if len(size) != 2 or size[1] != len(arcs):
        raise BadData(
            Text(
                f"“{path.name}”没有 p min 行，或弧数不符。",
                f"“{path.name}” has no “p min” line, or another number of arcs.",
            )
        )
    table = np.array(arcs, dtype=np.int64).reshape(-1, 5).T
    supply = np.zeros(size[0], dtype=np.int64)
    for node, units in nodes:
        if not 1 <= node <= size[0]:
            raise BadData(Text(f"没有节点 {node}。", f"There is no node {node}."))
        supply[node - 1] = units
    tail, head, low, high, cost = table
    return FlowProblem(supply=supply, tail=tail - 1, head=head - 1, low=low, high=high, cost=cost)


HEAD = (
    Text("从", "from"),
    Text("到", "to"),
    Text("流量", "flow"),
    Text("单位费用", "unit cost"),
    Text("费用", "cost"),
)


def _lines(problem: FlowProblem, plan: FlowPlan, most: int | None = None) -> list[list[Any]]:
    used = np.flatnonzero(plan.flow > 0)[:most]
    return [
        [int(v) for v in row]
        for row in zip(
            problem.tail[used] + 1,
            problem.head[used] + 1,
            plan.flow[used],
            problem.cost[used],
            plan.flow[used] * problem.cost[used],
            strict=True,
        )
    ]


def write_plan(path: str | Path, problem: FlowProblem, plan: FlowPlan, lang: Lang = "zh") -> None:
    """One row per arc that is used, nodes numbered from 1."""
    title = Text("流量", "flow").say(lang)
    write_workbook(path, [OutSheet(title, [h.say(lang) for h in HEAD], _lines(problem, plan))])


def report(problem: FlowProblem, plan: FlowPlan, lang: Lang = "zh") -> str:
    """One HTML file."""
    page = Report(Text("最小费用流", "Minimum-cost flow"), lang).words(plan.explain(lang))
    used = int((plan.flow > 0).sum())
    if used > SHOWN:
        zh, en = f"下面是前 {SHOWN} 条，全部见 Excel。", f"The first {SHOWN}; all in the workbook."
        page.words(Text(zh, en))
    return page.table(HEAD, _lines(problem, plan, SHOWN)).proof(plan, problem).html()
