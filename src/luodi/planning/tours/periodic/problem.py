"""The periodic vehicle routing problem: who is visited on which of several patterns of days.

Beltrami and Bodin (1974), Networks 4, 65–94. Instances in the format of Cordeau, Gendreau and
Laporte (1997), Networks 30, 105–119.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...core import BadData, Lang, Plan, Text, Violation

Floats = NDArray[np.float64]
Routes = tuple[tuple[tuple[int, ...], ...], ...]  # per day, per vehicle: customers in order


@dataclass(frozen=True, kw_only=True)
class PeriodicProblem:
    """``x``, ``y``: the depot, then n customers. ``service``, ``demand``: per customer and visit.
    ``patterns``: per customer, the allowed sets of days. ``vehicles`` per day; ``longest``,
    ``capacity`` per day (infinity if unlimited), travel time being the straight distance."""

    x: Floats
    y: Floats
    service: Floats
    demand: Floats
    patterns: tuple[tuple[tuple[int, ...], ...], ...]
    vehicles: int
    longest: Floats
    capacity: Floats
    name: str = ""

    def __post_init__(self) -> None:
        n = len(self.x) - 1
        if min(n, self.vehicles, self.days) < 1 or len(self.patterns) != n:
            raise BadData(Text("数据不完整。", "The instance is incomplete."))
        if any(not p for p in self.patterns):
            raise BadData(Text("有客户没有可选日期。", "A customer has no pattern of days."))

    @property
    def days(self) -> int:
        return len(self.longest)

    @cached_property
    def distance(self) -> Floats:
        return np.asarray(np.hypot(self.x[:, None] - self.x, self.y[:, None] - self.y))


@dataclass(frozen=True, kw_only=True)
class PeriodicPlan(Plan[PeriodicProblem]):
    """Routes per day; customers count from 1. The objective is the total distance."""

    routes: Routes

    def check(self, problem: PeriodicProblem) -> list[Violation]:
        p, found = problem, []
        far, total = p.distance, 0.0
        days: list[list[int]] = [[] for _ in p.patterns]
        for d, day in enumerate(self.routes):
            used = [r for r in day if r]
            if len(used) > p.vehicles:
                over = float(len(used) - p.vehicles)
                found.append(Violation(Text("车辆数", "vehicles"), over, f"{d + 1}"))
            for route in used:
                stops = np.array([0, *route, 0])
                length = float(far[stops[:-1], stops[1:]].sum())
                total += length
                load = float(p.demand[stops[1:-1] - 1].sum())
                hours = length + float(p.service[stops[1:-1] - 1].sum())
                if load > p.capacity[d] + 1e-6:
                    over = float(load - p.capacity[d])
                    found.append(Violation(Text("载量", "capacity"), over, f"{d + 1}"))
                if hours > p.longest[d] + 1e-6:
                    over = float(hours - p.longest[d])
                    found.append(Violation(Text("路线时长", "route duration"), over, f"{d + 1}"))
                for c in route:
                    days[c - 1].append(d)
        for c, visited in enumerate(days):
            if tuple(sorted(visited)) not in p.patterns[c]:
                found.append(Violation(Text("到访日期", "days of visits"), 1, f"{c + 1}"))
        if abs(total - self.objective) > 1e-6 * max(1.0, total):
            found.append(Violation(Text("目标值", "objective"), self.objective - total))
        return found

    def explain(self, lang: Lang = "zh") -> str:
        n = sum(len(r) for day in self.routes for r in day)
        return Text(
            f"{len(self.routes)} 天共到访 {n} 次，总路程 {self.objective:,.2f}；没有可证明的下限。",
            f"{n} visits on {len(self.routes)} days, {self.objective:,.2f} in all; no bound.",
        ).say(lang)


def read_cordeau(path: str | Path) -> PeriodicProblem:
    """Read a PVRP file (type 1). A limit of 0 means none. Raises :class:`BadData`."""
    path = Path(path)
    try:
        rows = [[float(w) for w in r.split()] for r in path.read_text().splitlines() if r.strip()]
        kind, vehicles, n, days = (int(v) for v in rows[0][:4])
        limits = np.array([r[:2] for r in rows[1 : days + 1]])
        nodes = sorted(rows[days + 1 : days + n + 2], key=lambda r: r[0])
    except (OSError, ValueError, IndexError) as error:
        raise BadData(
            Text(f"“{path.name}”不是 PVRP 文件。", f"“{path.name}” is no PVRP file.")
        ) from error
    if kind != 1 or len(nodes) != n + 1:
        raise BadData(Text("只支持单站点 PVRP。", "Only the PVRP with one depot is read."))
    caps = np.where(limits > 0, limits, np.inf)
    patterns = tuple(
        tuple(_days(int(code), days) for code in r[7 : 7 + int(r[6])]) for r in nodes[1:]
    )
    return PeriodicProblem(
        x=np.array([r[1] for r in nodes]),
        y=np.array([r[2] for r in nodes]),
        service=np.array([r[3] for r in nodes[1:]]),
        demand=np.array([r[4] for r in nodes[1:]]),
        patterns=patterns,
        vehicles=vehicles,
        longest=caps[:, 0],
        capacity=caps[:, 1],
        name=path.name,
    )


def _days(code: int, days: int) -> tuple[int, ...]:
    """Days of a pattern: the bits of ``code``, the first day being the highest."""
    return tuple(d for d in range(days) if code >> (days - 1 - d) & 1)
