"""What the 15-minute circle is asked of: streets, places, people, and perhaps where to build."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from ..core import BadData, Floats, Ints
from .access import FLAT_KMH, MODES, Mode, between, connect
from .network import Network, Snapped, snap
from .siting import GOALS, Goal, SitingProblem


@dataclass(frozen=True, kw_only=True)
class Places:
    """``kind``: position in the problem's kinds; ``capacity`` in any unit, e.g. users at once."""

    names: tuple[str, ...]
    kind: Ints
    lon: Floats
    lat: Floats
    capacity: Floats


@dataclass(frozen=True, kw_only=True)
class People:
    """Where people live: grid cells or buildings. ``count``: n × groups; ``area``: n positions in
    ``areas`` (villages, communities)."""

    lon: Floats
    lat: Floats
    area: Ints
    areas: tuple[str, ...]
    count: Floats
    groups: tuple[str, ...]

    @property
    def total(self) -> Floats:
        return np.asarray(self.count.sum(axis=1))


@dataclass(frozen=True, kw_only=True)
class Siting:
    """Where to build: ``kind`` of place, ``goal``, up to ``count`` and/or ``budget`` of ``cost``.

    ``group``: whom it is for (position in the groups; ``None``: everyone). ``target``: capacity per
    head that counts as enough (catchment goal).
    """

    kind: int
    goal: Goal
    names: tuple[str, ...]
    lon: Floats
    lat: Floats
    cost: Floats
    capacity: Floats
    count: int | None = None
    budget: float | None = None
    group: int | None = None
    target: float = 1.0


@dataclass(frozen=True, kw_only=True)
class ReachProblem:
    """``limit_minutes``: per kind, what counts as reached. ``horizon_minutes``: beyond it a place
    counts as not reachable at all. ``flat_kmh``: speed of the mode on level ground."""

    network: Network
    places: Places
    people: People
    kinds: tuple[str, ...]
    limit_minutes: Floats
    mode: Mode = "walk"
    flat_kmh: float = 0.0
    horizon_minutes: float = 60.0
    siting: Siting | None = None

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise BadData("出行方式应为步行或骑行。", "The mode must be walk or cycle.")
        if not self.flat_kmh:
            object.__setattr__(self, "flat_kmh", FLAT_KMH[self.mode])
        if not 0.5 <= self.flat_kmh <= 60:
            raise BadData("平路速度不合理。", "The flat speed is not plausible.")
        if len(self.limit_minutes) != len(self.kinds) or not len(self.kinds):
            raise BadData("每类设施要有时限。", "Every kind of place needs its minutes.")
        if self.horizon_minutes < self.limit_minutes.max():
            raise BadData("搜索范围小于时限。", "The horizon is below a limit.")
        p = self.people
        if not len(p.lon) or p.count.shape != (len(p.lon), len(p.groups)) or p.count.min() < 0:
            raise BadData("人口数据不完整或为负。", "People are missing or negative.")
        if not p.total.sum():
            raise BadData("没有人口。", "There are no people.")
        for lon, lat in ((p.lon, p.lat), (self.places.lon, self.places.lat)):
            if len(lon) and not (np.abs(lon).max() <= 180 and np.abs(lat).max() <= 90):
                raise BadData("经纬度超出范围。", "Longitude or latitude is out of range.")
        if self.siting is not None and self.siting.goal not in GOALS:
            raise BadData("选址目标未知。", "Unknown goal of siting.")

    def way(self, at: Snapped) -> Floats:
        """Minutes from points to their street node, straight and on level ground."""
        return at.metres / (self.flat_kmh * 1000 / 60)

    @cached_property
    def homes(self) -> Snapped:
        return snap(self.network, self.mode, self.people.lon, self.people.lat)

    @cached_property
    def graph(self) -> csr_array:
        """Street nodes, then places, then candidate sites (see ``access.connect``)."""
        sites = self.siting
        lon = np.concatenate([self.places.lon, sites.lon if sites else np.zeros(0)])
        lat = np.concatenate([self.places.lat, sites.lat if sites else np.zeros(0)])
        minutes = self.network.minutes(self.mode, self.flat_kmh)
        if not len(lon):
            return minutes
        at = snap(self.network, self.mode, lon, lat)
        return connect(minutes, at.node, self.way(at))

    def sources(self, kind: int) -> Ints:
        """Graph nodes of the places of a kind."""
        return len(self.network.lon) + np.flatnonzero(self.places.kind == kind)

    @property
    def candidates(self) -> Ints:
        """Graph nodes of the candidate sites."""
        first = len(self.network.lon) + len(self.places.lon)
        return first + np.arange(len(self.siting.lon) if self.siting else 0)


def siting_problem(problem: ReachProblem) -> SitingProblem:
    """Demand points × (existing places of the kind, then candidates), in minutes."""
    wish = problem.siting
    assert wish is not None
    p = problem.people
    weight = p.total if wish.group is None else p.count[:, wish.group]
    living = np.flatnonzero(weight > 0)
    old = problem.sources(wish.kind)
    sources = np.concatenate([old, problem.candidates])
    limit = float(problem.limit_minutes[wish.kind])
    reach = limit if wish.goal in ("cover", "catchment") else problem.horizon_minutes
    way = problem.way(problem.homes)[living]
    new = len(problem.candidates)
    kept = problem.places.capacity[problem.places.kind == wish.kind]
    return SitingProblem(
        people=weight[living],
        minutes=between(problem.graph, sources, problem.homes.node[living], way, reach),
        goal=wish.goal,
        count=wish.count,
        budget=wish.budget,
        limit=limit,
        unreachable=problem.horizon_minutes,
        target=wish.target,
        existing=np.arange(len(sources)) < len(old),
        cost=np.concatenate([np.zeros(len(old)), wish.cost]),
        capacity=np.concatenate([kept, wish.capacity]) if new else kept,
    )
