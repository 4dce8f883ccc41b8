"""Choose days and routes: a calendar that keeps every condition, then improved."""

from __future__ import annotations

from math import inf, isfinite

from ..core import Progress, Status
from .anneal import Annealer
from .calendar import Calendar, cost_parts
from .choose import Chooser, outings_of
from .plan import DayTrip, TourPlan
from .problem import Show, TourProblem
from .routes import Routes
from .start import by_hand, first_calendar


def solve(
    problem: TourProblem,
    *,
    time_limit: float | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> TourPlan:
    """A calendar within ``time_limit`` seconds (20 if not given).

    Starts from the published plan where that still holds, else from the plan by hand, else from
    CP-SAT; then mixed-integer programs, and small moves where those leave a gap. Raises :class:`Infeasible` with the clashing conditions.
    """
    clock = progress or Progress()
    began, limit = clock.seconds, 20.0 if time_limit is None else time_limit
    end = began + limit
    routes = Routes(problem)
    hand = by_hand(problem, routes)
    shows = _published(problem, routes) or hand
    if not shows:
        shows = first_calendar(problem, routes, clock, end, seed).shows()
    chooser = Chooser(problem, routes, shows, end=end, seed=seed, progress=clock)
    chooser.run()
    shows, bound = chooser.shows, chooser.bound if isfinite(chooser.bound) else None
    enough = -inf if bound is None else bound + 1e-6 * max(1.0, abs(bound))
    if chooser.cost > enough:
        shows = Annealer(problem, routes, shows, seed).run(clock, end, bound=bound)
    parts = cost_parts(problem, shows, routes)
    objective = sum(parts.values())
    return TourPlan(
        objective=objective,
        bound=min(bound, objective) if bound is not None else None,
        status=Status.OPTIMAL if objective <= enough else Status.FEASIBLE,
        seconds=clock.seconds - began,
        trips=_trips(shows, routes),
        parts=parts,
        by_hand=cost_parts(problem, hand, routes) if hand else None,
    )


def _published(problem: TourProblem, routes: Routes) -> list[Show] | None:
    """What still holds of the published plan, the rest put on the first days that fit."""
    if not problem.published:
        return None
    calendar, lost = Calendar(problem, routes), []
    for s in sorted(problem.published, key=lambda s: s.day):
        if calendar.fits(s.village, s.troupe, s.day):
            calendar.place(s.village, s.troupe, s.day)
        elif s.day < problem.fixed_before:
            return None
        else:
            lost.append(s)
    days = sorted(range(problem.fixed_before, problem.days))
    for s in lost:
        for day in sorted(days, key=lambda d: abs(d - s.day)):
            t = next(
                (t for t in range(len(problem.troupes.names)) if calendar.fits(s.village, t, day)),
                None,
            )
            if t is not None:
                calendar.place(s.village, t, day)
                break
    whole = sum(calendar.per_township) == problem.shows and calendar.short() == 0
    return calendar.shows() if whole else None


def _trips(shows: list[Show], routes: Routes) -> tuple[DayTrip, ...]:
    found = []
    for o in sorted(outings_of(shows), key=lambda o: (o.day, o.troupe)):
        km, order = routes.best(o.troupe, o.villages)
        found.append(DayTrip(o.troupe, o.day, order, km))
    return tuple(found)
