"""Curriculum timetables by simulated annealing over lecture moves and swaps.

After R. Bellio, S. Ceschia, L. Di Gaspero, A. Schaerf, T. Urli, "Feature-based tuning of simulated
annealing applied to the curriculum-based course timetabling problem", Computers & Operations
Research 65, 2016: one lecture goes to a random period and room, swapping with whoever holds it;
clashes are allowed at a price, a low one at first. No bound comes out of it.
"""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from ...core import Infeasible, PlanningError, Progress, Status, Text
from .clear import clear_periods
from .cool import cool
from .ctt import Curricula, CurriculumPlan, penalties
from .moves import NOTHING, first_state, state_at, tables_of

HOT, WARM, COLD = 3.0, 0.3, 0.08  # temperatures, the first two per curriculum of a course
CLASH = 5.0  # price of one clash of teacher or curriculum at first, per curriculum of a course
TOLERATED, DEARER = 0.3, 10.0  # from then on it doubles so often in a whole walk that has clashes
STRICT = 10.0  # times that price in a walk begun anew, as it was not without clash for so long
FEW = 2.0  # curricula of a course, at least
HELP, MOST_HELP = 0.2, 20.0  # share of the time, and seconds, to look for periods without clash
QUENCH = 0.8  # seconds to get rid of clashes when time is up
WALKS = 2  # side by side, from different starts


def solve_curricula(
    problem: Curricula,
    *,
    time_limit: float | None = 60.0,
    seed: int = 0,
    progress: Progress | None = None,
    moves: int | None = None,
) -> CurriculumPlan:
    """The best timetable found in ``time_limit`` seconds (default 60); proven only at penalty 0.

    ``moves`` tried by each walk replace the clock: the same effort on every machine.

    Raises :class:`Infeasible` where it is proven that every timetable has a clash,
    :class:`PlanningError` where none without was found.
    """
    clock = progress or Progress()
    limit = time_limit or 60.0
    tables = tables_of(problem)
    weight = max(FEW, len(tables.group) / len(tables.min_days))  # curricula of a course
    rngs = [np.random.default_rng(seed + i) for i in range(min(WALKS, os.cpu_count() or 1))]
    states = [first_state(problem, tables, rng) for rng in rngs]
    cool(tables, states[0], rngs[0], 1, WARM, CLASH)  # compiles, once per installation
    began = clock.seconds

    def least() -> int:
        return min(int(s.best[0]) for s in states)

    hopeless: list[Infeasible] = []

    def helped(k: int) -> None:
        """A start without clash for the first walk, where one is found by other means."""
        seconds = None if moves else min(HELP * limit, MOST_HELP)
        try:
            period = clear_periods(problem, seconds)
        except Infeasible as proof:
            hopeless.append(proof)
        else:
            if period is not None:
                states[k] = state_at(problem, tables, period)

    def walk(k: int) -> None:
        spent, since, price = 0.0, 0.0, CLASH * weight
        steps, tried = moves // 100 + 1 if moves else 100, 0
        while least() and not clock.stopped and not hopeless:
            before, spent = spent, tried / moves if moves else (clock.seconds - began) / limit
            if spent > since + TOLERATED and states[k].best[0] == NOTHING:
                if k == since == 0:
                    helped(k)
                since, price = spent, STRICT * CLASH * weight
            elif states[k].total[0] and spent > since + TOLERATED:
                price *= 2 ** (DEARER * (spent - before))
            if spent >= 1:
                return
            start = time.perf_counter()
            cool(
                tables,
                states[k],
                rngs[k],
                steps,
                weight * HOT * (COLD / HOT / weight) ** ((spent - since) / (1 - since)),
                price,
            )
            tried += steps
            if not moves:
                pace = 0.05 / max(time.perf_counter() - start, 1e-6)
                steps = max(1, int(steps * np.clip(pace, 0.5, 2.0)))
            if k == 0:
                clock.report(None if least() == NOTHING else float(least()), None)

    with ThreadPoolExecutor(len(states)) as pool:
        list(pool.map(walk, range(len(states))))
    if hopeless:
        raise hopeless[0]
    last = clock.seconds + QUENCH
    while least() == NOTHING and clock.seconds < last:
        cool(tables, states[0], rngs[0], 1000, WARM * weight, CLASH * weight * 2**DEARER)
    if least() == NOTHING:
        raise PlanningError(
            Text("在时限内没有排出无冲突的课表。", "No timetable without clash in the time given.")
        )
    slot = min(states, key=lambda s: int(s.best[0])).kept.astype(np.int64)
    period, room = slot // len(problem.rooms), slot % len(problem.rooms)
    value = sum(penalties(problem, period, room).values())
    return CurriculumPlan(
        objective=float(value),
        bound=0.0 if value == 0 else None,
        status=Status.OPTIMAL if value == 0 else Status.FEASIBLE,
        seconds=clock.seconds - began,
        period=period,
        room=room,
        uncounted=problem.uncounted,
    )
