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
    """An instance. A slot is period × rooms + room; ``first``/``group``: curricula per course;
    ``before``/``foe``: courses that clash with each; ``lonely``: isolated lectures of a day by the bits of its periods."""

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
    rooms: int
    slots: int


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
    groups: list[list[int]] = [[] for _ in range(n)]
    for q, (_, members) in enumerate(problem.curricula):
        for c in members:
            groups[c].append(q)
    foes = [sorted(others) for others in problem.conflicts]
    free = np.ones((n, periods), dtype=np.bool_)
    for c, p in problem.unavailable:
        free[c, p] = False
    students = np.array([c.students for c in problem.courses])
    day = np.arange(1 << problem.n_slots, dtype=np.int64)
    seats = np.array([size for _, size in problem.rooms])
    return Tables(
        np.array(problem.course_of, dtype=np.int32),
        conflict,
        np.cumsum([0, *map(len, groups)]).astype(np.int32),
        np.array([q for g in groups for q in g], dtype=np.int32),
        free,
        (CAPACITY * np.maximum(students[:, None] - seats, 0)).astype(np.int32),
        np.array([c.min_days for c in problem.courses], dtype=np.int32),
        np.bitwise_count(day & ~(day << 1) & ~(day >> 1)).astype(np.int32),
        np.cumsum([0, *map(len, foes)]).astype(np.int32),
        np.array([d for row in foes for d in row], dtype=np.int32),
        len(problem.rooms),
        problem.n_slots,
    )


def first_state(problem: Curricula, t: Tables, rng: np.random.Generator) -> State:
    """Lectures with the fewest periods first, each into an open slot with the fewest clashes.

    Where no slot is open, one that suits is taken, and who held it waits again.

    Raises :class:`Infeasible` where rooms or periods do not suffice.
    """
    n, many = len(problem.courses), len(t.course)
    periods, days, groups = problem.n_periods, problem.n_days, len(problem.curricula)

    def zeros(*shape: int) -> Ints:
        return np.zeros(shape, dtype=np.int32)

    state = State(
        np.full(many, -1, np.int32), np.full(periods * t.rooms, -1, np.int32),
        np.zeros((n, periods), np.bool_), zeros(n, periods), zeros(groups, periods),
        zeros(n, days), zeros(n), zeros(n, t.rooms), zeros(n), zeros(groups, days),
        np.array([0, DAYS * int(t.min_days.sum())]), np.array([NOTHING]), zeros(many),
    )  # fmt: skip
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
    c, p, r = t.course[k], slot // t.rooms, slot % t.rooms
    day, bit = p // t.slots, 1 << (p % t.slots)
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
    c, p, r = t.course[k], slot // t.rooms, slot % t.rooms
    day, bit = p // t.slots, 1 << (p % t.slots)
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
def _new_clashes(t: Tables, s: State, c: int, old: int, p: int, d: int) -> int:
    """Clashes more when a lecture of ``c`` goes from ``old`` to ``p``; ``d`` (−1: none) leaves p.

    Sent the other way with the roles exchanged, it tells the clashes of the other lecture.
    """
    leaves = d >= 0 and t.conflict[c, d]
    return int(s.crowd[c, p] - s.crowd[c, old] - leaves)


@compiled
def _most_gain(t: Tables, s: State, k: int) -> int:
    """What moving one lecture can save at most, clashes aside.

    Out of a day and into another a curriculum saves two isolated lectures at each end.
    """
    c, r = t.course[k], s.where[k] % t.rooms
    return int(t.short[c, r] + DAYS + STABLE + 4 * COMPACT * (t.first[c + 1] - t.first[c]))


@compiled
def cool(
    t: Tables, s: State, rng: np.random.Generator, steps: int, temperature: float, price: float
) -> None:
    """Random moves and swaps, kept by Metropolis' rule; a clash costs ``price``.

    The rule's random number is drawn first: a move whose clashes alone cost more than it allows is
    dropped before anything is changed, which is most of them once it is cool.
    """
    many, places = t.course.shape[0], s.at.shape[0]
    for _ in range(steps):
        k, slot = int(rng.random() * many), int(rng.random() * places)
        c, home, other = t.course[k], s.where[k], s.at[slot]
        p, old = slot // t.rooms, home // t.rooms
        if slot == home or not t.free[c, p] or (p != old and s.present[c, p]):
            continue
        d = -1
        if other >= 0:
            d = t.course[other]
            if d == c or not t.free[d, old] or (p != old and s.present[d, old]):
                continue
        allowed, more = -temperature * np.log(1.0 - rng.random()), 0
        if p != old:
            more, gain = _new_clashes(t, s, c, old, p, d), _most_gain(t, s, k)
            if other >= 0:
                more += _new_clashes(t, s, d, p, old, c)
                gain += _most_gain(t, s, other)
            if price * more - gain > allowed:
                continue
        cost = s.total[1]
        take(t, s, k)
        if other >= 0:
            take(t, s, other)
            put(t, s, other, home)
        put(t, s, k, slot)
        if s.total[1] - cost + price * more <= allowed:
            s.total[0] += more
            if p != old:
                _crowd(t, s, c, old, -1)
                _crowd(t, s, c, p, 1)
                if other >= 0:
                    _crowd(t, s, d, p, -1)
                    _crowd(t, s, d, old, 1)
            if s.total[0] == 0 and s.total[1] < s.best[0]:
                s.best[0] = s.total[1]
                s.kept[:] = s.where
            continue
        take(t, s, k)
        if other >= 0:
            take(t, s, other)
            put(t, s, other, slot)
        put(t, s, k, home)
