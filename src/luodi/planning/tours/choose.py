"""The season by mixed-integer programs: exactly where it is small, else by trips and then by days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import isfinite

from ..core import Progress
from .calendar import cost_parts
from .outings import Days, Outing, Trip, day_trips
from .problem import Show, TourProblem
from .program import Chosen, Program
from .routes import Routes

WHOLE = 8_000  # outings up to which all of them are weighed at once
MOST = 250_000  # outings beyond which no program is set up
RELAXED = 0.7  # of the time, at most, goes into choosing trips before days


def choose(
    problem: TourProblem,
    routes: Routes,
    shows: list[Show],
    *,
    end: float,
    seed: int,
    progress: Progress,
) -> tuple[list[Show], float | None]:
    """The best season found, no worse than ``shows``, and what no season can beat.

    ``end``: of the time, on the clock of ``progress``. No bound where there are too many trips.
    """
    trips = day_trips(problem, routes, lambda: progress.stopped or progress.seconds > end)
    if not trips:
        return shows, None
    days, cost = Days(problem), sum(cost_parts(problem, shows, routes).values())
    bound: float | None = None

    def run(outings: list[Outing], share: float, start: Sequence[Outing], proves: bool) -> Chosen:
        def heard(now: float) -> bool:
            progress.report(cost, now if proves and isfinite(now) else bound)
            return progress.stopped

        program = Program(problem, outings, routes)
        left = share * (end - progress.seconds)
        return program.solve(left, seed, heard=heard, start=start)

    now = outings_of(shows)
    if sum(len(days.possible(t)) for t in trips) <= WHOLE:
        answer = run(days.every(trips), 1.0, now, proves=True)
        bound = answer.bound
    else:
        matter = days.that_matter(trips)
        if len(matter) > MOST:
            return shows, None
        relaxed = run(matter, RELAXED, (), proves=True)
        bound = relaxed.bound
        taken: set[Trip] = {(o.troupe, o.villages) for o in (*now, *(relaxed.outings or ()))}
        answer = run(days.every(sorted(taken)), 1.0, now, proves=False)
    found = [Show(v, o.troupe, o.day) for o in answer.outings or () for v in o.villages]
    if found and sum(cost_parts(problem, found, routes).values()) < cost:
        shows = found
    return shows, bound if isfinite(bound) else None


def outings_of(shows: Iterable[Show]) -> list[Outing]:
    together: dict[tuple[int, int], list[int]] = defaultdict(list)
    for s in shows:
        together[s.troupe, s.day].append(s.village)
    return [Outing(t, tuple(sorted(vs)), d) for (t, d), vs in together.items()]
