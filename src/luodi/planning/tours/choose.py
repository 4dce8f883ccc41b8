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
from .program import Chosen, Floats, Program
from .routes import Routes

WHOLE = 8_000  # outings up to which all of them are weighed at once
MOST = 250_000  # outings beyond which no program is set up
LIKELY = 2_500  # outings that the whole-number search sees


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
        self._keep(outings_of(shows))

    def run(self) -> None:
        """Nothing changes where there are too many trips."""
        trips = day_trips(self.p, self.routes, lambda: self._left() <= 0)
        if not trips:
            return
        if sum(len(self.days.possible(t)) for t in trips) <= WHOLE:
            program = Program(self.p, self.days.every(trips), self.routes)
            answer = self._solve(program, self._left(), outings_of(self.shows), proves=True)
            self._keep(answer.outings)
            self.bound = answer.bound
            return
        matter = self.days.that_matter(trips)
        if len(matter) <= MOST:
            self._by_trips(matter)

    def _by_trips(self, matter: list[Outing]) -> None:
        """First the trips with dates only where they matter, then days for the trips.

        A season that beats the best one known holds only outings of reduced cost below the gap.
        """
        relaxed = Program(self.p, matter, self.routes).relax(self._left(), self.seed)
        if relaxed is None:
            return
        self.bound, reduced = relaxed
        answer = self._likely(matter, reduced)
        self._date({trip(o) for o in answer.outings or ()})

    def _likely(self, outings: list[Outing], reduced: Floats) -> Chosen:
        """The best choice among outings of low reduced cost; the bound holds for all of them."""
        kept, left_out = reduced <= inf, inf
        if len(outings) > LIKELY:
            kept = reduced <= np.partition(reduced, LIKELY)[LIKELY]
            left_out = self.bound + float(reduced[~kept].min(initial=inf))
        some = [o for o, keep in zip(outings, kept.tolist(), strict=True) if keep]
        program = Program(self.p, some, self.routes)
        answer = self._solve(program, 0.6 * self._left(), (), proves=True)
        self.bound = max(self.bound, min(answer.bound, left_out))
        return answer

    def _date(self, trips: set[Trip]) -> None:
        now = outings_of(self.shows)
        outings = self.days.every(sorted(trips | {trip(o) for o in now}))
        program = Program(self.p, outings, self.routes)
        self._keep(self._solve(program, self._left(), now, proves=False).outings)

    def _left(self) -> float:
        return 0.0 if self.progress.stopped else self.end - self.progress.seconds

    def _solve(
        self, program: Program, seconds: float, start: Sequence[Outing], *, proves: bool
    ) -> Chosen:
        def heard(bound: float) -> bool:
            known = max(bound, self.bound) if proves else self.bound
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
