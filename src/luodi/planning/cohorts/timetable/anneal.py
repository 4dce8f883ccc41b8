"""Curriculum timetables by simulated annealing over lecture moves and swaps.

After R. Bellio, S. Ceschia, L. Di Gaspero, A. Schaerf, T. Urli, "Feature-based tuning of simulated
annealing applied to the curriculum-based course timetabling problem", Computers & Operations
Research 65, 2016: one lecture goes to a random period and room, swapping with whoever holds it;
clashes are allowed at a price. No bound comes out of it.
"""

from __future__ import annotations

import math
import random
import time

import numpy as np

from ...core import Infeasible, Progress, Status, Text
from .ctt import CAPACITY, COMPACT, DAYS, STABLE, Curricula, CurriculumPlan, penalties

CLASH = 50  # price of one clash of teacher or curriculum
HOT, COLD = 25.0, 0.15
LOOK = 2_000  # moves between looks at the clock


def solve_curricula(
    problem: Curricula,
    *,
    time_limit: float | None = 60.0,
    seed: int = 0,
    progress: Progress | None = None,
) -> CurriculumPlan:
    """The best timetable found in ``time_limit`` seconds (default 60); proven only at penalty 0.

    Raises :class:`Infeasible` where no timetable without clash was found.
    """
    began = time.perf_counter()
    state = _State(problem, random.Random(seed))  # noqa: S311
    limit, temperature, moves = time_limit or 60.0, HOT, 0
    while True:
        for _ in range(LOOK):
            state.step(temperature)
        moves += LOOK
        passed = (time.perf_counter() - began) / limit
        if progress is not None and moves % (50 * LOOK) == 0:
            progress.report(None if state.best is None else float(state.best), None)
        if passed >= 1 or state.best == 0 or (progress is not None and progress.stopped):
            break
        temperature = HOT * (COLD / HOT) ** passed
    if state.best is None:
        raise Infeasible(
            [Text("在时限内没有排出无冲突的课表", "no timetable without clash in the time given")]
        )
    slot = np.array(state.best_slots, dtype=np.int64)
    period, room = slot // len(problem.rooms), slot % len(problem.rooms)
    value = sum(penalties(problem, period, room).values())
    return CurriculumPlan(
        objective=float(value),
        bound=0.0 if value == 0 else None,
        status=Status.OPTIMAL if value == 0 else Status.FEASIBLE,
        seconds=time.perf_counter() - began,
        period=period,
        room=room,
    )


class _State:
    """A timetable with counters, so that taking a lecture out or in tells its cost at once.

    ``slot`` = period × rooms + room. ``present``: per period the courses held, as bits.
    """

    def __init__(self, problem: Curricula, rng: random.Random) -> None:
        self.rng = rng
        self.rooms, self.slots = len(problem.rooms), problem.n_slots
        self.periods = problem.n_periods
        self.course = problem.course_of
        n = len(problem.courses)
        self.clash = [sum(1 << d for d in conflicts) for conflicts in problem.conflicts]
        self.groups: list[list[int]] = [[] for _ in range(n)]
        for q, (_, members) in enumerate(problem.curricula):
            for c in members:
                self.groups[c].append(q)
        free = [[(c, p) not in problem.unavailable for p in range(self.periods)] for c in range(n)]
        self.free = free
        self.short = [
            [CAPACITY * max(0, course.students - size) for _, size in problem.rooms]
            for course in problem.courses
        ]
        self.min_days = [course.min_days for course in problem.courses]
        self.lonely = [_isolated(mask, self.slots) for mask in range(1 << self.slots)]
        self.day_mask = (1 << self.slots) - 1
        self.present = [0] * self.periods
        self.held = [[0] * self.periods for _ in problem.curricula]
        self.days = [[0] * problem.n_days for _ in range(n)]
        self.used_days = [0] * n
        self.used = [[0] * self.rooms for _ in range(n)]
        self.used_rooms = [0] * n
        self.masks = [[0] * problem.n_days for _ in problem.curricula]
        self.at = [-1] * (self.periods * self.rooms)
        self.where = [-1] * len(self.course)
        self.clashes = 0
        self.cost = 0
        self.best: int | None = None
        self.best_slots: list[int] = []
        self._fill()

    def _fill(self) -> None:
        """Lectures with the fewest periods first, each into the cheapest open slot."""
        order = sorted(range(len(self.course)), key=lambda k: sum(self.free[self.course[k]]))
        for k in order:
            c, best = self.course[k], None
            for slot in self.rng.sample(range(len(self.at)), len(self.at)):
                p = slot // self.rooms
                if self.at[slot] >= 0 or not self.free[c][p] or self.present[p] >> c & 1:
                    continue
                price = (self.present[p] & self.clash[c]).bit_count()
                if best is None or price < best[0]:
                    best = (price, slot)
                if price == 0:
                    break
            if best is None:
                raise Infeasible([Text("教室或时段不够", "there are too few rooms or periods")])
            self.cost += self.put(k, best[1])

    def put(self, k: int, slot: int) -> int:
        """Place a lecture; the change of cost (clashes are counted apart)."""
        c, p, r = self.course[k], slot // self.rooms, slot % self.rooms
        day, bit = p // self.slots, 1 << p % self.slots
        self.at[slot], self.where[k] = k, slot
        self.clashes += (self.present[p] & self.clash[c]).bit_count()
        self.present[p] |= 1 << c
        delta = self.short[c][r]
        days = self.days[c]
        days[day] += 1
        if days[day] == 1:
            self.used_days[c] += 1
            delta -= DAYS * (self.used_days[c] <= self.min_days[c])
        used = self.used[c]
        used[r] += 1
        if used[r] == 1:
            self.used_rooms[c] += 1
            delta += STABLE * (self.used_rooms[c] > 1)
        for q in self.groups[c]:
            held = self.held[q]
            held[p] += 1
            if held[p] == 1:
                masks = self.masks[q]
                old = masks[day]
                masks[day] = old | bit
                delta += COMPACT * (self.lonely[old | bit] - self.lonely[old])
        return delta

    def take(self, k: int) -> int:
        """Take a lecture out; the change of cost."""
        slot = self.where[k]
        c, p, r = self.course[k], slot // self.rooms, slot % self.rooms
        day, bit = p // self.slots, 1 << p % self.slots
        self.at[slot] = -1
        self.present[p] ^= 1 << c
        self.clashes -= (self.present[p] & self.clash[c]).bit_count()
        delta = -self.short[c][r]
        days = self.days[c]
        days[day] -= 1
        if days[day] == 0:
            delta += DAYS * (self.used_days[c] <= self.min_days[c])
            self.used_days[c] -= 1
        used = self.used[c]
        used[r] -= 1
        if used[r] == 0:
            delta -= STABLE * (self.used_rooms[c] > 1)
            self.used_rooms[c] -= 1
        for q in self.groups[c]:
            held = self.held[q]
            held[p] -= 1
            if held[p] == 0:
                masks = self.masks[q]
                old = masks[day]
                masks[day] = old ^ bit
                delta += COMPACT * (self.lonely[old ^ bit] - self.lonely[old])
        return delta

    def step(self, temperature: float) -> None:
        """One random move or swap, kept by Metropolis' rule."""
        rng = self.rng
        k = int(rng.random() * len(self.course))
        slot = int(rng.random() * len(self.at))
        c, home, other = self.course[k], self.where[k], self.at[slot]
        p, old = slot // self.rooms, home // self.rooms
        if slot == home or not self.free[c][p] or (p != old and self.present[p] >> c & 1):
            return
        if other >= 0:
            d = self.course[other]
            if d == c or not self.free[d][old] or (p != old and self.present[old] >> d & 1):
                return
        before = self.clashes
        delta = self.take(k)
        if other >= 0:
            delta += self.take(other) + self.put(other, home)
        delta += self.put(k, slot)
        total = delta + CLASH * (self.clashes - before)
        if total <= 0 or rng.random() < math.exp(-total / temperature):
            self.cost += delta
            if self.clashes == 0 and (self.best is None or self.cost < self.best_cost):
                self._keep()
            return
        self.take(k)
        if other >= 0:
            self.take(other)
            self.put(other, slot)
        self.put(k, home)

    def _keep(self) -> None:
        self.best_cost = self.cost
        self.best = self.cost + self.offset
        self.best_slots = self.where.copy()

    @property
    def offset(self) -> int:
        """``cost`` starts from an empty timetable, where every course lacks all its days."""
        return DAYS * sum(self.min_days)


def _isolated(mask: int, slots: int) -> int:
    """Lectures of a day without a neighbour."""
    return sum(
        mask >> s & 1 and not (mask >> (s + 1) & 1) and not (s and mask >> (s - 1) & 1)
        for s in range(slots)
    )
