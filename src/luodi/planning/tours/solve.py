"""Choose days and routes: a calendar that keeps every condition, then improved."""

from __future__ import annotations

from collections import defaultdict
from math import inf

from ..core import Progress, Status
from .anneal import Annealer
from .bound import lower_bound
from .calendar import Calendar, cost_parts
from .hand import by_hand
from .plan import DayTrip, TourPlan
from .problem import Show, TourProblem
from .routes import Routes
from .start import first_calendar


def solve(
    problem: TourProblem,
    *,
    time_limit: float | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> TourPlan:
    """A calendar within ``time_limit`` seconds (20 if not given).

    Starts from the published plan where that still holds, else from the plan by hand, else from
    CP-SAT. Raises :class:`Infeasible` with the clashing conditions.
    """
    clock = progress or Progress()
    began, limit = clock.seconds, time_limit or 20.0
    routes = Routes(problem)
    hand = by_hand(problem, routes)
    calendar = _published(problem, routes) or _filled(problem, routes, hand)
    if calendar is None:
        calendar = first_calendar(problem, routes, limit, seed)
    bound = lower_bound(problem, routes, min(5.0, limit / 4))
    clock.report(calendar.cost(), bound)
    left = max(limit - (clock.seconds - began), limit / 4)
    enough = -inf if bound is None else bound * (1 + 1e-6) + 1e-9
    shows = Annealer(calendar, seed).run(left, clock, enough=enough)
    parts = cost_parts(problem, shows, routes)
    objective = sum(parts.values())
    proven = objective <= enough
    return TourPlan(
        objective=objective,
        bound=min(bound, objective) if bound is not None else None,
        status=Status.OPTIMAL if proven else Status.FEASIBLE,
        seconds=clock.seconds - began,
        trips=_trips(shows, routes),
        parts=parts,
        by_hand=cost_parts(problem, hand, routes) if hand else None,
    )


def _filled(problem: TourProblem, routes: Routes, shows: list[Show] | None) -> Calendar | None:
    if shows is None:
        return None
    calendar = Calendar(problem, routes)
    for s in shows:
        calendar.place(s.village, s.troupe, s.day)
    return calendar


def _published(problem: TourProblem, routes: Routes) -> Calendar | None:
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
    return calendar if whole else None


def _trips(shows: list[Show], routes: Routes) -> tuple[DayTrip, ...]:
    days: dict[tuple[int, int], list[int]] = defaultdict(list)
    for s in shows:
        days[s.day, s.troupe].append(s.village)
    found = []
    for (day, troupe), villages in sorted(days.items()):
        km, order = routes.best(troupe, tuple(sorted(villages)))
        found.append(DayTrip(troupe, day, order, km))
    return tuple(found)
