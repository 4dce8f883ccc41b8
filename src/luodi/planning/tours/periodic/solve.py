"""Periodic routing: annealing over strings of visits, then PyVRP for the routes of all days.

After V. Hemmelmayr et al. (2009), EJOR 195, 791–802: patterns and routes are
searched together, and so are depots. With one depot, where no customer who has a choice of days
needs two visits, PyVRP alone moves visits between days.
"""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from pyvrp.stop import MaxIterations, MaxRuntime

from ...core import PlanningError, Progress, Status, Text
from .arrays import data_of
from .engine import Engine
from .problem import PeriodicPlan, PeriodicProblem
from .ruin import Walk
from .state import State, first_state

HOT, COLD = 0.5, 0.015  # accepted losses at the begin and the end, in mean edges
WALKS = 2  # side by side; at SHARED of the time all go on from the best
SHARED, POLISH = 0.6, 0.9  # shares of the time
ENOUGH, MOST = 2500, 4  # steps a visit for cooling down once; how often at most
PROBE = 2000  # steps by which the pace is measured


def solve(
    problem: PeriodicProblem,
    *,
    time_limit: float | None = None,
    steps: int | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> PeriodicPlan:
    """The shortest routes found in ``time_limit`` seconds (60 if not given), or, where ``steps``
    is given, after so many steps of each walk and of PyVRP: the same plan on every machine.

    Raises :class:`PlanningError` when no feasible plan was found in time.
    """
    clock = progress or Progress()
    limit = time_limit or 60.0
    first = first_state(problem, seed)
    # PyVRP moves single visits between days by itself: enough if nobody needs two at once
    alone = problem.homes is None and all(len(p) == 1 or len(p[0]) == 1 for p in problem.patterns)
    # a walk per core: two in turn on one core get less far than one
    many = WALKS if steps is not None else min(WALKS, _cores())
    walks = [] if alone else _walks(problem, first, seed, many)
    began = clock.seconds
    best = _walked(problem, walks, clock, limit, steps, seed) if walks else None
    left = limit - (clock.seconds - began)
    if best is None or left > 0.05 or steps is not None:
        stop = MaxRuntime(max(left, 0.2)) if steps is None else MaxIterations(steps)
        found, feasible = Engine(problem).improve(best or first, stop, seed, clock)
        if feasible and (best is None or found.length() < best.length()):
            best = found
    if best is None:
        raise PlanningError(Text("时限内没有找到可行方案。", "No feasible plan was found in time."))
    return PeriodicPlan(
        objective=best.length(),
        bound=None,
        status=Status.FEASIBLE,
        seconds=clock.seconds - began,
        routes=best.frozen(),
    )


def _cores() -> int:
    """Those this process may use, where the system tells."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _walks(problem: PeriodicProblem, first: State, seed: int, many: int) -> list[Walk]:
    data = data_of(problem)
    walks = [Walk(problem, data, first, seed + i) for i in range(many)]
    walks[0].run(1, HOT)  # compiles, once per installation
    return walks


def _walked(
    problem: PeriodicProblem,
    walks: list[Walk],
    clock: Progress,
    limit: float,
    steps: int | None,
    seed: int,
) -> State | None:
    """The shortest plan within all limits that annealing found.

    First each walk cools down by itself, where there is time more than once and each time from
    another start: which days carry much is decided early, and cannot be mended later. Then all go
    on from the best.
    """
    began = clock.seconds

    def spent(walk: Walk) -> float:
        if clock.stopped:
            return 1.0
        if steps is not None:
            return walk.steps / steps
        return (clock.seconds - began) / (limit * POLISH)

    def go(walk: Walk, since: float, until: float, cooled: tuple[float, float]) -> None:
        some = 10 if steps is None else 1 + steps // 100
        while (now := spent(walk)) < until:
            start = time.perf_counter()
            done = cooled[0] + (cooled[1] - cooled[0]) * (now - since) / (until - since)
            walk.run(some, HOT * (COLD / HOT) ** done)
            pace = 0.05 / max(time.perf_counter() - start, 1e-6)
            if steps is None:
                some = max(1, int(some * np.clip(pace, 0.5, 2.0)))
            if walk is walks[0]:
                value = float(min(w.best_value[0] for w in walks))
                clock.report(value if np.isfinite(value) else None, None)

    rounds = _rounds(walks[0], limit, steps)

    def alone(number: int) -> None:
        for k in range(rounds):
            if k:
                walks[number].restart(first_state(problem, seed + number + k * len(walks)))
            end = SHARED if rounds == 1 else 1.0
            go(walks[number], SHARED * k / rounds, SHARED * (k + 1) / rounds, (0.0, end))

    with ThreadPoolExecutor(len(walks)) as pool:
        list(pool.map(alone, range(len(walks))))
        leader = min(walks, key=lambda w: w.best_value[0])
        if (state := leader.found()) is not None:
            for walk in walks:
                walk.restart(state)
        list(pool.map(lambda w: go(w, SHARED, 1.0, (SHARED, 1.0)), walks))
    return min(walks, key=lambda w: w.best_value[0]).found()


def _rounds(walk: Walk, limit: float, steps: int | None) -> int:
    """How often a walk can cool down in the first share of the time, at ENOUGH steps a visit."""
    budget = SHARED * (steps or 0)
    if steps is None:
        start = time.perf_counter()
        walk.run(PROBE, HOT)
        budget = SHARED * POLISH * limit * PROBE / (time.perf_counter() - start)
    return int(np.clip(budget / (ENOUGH * int((walk.now.at >= 0).sum())), 1, MOST))
