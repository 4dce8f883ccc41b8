"""Own the patterns, let PyVRP drive: iterated local search over both."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from ...core import PlanningError, Progress, Status, Text
from .engine import Engine
from .problem import PeriodicPlan, PeriodicProblem
from .state import State, day_loads, excess, first_state


def solve(
    problem: PeriodicProblem,
    *,
    time_limit: float | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> PeriodicPlan:
    """The shortest routes found in ``time_limit`` seconds (60 if not given).

    Raises :class:`PlanningError` when no feasible plan was found in time.
    """
    clock = progress or Progress()
    began, limit = clock.seconds, time_limit or 60.0
    search = _Search(problem, seed)
    while clock.seconds - began < limit and not clock.stopped:
        search.step(limit - (clock.seconds - began), (clock.seconds - began) / limit)
        clock.report(search.best if np.isfinite(search.best) else None, None)
    if search.kept is None:
        raise PlanningError(Text("时限内没有找到可行方案。", "No feasible plan was found in time."))
    return PeriodicPlan(
        objective=search.best,
        bound=None,
        status=Status.FEASIBLE,
        seconds=clock.seconds - began,
        routes=search.kept.frozen(),
    )


STARTING = 0.25  # share of the time in which first plans are tried


class _Search:
    def __init__(self, problem: PeriodicProblem, seed: int) -> None:
        self.p, self.rng, self.seed = problem, np.random.default_rng(seed), seed
        self.engine = Engine(problem)
        self.now = first_state(problem, seed)
        self.starts: list[tuple[float, State]] = []
        self.value, self.best = np.inf, np.inf
        self.kept: State | None = None
        self.near = np.argsort(problem.distance[1:, 1:], axis=1)
        # PyVRP moves single visits between days by itself: enough if nobody needs two at once
        self.alone = all(len(p) == 1 or len(p[0]) == 1 for p in problem.patterns)
        visits = sum(len(p[0]) for p in problem.patterns)
        self.edge = 0.0
        self.visits = visits
        self.slice = float(np.clip(visits / 400, 0.3, 2.0))

    def step(self, left: float, spent: float) -> None:
        if not self.alone and spent < STARTING:
            self._start(left)
            return
        first = self.kept is None
        trial = self.now if first else self._recreated(spent, min(self.slice, left / 2))
        seconds = left if self.alone else min(left, self.slice * (3 if first else 1))
        patience = 10**9 if self.alone else 800
        self.seed += 1
        found, feasible = self.engine.improve(trial, max(seconds, 0.05), self.seed, patience)
        value = found.length() + 5.0 * excess(self.p, day_loads(self.p, found.patterns()))
        if not feasible:
            value *= 1.05
        if feasible and value < self.best - 1e-9:
            self.best, self.kept = found.length(), found
        if first or value < min(self.best, self.value) * (1 + 0.006 * (1 - spent) ** 2):
            self.now, self.value = found, value
        elif self.kept is not None and self.rng.random() < 0.15:
            self.now, self.value = self.kept, self.best

    def _start(self, left: float) -> None:
        """Another first plan, shortly improved; the best of them is the one to go on with."""
        taste = 0.9 * float(self.rng.random()) if self.starts else 0.0
        self.seed += 1
        self.now = first_state(self.p, self.seed, taste)
        trial = self._recreated(0.5, min(self.slice, left / 4))
        found, feasible = self.engine.improve(trial, min(self.slice, left / 4), self.seed, 800)
        value = self._value(found) * (1.0 if feasible else 1.05)
        self.starts.append((value, found))
        if feasible and found.length() < self.best - 1e-9:
            self.best, self.kept = found.length(), found
        self.value, self.now = min(self.starts, key=lambda s: s[0])

    def _recreated(self, spent: float, seconds: float) -> State:
        """Annealing over ruined and rebuilt neighbourhoods, by estimates only, from ``now``.

        After Schrimpf et al. (2000), J. Comput. Phys. 159, 139–171: take out customers that live
        close to each other, put each back on its cheapest pattern.
        """
        until = time.perf_counter() + seconds
        state = best = self.now.copy()
        value = least = self._value(state)
        self.edge = value / max(self.visits, 1)
        heat = self.edge * 0.05 * (1 - spent) + 1e-9
        while time.perf_counter() < until:
            trial = self._ruined(state)
            worth = self._value(trial)
            if worth < value - heat * np.log(max(self.rng.random(), 1e-12)) * 1.0:
                state, value = trial, worth
                if worth < least - 1e-9:
                    best, least = trial, worth
        return best if best is not self.now and self.rng.random() < 0.5 else state

    def _value(self, state: State) -> float:
        return state.length() + state.overload()

    def _ruined(self, state: State) -> State:
        p, rng = self.p, self.rng
        trial, patterns = state.copy(), state.patterns()
        n = len(p.patterns)
        size = int(rng.integers(2, 3 + min(12, n // 3)))
        area = self.near[int(rng.integers(n))][: 2 * size]
        gone = rng.choice(area, size=min(size, len(area)), replace=False) + 1
        loads = day_loads(p, patterns)
        for c in gone.tolist():
            trial.change(c, ())
            loads[list(patterns[c - 1])] -= p.demand[c - 1]
        if rng.random() < 0.5:
            gone = gone[np.argsort(-p.demand[gone - 1])]
        for c in gone.tolist():
            options = p.patterns[c - 1]
            costs = [self._estimate(trial, loads, c, days) for days in options]
            new = options[int(np.argmin(costs))]
            trial.change(c, new)
            loads[list(new)] += p.demand[c - 1]
        return trial

    def _estimate(
        self, state: State, loads: NDArray[np.float64], c: int, days: tuple[int, ...]
    ) -> float:
        cost = sum(state.cheapest(c, d)[0] for d in days)
        then = loads.copy()
        then[list(days)] += self.p.demand[c - 1]
        crowd = excess(self.p, then) - excess(self.p, loads)
        return cost * float(self.rng.uniform(0.9, 1.1)) + 5.0 * crowd
