"""The best route of one troupe on one day."""

from __future__ import annotations

from itertools import pairwise, permutations

import numpy as np
import pyvrp
from numpy.typing import NDArray
from pyvrp.stop import MaxIterations

from .problem import TourProblem

EXACT = 6  # villages a day up to which all orders are tried


class Routes:
    """Shortest round trips from a troupe's home, remembered."""

    def __init__(self, problem: TourProblem) -> None:
        self.km: list[list[float]] = problem.km.tolist()
        self.homes = len(problem.troupes.names)
        self.known: dict[tuple[int, tuple[int, ...]], tuple[float, tuple[int, ...]]] = {}
        self.pace: list[float] = problem.troupes.speed_kmh.tolist()
        self.show_hours = problem.show_hours

    def best(self, troupe: int, villages: tuple[int, ...]) -> tuple[float, tuple[int, ...]]:
        """Kilometres and order; ``villages`` sorted."""
        found = self.known.get((troupe, villages))
        if found is None:
            found = self._search(troupe, villages)
            self.known[troupe, villages] = found
        return found

    def length(self, troupe: int, villages: tuple[int, ...]) -> float:
        return self.best(troupe, villages)[0] if villages else 0.0

    def hours(self, troupe: int, villages: tuple[int, ...]) -> float:
        return self.length(troupe, villages) / self.pace[troupe] + self.show_hours * len(villages)

    def along(self, troupe: int, order: tuple[int, ...]) -> float:
        stops = [troupe, *(self.homes + v for v in order), troupe]
        return float(sum(self.km[a][b] for a, b in pairwise(stops)))

    def _search(self, troupe: int, villages: tuple[int, ...]) -> tuple[float, tuple[int, ...]]:
        if len(villages) > EXACT:
            return self._with_pyvrp(troupe, villages)
        return min(
            ((self.along(troupe, order), order) for order in permutations(villages)),
            key=lambda found: found[0],
        )

    def _with_pyvrp(self, troupe: int, villages: tuple[int, ...]) -> tuple[float, tuple[int, ...]]:
        nodes = [troupe, *(self.homes + v for v in villages)]
        metres = np.rint(np.array(self.km)[np.ix_(nodes, nodes)] * 1000).astype(int)
        order = tour(metres)
        found = tuple(villages[i - 1] for i in order)
        return self.along(troupe, found), found


def tour(metres: NDArray[np.int64], iterations: int = 300) -> list[int]:
    """A short round trip from 0 through all other points, by PyVRP (an order of 1..n−1)."""
    model = pyvrp.Model()
    places = [model.add_location(0, 0) for _ in range(len(metres))]
    model.add_depot(places[0])
    for place in places[1:]:
        model.add_client(place)
    model.add_vehicle_type(1)
    for i, a in enumerate(places):
        for j, b in enumerate(places):
            if i != j:
                model.add_edge(a, b, distance=int(metres[i, j]))
    result = model.solve(MaxIterations(iterations), display=False)
    stops = result.best.routes()[0]
    return [stop.idx + 1 for stop in stops if stop.type == pyvrp.ActivityType.CLIENT]
