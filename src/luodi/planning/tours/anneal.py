"""Improving a calendar by small moves that keep every condition (simulated annealing).

Kirkpatrick, Gelatt and Vecchi (1983), Science 220, 671–680.
"""

from __future__ import annotations

import math
import random

from ..core import Progress
from .calendar import Calendar
from .problem import Show

SHORT_KM = 60.0  # a least number or a must that is missed on the way; the best misses none


class Annealer:
    def __init__(self, calendar: Calendar, seed: int) -> None:
        self.c, self.rng = calendar, random.Random(seed)  # noqa: S311
        p = calendar.p
        self.fixed = p.fixed_before
        self.shows = calendar.shows()
        self.loose = [i for i, s in enumerate(self.shows) if s.day >= self.fixed]
        self.days = [
            [d for d in range(self.fixed, p.days) if calendar.free[t][d]]
            for t in range(len(p.troupes.names))
        ]
        self.troupes = [t for t, days in enumerate(self.days) if days]
        self.open = [
            [d for d in range(self.fixed, p.days) if calendar.open[v][d]]
            for v in range(len(p.villages.names))
        ]

    def moved(self, i: int, new: Show) -> tuple[float, int] | None:
        """Change of cost and of ``short`` if show i becomes ``new``; done if it fits, else None."""
        c, old = self.c, self.shows[i]
        villages = {old.village, new.village}
        before = self._cost(villages, {(old.troupe, old.day), (new.troupe, new.day)})
        lack = self._lack(villages)
        gain = c.change_km(old.village, old.troupe, old.day)
        c.remove(old.village, old.troupe, old.day)
        if not c.fits(new.village, new.troupe, new.day):
            c.place(old.village, old.troupe, old.day)
            return None
        c.place(new.village, new.troupe, new.day)
        self.shows[i] = new
        after = self._cost(villages, {(old.troupe, old.day), (new.troupe, new.day)})
        change = c.change_km(new.village, new.troupe, new.day) - gain
        return after - before + change, self._lack(villages) - lack

    def undo(self, i: int, old: Show) -> None:
        now = self.shows[i]
        self.c.remove(now.village, now.troupe, now.day)
        self.c.place(old.village, old.troupe, old.day)
        self.shows[i] = old

    def _cost(self, villages: set[int], slots: set[tuple[int, int]]) -> float:
        c = self.c
        km = sum(c.routes.length(t, c.at.get((t, d), ())) for t, d in slots)
        return km + sum(c.village_km(v) for v in villages)

    def _lack(self, villages: set[int]) -> int:
        """Counted once per township: two villages may share one."""
        c = self.c
        towns = {c.township[v] for v in villages}
        own = sum(c.village_short(v) for v in villages)
        shared = sum(
            max(0, c.town_least[c.township[v]] - c.per_township[c.township[v]]) for v in villages
        )
        once = sum(max(0, c.town_least[k] - c.per_township[k]) for k in towns)
        return own - shared + once

    def propose(self, i: int) -> Show:
        """Another day, another village, or another troupe's trip that passes nearby."""
        rng, s = self.rng, self.shows[i]
        kind = rng.random()
        if kind < 0.35:  # join or open some trip
            j = self.shows[rng.choice(self.loose)]
            return Show(s.village, j.troupe, j.day)
        if kind < 0.6:
            t = rng.choice(self.troupes)
            return Show(s.village, t, rng.choice(self.days[t]))
        if kind < 0.75:
            wishes = self.c.wishes.get(s.village)
            if wishes:
                first, last, _, _ = rng.choice(wishes)
                return Show(s.village, rng.choice(self.troupes), rng.randint(first, last))
            return Show(s.village, s.troupe, rng.choice(self.open[s.village] or [s.day]))
        return Show(rng.randrange(len(self.open)), s.troupe, s.day)

    def run(
        self, seconds: float, progress: Progress, *, enough: float = -math.inf, hot: float = 25.0
    ) -> list[Show]:
        """The best calendar found; the search ends early at a cost of ``enough``.

        ``hot``: kilometres worse that are often accepted at first.
        """
        began, rng = progress.seconds, self.rng
        now = best = self.c.cost()
        kept = list(self.shows)
        if not self.loose:
            return kept
        heat, n, short = hot, 0, self.c.short()
        while True:
            n += 1
            if n % 500 == 0:
                spent = (progress.seconds - began) / max(seconds, 1e-9)
                if spent >= 1 or progress.stopped or best <= enough:
                    break
                heat = hot * (0.004 ** min(spent, 1.0))
                if n % 20000 == 0:
                    progress.report(best, None)
            moves = self._step()
            if moves is None:
                continue
            delta, lack, undo = moves
            worse = delta + SHORT_KM * lack
            if worse > 0 and rng.random() >= math.exp(-worse / heat):
                for i, old in reversed(undo):
                    self.undo(i, old)
                continue
            now, short = now + delta, short + lack
            if now < best - 1e-9 and short == 0:
                best, kept = now, list(self.shows)
        return kept

    def _step(self) -> tuple[float, int, list[tuple[int, Show]]] | None:
        rng = self.rng
        i = rng.choice(self.loose)
        old = self.shows[i]
        if rng.random() < 0.3:
            return self._swap(i, rng.choice(self.loose))
        new = self.propose(i)
        if new == old or new.day < self.fixed or new.day >= self.c.p.days:
            return None
        done = self.moved(i, new)
        return None if done is None else (*done, [(i, old)])

    def _swap(self, i: int, j: int) -> tuple[float, int, list[tuple[int, Show]]] | None:
        """Two shows change days: one steps aside, the other takes its place."""
        a, b = self.shows[i], self.shows[j]
        if a.village == b.village or (a.troupe, a.day) == (b.troupe, b.day):
            return None
        c = self.c
        villages, slots = {a.village, b.village}, {(a.troupe, a.day), (b.troupe, b.day)}
        before, lack = self._cost(villages, slots), self._lack(villages)
        before += c.change_km(a.village, a.troupe, a.day) + c.change_km(b.village, b.troupe, b.day)
        c.remove(a.village, a.troupe, a.day)
        c.remove(b.village, b.troupe, b.day)
        if c.fits(a.village, b.troupe, b.day):
            c.place(a.village, b.troupe, b.day)
            if c.fits(b.village, a.troupe, a.day):
                c.place(b.village, a.troupe, a.day)
                new_a, new_b = Show(a.village, b.troupe, b.day), Show(b.village, a.troupe, a.day)
                self.shows[i], self.shows[j] = new_a, new_b
                after = self._cost(villages, slots)
                after += c.change_km(a.village, b.troupe, b.day)
                after += c.change_km(b.village, a.troupe, a.day)
                return after - before, self._lack(villages) - lack, [(i, a), (j, b)]
            c.remove(a.village, b.troupe, b.day)
        c.place(a.village, a.troupe, a.day)
        c.place(b.village, b.troupe, b.day)
        return None
