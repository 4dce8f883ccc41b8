"""One PyVRP model for all days at once: a profile per kind of day, no copies of a visit.

A visit that may take place on one day only is forbidden (by distance) to the other days'
vehicles; a visit that is free between days is an ordinary client. Days that no visit tells apart
share one kind of vehicle, so that wholly interchangeable days collapse to one CVRP.
"""

from __future__ import annotations

import warnings
from collections import defaultdict

import numpy as np
import pyvrp
from pyvrp.exceptions import PenaltyBoundWarning
from pyvrp.stop import MultipleCriteria, StoppingCriterion

from ...core import Progress
from .problem import PeriodicProblem
from .state import State

SCALE, FORBIDDEN, NO_LIMIT = 1000, 100_000_000, 2**62

Visit = tuple[int, frozenset[int]]  # customer, days on which this visit may be


def visits_of(problem: PeriodicProblem, state: State, rng: np.random.Generator) -> list[Visit]:
    """Each customer's visits; of each customer one, by chance, may move to another day."""
    found: list[Visit] = []
    for c, pattern in enumerate(state.patterns(), start=1):
        loose = int(rng.integers(len(pattern)))
        for k, day in enumerate(pattern):
            days = {day}
            if k == loose:
                rest = set(pattern) - {day}
                options = {frozenset(p) for p in problem.patterns[c - 1]}
                days |= {
                    d
                    for d in range(problem.days)
                    if d not in rest and frozenset(rest | {d}) in options
                }
            found.append((c, frozenset(days)))
    return found


def kinds_of_days(problem: PeriodicProblem, visits: list[Visit]) -> list[list[int]]:
    """Days grouped where no visit and no limit tells them apart."""
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for d in range(problem.days):
        mark = tuple(d in days for _, days in visits)
        home = () if problem.homes is None else tuple(problem.homes[d])
        groups[mark, problem.capacity[d], problem.longest[d], home].append(d)
    return list(groups.values())


class Engine:
    def __init__(self, problem: PeriodicProblem) -> None:
        self.p = problem
        whole = (problem.demand == np.round(problem.demand)).all()
        self.load = 1 if whole else SCALE
        self.allowed = [set(p) for p in problem.patterns]
        self.metres = np.rint(problem.far * SCALE)

    def data(self, visits: list[Visit], kinds: list[list[int]]) -> pyvrp.ProblemData:
        p = self.p
        who = np.array([0, *(c for c, _ in visits)])
        matrices = []
        for kind in kinds:
            shut = np.array([False, *(kind[0] not in days for _, days in visits)])
            matrix = self.metres[kind[0]][np.ix_(who, who)].astype(np.int64)
            matrix[shut, :] = FORBIDDEN
            matrix[:, shut] = FORBIDDEN
            np.fill_diagonal(matrix, 0)
            matrices.append(matrix)
        timed = np.isfinite(p.longest).any()
        vehicles = []
        for i, kind in enumerate(kinds):
            cap, longest = p.capacity[kind[0]], p.longest[kind[0]]
            vehicles.append(
                pyvrp.VehicleType(
                    num_available=p.vehicles * len(kind),
                    capacity=[int(cap * self.load) if np.isfinite(cap) else 2**50],
                    profile=i,
                    shift_duration=int(longest * SCALE) if np.isfinite(longest) else NO_LIMIT,
                )
            )
        return pyvrp.ProblemData(
            locations=[pyvrp.Location(float(p.x[w]), float(p.y[w])) for w in who],
            clients=[
                pyvrp.Client(
                    i,
                    delivery=[int(np.ceil(p.demand[c - 1] * self.load))],
                    service_duration=int(p.service[c - 1] * SCALE) if timed else 0,
                )
                for i, (c, _) in enumerate(visits, start=1)
            ],
            depots=[pyvrp.Depot(0)],
            vehicle_types=vehicles,
            distance_matrices=matrices,
            duration_matrices=matrices if timed else [np.zeros_like(m) for m in matrices],
        )

    def improve(
        self, state: State, stop: StoppingCriterion, seed: int, clock: Progress
    ) -> tuple[State, bool]:
        """Better routes, and better days for the visits left free. Second: are they feasible."""
        rng = np.random.default_rng(seed)
        visits = visits_of(self.p, state, rng)
        kinds = kinds_of_days(self.p, visits)
        data = self.data(visits, kinds)
        kind_of = {d: i for i, kind in enumerate(kinds) for d in kind}
        number = self._numbers(state, visits)
        routes = [
            pyvrp.Route(data, [number[c, d] for c in r], kind_of[d])
            for d, day in enumerate(state.days)
            for r in day
            if r
        ]
        with warnings.catch_warnings():  # of a penalty at its most: told below, if nothing fits
            warnings.simplefilter("ignore", PenaltyBoundWarning)
            result = pyvrp.solve(
                data,
                MultipleCriteria([stop, lambda _: clock.stopped]),
                seed=seed,
                collect_stats=False,
                display=False,
                initial_solution=pyvrp.Solution(data, routes),
            )
        days: list[list[list[int]]] = [[] for _ in range(self.p.days)]
        for route in result.best.routes():
            stops = [visits[a.idx][0] for a in route if a.type == pyvrp.ActivityType.CLIENT]
            kind = kinds[route.vehicle_type()]
            day = min(kind, key=lambda d: len(days[d]))
            days[day].append(stops)
        found = State(self.p, days)
        if any(pattern not in self.allowed[c] for c, pattern in enumerate(found.patterns())):
            return state, False  # overloaded so far that a visit went to a forbidden day
        return found, bool(result.is_feasible())

    def _numbers(self, state: State, visits: list[Visit]) -> dict[tuple[int, int], int]:
        """(customer, day) of the state → the visit that stands for it."""
        number, order = {}, iter(range(len(visits)))
        for c, pattern in enumerate(state.patterns(), start=1):
            for day in pattern:
                number[c, day] = next(order)
        return number
