"""The best route of one troupe on one day."""

from __future__ import annotations

from itertools import combinations, pairwise

from .problem import TourProblem

MOST = 8  # villages a day: more than anyone plays


class Routes:
    """Shortest round trips from a troupe's home, remembered."""

    def __init__(self, problem: TourProblem) -> None:
        self.km: list[list[float]] = problem.km.tolist()
        self.homes = len(problem.troupes.names)
        self.known: dict[tuple[int, tuple[int, ...]], tuple[float, tuple[int, ...]]] = {}
        self.pace: list[float] = problem.troupes.speed_kmh.tolist()
        self.show_hours = problem.show_hours

    def best(self, troupe: int, villages: tuple[int, ...]) -> tuple[float, tuple[int, ...]]:
        """Give kilometres and order; ``villages`` sorted."""
        found = self.known.get((troupe, villages))
        if found is None:
            found = self.known[troupe, villages] = self._search(troupe, villages)
        return found

    def length(self, troupe: int, villages: tuple[int, ...]) -> float:
        return self.best(troupe, villages)[0] if villages else 0.0

    def hours(self, troupe: int, villages: tuple[int, ...]) -> float:
        return self.length(troupe, villages) / self.pace[troupe] + self.show_hours * len(villages)

    def along(self, troupe: int, order: tuple[int, ...]) -> float:
        stops = [troupe, *(self.homes + v for v in order), troupe]
        return float(sum(self.km[a][b] for a, b in pairwise(stops)))

    def _search(self, troupe: int, villages: tuple[int, ...]) -> tuple[float, tuple[int, ...]]:
        """Find the shortest order exactly, set by set: Held and Karp (1962), J. SIAM 10, 196–210."""
        from_home, far = self.km[troupe], self.km
        ways: dict[tuple[frozenset[int], int], tuple[float, tuple[int, ...]]]
        ways = {(frozenset([v]), v): (from_home[self.homes + v], (v,)) for v in villages}
        for size in range(2, len(villages) + 1):
            for some in map(frozenset, combinations(villages, size)):
                for last in some:
                    rest, row = some - {last}, far[self.homes + last]
                    length, order = min(
                        (ways[rest, v][0] + row[self.homes + v], ways[rest, v][1]) for v in rest
                    )
                    ways[some, last] = (length, (*order, last))
        whole = frozenset(villages)
        order = min(
            (ways[whole, v][0] + from_home[self.homes + v], ways[whole, v][1]) for v in whole
        )[1]
        return self.along(troupe, order), order
