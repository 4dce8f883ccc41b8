"""A curriculum timetable with counters, so that moving a lecture tells its cost at once."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...compiled import compiled
from ...core import Infeasible, Text
from .ctt import CAPACITY, COMPACT, DAYS, STABLE, Curricula

Ints = NDArray[np.int32]
Flags = NDArray[np.bool_]
TRIES = 100  # places taken per lecture until it is said that there is no room
NOTHING = 2**60  # the best so far, where there is none


class Tables(NamedTuple):
    """An instance. A slot is period × rooms + room; ``period`` and ``room`` of each, ``day`` and
    ``bit`` (within the day) of each period. Per course, from ``first``/``before``/``start`` on:
    its curricula ``group`` (also as ``member``), who clashes with it ``foe``, its ``open`` periods.
    ``lonely``: isolated lectures of a day by the bits of its periods."""

    course: Ints
    conflict: Flags
    first: Ints
    group: Ints
    free: Flags
    short: Ints
    min_days: Ints
    lonely: Ints
    before: Ints
    foe: Ints
    start: Ints
    open: Ints
    member: Flags
    period: Ints
    room: Ints
    day: Ints
    bit: Ints
    rooms: int


class State(NamedTuple):
    """``where`` each lecture is, who is ``at`` each slot (−1: nobody), and what follows from it.
    ``crowd``: lectures in a period that a course clashes with. ``total``: clashes, cost. ``best``: least cost without clash, ``kept`` that timetable."""

    where: Ints
    at: Ints
    present: Flags
    crowd: Ints
    held: Ints
    days: Ints
    used_days: Ints
    used: Ints
    used_rooms: Ints
    masks: Ints
    total: NDArray[np.int64]
    best: NDArray[np.int64]
    kept: Ints


def tables_of(problem: Curricula) -> Tables:
    n, periods = len(problem.courses), problem.n_periods
    conflict = np.zeros((n, n), dtype=np.bool_)
    for c, others in enumerate(problem.conflicts):
        conflict[c, list(others)] = True
    member = np.zeros((n, len(problem.curricula)), dtype=np.bool_)
    for q, (_, members) in enumerate(problem.curricula):
        member[list(members), q] = True
    free = np.ones((n, periods), dtype=np.bool_)
    for c, p in problem.unavailable:
        free[c, p] = False
    students = np.array([c.students for c in problem.courses])
    day = np.arange(1 << problem.n_slots, dtype=np.int64)
    seats = np.array([size for _, size in problem.rooms])
    return Tables(
        np.array(problem.course_of, dtype=np.int32),
        conflict,
        _starts(member),
        np.nonzero(member)[1].astype(np.int32),
        free,
        (CAPACITY * np.maximum(students[:, None] - seats, 0)).astype(np.int32),
        np.array([c.min_days for c in problem.courses], dtype=np.int32),
        np.bitwise_count(day & ~(day << 1) & ~(day >> 1)).astype(np.int32),
        _starts(conflict),
        np.nonzero(conflict)[1].astype(np.int32),
        _starts(free),
        np.nonzero(free)[1].astype(np.int32),
        member,
        np.repeat(np.arange(periods, dtype=np.int32), len(seats)),
        np.tile(np.arange(len(seats), dtype=np.int32), periods),
        np.repeat(np.arange(problem.n_days, dtype=np.int32), problem.n_slots),
        np.tile(1 << np.arange(problem.n_slots, dtype=np.int32), problem.n_days),
        len(problem.rooms),
    )


def _starts(flags: Flags) -> Ints:
    """Where the list of each row begins, when the columns set are listed row by row."""
    return np.cumsum([0, *flags.sum(axis=1)]).astype(np.int32)


def _nobody(problem: Curricula, t: Tables) -> State:
    """A timetable with no lecture placed yet."""
    n, many = len(problem.courses), len(t.course)
    periods, days, groups = problem.n_periods, problem.n_days, len(problem.curricula)

    def zeros(*shape: int) -> Ints:
        return np.zeros(shape, dtype=np.int32)

    return State(
        np.full(many, -1, np.int32), np.full(periods * t.rooms, -1, np.int32),
        np.zeros((n, periods), np.bool_), zeros(n, periods), zeros(groups, periods),
        zeros(n, days), zeros(n), zeros(n, t.rooms), zeros(n), zeros(groups, days),
        np.array([0, DAYS * int(t.min_days.sum())]), np.array([NOTHING]), zeros(many),
    )  # fmt: skip


def state_at(problem: Curricula, t: Tables, period: NDArray[np.int64]) -> State:
    """The timetable with each lecture in the given period, without clash; big courses in big rooms."""
    state = _nobody(problem, t)
    rooms = np.argsort([-size for _, size in problem.rooms], kind="stable")
    students = np.array([problem.courses[c].students for c in t.course])
    taken = np.zeros(problem.n_periods, dtype=np.int64)
    for k in np.argsort(-students, kind="stable"):
        p = period[k]
        put(t, state, k, p * t.rooms + rooms[taken[p]])
        _crowd(t, state, t.course[k], p, 1)
        taken[p] += 1
    state.best[0] = state.total[1]
    state.kept[:] = state.where
    return state


def first_state(problem: Curricula, t: Tables, rng: np.random.Generator) -> State:
    """Lectures with the fewest periods first, each into an open slot with the fewest clashes.

    Where no slot is open, one that suits is taken, and who held it waits again.

    Raises :class:`Infeasible` where rooms or periods do not suffice.
    """
    state, many = _nobody(problem, t), len(t.course)
    waiting = deque(np.argsort(t.free[t.course].sum(axis=1), kind="stable").tolist())
    for _ in range(TRIES * many):
        if not waiting:
            return state
        k = waiting.popleft()
        c = t.course[k]
        order = rng.permutation(len(state.at))
        period = order // t.rooms
        order = order[t.free[c, period] & ~state.present[c, period]]
        if not len(order):
            break
        open_ = order[state.at[order] < 0]
        if len(open_):
            slot = int(open_[state.crowd[c, open_ // t.rooms].argmin()])
        else:
            slot = int(order[0])
            waiting.append(int(state.at[slot]))
            d = t.course[waiting[-1]]
            take(t, state, waiting[-1])
            _crowd(t, state, d, slot // t.rooms, -1)
            state.total[0] -= state.crowd[d, slot // t.rooms]
        put(t, state, k, slot)
        _crowd(t, state, c, slot // t.rooms, 1)
        state.total[0] += state.crowd[c, slot // t.rooms]
    if waiting:
        raise Infeasible([Text("教室或时段不够", "there are too few rooms or periods")])
    return state


@compiled
def _crowd(t: Tables, s: State, c: int, p: int, more: int) -> None:
    """Tell the courses that clash with ``c`` that it comes to a period or leaves it."""
    for i in range(t.before[c], t.before[c + 1]):
        s.crowd[t.foe[i], p] += more


@compiled
def put(t: Tables, s: State, k: int, slot: int) -> None:
    """Place a lecture; clashes are counted by who calls."""
    c, p, r = t.course[k], t.period[slot], t.room[slot]
    day, bit = t.day[p], t.bit[p]
    s.at[slot], s.where[k] = k, slot
    s.present[c, p] = True
    delta = t.short[c, r]
    s.days[c, day] += 1
    if s.days[c, day] == 1:
        s.used_days[c] += 1
        if s.used_days[c] <= t.min_days[c]:
            delta -= DAYS
    s.used[c, r] += 1
    if s.used[c, r] == 1:
        s.used_rooms[c] += 1
        if s.used_rooms[c] > 1:
            delta += STABLE
    for i in range(t.first[c], t.first[c + 1]):
        q = t.group[i]
        s.held[q, p] += 1
        if s.held[q, p] == 1:
            old = s.masks[q, day]
            s.masks[q, day] = old | bit
            delta += COMPACT * (t.lonely[old | bit] - t.lonely[old])
    s.total[1] += delta


@compiled
def take(t: Tables, s: State, k: int) -> None:
    """Take a lecture out; clashes are counted by who calls."""
    slot = s.where[k]
    c, p, r = t.course[k], t.period[slot], t.room[slot]
    day, bit = t.day[p], t.bit[p]
    s.at[slot] = -1
    s.present[c, p] = False
    delta = -t.short[c, r]
    s.days[c, day] -= 1
    if s.days[c, day] == 0:
        if s.used_days[c] <= t.min_days[c]:
            delta += DAYS
        s.used_days[c] -= 1
    s.used[c, r] -= 1
    if s.used[c, r] == 0:
        if s.used_rooms[c] > 1:
            delta -= STABLE
        s.used_rooms[c] -= 1
    for i in range(t.first[c], t.first[c + 1]):
        q = t.group[i]
        s.held[q, p] -= 1
        if s.held[q, p] == 0:
            old = s.masks[q, day]
            s.masks[q, day] = old ^ bit
            delta += COMPACT * (t.lonely[old ^ bit] - t.lonely[old])
    s.total[1] += delta


@compiled
def go(t: Tables, s: State, k: int, slot: int) -> None:
    """Move a lecture to a slot; who holds it goes to where that lecture was. Clashes: see put."""
    c, home, other = t.course[k], s.where[k], s.at[slot]
    p, old = t.period[slot], t.period[home]
    take(t, s, k)
    if other >= 0:
        take(t, s, other)
        put(t, s, other, home)
    put(t, s, k, slot)
    if p != old:
        _crowd(t, s, c, old, -1)
        _crowd(t, s, c, p, 1)
        if other >= 0:
            d = t.course[other]
            _crowd(t, s, d, p, -1)
            _crowd(t, s, d, old, 1)
