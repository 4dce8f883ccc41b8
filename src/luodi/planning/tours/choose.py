"""The season by mixed-integer programs: exactly where it is small, else by trips and then by days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import inf, isfinite

import numpy as np

from ..core import Progress
from .calendar import cost_parts
from .outings import Days, Outing, Trip, day_trips
from .problem import Show, TourProblem
from .program import Chosen, Program
from .routes import Routes

MOST = 250_000  # outings beyond which no program is set up
PACE = 60_000  # outings for which a second is left to set them up
LIKELY = 2_500  # outings of low reduced cost that the whole-number search sees
SHARE = 0.3  # of the time left, at most, for each step before the last


class Chooser:
    """``shows``, ``cost``: the best season so far; ``bound``: kilometres that none can beat."""

    def __init__(
        self,
        problem: TourProblem,
        routes: Routes,
        shows: list[Show],
        *,
        end: float,
        seed: int,
        progress: Progress,
    ) -> None:
        """``end``: of the time, on the clock of ``progress``."""
        self.p, self.routes, self.days = problem, routes, Days(problem)
        self.end, self.seed, self.progress = end, seed, progress
        self.shows, self.cost, self.bound = shows, inf, -inf
        self.least: dict[Trip, float] = {}  # what a season with this trip costs at least
        self._keep(outings_of(shows))

    def run(self) -> None:
        """Nothing changes where there are too many trips."""
        trips = day_trips(self.p, self.routes, lambda: self._left() <= 0)
        if not trips:
            return
        if self._outings(trips) > LIKELY:
            self._by_trips(trips)
            trips = [t for t in trips if self.least.get(t, -inf) < self.cost]
        room = min(MOST, PACE * self._left())
        if not self.proven and self._outings(trips) <= room:
            everything = self.days.every(trips)
            self._keep(self._likely(everything, outings_of(self.shows), self._left()))

    def _outings(self, trips: list[Trip]) -> int:
        return sum(len(self.days.possible(t)) for t in trips)

    @property
    def proven(self) -> bool:
        return self.cost <= self.bound + 1e-6 * max(1.0, abs(self.bound))

    def _by_trips(self, trips: list[Trip]) -> None:
        """First the trips with dates only where they matter, then days for these trips."""
        matter = self.days.that_matter(trips)
        if len(matter) > MOST or self._left() <= 0:
            return
        chosen = self._likely(matter, [], SHARE * self._left())
        now = outings_of(self.shows)
        outings = self.days.every(sorted({trip(o) for o in (*now, *(chosen or ()))}))
        program = Program(self.p, outings, self.routes)
        self._keep(self._solve(program, SHARE * self._left(), now, -inf).outings)

    def _likely(
        self, outings: list[Outing], start: list[Outing], seconds: float
    ) -> list[Outing] | None:
        """The best choice found among outings of low reduced cost; ``bound`` holds for all."""
        end, left_out = self.progress.seconds + seconds, self.cost
        if len(outings) > LIKELY:
            program = Program(self.p, outings, self.routes)
            left = min(end - self.progress.seconds, self._left())
            if left <= 0:
                return None
            relaxed = program.relax(left, self.seed, heard=lambda: self.progress.stopped)
            if relaxed is None:
                return None
            value, reduced = relaxed
            self.bound = max(self.bound, value)
            kept = reduced <= np.partition(reduced, LIKELY)[LIKELY]
            left_out = min(left_out, value + float(reduced[~kept].min(initial=inf)))
            for o, more in zip(outings, reduced.tolist(), strict=True):
                self.least[trip(o)] = min(self.least.get(trip(o), inf), value + more)
            some = {o for o, keep in zip(outings, kept.tolist(), strict=True) if keep}
            outings = [*some.union(start)]
        program = Program(self.p, outings, self.routes)
        answer = self._solve(program, end - self.progress.seconds, start, left_out)
        self.bound = max(self.bound, min(answer.bound, left_out))
        return answer.outings

    def _left(self) -> float:
        return 0.0 if self.progress.stopped else self.end - self.progress.seconds

    def _solve(
        self, program: Program, seconds: float, start: Sequence[Outing], left_out: float
    ) -> Chosen:
        """``left_out``: what a season that the program does not know costs at least."""

        def heard(bound: float) -> bool:
            known = max(min(bound, left_out), self.bound)
            self.progress.report(self.cost, known if isfinite(known) else None)
            return self.progress.stopped

        return program.solve(seconds, self.seed, heard=heard, start=start)

    def _keep(self, outings: list[Outing] | None) -> None:
        if outings is None:
            return
        shows = [Show(v, o.troupe, o.day) for o in outings for v in o.villages]
        cost = sum(cost_parts(self.p, shows, self.routes).values())
        if cost < self.cost:
            self.shows, self.cost = shows, cost


def trip(outing: Outing) -> Trip:
    return outing.troupe, outing.villages


def outings_of(shows: Iterable[Show]) -> list[Outing]:
    together: dict[tuple[int, int], list[int]] = defaultdict(list)
    for s in shows:
        together[s.troupe, s.day].append(s.village)
    return [Outing(t, tuple(sorted(vs)), d) for (t, d), vs in together.items()]
