"""A first calendar that keeps every condition, or the conditions that clash (CP-SAT).

The plan that someone makes by hand: down the list, the first day that is free.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from itertools import combinations

import numpy as np
from ortools.sat.python import cp_model

from ..core import Infeasible, PlanningError, Progress, Text
from .calendar import Calendar
from .problem import Show, TourProblem
from .routes import Routes

RULES = {
    "shows": Text("总场次", "the number of shows"),
    "least": Text("每村最少场次", "the least shows per village"),
    "township": Text("每个乡镇最少场次", "the least shows per township"),
    "must": Text("必须满足的愿望", "wishes that must be met"),
    "spacing": Text("同村两场的间隔", "the spacing of shows in a village"),
    "stages": Text("流动舞台数量", "the number of mobile stages"),
    "run": Text("剧团连续演出天数", "the troupes' days in a row"),
    "pairs": Text("一天的时间", "the hours of a day"),
    "fixed": Text("已经固定的场次", "the shows that are fixed"),
}
OWN = Text("剧团与各村的档期、舞台和一天的场次", "free days, stages and shows a day")


class _Model:
    """x[village, troupe, day], with the conditions named in ``rules`` (see ``RULES``)."""

    def __init__(self, problem: TourProblem, routes: Routes, rules: Collection[str]) -> None:
        self.p, self.routes, self.rules = problem, routes, rules
        self.model = cp_model.CpModel()
        self.x: dict[tuple[int, int, int], cp_model.IntVar] = {}
        self.of_village: dict[int, list[tuple[int, int, cp_model.IntVar]]] = defaultdict(list)
        self.of_slot: dict[tuple[int, int], list[tuple[int, cp_model.IntVar]]] = defaultdict(list)
        calendar = Calendar(problem, routes)
        fixed = {(s.village, s.troupe, s.day) for s in problem.published}
        for v in range(len(problem.villages.names)):
            for t in range(len(problem.troupes.names)):
                for d in range(problem.days):
                    early = d < problem.fixed_before
                    if early and "fixed" in rules and (v, t, d) not in fixed:
                        continue
                    if calendar.fits(v, t, d):
                        var = self.model.new_bool_var("")
                        self.x[v, t, d] = var
                        self.of_village[v].append((t, d, var))
                        self.of_slot[t, d].append((v, var))
        self._villages()
        self._slots()

    def rule(self, name: str, condition: cp_model.BoundedLinearExpression | bool) -> None:
        if name in self.rules:
            self.model.add(condition)

    def _villages(self) -> None:
        p, m = self.p, self.model
        towns: dict[int, list[cp_model.IntVar]] = defaultdict(list)
        for v in range(len(p.villages.names)):
            mine = [x for _, _, x in self.of_village[v]]
            towns[int(p.villages.township[v])] += mine
            self.rule("least", sum(mine) >= int(p.villages.least[v]))
            m.add(sum(mine) <= int(p.villages.most[v]))
            by_day: dict[int, list[cp_model.IntVar]] = defaultdict(list)
            for _, d, x in self.of_village[v]:
                by_day[d].append(x)
            for d in sorted(by_day):
                m.add(sum(by_day[d]) <= 1)
                if p.spacing > 1 and p.villages.most[v] > 1:
                    near = [x for e in range(d, d + p.spacing) for x in by_day.get(e, [])]
                    self.rule("spacing", sum(near) <= 1)
        for k, least in enumerate(p.township_least):
            self.rule("township", sum(towns[k]) >= int(least))
        self.rule("shows", sum(self.x.values()) == p.shows)
        w = p.wishes
        for i in range(len(w.village)):
            if w.must[i]:
                days = self.of_village[int(w.village[i])]
                good = [x for _, d, x in days if w.first[i] <= d <= w.last[i]]
                self.rule("must", sum(good) >= 1)
        for s in p.published:
            if s.day < p.fixed_before:
                here = self.x.get((s.village, s.troupe, s.day), 0)
                self.rule("fixed", here == 1)

    def _slots(self) -> None:
        p, m = self.p, self.model
        out = {}
        carried: dict[int, list[cp_model.IntVar]] = defaultdict(list)
        for (t, d), slot in self.of_slot.items():
            out[t, d] = m.new_bool_var("")
            m.add(sum(x for _, x in slot) <= int(p.troupes.most_a_day[t]) * out[t, d])
            m.add(sum(x for _, x in slot) >= out[t, d])
            stage = m.new_bool_var("")
            for v, x in slot:
                if p.needs_stage[t, v]:
                    m.add_implication(x, stage)
            carried[d].append(stage)
            self._hours(t, slot)
        for d, stages in carried.items():
            self.rule("stages", sum(stages) <= int(p.stages[d]))
        for t in range(len(p.troupes.names)):
            run = int(p.troupes.run[t])
            for d in range(p.days - run):
                window = [out[t, e] for e in range(d, d + run + 1) if (t, e) in out]
                if len(window) > run:
                    self.rule("run", sum(window) <= run)

    def _hours(self, t: int, slot: list[tuple[int, cp_model.IntVar]]) -> None:
        """Pairs exactly; three and more by the sum of single round trips, which is no less."""
        p, most = self.p, int(self.p.troupes.most_a_day[t])
        if most < 2:
            return
        limit = float(p.troupes.hours[t]) + 1e-9
        for (a, x), (b, y) in combinations(slot, 2):
            if self.routes.hours(t, (min(a, b), max(a, b))) > limit:
                self.rule("pairs", x + y <= 1)
        if most > 2:
            alone = [int(1000 * self.routes.hours(t, (v,))) + 1 for v, _ in slot]
            two = self.model.new_bool_var("")
            n = sum(x for _, x in slot)
            self.model.add(n <= 2).only_enforce_if(two)
            load = sum(h * x for h, (_, x) in zip(alone, slot, strict=True))
            self.model.add(load <= int(1000 * limit)).only_enforce_if(two.negated())


def first_calendar(
    problem: TourProblem, routes: Routes, progress: Progress, end: float, seed: int
) -> Calendar:
    """By ``end`` on the clock of ``progress``.

    Raises :class:`Infeasible` with the clashing rules, :class:`PlanningError` if time is up.
    """
    if clashes := _obvious(problem, routes):
        raise Infeasible(clashes)
    built = _Model(problem, routes, RULES)
    solver = _solver(end - progress.seconds, seed)
    status = solver.solve(built.model)
    if status == cp_model.INFEASIBLE:
        raise Infeasible(_clashes(problem, routes, progress, end, seed))
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise PlanningError(
            "时限内没有找到可行的排期，也没有证明不存在。",
            "No calendar was found in time, nor was it proven that there is none.",
        )
    calendar = Calendar(problem, routes)
    for (v, t, d), x in built.x.items():
        if solver.value(x):
            calendar.place(v, t, d)
    return calendar


def _obvious(p: TourProblem, routes: Routes) -> list[Text]:
    """Clashes that counting finds: no search is needed for them."""
    v, t, found = p.villages, p.troupes, []
    slots = int((t.free.sum(axis=1) * t.most_a_day).sum())
    if p.shows > slots:
        found += [
            RULES["shows"],
            Text(f"剧团最多演 {slots} 场", f"troupes can play {slots}"),
        ]
    if p.shows > v.most.sum():
        most = int(v.most.sum())
        found += [
            RULES["shows"],
            Text(f"各村最多共 {most} 场", f"villages take {most} at most"),
        ]
    if max(v.least.sum(), p.township_least.sum()) > p.shows:
        found += [RULES["shows"], RULES["least"], RULES["township"]]
    room = np.bincount(v.township, weights=v.most, minlength=len(v.townships))
    for k in np.flatnonzero(p.township_least > room).tolist():
        name = v.townships[k]
        found += [RULES["township"], Text(f"{name}各村的最多场次", f"most shows of {name}")]
    empty, w = Calendar(p, routes), p.wishes
    for i in np.flatnonzero(w.must).tolist():
        days = range(max(int(w.first[i]), 0), min(int(w.last[i]), p.days - 1) + 1)
        village, troupes = int(w.village[i]), range(len(t.names))
        if not any(empty.fits(village, k, d) for k in troupes for d in days):
            wish = Text(f"必须满足的“{w.names[i]}”", f"“{w.names[i]}”, which must be met")
            found += [wish, OWN]
    return list(dict.fromkeys(found))


def _solver(seconds: float, seed: int) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.catch_sigint_signal = False  # Ctrl-C is ours: the best plan is kept
    solver.parameters.random_seed = seed
    solver.parameters.num_workers = 2
    solver.parameters.max_time_in_seconds = max(seconds, 0.05)
    return solver


def _clashes(
    problem: TourProblem, routes: Routes, progress: Progress, end: float, seed: int
) -> list[Text]:
    """An irreducible set of rules, by leaving them out one by one (deletion filter).

    Where the time does not suffice for a proof, a rule stays in.
    """

    def clash(rules: list[str]) -> bool:
        left = end - progress.seconds
        if left <= 0 or progress.stopped:
            return False
        solver = _solver(left / 4, seed)
        return solver.solve(_Model(problem, routes, rules).model) == cp_model.INFEASIBLE

    core = next(([rule] for rule in RULES if clash([rule])), list(RULES))
    for rule in RULES if len(core) > 1 else ():
        trial = [r for r in core if r != rule]
        if clash(trial):
            core = trial
    return [RULES[r] for r in core] + [OWN]


def by_hand(problem: TourProblem, routes: Routes) -> list[Show] | None:
    """Township after township, each show on the first day and troupe that fits.

    What must be comes first: fixed shows, wishes that must be met, least shows. ``None`` if that
    gets stuck, as it may.
    """
    c = Calendar(problem, routes)
    for s in problem.published:
        if s.day < problem.fixed_before:
            if not c.fits(s.village, s.troupe, s.day):
                return None
            c.place(s.village, s.troupe, s.day)
    w, v = problem.wishes, problem.villages
    for i in np.flatnonzero(w.must):
        village = int(w.village[i])
        if not any(w.first[i] <= d <= w.last[i] for d in c.days_of[village]):
            _first_free(c, village, range(int(w.first[i]), int(w.last[i]) + 1))
    order = np.argsort(v.township, kind="stable").tolist()
    season = range(problem.fixed_before, problem.days)
    for village in order:
        while len(c.days_of[village]) < v.least[village] and _first_free(c, village, season):
            pass
    for k, least in enumerate(problem.township_least):
        for village in [x for x in order if v.township[x] == k]:
            while c.per_township[k] < least and _first_free(c, village, season):
                pass
    unserved_first = sorted(order, key=lambda x: len(c.days_of[x]) > 0)
    for village in unserved_first * max(1, int(v.most.max())):
        if sum(c.per_township) >= problem.shows:
            break
        _first_free(c, village, season)
    whole = sum(c.per_township) == problem.shows and c.short() == 0
    return c.shows() if whole else None


def _first_free(c: Calendar, village: int, days: range) -> bool:
    for day in days:
        for troupe in range(len(c.p.troupes.names)):
            if day >= c.p.fixed_before and c.fits(village, troupe, day):
                c.place(village, troupe, day)
                return True
    return False
