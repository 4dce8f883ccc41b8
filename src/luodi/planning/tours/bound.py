"""What no calendar can beat: the cheapest set of day trips when dates do not matter."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, vstack

from .problem import TourProblem
from .routes import Routes

MOST_TRIPS = 60_000


def day_trips(problem: TourProblem, routes: Routes) -> list[tuple[int, tuple[int, ...]]] | None:
    """Every trip that a troupe can make in a day, or ``None`` if there are too many."""
    t, found = problem.troupes, []
    visited = np.flatnonzero(problem.villages.most > 0).tolist()
    for troupe in range(len(t.names)):
        if not t.free[troupe].any():
            continue
        for size in range(1, min(int(t.most_a_day[troupe]), len(visited)) + 1):
            n = len(visited)
            if size > 4 or n**size > 40 * MOST_TRIPS:
                return None
            found += [
                (troupe, villages)
                for villages in combinations(visited, size)
                if routes.hours(troupe, villages) <= t.hours[troupe] + 1e-9
            ]
            if len(found) > MOST_TRIPS:
                return None
    return found


def lower_bound(problem: TourProblem, routes: Routes, seconds: float) -> float | None:
    """A proven lower bound in kilometres, or ``None`` (too many trips, or nothing proven).

    Dates, spacing and changes are left out; a wish counts as missed only where a village gets no
    show at all. So the cheapest choice of trips costs no more than the best calendar.
    """
    trips = day_trips(problem, routes)
    if not trips:
        return None
    p, v, t = problem, problem.villages, problem.troupes
    n, m, k = len(trips), len(v.names), len(t.names)
    trip = np.concatenate([np.full(len(s), i) for i, (_, s) in enumerate(trips)])
    stop = np.concatenate([np.array(s) for _, s in trips])
    visits = csr_array((np.ones(len(stop)), (stop, trip)), shape=(m, n + m))
    served = coo_array((np.ones(m), (np.arange(m), n + np.arange(m))), shape=(m, n + m))
    towns = coo_array((np.ones(m), (v.township, np.arange(m))), shape=(len(v.townships), m))
    troupe = np.array([a for a, _ in trips])
    days = coo_array((np.ones(n), (troupe, np.arange(n))), shape=(k, n + m))
    needs = np.array([p.needs_stage[a, list(s)].any() for a, s in trips], dtype=float)
    weight = p.audience_km * v.audience / 1000
    np.add.at(weight, p.wishes.village, p.wish_km * p.wishes.weight)
    size = np.concatenate([np.array([len(s) for _, s in trips], dtype=float), np.zeros(m)])
    rows = [
        (visits, v.least, v.most),
        (csr_array(visits + served), 1, np.inf),
        (csr_array(towns @ visits), p.township_least, np.inf),
        (days, 0, t.free.sum(axis=1)),
        (csr_array(np.concatenate([needs, np.zeros(m)])[None]), 0, p.stages.sum()),
        (csr_array(size[None]), p.shows, p.shows),
    ]
    low = [np.broadcast_to(np.asarray(a, float), (r.shape[0],)) for r, a, _ in rows]
    high = [np.broadcast_to(np.asarray(b, float), (r.shape[0],)) for r, _, b in rows]
    answer = milp(
        np.concatenate([[routes.length(a, s) for a, s in trips], weight]),
        integrality=np.concatenate([np.ones(n), np.zeros(m)]),
        bounds=Bounds(0, np.concatenate([np.full(n, np.inf), np.ones(m)])),
        constraints=LinearConstraint(
            vstack([csr_array(r) for r, _, _ in rows]), np.concatenate(low), np.concatenate(high)
        ),
        options={"time_limit": max(seconds, 0.1), "mip_rel_gap": 1e-6},
    )
    bound = getattr(answer, "mip_dual_bound", None)
    return None if bound is None or not np.isfinite(bound) else float(bound)
