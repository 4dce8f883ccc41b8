"""A calendar under construction: what fits where, and what it costs."""

from __future__ import annotations

from bisect import insort
from collections import defaultdict

from .problem import Show, TourProblem
from .routes import Routes

Slot = tuple[int, int]  # troupe, day


class Calendar:
    """Shows that keep every condition that can be told locally; cost in kilometres.

    Locally: free and open days, shows and hours a day, days in a row, spacing, mobile stages, the
    most shows of a village. Not locally (``short`` counts them): least shows and wishes that must.
    """

    def __init__(self, problem: TourProblem, routes: Routes | None = None) -> None:
        self.p, self.routes = problem, routes or Routes(problem)
        t, v = problem.troupes, problem.villages
        self.free, self.open = t.free.tolist(), v.open.tolist()
        self.cap: list[int] = t.most_a_day.tolist()
        self.hours: list[float] = t.hours.tolist()
        self.run: list[int] = t.run.tolist()
        self.most: list[int] = v.most.tolist()
        self.least: list[int] = v.least.tolist()
        self.township: list[int] = v.township.tolist()
        self.town_least: list[int] = problem.township_least.tolist()
        self.needs, self.stages = problem.needs_stage.tolist(), problem.stages.tolist()
        self.crowd = (problem.audience_km * v.audience / 1000).tolist()
        self.wishes: dict[int, list[tuple[int, int, float, bool]]] = defaultdict(list)
        w = problem.wishes
        for i in range(len(w.village)):
            self.wishes[int(w.village[i])].append(
                (int(w.first[i]), int(w.last[i]), float(w.weight[i]), bool(w.must[i]))
            )
        self.before: dict[tuple[int, int], int] = {
            (s.village, s.day): s.troupe for s in problem.published
        }
        self.at: dict[Slot, tuple[int, ...]] = {}
        self.days_of: list[list[int]] = [[] for _ in v.names]
        self.per_township = [0] * len(v.townships)
        self.used = [0] * problem.days

    def shows(self) -> list[Show]:
        return [Show(v, t, d) for (t, d), vs in self.at.items() for v in vs]

    def _stage(self, troupe: int, villages: tuple[int, ...]) -> int:
        return int(any(self.needs[troupe][v] for v in villages))

    def fits(self, village: int, troupe: int, day: int) -> bool:
        if not self.free[troupe][day] or not self.open[village][day]:
            return False
        here = self.at.get((troupe, day), ())
        if len(here) >= self.cap[troupe] or len(self.days_of[village]) >= self.most[village]:
            return False
        spacing = self.p.spacing
        if any(abs(day - d) < max(spacing, 1) for d in self.days_of[village]):
            return False
        more = self._stage(troupe, (*here, village)) - self._stage(troupe, here)
        if self.used[day] + more > self.stages[day]:
            return False
        if not here and self._row(troupe, day) > self.run[troupe]:
            return False
        grown = tuple(sorted((*here, village)))
        return self.routes.hours(troupe, grown) <= self.hours[troupe] + 1e-9

    def _row(self, troupe: int, day: int) -> int:
        """Days in a row that the troupe would be out if it also went out on ``day``."""
        low = high = day
        while (troupe, low - 1) in self.at:
            low -= 1
        while (troupe, high + 1) in self.at:
            high += 1
        return high - low + 1

    def place(self, village: int, troupe: int, day: int) -> None:
        here = self.at.get((troupe, day), ())
        self.at[troupe, day] = grown = tuple(sorted((*here, village)))
        self.used[day] += self._stage(troupe, grown) - self._stage(troupe, here)
        insort(self.days_of[village], day)
        self.per_township[self.township[village]] += 1

    def remove(self, village: int, troupe: int, day: int) -> None:
        here = self.at[troupe, day]
        left = tuple(v for v in here if v != village)
        if left:
            self.at[troupe, day] = left
        else:
            del self.at[troupe, day]
        self.used[day] += self._stage(troupe, left) - self._stage(troupe, here)
        self.days_of[village].remove(day)
        self.per_township[self.township[village]] -= 1

    def village_km(self, village: int) -> float:
        """Missed wishes and audience of a village, in kilometres."""
        days = self.days_of[village]
        cost = 0.0 if days else self.crowd[village]
        for first, last, weight, _ in self.wishes.get(village, ()):
            if not any(first <= d <= last for d in days):
                cost += self.p.wish_km * weight
        return cost

    def change_km(self, village: int, troupe: int, day: int) -> float:
        """A show as it was published earns back its penalty; half if only the troupe differs."""
        old = self.before.get((village, day))
        if old is None:
            return 0.0
        return -self.p.change_km if old == troupe else -self.p.change_km / 2

    def short(self) -> int:
        """Least shows and wishes that must, that are not met."""
        lack = sum(max(0, m - len(d)) for m, d in zip(self.least, self.days_of, strict=True))
        lack += sum(max(0, m - n) for m, n in zip(self.town_least, self.per_township, strict=True))
        for village, wishes in self.wishes.items():
            for first, last, _, must in wishes:
                if must and not any(first <= d <= last for d in self.days_of[village]):
                    lack += 1
        return lack

    def village_short(self, village: int) -> int:
        """What ``short`` counts of one village and its township."""
        days, town = self.days_of[village], self.township[village]
        lack = max(0, self.least[village] - len(days))
        lack += max(0, self.town_least[town] - self.per_township[town])
        return lack + sum(
            1
            for first, last, _, must in self.wishes.get(village, ())
            if must and not any(first <= d <= last for d in days)
        )

    def cost(self) -> float:
        return sum(cost_parts(self.p, self.shows(), self.routes).values())


def cost_parts(problem: TourProblem, shows: list[Show], routes: Routes) -> dict[str, float]:
    """Travel, missed wishes, missed audience and changes, in kilometres."""
    days: dict[Slot, list[int]] = defaultdict(list)
    for s in shows:
        days[s.troupe, s.day].append(s.village)
    travel = sum(routes.length(t, tuple(sorted(vs))) for (t, _), vs in days.items())
    w, wishes = problem.wishes, 0.0
    for i in range(len(w.village)):
        met = any(s.village == w.village[i] and w.first[i] <= s.day <= w.last[i] for s in shows)
        wishes += 0.0 if met else problem.wish_km * float(w.weight[i])
    served = {s.village for s in shows}
    audience = problem.villages.audience
    missed = sum(float(audience[v]) for v in range(len(audience)) if v not in served)
    now = {(s.village, s.day): s.troupe for s in shows}
    changed = 0.0
    for s in problem.published:
        troupe = now.get((s.village, s.day))
        changed += 1.0 if troupe is None else 0.5 * (troupe != s.troupe)
    return {
        "travel": travel,
        "wishes": wishes,
        "audience": problem.audience_km * missed / 1000,
        "changes": problem.change_km * changed,
    }
