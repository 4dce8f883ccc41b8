"""The plan that someone makes by hand: down the list, the first day that is free."""

from __future__ import annotations

import numpy as np

from .calendar import Calendar
from .problem import Show, TourProblem
from .routes import Routes


def by_hand(problem: TourProblem, routes: Routes) -> list[Show] | None:
    """Township after township, each show on the first day and troupe that fits.

    What must be comes first: fixed shows, wishes that must be met, least shows. ``None`` if that
    gets stuck, as it may.
    """
    c = Calendar(problem, routes)
    for s in problem.published:
        if s.day < problem.fixed_before:
            if not c.fits(s.village, s.troupe, s.day):
                return None
            c.place(s.village, s.troupe, s.day)
    w, v = problem.wishes, problem.villages
    for i in np.flatnonzero(w.must):
        village = int(w.village[i])
        if not any(w.first[i] <= d <= w.last[i] for d in c.days_of[village]):
            _first_free(c, village, range(int(w.first[i]), int(w.last[i]) + 1))
    order = np.argsort(v.township, kind="stable").tolist()
    season = range(problem.fixed_before, problem.days)
    for village in order:
        while len(c.days_of[village]) < v.least[village] and _first_free(c, village, season):
            pass
    for k, least in enumerate(problem.township_least):
        for village in [x for x in order if v.township[x] == k]:
            while c.per_township[k] < least and _first_free(c, village, season):
                pass
    unserved_first = sorted(order, key=lambda x: len(c.days_of[x]) > 0)
    for village in unserved_first * max(1, int(v.most.max())):
        if sum(c.per_township) >= problem.shows:
            break
        _first_free(c, village, season)
    whole = sum(c.per_township) == problem.shows and c.short() == 0
    return c.shows() if whole else None


def _first_free(c: Calendar, village: int, days: range) -> bool:
    for day in days:
        for troupe in range(len(c.p.troupes.names)):
            if day >= c.p.fixed_before and c.fits(village, troupe, day):
                c.place(village, troupe, day)
                return True
    return False
