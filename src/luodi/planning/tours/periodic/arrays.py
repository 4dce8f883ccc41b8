"""The flat arrays that the compiled search works on, from a state and back to one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .problem import PeriodicProblem
from .state import State

Floats = NDArray[np.float64]
Numbers = NDArray[np.int32]
Marks = NDArray[np.int64]


class Data(NamedTuple):
    """Customers count from 1; a route's number is day × vehicles + vehicle. ``far`` holds the depots
    too: ``home`` is each day's, which is 0 unless the days have depots of their own."""

    far: Floats
    home: Numbers
    demand: Floats
    service: Floats
    capacity: Floats
    longest: Floats
    patterns: NDArray[np.bool_]  # customer, option, day
    options: Numbers
    near: Numbers
    vehicles: int


class Routes(NamedTuple):
    """Stops of each route, how many they are, load, distance, time, the number of its last change;
    each customer's route a day."""

    stops: Numbers
    size: Numbers
    load: Floats
    length: Floats
    time: Floats
    mark: Marks
    at: Numbers


class Memo(NamedTuple):
    """The least extra distance of each customer in each route and its place, as found when the
    route bore ``mark``. Most routes do not change between two looks at them. ``last``: newest mark.
    """

    more: Floats
    place: Numbers
    mark: Marks
    last: Marks


def data_of(p: PeriodicProblem) -> Data:
    n = len(p.patterns)
    patterns = np.zeros((n + 1, max(map(len, p.patterns)), p.days), dtype=np.bool_)
    for c, options in enumerate(p.patterns, start=1):
        for k, days in enumerate(options):
            patterns[c, k, list(days)] = True
    near = np.zeros((n + 1, n), dtype=np.int32)
    near[1:] = np.argsort(p.distance[1:, 1:], axis=1) + 1
    far, home = _nodes(p)
    return Data(
        far,
        home,
        np.append(0.0, p.demand),
        np.append(0.0, p.service),
        np.asarray(p.capacity, dtype=np.float64),
        np.asarray(p.longest, dtype=np.float64),
        patterns,
        np.array([0, *map(len, p.patterns)], dtype=np.int32),
        near,
        p.vehicles,
    )


def _nodes(p: PeriodicProblem) -> tuple[Floats, Numbers]:
    """Distances between customers and depots, and the depot of each day."""
    if p.homes is None:
        return np.ascontiguousarray(p.distance), np.zeros(p.days, dtype=np.int32)
    n, more = len(p.x), p.days - 1
    far, home = np.zeros((n + more, n + more)), np.array([0, *range(n, n + more)], dtype=np.int32)
    far[:n, :n] = p.distance
    far[home, 1:n] = p.homes[:, 1:]
    far[1:n, home] = p.homes[:, 1:].T
    return far, home


def routes_of(p: PeriodicProblem, state: State) -> Routes:
    n, many = len(p.patterns), p.days * p.vehicles
    stops, size = np.zeros((many, n + 1), dtype=np.int32), np.zeros(many, dtype=np.int32)
    load, length, time = np.zeros(many), np.zeros(many), np.zeros(many)
    at = np.full((n + 1, p.days), -1, dtype=np.int32)
    for d, day in enumerate(state.days):
        for k, route in enumerate(r for r in day if r):
            r, who = d * p.vehicles + k, np.array(route)
            stops[r, : len(who)], size[r], at[who, d] = who, len(who), r
            load[r] = p.demand[who - 1].sum()
            way = np.array([0, *route, 0])
            length[r] = p.far[d, way[:-1], way[1:]].sum()
            time[r] = length[r] + p.service[who - 1].sum()
    return Routes(stops, size, load, length, time, np.zeros(many, dtype=np.int64), at)


def state_of(p: PeriodicProblem, routes: Routes) -> State:
    days: list[list[list[int]]] = [[] for _ in range(p.days)]
    for r in np.flatnonzero(routes.size).tolist():
        days[r // p.vehicles].append(routes.stops[r, : routes.size[r]].tolist())
    return State(p, days)


def twin(routes: Routes) -> Routes:
    return Routes._make(a.copy() for a in routes)
