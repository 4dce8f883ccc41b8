"""Take out neighbouring strings of visits, put them back where it is cheapest, on any pattern.

J. Christiaens, G. Vanden Berghe (2020), Slack induction by string removals for vehicle routing
problems, Transportation Science 54, 417–433; here a customer comes back on its cheapest pattern of
days, and loads and durations beyond the limits are allowed at a price that follows the search. Now
and then all of a step must come back on other days than they left: one by one each would go back to
its old neighbours, and a road's customers change their days together or not at all.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...compiled import compiled, inlined
from .arrays import Data, Floats, Marks, Memo, Numbers, Routes, routes_of, state_of, twin
from .problem import PeriodicProblem
from .state import State

REMOVED, LONGEST, BLINK = 10.0, 10.0, 0.01  # as published: mean visits out, string, blink rate
PRICED = 500  # steps from one look at the price to the next
ELSEWHERE = 0.1  # share of the steps after which no pattern may be the old one


class Walk:
    """One annealing run; :meth:`run` goes on by some steps. ``price``: per unit beyond a limit."""

    def __init__(self, problem: PeriodicProblem, data: Data, first: State, seed: int) -> None:
        self.p, self.data, self.rng = problem, data, np.random.default_rng(seed)
        edges = sum(len(r) + 1 for day in first.days for r in day)
        self.edge = first.length() / max(edges, 1)
        self.price = np.array([max(1.0, self.edge / float(problem.demand.mean() + 1e-9))])
        self.best_value = np.array([np.inf])
        self.tally = np.zeros(2, np.int64)
        self.steps = 0
        self.restart(first)
        self.best = twin(self.now)

    def restart(self, state: State) -> None:
        self.now = routes_of(self.p, state)
        self.trial = twin(self.now)
        shape = len(self.data.options), len(self.now.size)
        self.memo = Memo(
            np.zeros(shape), np.zeros(shape, np.int32), np.full(shape, -1, np.int64),
            np.zeros(1, np.int64),
        )  # fmt: skip

    def run(self, steps: int, heat: float) -> None:
        self.steps += steps
        _anneal(
            self.data, self.memo, self.now, self.trial, self.best, self.price, self.best_value,
            self.tally, self.rng, steps, heat * self.edge,
        )  # fmt: skip

    def found(self) -> State | None:
        """The shortest plan within all limits so far."""
        return state_of(self.p, self.best) if np.isfinite(self.best_value[0]) else None


@inlined
def _over(data: Data, routes: Routes, r: int) -> float:
    """What a route carries and lasts beyond the limits of its day."""
    day = r // data.vehicles
    load, late = routes.load[r] - data.capacity[day], routes.time[r] - data.longest[day]
    return float(max(0.0, load - 1e-9) + max(0.0, late - 1e-9))


@inlined
def _look(data: Data, memo: Memo, routes: Routes, c: int, r: int) -> None:
    """Remember the shortest way by c in a route. Load and lateness cost the same at any place."""
    to, stops, home = data.far[c], routes.stops[r], data.home[r // data.vehicles]
    least, place, before = np.inf, 0, home
    for i in range(routes.size[r] + 1):
        after = stops[i] if i < routes.size[r] else home
        more = data.far[before, c] + to[after] - data.far[before, after]
        before = after
        if more < least:
            least, place = more, i
    memo.more[c, r], memo.place[c, r], memo.mark[c, r] = least, place, routes.mark[r]


@inlined
def _cheapest(
    data: Data,
    memo: Memo,
    routes: Routes,
    c: int,
    day: int,
    price: float,
    rng: np.random.Generator,
) -> tuple[float, int, int]:
    """(cost, route, position) of the cheapest visit of c on a day, now and then overlooking one."""
    best, where, place = np.inf, -1, 0
    opened = False
    for r in range(day * data.vehicles, (day + 1) * data.vehicles):
        if routes.size[r] == 0:
            if opened:
                continue
            opened = True
        cost = price * (
            max(0.0, routes.load[r] + data.demand[c] - data.capacity[day])
            - max(0.0, routes.load[r] - data.capacity[day])
        )
        if cost >= best:
            continue
        if memo.mark[c, r] != routes.mark[r]:
            _look(data, memo, routes, c, r)
        more = memo.more[c, r]
        spare = data.longest[day] - routes.time[r]
        if more + data.service[c] > spare:
            cost += price * (more + data.service[c] - spare - max(0.0, -spare))
        cost += more
        if cost < best and rng.random() >= BLINK:
            best, where, place = cost, r, memo.place[c, r]
    return best, where, place


@inlined
def _insert(data: Data, memo: Memo, routes: Routes, c: int, r: int, i: int) -> None:
    stops, size, home = routes.stops, routes.size[r], data.home[r // data.vehicles]
    before = stops[r, i - 1] if i else home
    after = stops[r, i] if i < size else home
    for k in range(size, i, -1):
        stops[r, k] = stops[r, k - 1]
    stops[r, i] = c
    more = data.far[before, c] + data.far[c, after] - data.far[before, after]
    memo.last[0] += 1
    routes.mark[r] = memo.last[0]
    routes.size[r] += 1
    routes.load[r] += data.demand[c]
    routes.length[r] += more
    routes.time[r] += more + data.service[c]
    routes.at[c, r // data.vehicles] = r


@inlined
def _remove(data: Data, memo: Memo, routes: Routes, c: int, day: int) -> int:
    """The route that loses c."""
    r = routes.at[c, day]
    stops, size, home = routes.stops, routes.size[r], data.home[day]
    i = 0
    while stops[r, i] != c:
        i += 1
    before = stops[r, i - 1] if i else home
    after = stops[r, i + 1] if i + 1 < size else home
    for k in range(i, size - 1):
        stops[r, k] = stops[r, k + 1]
    more = data.far[before, c] + data.far[c, after] - data.far[before, after]
    memo.last[0] += 1
    routes.mark[r] = memo.last[0]
    routes.size[r] -= 1
    routes.load[r] -= data.demand[c]
    routes.length[r] -= more
    routes.time[r] -= more + data.service[c]
    routes.at[c, day] = -1
    return int(r)


@inlined
def _option(data: Data, routes: Routes, c: int) -> int:
    """Which of its patterns c is on."""
    for option in range(data.options[c]):
        if np.all(data.patterns[c, option] == (routes.at[c] >= 0)):
            return option
    return -1


@compiled
def _ruin(
    data: Data,
    memo: Memo,
    routes: Routes,
    rng: np.random.Generator,
    out: Numbers,
    day_of: Numbers,
    touched: NDArray[np.bool_],
) -> int:
    """Fill ``out`` with customers (``day_of``: the day they left; −1 − option for all of them)."""
    n, days = data.near.shape[1], data.capacity.shape[0]
    stopping = routes.size.sum() / max(1, (routes.size > 0).sum())
    longest = min(LONGEST, stopping)
    strings = int(rng.random() * (4.0 * REMOVED / (1.0 + longest) - 1.0)) + 1
    whole = rng.random() < 0.7
    only = -1 if rng.random() < 0.6 else int(rng.random() * days)
    seed = int(rng.random() * n) + 1
    count = done = 0
    for c in data.near[seed]:
        if done >= strings:
            break
        day, r = only, -1
        if day < 0:
            first = int(rng.random() * days)
            for k in range(days):
                day = (first + k) % days
                if routes.at[c, day] >= 0:
                    break
        r = routes.at[c, day]
        if r < 0 or touched[r]:
            continue
        size = routes.size[r]
        length = int(rng.random() * min(float(size), longest)) + 1
        i = 0
        while routes.stops[r, i] != c:
            i += 1
        low = max(0, i - length + 1)
        high = min(i, size - length)
        start = low + int(rng.random() * (high - low + 1))
        group = routes.stops[r, start : start + length].copy()
        touched[r] = True
        done += 1
        for x in group:
            if routes.at[x, day] < 0:
                continue  # left with all its days already
            out[count] = x
            if whole and data.options[x] > 1:
                day_of[count] = -1 - _option(data, routes, x)
                for d in range(days):
                    if routes.at[x, d] >= 0:
                        touched[_remove(data, memo, routes, x, d)] = True
            else:
                day_of[count] = day
                _remove(data, memo, routes, x, day)
            count += 1
    return count


@compiled
def _order(
    data: Data, rng: np.random.Generator, out: Numbers, day_of: Numbers, count: int
) -> Numbers:
    """By chance, by demand, far first or near first (weights 4, 4, 2, 1, as published)."""
    kind, key = rng.random() * 11.0, np.empty(count)
    for k in range(count):
        c = out[k]
        if kind < 4:
            key[k] = rng.random()
        elif kind < 8:
            key[k] = -data.demand[c] * data.patterns[c, 0].sum()
        elif kind < 10:
            key[k] = -data.far[data.home, c].min()
        else:
            key[k] = data.far[data.home, c].min()
    return np.argsort(key).astype(np.int32)


@compiled
def _recreate(
    data: Data,
    memo: Memo,
    routes: Routes,
    price: float,
    rng: np.random.Generator,
    out: Numbers,
    day_of: Numbers,
    count: int,
    touched: NDArray[np.bool_],
) -> bool:
    days = data.capacity.shape[0]
    elsewhere = rng.random() < ELSEWHERE
    cost, where, place = np.zeros(days), np.zeros(days, np.int32), np.zeros(days, np.int32)
    for k in _order(data, rng, out, day_of, count):
        c, only = out[k], day_of[k]
        chosen = np.zeros(days, np.bool_)
        if only >= 0:
            cost[only], where[only], place[only] = _cheapest(
                data, memo, routes, c, only, price, rng
            )
            chosen[only] = True
        else:
            known, least = np.zeros(days, np.bool_), np.inf
            for option in range(data.options[c]):
                if elsewhere and option == -1 - only:
                    continue
                total = 0.0
                for d in range(days):
                    if data.patterns[c, option, d]:
                        if not known[d]:
                            cost[d], where[d], place[d] = _cheapest(
                                data, memo, routes, c, d, price, rng
                            )
                            known[d] = True
                        total += cost[d]
                if total < least and rng.random() >= BLINK:
                    least = total
                    chosen[:] = data.patterns[c, option]
            if least == np.inf:
                return False
        for d in range(days):
            if chosen[d]:
                if where[d] < 0 or cost[d] == np.inf:
                    return False
                _insert(data, memo, routes, c, where[d], place[d])
                touched[where[d]] = True
    return True


@inlined
def _copy_route(source: Routes, target: Routes, r: int) -> None:
    size = source.size[r]
    target.stops[r, :size] = source.stops[r, :size]
    target.size[r], target.load[r] = size, source.load[r]
    target.length[r], target.time[r] = source.length[r], source.time[r]
    target.mark[r] = source.mark[r]


@compiled
def _anneal(
    data: Data,
    memo: Memo,
    now: Routes,
    trial: Routes,
    best: Routes,
    price: Floats,
    best_value: Floats,
    tally: Marks,
    rng: np.random.Generator,
    steps: int,
    heat: float,
) -> None:
    """``trial`` equals ``now`` between steps; ``best`` and ``best_value`` hold the shortest plan
    within all limits; ``tally``: steps since ``price`` was last looked at, and those of them after
    which a limit was broken."""
    many, visits = now.size.shape[0], now.at.size
    out, day_of = np.zeros(visits, np.int32), np.zeros(visits, np.int32)
    touched = np.zeros(many, np.bool_)
    over = 0.0
    for r in range(many):
        over += _over(data, now, r)
    for _ in range(steps):
        touched[:] = False
        count = _ruin(data, memo, trial, rng, out, day_of, touched)
        done = _recreate(data, memo, trial, price[0], rng, out, day_of, count, touched)
        change, more = 0.0, 0.0
        for r in range(many):
            if touched[r]:
                change += trial.length[r] - now.length[r]
                more += _over(data, trial, r) - _over(data, now, r)
        if done and change + price[0] * more < -heat * np.log(1.0 - rng.random()):
            over += more
            for r in range(many):
                if touched[r]:
                    _copy_route(trial, now, r)
            for k in range(count):
                now.at[out[k]] = trial.at[out[k]]
            if over <= 1e-6 and now.length.sum() < best_value[0] - 1e-9:
                best_value[0] = now.length.sum()
                for r in range(many):
                    _copy_route(now, best, r)
        else:
            for r in range(many):
                if touched[r]:
                    _copy_route(now, trial, r)
            for k in range(count):
                trial.at[out[k]] = now.at[out[k]]
        tally[0] += 1
        tally[1] += over > 1e-6
        if tally[0] == PRICED:
            dearer = 2 * tally[1] > PRICED
            price[0] = min(max(price[0] * (1.1 if dearer else 0.92), 0.05), 1e4)
            tally[:] = 0
