"""Improving a calendar by small moves that keep every condition (simulated annealing).

Kirkpatrick, Gelatt and Vecchi (1983), Science 220, 671–680.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

from ..core import Progress
from .calendar import Calendar
from .problem import Show, TourProblem
from .routes import Routes

SHORT_KM = 60.0  # a least number or a must that is missed on the way; the best misses none


class Annealer:
    def __init__(
        self, problem: TourProblem, routes: Routes, shows: Sequence[Show], seed: int
    ) -> None:
        """``shows``: a season that keeps every condition."""
        self.c = c = Calendar(problem, routes)
        self.rng = random.Random(seed)  # noqa: S311
        for s in shows:
            c.place(s.village, s.troupe, s.day)
        p = problem
        self.fixed = p.fixed_before
        self.shows = list(shows)
        self.loose = [i for i, s in enumerate(self.shows) if s.day >= self.fixed]
        self.days = [
            [d for d in range(self.fixed, p.days) if c.free[t][d]]
            for t in range(len(p.troupes.names))
        ]
        self.troupes = [t for t, days in enumerate(self.days) if days]
        self.open = [
            [d for d in range(self.fixed, p.days) if c.open[v][d]]
            for v in range(len(p.villages.names))
        ]

    def change(self, new: dict[int, Show]) -> tuple[float, int] | None:
        """Shows i become ``new[i]``, all at once: the change of cost and of ``short``.

        ``None``, and nothing done, if they do not fit.
        """
        c, old = self.c, {i: self.shows[i] for i in new}
        both = [*old.values(), *new.values()]
        villages, slots = {s.village for s in both}, {(s.troupe, s.day) for s in both}
        before, lack = self._cost(villages, slots, old), self._lack(villages)
        for s in old.values():
            c.remove(s.village, s.troupe, s.day)
        placed: list[Show] = []
        for s in new.values():
            if not c.fits(s.village, s.troupe, s.day):
                for q in placed:
                    c.remove(q.village, q.troupe, q.day)
                for q in old.values():
                    c.place(q.village, q.troupe, q.day)
                return None
            c.place(s.village, s.troupe, s.day)
            placed.append(s)
        for i, s in new.items():
            self.shows[i] = s
        return self._cost(villages, slots, new) - before, self._lack(villages) - lack

    def undo(self, old: dict[int, Show]) -> None:
        for i in old:
            now = self.shows[i]
            self.c.remove(now.village, now.troupe, now.day)
        for i, s in old.items():
            self.c.place(s.village, s.troupe, s.day)
            self.shows[i] = s

    def _cost(
        self, villages: set[int], slots: set[tuple[int, int]], shows: dict[int, Show]
    ) -> float:
        c = self.c
        km = sum(c.routes.length(t, c.at.get((t, d), ())) for t, d in slots)
        km += sum(c.change_km(s.village, s.troupe, s.day) for s in shows.values())
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

    def elsewhere(self, i: int) -> Show:
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
                day = min(max(rng.randint(first, last), self.fixed), self.c.p.days - 1)
                return Show(s.village, rng.choice(self.troupes), day)
            return Show(s.village, s.troupe, rng.choice(self.open[s.village] or [s.day]))
        return Show(rng.randrange(len(self.open)), s.troupe, s.day)

    def run(
        self,
        progress: Progress,
        end: float = math.inf,
        *,
        bound: float | None = None,
        steps: int | None = None,
        hot: float = 25.0,
    ) -> list[Show]:
        """The best calendar found until ``end`` on the clock of ``progress``, or after ``steps``.

        Ends early where it meets ``bound``. ``hot``: kilometres worse that are often accepted at
        first.
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
                spent = (progress.seconds - began) / max(end - began, 1e-9)
                if steps is not None:
                    spent = max(spent, n / steps)
                met = bound is not None and best <= bound + 1e-6 * max(1.0, abs(bound))
                if spent >= 1 or progress.stopped or met:
                    break
                heat = hot * (0.004 ** min(spent, 1.0))
                if n % 20000 == 0:
                    progress.report(best, bound)
            new = self._propose()
            old = {i: self.shows[i] for i in new}
            done = self.change(new) if new != old else None
            if done is None:
                continue
            worse = done[0] + SHORT_KM * done[1]
            if worse > 0 and rng.random() >= math.exp(-worse / heat):
                self.undo(old)
                continue
            now, short = now + done[0], short + done[1]
            if now < best - 1e-9 and short == 0:
                best, kept = now, list(self.shows)
        return kept

    def _propose(self) -> dict[int, Show]:
        """One show elsewhere, two that change places, or two elsewhere at once."""
        rng, i = self.rng, self.rng.choice(self.loose)
        kind = rng.random()
        if kind < 0.6:
            return {i: self.elsewhere(i)}
        j = rng.choice(self.loose)
        if kind < 0.85:
            a, b = self.shows[i], self.shows[j]
            return {i: Show(a.village, b.troupe, b.day), j: Show(b.village, a.troupe, a.day)}
        return {i: self.elsewhere(i), j: self.elsewhere(j)}
