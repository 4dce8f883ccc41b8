"""Random moves and swaps of lectures, priced before anything is changed.

Handing a tuple of arrays on counts the references of each, which costs more than the price itself:
the loop takes the arrays out once, and what prices a move takes those it needs.
"""

from __future__ import annotations

import numpy as np

from ...compiled import compiled, inlined
from .ctt import COMPACT, DAYS, STABLE
from .moves import Flags, Ints, State, Tables, go

MOST = 4 * COMPACT  # saved at most per curriculum: two isolated lectures at either end


@inlined
def _elsewhere(
    short: Ints, used: Ints, days: Ints, used_days: Ints, least: Ints,
    c: int, room: int, to: int, day: int, on: int,
) -> int:  # fmt: skip
    """What seats, rooms and working days cost more when a lecture of course ``c`` goes from a room
    and day ``to`` and ``on`` others."""
    more = 0
    if room != to:
        more += short[c, to] - short[c, room]
        more += STABLE * (int(used[c, to] == 0) - int(used[c, room] == 1))
    if day != on:
        now = used_days[c]
        then = now + int(days[c, on] == 0) - int(days[c, day] == 1)
        more += DAYS * (max(least[c] - then, 0) - max(least[c] - now, 0))
    return more


@inlined
def _gaps(
    first: Ints, group: Ints, member: Flags, held: Ints, masks: Ints, lonely: Ints,
    day: Ints, bit: Ints, c: int, old: int, p: int, d: int,
) -> int:  # fmt: skip
    """What isolated lectures cost more when a lecture of ``c`` goes from period ``old`` to ``p``.

    Curricula of ``d`` (−1: none) too, whose lecture goes the other way, stay as they are.
    """
    by, on, more = day[old], day[p], 0
    for i in range(first[c], first[c + 1]):
        q = group[i]
        if d < 0 or not member[d, q]:
            left = masks[q, by]
            if held[q, old] == 1:
                left ^= bit[old]
            if by == on:
                more += lonely[left | bit[p]] - lonely[masks[q, by]]
            else:
                more += lonely[left] - lonely[masks[q, by]]
                more += lonely[masks[q, on] | bit[p]] - lonely[masks[q, on]]
    return COMPACT * more


@compiled
def cool(
    t: Tables, s: State, rng: np.random.Generator, steps: int, temperature: float, price: float
) -> None:
    """One lecture goes to a random slot that is open to it, who holds that slot goes the other way.

    Kept by Metropolis' rule, with ``price`` per clash. The rule's random number is drawn first: most
    moves are dropped on what is cheap to know.
    """
    course, rooms, start, open_, free = t.course, t.rooms, t.start, t.open, t.free
    period, room, day, bit, conflict = t.period, t.room, t.day, t.bit, t.conflict
    first, group, member, lonely, short, least = (
        t.first, t.group, t.member, t.lonely, t.short, t.min_days
    )  # fmt: skip
    where, at, present, crowd, total, best = s.where, s.at, s.present, s.crowd, s.total, s.best
    used, days, used_days, held, masks = s.used, s.days, s.used_days, s.held, s.masks
    for _ in range(steps):
        k = int(rng.random() * len(course))
        c, home = course[k], where[k]
        p = open_[start[c] + int(rng.random() * (start[c + 1] - start[c]))]
        slot, old, d = p * rooms + int(rng.random() * rooms), period[home], -1
        if slot == home or (p != old and present[c, p]):
            continue
        if at[slot] >= 0:
            d = course[at[slot]]
            if d == c or not free[d, old] or (p != old and present[d, old]):
                continue
        allowed, clashes, gain = -temperature * np.log(1.0 - rng.random()), 0, 0
        if p != old:
            clashes = crowd[c, p] - crowd[c, old]
            gain = MOST * (first[c + 1] - first[c])
            if d >= 0:
                clashes += crowd[d, old] - crowd[d, p] - 2 * conflict[c, d]
                gain += MOST * (first[d + 1] - first[d])
        r, to, by, on = room[home], room[slot], day[old], day[p]
        more = price * clashes + _elsewhere(short, used, days, used_days, least, c, r, to, by, on)
        if d >= 0:
            more += _elsewhere(short, used, days, used_days, least, d, to, r, on, by)
        if more - gain > allowed:
            continue
        if p != old:
            more += _gaps(first, group, member, held, masks, lonely, day, bit, c, old, p, d)
            if d >= 0:
                more += _gaps(first, group, member, held, masks, lonely, day, bit, d, p, old, c)
        if more > allowed:
            continue
        go(t, s, k, slot)
        total[0] += clashes
        if total[0] == 0 and total[1] < best[0]:
            best[0] = total[1]
            s.kept[:] = where
