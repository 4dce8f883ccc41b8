"""Published instances: OR-Library's ``pmed`` and ``cap`` files, TSPLIB's points.

``pmed``: Beasley (1985), European Journal of Operational Research 21, 270–273: nodes, edges and p,
then the edges; of an edge given twice the last counts; every node is a customer and a site.
``cap``: see ``warehouses.py``; the word “capacity” in place of a number means none.
TSPLIB: Reinelt (1991), ORSA Journal on Computing 3, 376–384; every point is a customer and a site,
as in the literature on p-median and p-centre, where distances are not rounded.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial.distance import cdist

from ...core import BadData, Lang, Text
from ...report import Report
from ...tables import OutSheet, write_workbook
from .plan import SitingPlan, open_sites
from .problem import Goal, SitingProblem
from .warehouses import WarehousePlan, WarehouseProblem


def read_problem(
    path: str | Path, *, count: int | None = None, goal: Goal | None = None
) -> SitingProblem | WarehouseProblem:
    """``count`` and ``goal`` (median if not given) instead of the file's own.

    Raises :class:`BadData`.
    """
    path = Path(path)
    words = _text(path)
    if "NODE_COORD_SECTION" in words:
        return read_tsplib(path, count, goal or "median")
    if len(words.strip().split("\n", 1)[0].split()) == 2:
        return read_cap(path)
    problem = read_pmed(path, goal or "median")
    return problem if count is None else replace(problem, count=count)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise BadData(Text(f"无法读取“{path}”。", f"“{path}” cannot be read.")) from error


def read_tsplib(path: str | Path, count: int | None, goal: Goal = "median") -> SitingProblem:
    """Points in the plane (``EUC_2D``). Raises :class:`BadData`."""
    path = Path(path)
    if count is None:
        words = Text("点的文件不带数量，请用 --count 给出。", "Give the number of sites: --count.")
        raise BadData(words)
    head, _, body = _text(path).partition("NODE_COORD_SECTION")
    if not re.search(r"EDGE_WEIGHT_TYPE\s*:\s*EUC_2D", head):
        words = Text("只读平面直线距离（EUC_2D）的点。", "Only points with EUC_2D distances.")
        raise BadData(words)
    try:
        rows = [line.split() for line in body.split("EOF")[0].splitlines() if line.strip()]
        points = np.array([[float(x), float(y)] for _, x, y in rows]).reshape(-1, 2)
    except ValueError as error:
        raise BadData(
            Text(f"“{path.name}”的坐标读不懂。", f"“{path.name}”: the points are unreadable.")
        ) from error
    if not 0 < count <= len(points):
        raise BadData(Text("数量不合理。", "The number of sites is out of range."))
    far = cdist(points, points)
    return SitingProblem(
        people=np.ones(len(points)),
        minutes=far,
        goal=goal,
        count=count,
        unreachable=float(far.max()) + 1.0,
    )


def read_cap(path: str | Path) -> WarehouseProblem:
    """Warehouses with fixed costs. Raises :class:`BadData`."""
    path = Path(path)
    try:
        words = [np.inf if w == "capacity" else float(w) for w in _text(path).split()]
        m, n = int(words[0]), int(words[1])
        sites = np.array(words[2 : 2 + 2 * m]).reshape(m, 2)
        customers = np.array(words[2 + 2 * m :]).reshape(n, 1 + m)
    except (ValueError, IndexError) as error:
        raise BadData(
            Text(f"“{path.name}”不是 cap 文件。", f"“{path.name}” is no cap file.")
        ) from error
    return WarehouseProblem(
        capacity=sites[:, 0], fixed=sites[:, 1], demand=customers[:, 0], delivery=customers[:, 1:]
    )


def read_pmed(path: str | Path, goal: Goal = "median") -> SitingProblem:
    """``goal`` may also be "centre": the same files serve both."""
    path = Path(path)
    try:
        words = _text(path).split()
        n, m, p = (int(w) for w in words[:3])
        edges = np.array(words[3 : 3 + 3 * m], dtype=float).reshape(m, 3)
        a, b = edges[:, 0].astype(np.intp) - 1, edges[:, 1].astype(np.intp) - 1
        far = np.full((n, n), np.inf)
        for i, j, length in zip(a.tolist(), b.tolist(), edges[:, 2].tolist(), strict=True):
            far[i, j] = far[j, i] = length
    except (ValueError, IndexError) as error:
        raise BadData(
            Text(f"“{path.name}”不是 pmed 文件。", f"“{path.name}” is no pmed file.")
        ) from error
    if min(a.min(initial=0), b.min(initial=0), n - 1) < 0 or not 0 < p <= n:
        raise BadData(Text("节点或数量不合理。", "A node or the number p is out of range."))
    rows, columns = np.nonzero(np.isfinite(far))
    minutes = dijkstra(csr_array((far[rows, columns], (rows, columns)), shape=(n, n)))
    reached = minutes[np.isfinite(minutes)]
    return SitingProblem(
        people=np.ones(n),
        minutes=minutes,
        goal=goal,
        count=p,
        unreachable=float(reached.max(initial=0.0)) + 1.0,
    )


HEAD = (
    Text("新建点", "site"),
    Text("服务的需求点", "points served"),
    Text("平均距离", "mean distance"),
    Text("最远距离", "largest distance"),
)
WAREHOUSE_HEAD = (
    Text("仓库", "warehouse"),
    Text("固定费用", "fixed cost"),
    Text("配送费用", "delivery cost"),
    Text("供货量", "delivered"),
    Text("服务的客户", "customers"),
)
AnyProblem = SitingProblem | WarehouseProblem
AnyPlan = SitingPlan | WarehousePlan


def _table(problem: Any, plan: AnyPlan) -> tuple[tuple[Text, ...], list[list[Any]]]:
    if isinstance(plan, SitingPlan):
        return HEAD, _lines(problem, plan)
    paid, got = (problem.delivery * plan.share).sum(axis=0), problem.demand @ plan.share
    served = (plan.share > 1e-9).sum(axis=0)
    return WAREHOUSE_HEAD, [
        [int(s) + 1, float(problem.fixed[s]), float(paid[s]), float(got[s]), int(served[s])]
        for s in plan.opened
    ]


def _lines(problem: SitingProblem, plan: SitingPlan) -> list[list[Any]]:
    sites = open_sites(problem, plan.chosen)
    far = problem.dense(problem.unreachable)[:, sites]
    who, best = far.argmin(axis=1), far.min(axis=1)
    mine = [best[who == k] for k in range(len(sites))]
    return [
        [int(s) + 1, len(d), float(d.mean()) if len(d) else None, float(d.max(initial=0.0))]
        for s, d in zip(sites, mine, strict=True)
    ]


def write_plan(path: str | Path, problem: AnyProblem, plan: AnyPlan, lang: Lang = "zh") -> None:
    """One row per open site, numbered from 1."""
    title = Text("选址", "sites").say(lang)
    head, lines = _table(problem, plan)
    write_workbook(path, [OutSheet(title, [h.say(lang) for h in head], lines)])


def report(problem: AnyProblem, plan: AnyPlan, lang: Lang = "zh") -> str:
    """One HTML file."""
    page = Report(Text("选址", "Siting"), lang).words(plan.explain(lang))
    return page.table(*_table(problem, plan)).proof(plan, problem).html()
