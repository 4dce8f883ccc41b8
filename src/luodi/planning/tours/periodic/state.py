"""Patterns and routes under construction, and cheap estimates of changing a pattern."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from .problem import PeriodicProblem, Routes

Day = list[list[int]]  # one day's routes: customers counted from 1


@dataclass(frozen=True, slots=True)
class Gaps:
    """Every place of a day where a visit could go: between ``before`` and ``after``, ``gap`` apart,
    in which route at which position; load and duration per route; the day's length."""

    before: NDArray[np.intp]
    after: NDArray[np.intp]
    gap: NDArray[np.float64]
    route: NDArray[np.intp]
    place: NDArray[np.intp]
    load: NDArray[np.float64]
    hours: NDArray[np.float64]
    length: float


class State:
    """Routes per day. A customer's pattern is the set of days on which a route visits it."""

    def __init__(self, problem: PeriodicProblem, days: list[Day]) -> None:
        self.p, self.days, self.far = problem, days, problem.far
        self.cache: list[Gaps | None] = [None] * problem.days

    @classmethod
    def empty(cls, problem: PeriodicProblem) -> State:
        return cls(problem, [[] for _ in range(problem.days)])

    def copy(self) -> State:
        """Shares the days, which :meth:`change` replaces and never alters."""
        twin = State(self.p, list(self.days))
        twin.cache = list(self.cache)
        return twin

    def patterns(self) -> list[tuple[int, ...]]:
        found: list[list[int]] = [[] for _ in self.p.patterns]
        for d, day in enumerate(self.days):
            for route in day:
                for c in route:
                    found[c - 1].append(d)
        return [tuple(f) for f in found]

    def length(self) -> float:
        return sum(self._day(d).length for d in range(self.p.days))

    def frozen(self) -> Routes:
        return tuple(tuple(tuple(r) for r in day if r) for day in self.days)

    def saving(self, c: int, day: int) -> float:
        """Distance won by leaving customer c out on a day."""
        for route in self.days[day]:
            if c in route:
                i = route.index(c)
                a = route[i - 1] if i else 0
                b = route[i + 1] if i + 1 < len(route) else 0
                return float(self.far[day, a, c] + self.far[day, c, b] - self.far[day, a, b])
        return 0.0

    def _day(self, day: int) -> Gaps:
        """Kept until the day changes. The last gap opens a new route if a vehicle is left."""
        known = self.cache[day]
        if known is None:
            p, routes = self.p, self.days[day]
            before = [x for r in routes for x in [0, *r]]
            after = [x for r in routes for x in [*r, 0]]
            route = [k for k, r in enumerate(routes) for _ in range(len(r) + 1)]
            place = [i for r in routes for i in range(len(r) + 1)]
            if len(routes) < p.vehicles:
                before, after = [*before, 0], [*after, 0]
                route, place = [*route, len(routes)], [*place, 0]
            a, b = np.array(before, dtype=np.intp), np.array(after, dtype=np.intp)
            gap = self.far[day, a, b]
            load, hours = np.zeros(len(routes) + 1), np.zeros(len(routes) + 1)
            np.add.at(hours, route, gap)
            for k, r in enumerate(routes):
                at = np.array(r, dtype=np.intp) - 1
                load[k] = p.demand[at].sum()
                hours[k] += p.service[at].sum()
            known = Gaps(
                a,
                b,
                gap,
                np.array(route, dtype=np.intp),
                np.array(place, dtype=np.intp),
                load,
                hours,
                float(gap.sum()),
            )
            self.cache[day] = known
        return known

    def cheapest(self, c: int, day: int) -> tuple[float, int, int]:
        """Least extra distance of visiting c on a day: (cost, route, position).

        What a route cannot carry, or has no time for, costs extra.
        """
        p = self.p
        g, own = self._day(day), self.far[day, c]
        if not len(g.gap):
            return np.inf, -1, 0
        more = own[g.before] + own[g.after] - g.gap
        fine = 5.0 * np.maximum(g.load + p.demand[c - 1] - p.capacity[day], 0.0)
        total = more + fine[g.route]
        if p.longest[day] < np.inf:
            late = g.hours[g.route] + more + p.service[c - 1] - p.longest[day]
            total = total + 5.0 * np.maximum(late, 0.0)
        k = int(total.argmin())
        return float(total[k]), int(g.route[k]), int(g.place[k])

    def change(self, c: int, new: tuple[int, ...]) -> None:
        """Give customer c another pattern, at the cheapest places of its new days."""
        old = [d for d, day in enumerate(self.days) if any(c in r for r in day)]
        for d in old:
            if d not in new:
                self.days[d] = [r for q in self.days[d] if (r := [x for x in q if x != c])]
                self.cache[d] = None
        for d in new:
            if d not in old:
                _, k, i = self.cheapest(c, d)
                day = [*self.days[d], []] if k == len(self.days[d]) else list(self.days[d])
                day[k] = [*day[k][:i], c, *day[k][i:]]
                self.days[d] = day
                self.cache[d] = None

    def delta(self, c: int, old: tuple[int, ...], new: tuple[int, ...]) -> float:
        gone = sum(self.saving(c, d) for d in old if d not in new)
        return sum(self.cheapest(c, d)[0] for d in new if d not in old) - gone


def excess(p: PeriodicProblem, loads: NDArray[np.float64]) -> float:
    """Demand beyond 97 % of what all vehicles of a day can carry, over all days."""
    room = 0.97 * p.vehicles * p.capacity
    return float(np.maximum(np.where(np.isfinite(room), loads - room, 0.0), 0.0).sum())


def day_loads(p: PeriodicProblem, patterns: list[tuple[int, ...]]) -> NDArray[np.float64]:
    loads = np.zeros(p.days)
    for c, days in enumerate(patterns):
        loads[list(days)] += p.demand[c]
    return loads


def balanced(state: State) -> None:
    """Other patterns at least distance, so that no day carries more than its vehicles can."""
    p, now = state.p, state.patterns()
    if excess(p, day_loads(p, now)) <= 0:
        return
    options = [(c, days) for c, all_days in enumerate(p.patterns) for days in all_days]
    cost = [0.0 if days == now[c] else state.delta(c + 1, now[c], days) for c, days in options]
    n, top = len(options), max(map(abs, cost)) + 1.0
    take = np.zeros((len(p.patterns), n + p.days))
    load = np.zeros((p.days, n + p.days))
    for j, (c, days) in enumerate(options):
        take[c, j] = 1.0
        load[list(days), j] = p.demand[c]
    load[:, n:] = -np.eye(p.days)
    room = np.where(np.isfinite(p.capacity), 0.97 * p.vehicles * p.capacity, np.inf)
    answer = milp(
        np.concatenate([np.array(cost), np.full(p.days, top)]),
        integrality=np.concatenate([np.ones(n), np.zeros(p.days)]),
        bounds=Bounds(0, np.concatenate([np.ones(n), np.full(p.days, np.inf)])),
        constraints=[LinearConstraint(take, 1, 1), LinearConstraint(load, -np.inf, room)],
        options={"time_limit": 5.0, "mip_rel_gap": 0.01},
    )
    if answer.x is not None:
        for j in np.flatnonzero(answer.x[:n] > 0.5).tolist():
            c, days = options[j]
            if days != now[c]:
                state.change(c + 1, days)


def first_state(problem: PeriodicProblem, seed: int, taste: float = 0.0) -> State:
    """Customers in random order (the often visited first), each on its cheapest pattern.

    ``taste`` makes some patterns dearer than others by chance: good plans may crowd the same few
    days and leave others light, and small steps do not find that out.
    """
    rng = np.random.default_rng(seed)
    state = State.empty(problem)
    often = np.array([len(p[0]) for p in problem.patterns])
    kinds = sorted({days for options in problem.patterns for days in options})
    dear = dict(zip(kinds, rng.uniform(1 - taste, 1 + taste, len(kinds)).tolist(), strict=True))
    order = np.lexsort((rng.random(len(often)), -often))
    for c in (order + 1).tolist():
        new = min(
            problem.patterns[c - 1],
            key=lambda days: dear[days] * sum(state.cheapest(c, d)[0] for d in days),
        )
        state.change(c, new)
    balanced(state)
    return state
