"""A plan that keeps every condition, by flows that are narrowed where the last one broke something.

Each round forbids one side of every broken condition and lets the flow place everyone anew. Near
ties are many (a person's next cohort costs little more), so few rounds suffice and little is lost.
"""

from __future__ import annotations

import time

import numpy as np

from ..core import Flags, Longs
from .flow import Relaxed, solve_flow, unit_caps
from .problem import CohortProblem

ROUNDS = 8
DEPTH, EFFORT = 4, 4_000  # moves of others to place one person, and tries for it


def repair(problem: CohortProblem, relaxed: Relaxed, until: float, seed: int) -> Longs:
    """From a flow's plan to one that breaks nothing; what the rounds leave is done one by one.

    ``until`` (``time.perf_counter``) rounds and insertion end early, with more people left out.
    """
    rng = np.random.default_rng(seed)
    chosen, allowed = relaxed.chosen, problem.eligible.copy()
    sizes = _Sizes(problem)
    cap = unit_caps(problem)
    for _ in range(ROUNDS):
        changed = sizes.adjust(chosen)
        if _too_many(problem, chosen):
            cap, changed = shares(problem, chosen, rng), True
        changed |= _apart(problem, chosen, allowed)
        changed |= _after(problem, chosen, allowed)
        if not changed or time.perf_counter() > until:
            break
        chosen = solve_flow(problem, allowed & ~sizes.closed, sizes.least, cap).chosen
    return insert(problem, _give_up(problem, chosen), until)


class _Sizes:
    """Which cohorts are closed, and which are asked to reach their minimum."""

    def __init__(self, problem: CohortProblem) -> None:
        self.problem = problem
        self.closed = np.zeros(len(problem.cohorts), dtype=bool)
        self.least = np.zeros(len(problem.cohorts), dtype=np.int64)
        self.tried = self.closed.copy()

    def adjust(self, chosen: Longs) -> bool:
        """Nearly empty cohorts close, small ones fill, one reopens while people are left out."""
        minimum = self.problem.cohorts.min_size
        size = np.bincount(chosen[chosen >= 0], minlength=len(minimum))
        small = (size > 0) & (size < minimum)
        fill = small & (self.least == 0) & (3 * size >= minimum)
        self.closed |= small & ~fill
        self.least = np.where(fill | ((size > 0) & ~small), minimum, 0)
        left = chosen < 0
        use = self.problem.eligible[left].sum(axis=0) * (self.closed & ~self.tried)
        if use.any():
            j = int(np.argmax(use))
            self.closed[j], self.tried[j], self.least[j] = False, True, minimum[j]
        return bool(small.any() or use.any())


def _counts(problem: CohortProblem, chosen: Longs) -> tuple[Longs, Longs]:
    """(U, C) people of a unit in a cohort; (M, C) which cohorts run at each moment."""
    names, unit = problem.units
    count = np.zeros((len(names), len(problem.cohorts)), dtype=np.int64)
    placed = chosen >= 0
    np.add.at(count, (unit[placed], chosen[placed]), 1)
    runs = np.zeros((len(problem.moments), count.shape[1]), dtype=np.int64)
    for k, together in enumerate(problem.moments):
        runs[k, together] = 1
    return count, runs


def _too_many(problem: CohortProblem, chosen: Longs) -> bool:
    count, runs = _counts(problem, chosen)
    return bool((count @ runs.T > unit_caps(problem)[:, :1]).any())


def shares(problem: CohortProblem, chosen: Longs, rng: np.random.Generator) -> Longs:
    """(U, C) caps that no use of can break a unit's limit.

    What each unit has in each cohort now, as far as it may, then the slack handed out at random.
    """
    count, runs = _counts(problem, chosen)
    limit = unit_caps(problem)[:, :1]
    cap, used = np.zeros_like(count), np.zeros((len(count), len(runs)), dtype=np.int64)
    order = rng.permutation(count.shape[1])
    for most in (count, np.broadcast_to(limit, count.shape)):
        for j in order:
            moments = np.flatnonzero(runs[:, j])
            slack = np.maximum((limit - used[:, moments]).min(axis=1), 0)
            more = np.minimum(slack, np.maximum(most[:, j] - cap[:, j], 0))
            cap[:, j] += more
            used[:, moments] += more[:, None]
    return cap


def _apart(problem: CohortProblem, chosen: Longs, allowed: Flags) -> bool:
    changed = False
    for pair in problem.apart:
        a, b = chosen[pair.first], chosen[pair.second]
        if a >= 0 and b >= 0 and problem.overlap[a, b]:
            free_a = allowed[pair.first] & ~problem.overlap[b]
            free_b = allowed[pair.second] & ~problem.overlap[a]
            if free_b.sum() >= free_a.sum():
                allowed[pair.second] = free_b
            else:
                allowed[pair.first] = free_a
            changed = True
    return changed


def _after(problem: CohortProblem, chosen: Longs, allowed: Flags) -> bool:
    """The later one waits for the earlier one; where it cannot, the earlier one goes sooner."""
    c, changed = problem.cohorts, False
    for order in problem.after:
        a, b = chosen[order.before], chosen[order.later]
        if b < 0 or (a >= 0 and c.ends[a] < c.starts[b]):
            continue
        changed = True
        ends = np.where(allowed[order.before], c.ends, 2**40)
        later = allowed[order.later] & (c.starts > (c.ends[a] if a >= 0 else ends.min()))
        if a >= 0 and later.any():
            allowed[order.later] = later
        elif a >= 0:
            latest = c.starts[allowed[order.later]].max(initial=0)
            allowed[order.later] &= c.starts > ends.min()
            sooner = allowed[order.before] & (c.ends < latest)
            allowed[order.before] = sooner if sooner.any() else allowed[order.before]
        else:
            allowed[order.later] = False
    return changed


def _give_up(problem: CohortProblem, chosen: Longs) -> Longs:
    """Take people out until nothing is broken (the program may still place them)."""
    chosen, c = chosen.copy(), problem.cohorts
    names, unit = problem.units
    for _ in range(len(chosen)):
        before = chosen.copy()
        size = np.bincount(chosen[chosen >= 0], minlength=len(c))
        chosen[(chosen >= 0) & (size[chosen] < c.min_size[chosen])] = -1
        for pair in problem.apart:
            a, b = chosen[pair.first], chosen[pair.second]
            if a >= 0 and b >= 0 and problem.overlap[a, b]:
                chosen[pair.second] = -1
        for order in problem.after:
            a, b = chosen[order.before], chosen[order.later]
            if b >= 0 and (a < 0 or c.ends[a] >= c.starts[b]):
                chosen[order.later] = -1
        for together in problem.moments:
            away = np.flatnonzero(np.isin(chosen, together))
            for u in np.unique(unit[away]):
                mine = away[unit[away] == u]
                chosen[mine[problem.unit_cap.get(names[u], len(mine)) :]] = -1
        if (before == chosen).all():
            return chosen
    return chosen


def insert(problem: CohortProblem, chosen: Longs, until: float) -> Longs:
    """Place everyone left out: in an open cohort, or by moving others, one after the other."""
    chosen = chosen.copy()
    for i in np.flatnonzero(chosen < 0).tolist():
        if time.perf_counter() > until:
            break
        for depth in range(DEPTH + 1):
            found = _place(problem, chosen, i, depth, (), [EFFORT])
            if found is not None:
                chosen = found
                break
    return chosen


def _place(
    problem: CohortProblem,
    chosen: Longs,
    i: int,
    depth: int,
    held: tuple[int, ...],
    left: list[int],
) -> Longs | None:
    """Place ``i`` where ``depth`` others may move, none of those ``held``; ``None`` if not found.

    Who stands in the way moves on in the same manner (an ejection chain), prerequisites first: one
    that sits in a late cohort goes sooner. ``left``: tries that are left, counted down.
    """
    free = _open(problem, chosen, i)
    if free.any():
        chosen = chosen.copy()
        chosen[i] = np.argmin(np.where(free, problem.cost[i], 2**60))
        return chosen
    if depth == 0:
        return None
    least = problem.cohorts.min_size
    for j in np.argsort(problem.cost[i], kind="stable").tolist():
        for k in _in_the_way(problem, chosen, i, j) if problem.eligible[i, j] else ():
            left[0] -= 1
            if left[0] < 0:
                return None
            home, size = chosen[k], int((chosen == chosen[k]).sum()) - 1
            if k in held or (home >= 0 and 0 < size < least[home]):
                continue
            trial = chosen.copy()
            trial[k] = -1
            if _room(problem, trial, i)[j] and window(problem, trial, i, without=k)[j]:
                trial[i] = j
                found = _place(problem, trial, k, depth - 1, (*held, i), left)
                if found is not None:
                    return found
    return None


def _in_the_way(problem: CohortProblem, chosen: Longs, i: int, j: int) -> list[int]:
    """List those for whom ``i`` cannot join ``j``: by pairs and order, of the unit, in the room."""
    c, (_, unit) = problem.cohorts, problem.units
    out = []
    for order in problem.after:
        a, b = chosen[order.before], chosen[order.later]
        if i == order.later and (a < 0 or c.ends[a] >= c.starts[j]):
            out.append(order.before)
        elif i == order.before and b >= 0 and c.ends[j] >= c.starts[b]:
            out.append(order.later)
    for pair in problem.apart:
        if i in (pair.first, pair.second):
            other = pair.first + pair.second - i
            if chosen[other] >= 0 and problem.overlap[j][chosen[other]]:
                out.append(other)
    if out:
        return out
    mates = (unit == unit[i]) & (chosen >= 0) & problem.overlap[j][chosen]
    return np.flatnonzero((chosen == j) | mates).tolist()


def _open(problem: CohortProblem, chosen: Longs, i: int) -> Flags:
    """(C,) cohorts that ``i`` could join without breaking anything."""
    return np.asarray(_room(problem, chosen, i) & window(problem, chosen, i))


def _room(problem: CohortProblem, chosen: Longs, i: int) -> Flags:
    """(C,) cohorts of ``i`` with a place left, for himself and for his unit."""
    c, (names, unit) = problem.cohorts, problem.units
    size = np.bincount(chosen[chosen >= 0], minlength=len(c))
    free = problem.eligible[i] & (size < c.max_size) & (size + 1 >= c.min_size)
    cap = problem.unit_cap.get(names[unit[i]])
    if cap is not None:
        mates = chosen[(unit == unit[i]) & (chosen >= 0)]
        count = np.bincount(mates, minlength=len(c))
        for together in problem.moments:
            if count[together].sum() >= cap:
                free[together] = False
    return np.asarray(free)


def window(problem: CohortProblem, chosen: Longs, i: int, *, without: int = -1) -> Flags:
    """(C,) cohorts that the pairs of ``i`` leave open, those with ``without`` not looked at."""
    c = problem.cohorts
    free = np.ones(len(c), dtype=bool)
    for pair in problem.apart:
        other = pair.first + pair.second - i
        if i in (pair.first, pair.second) and other != without and chosen[other] >= 0:
            free &= ~problem.overlap[chosen[other]]
    for order in problem.after:
        if i == order.later and order.before != without:
            before = chosen[order.before]
            free &= c.starts > c.ends[before] if before >= 0 else False
        elif i == order.before and order.later != without and chosen[order.later] >= 0:
            free &= c.ends < c.starts[chosen[order.later]]
    return free
