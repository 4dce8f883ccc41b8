"""Published instances: Cordeau's files, and VRPLIB / TSPLIB.

Cordeau, Gendreau and Laporte (1997), Networks 30, 105–119: the first number tells the kind. Of
those, 0 (one day), 1 (periodic) and 2 (several depots) are read here.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import vrplib

from ...core import BadData, Text
from .problem import PeriodicProblem

KINDS = (0, 1, 2)


def read_problem(path: str | Path) -> PeriodicProblem:
    """Either format, told by its content. Raises :class:`BadData`."""
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise BadData(Text(f"无法读取“{path}”。", f"“{path}” cannot be read.")) from error
    return read_vrplib(path) if "SECTION" in text.upper() else read_cordeau(path)


def read_cordeau(path: str | Path) -> PeriodicProblem:
    """A limit of 0 means none. With several depots, each day of the problem stands for one."""
    path = Path(path)
    try:
        rows = [[float(w) for w in r.split()] for r in path.read_text().splitlines() if r.strip()]
        kind, vehicles, n, days = (int(v) for v in rows[0][:4])
        limits = np.array([r[:2] for r in rows[1 : days + 1]])
        nodes = rows[days + 1 :]
        if kind not in KINDS or len(nodes) != n + (days if kind == 2 else 1):
            raise BadData(
                Text(
                    f"“{path.name}”不是可读的算例（应为 0、1 或 2 型，共 {n} 个客户）。",
                    f"“{path.name}” is no instance of kind 0, 1 or 2 with {n} customers.",
                )
            )
        depots, nodes = (nodes[n:], nodes[:n]) if kind == 2 else (nodes[:1], nodes[1:])
        nodes = sorted(nodes, key=lambda r: r[0])
        coded = [[int(code) for code in r[7 : 7 + int(r[6])]] for r in nodes]
        demand = np.array([r[4] for r in nodes])
    except (OSError, ValueError, IndexError) as error:
        raise BadData(
            Text(f"“{path.name}”不是 PVRP 文件。", f"“{path.name}” is no PVRP file.")
        ) from error
    caps = np.where(limits > 0, limits, np.inf)
    every = tuple((d,) for d in range(days))
    x, y = (np.array([depots[0][k], *(r[k] for r in nodes)]) for k in (1, 2))
    return PeriodicProblem(
        x=x,
        y=y,
        service=np.array([r[3] for r in nodes]),
        demand=demand,
        patterns=tuple(
            tuple(_days(code, days) for code in codes) if kind == 1 else every for codes in coded
        ),
        vehicles=vehicles,
        longest=caps[:, 0],
        capacity=caps[:, 1],
        name=path.name,
        homes=np.array([np.hypot(x - r[1], y - r[2]) for r in depots]) if kind == 2 else None,
    )


def _days(code: int, days: int) -> tuple[int, ...]:
    """Days of a pattern: the bits of ``code``, the first day being the highest."""
    return tuple(d for d in range(days) if code >> (days - 1 - d) & 1)


def read_vrplib(path: str | Path) -> PeriodicProblem:
    """One day of a TSP or a capacitated VRP, distances rounded as the format says."""
    path = Path(path)
    try:
        found = vrplib.read_instance(path)
        matrix = np.rint(np.asarray(found["edge_weight"], dtype=float))
    except (OSError, ValueError, KeyError, IndexError, RuntimeError) as error:
        raise BadData(
            Text(f"“{path.name}”不是可读的 VRPLIB 文件。", f"“{path.name}” is no VRPLIB file.")
        ) from error
    kind = str(found.get("type", "CVRP")).upper()
    if kind not in ("TSP", "ATSP", "CVRP", "VRP", "ACVRP", "DVRP", "DCVRP"):
        raise BadData(Text(f"不支持“{kind}”类型。", f"The type “{kind}” is not read."))
    n = len(matrix) - 1
    at = np.asarray(found.get("node_coord", np.zeros((n + 1, 2))), dtype=float)
    tsp = kind in ("TSP", "ATSP")
    return PeriodicProblem(
        x=at[:, 0],
        y=at[:, 1],
        service=np.full(n, float(found.get("service_time", 0.0))),
        demand=np.asarray(found.get("demand", np.zeros(n + 1)), dtype=float)[1:],
        patterns=(((0,),),) * n,
        vehicles=1 if tsp else int(found.get("vehicles", n)),
        longest=np.array([float(found.get("distance", np.inf))]),
        capacity=np.array([float(found.get("capacity", np.inf))]),
        name=path.name,
        matrix=matrix,
    )
