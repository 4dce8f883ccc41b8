"""Published instances of p-median and p-centre: OR-Library's ``pmed`` files.

Beasley (1985), European Journal of Operational Research 21, 270–273: nodes, edges and p, then the
edges; of an edge given twice the last counts; every node is a customer and a site.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from ...core import BadData, Lang, Text
from ...report import Report
from ...tables import OutSheet, write_workbook
from .plan import SitingPlan, open_sites
from .problem import Goal, SitingProblem


def read_problem(path: str | Path) -> SitingProblem:
    """A p-median problem. Raises :class:`BadData`."""
    return read_pmed(path)


def read_pmed(path: str | Path, goal: Goal = "median") -> SitingProblem:
    """``goal`` may also be "centre": the same files serve both."""
    path = Path(path)
    try:
        words = path.read_text(encoding="utf-8", errors="replace").split()
        n, m, p = (int(w) for w in words[:3])
        edges = np.array(words[3 : 3 + 3 * m], dtype=float).reshape(m, 3)
        a, b = edges[:, 0].astype(np.intp) - 1, edges[:, 1].astype(np.intp) - 1
        far = np.full((n, n), np.inf)
        for i, j, length in zip(a.tolist(), b.tolist(), edges[:, 2].tolist(), strict=True):
            far[i, j] = far[j, i] = length
    except (OSError, ValueError, IndexError) as error:
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


def _lines(problem: SitingProblem, plan: SitingPlan) -> list[list[Any]]:
    sites = open_sites(problem, plan.chosen)
    far = problem.dense(problem.unreachable)[:, sites]
    who, best = far.argmin(axis=1), far.min(axis=1)
    mine = [best[who == k] for k in range(len(sites))]
    return [
        [int(s) + 1, len(d), float(d.mean()) if len(d) else None, float(d.max(initial=0.0))]
        for s, d in zip(sites, mine, strict=True)
    ]


def write_plan(
    path: str | Path, problem: SitingProblem, plan: SitingPlan, lang: Lang = "zh"
) -> None:
    """One row per open site, numbered from 1."""
    title = Text("选址", "sites").say(lang)
    write_workbook(path, [OutSheet(title, [h.say(lang) for h in HEAD], _lines(problem, plan))])


def report(problem: SitingProblem, plan: SitingPlan, lang: Lang = "zh") -> str:
    """One HTML file."""
    page = Report(Text("选址", "Siting"), lang).words(plan.explain(lang))
    return page.table(HEAD, _lines(problem, plan)).proof(plan, problem).html()
