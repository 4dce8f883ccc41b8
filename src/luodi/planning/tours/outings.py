"""Every trip that a troupe can make in a day, and the days on which it can be made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import factorial

import numpy as np
from numpy.typing import NDArray

from .problem import TourProblem
from .routes import MOST, Routes

MOST_TRIPS = 60_000
MOST_ORDERS = 3_000_000  # that are tried for the trips of one size

Trip = tuple[int, tuple[int, ...]]  # troupe, villages in order of number
SOME_DAY = -1


@dataclass(frozen=True, slots=True)
class Outing:
    """A trip on a day. ``SOME_DAY``: on whichever day, so that it meets no wish."""

    troupe: int
    villages: tuple[int, ...]
    day: int


def day_trips(problem: TourProblem, routes: Routes, late: Callable[[], bool]) -> list[Trip] | None:
    """All trips within the hours of a day, or ``None`` if too many to list, or if it is ``late``.

    A trip that is too long stays too long with another village, so trips grow by one village.
    """
    t = problem.troupes
    visited = np.flatnonzero(problem.villages.most > 0).tolist()
    found: list[Trip] = []
    for troupe in np.flatnonzero(t.free.any(axis=1)).tolist():
        limit = float(t.hours[troupe]) + 1e-9
        grown: list[tuple[int, ...]] = [()]
        for size in range(1, min(int(t.most_a_day[troupe]), len(visited)) + 1):
            if size > MOST or len(grown) * len(visited) * factorial(size) > 2 * MOST_ORDERS:
                return None
            shorter, grown = grown, []
            for less in shorter:
                if late():
                    return None
                more = ((*less, v) for v in visited if not less or v > less[-1])
                grown += [villages for villages in more if routes.hours(troupe, villages) <= limit]
            found += [(troupe, villages) for villages in grown]
            if len(found) > MOST_TRIPS:
                return None
    return found


class Days:
    """On which days a trip can be made, and on which of them it earns something."""

    def __init__(self, problem: TourProblem) -> None:
        self.p = p = problem
        self.fixed: dict[tuple[int, int], set[int]] = defaultdict(set)
        self.earns = np.zeros(p.villages.open.shape, dtype=bool)
        for s in p.published:
            self.earns[s.village, s.day] = True
            if s.day < p.fixed_before:
                self.fixed[s.troupe, s.day].add(s.village)
        w = p.wishes
        for i in np.flatnonzero(w.must | (w.weight > 0)).tolist():
            self.earns[w.village[i], max(int(w.first[i]), 0) : int(w.last[i]) + 1] = True
        self.staged = p.stages > 0
        self.known: dict[Trip, NDArray[np.intp]] = {}

    def possible(self, trip: Trip) -> NDArray[np.intp]:
        """Days from ``fixed_before`` on that are free, open and have the stage; remembered."""
        found = self.known.get(trip)
        if found is None:
            found = self.known[trip] = self._possible(trip)
        return found

    def _possible(self, trip: Trip) -> NDArray[np.intp]:
        troupe, villages = trip
        good = self.p.troupes.free[troupe] & self.p.villages.open[list(villages)].all(axis=0)
        if self.p.needs_stage[troupe, list(villages)].any():
            good &= self.staged
        good[: self.p.fixed_before] = False
        return np.flatnonzero(good)

    def already(self) -> list[Outing]:
        """What is fixed."""
        return [Outing(t, tuple(sorted(vs)), d) for (t, d), vs in self.fixed.items()]

    def every(self, trips: Iterable[Trip]) -> list[Outing]:
        """Each trip on each of its days."""
        return self.already() + [
            Outing(*trip, d) for trip in trips for d in self.possible(trip).tolist()
        ]

    def that_matter(self, trips: Iterable[Trip]) -> list[Outing]:
        """Each trip on the days on which it earns something, and once on some day."""
        found = self.already()
        for trip in trips:
            days = self.possible(trip)
            if len(days):
                good = days[self.earns[list(trip[1])][:, days].any(axis=0)]
                found += [Outing(*trip, d) for d in good.tolist()]
                found.append(Outing(*trip, SOME_DAY))
        return found
