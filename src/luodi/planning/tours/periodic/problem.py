"""The periodic vehicle routing problem: who is visited on which of several patterns of days.

Beltrami and Bodin (1974), Networks 4, 65–94.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ...core import BadData, Lang, Plan, Text, Violation

Floats = NDArray[np.float64]
Routes = tuple[tuple[tuple[int, ...], ...], ...]  # per day, per vehicle: customers in order


@dataclass(frozen=True, kw_only=True)
class PeriodicProblem:
    """``x``, ``y``: the depot, then n customers. ``service``, ``demand``: per customer and visit.
    ``patterns``: per customer, the allowed sets of days. ``vehicles`` per day; ``longest``,
    ``capacity`` per day (infinity if unlimited). ``matrix``: travel times if they are not the
    straight distances; ``homes``: days × (n + 1) travel times from the depot of each day where the
    days have depots of their own (a day then stands for a depot)."""

    x: Floats
    y: Floats
    service: Floats
    demand: Floats
    patterns: tuple[tuple[tuple[int, ...], ...], ...]
    vehicles: int
    longest: Floats
    capacity: Floats
    name: str = ""
    matrix: Floats | None = None
    homes: Floats | None = None

    def __post_init__(self) -> None:
        n = len(self.x) - 1
        if min(n, self.vehicles, self.days) < 1 or len(self.patterns) != n:
            raise BadData(Text("数据不完整。", "The instance is incomplete."))
        numbers = (self.x, self.y, self.service, self.demand)
        if not all(np.isfinite(a).all() for a in numbers) or min(self.demand.min(), 0) < 0:
            raise BadData(Text("坐标和数量应为有限的数。", "Places and demands must be finite."))
        if any(not p for p in self.patterns):
            raise BadData(Text("有客户没有可选日期。", "A customer has no pattern of days."))

    @property
    def days(self) -> int:
        return len(self.longest)

    @cached_property
    def distance(self) -> Floats:
        if self.matrix is not None:
            return self.matrix
        return np.asarray(np.hypot(self.x[:, None] - self.x, self.y[:, None] - self.y))

    @cached_property
    def far(self) -> Floats:
        """days × (n + 1) × (n + 1) distances."""
        n = len(self.x)
        if self.homes is None:
            return np.broadcast_to(self.distance, (self.days, n, n))
        far = np.repeat(self.distance[None], self.days, axis=0)
        far[:, 0, :], far[:, :, 0] = self.homes, self.homes
        far[:, 0, 0] = 0.0  # a vehicle that stays at home, wherever that is
        return far


@dataclass(frozen=True, kw_only=True)
class PeriodicPlan(Plan[PeriodicProblem]):
    """Routes per day; customers count from 1. The objective is the total distance."""

    routes: Routes

    def check(self, problem: PeriodicProblem) -> list[Violation]:
        p, found = problem, []
        total = 0.0
        days: list[list[int]] = [[] for _ in p.patterns]
        for d, day in enumerate(self.routes):
            used = [r for r in day if r]
            if len(used) > p.vehicles:
                over = float(len(used) - p.vehicles)
                found.append(Violation(Text("车辆数", "vehicles"), over, f"{d + 1}"))
            for route in used:
                stops = np.array([0, *route, 0])
                length = float(p.far[d, stops[:-1], stops[1:]].sum())
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
