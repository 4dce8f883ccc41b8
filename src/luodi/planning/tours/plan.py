"""The season's calendar, what it costs, and how it compares with a plan made by hand."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ..core import Lang, Plan, Status, Text, Violation
from .problem import Show, TourProblem

PARTS = {
    "travel": Text("路程", "travel"),
    "wishes": Text("未满足的愿望", "missed wishes"),
    "audience": Text("没有演出的村", "villages without a show"),
    "changes": Text("对已公布安排的改动", "changes to the published plan"),
}


@dataclass(frozen=True)
class DayTrip:
    """One troupe's day: villages in order, from home and back."""

    troupe: int
    day: int
    villages: tuple[int, ...]
    km: float


@dataclass(frozen=True, kw_only=True)
class TourPlan(Plan[TourProblem]):
    """``parts``: the objective in kilometres, by part (see ``PARTS``). ``by_hand``: the same for
    a simple plan made in the order of the list, ``None`` where that gets stuck."""

    trips: tuple[DayTrip, ...]
    parts: dict[str, float]
    by_hand: dict[str, float] | None = None

    @property
    def shows(self) -> list[Show]:
        return [Show(v, t.troupe, t.day) for t in self.trips for v in t.villages]

    def check(self, problem: TourProblem) -> list[Violation]:
        found = [*_days(problem, self), *_season(problem, self), *_money(problem, self)]
        if self.bound is not None and self.bound > self.objective + 1e-6:
            found.append(Violation(Text("界限", "bound"), self.bound - self.objective))
        return found


def explain(problem: TourProblem, plan: TourPlan, lang: Lang = "zh") -> str:
    """Tell the season, how it compares with a plan by hand, and what is proven."""
    n, days = len(plan.shows), len({t.day for t in plan.trips})
    km = plan.parts["travel"]
    said = Text(
        f"共 {n} 场，分在 {days} 天，总路程 {km:,.0f} 公里。",
        f"{n} shows on {days} days, {km:,.0f} km in all.",
    ).say(lang)
    if plan.by_hand is not None:
        hand, now = sum(plan.by_hand.values()), plan.objective
        drive = plan.by_hand["travel"]
        said += Text(
            f"按名单顺序手工排的方案路程 {drive:,.0f} 公里；把未满足的愿望、没有演出的村"
            f"也折成公里，综合代价 {hand:,.0f}，"
            f"本方案综合代价 {now:,.0f}，少 {1 - now / hand:.0%}。",
            f" A plan by hand, in the order of the list, drives {drive:,.0f} km"
            f" and weighs {hand:,.0f}; this one weighs {now:,.0f}, {1 - now / hand:.0%} less.",
        ).say(lang)
    if plan.bound is None:
        said += Text("没有可证明的下限。", " There is no proven bound.").say(lang)
    elif plan.status is Status.OPTIMAL:
        said += Text("已证明没有更好的。", " No plan is better, provably.").say(lang)
    else:
        said += Text(
            f"任何方案都不会低于 {plan.bound:,.0f}。",
            f" No plan can weigh less than {plan.bound:,.0f}.",
        ).say(lang)
    return said


def _days(p: TourProblem, plan: TourPlan) -> list[Violation]:
    """Conditions of each day trip: free days, hours, length, stages, days in a row."""
    found = []
    t, homes = p.troupes, len(p.troupes.names)
    out: dict[int, set[int]] = defaultdict(set)
    stages = np.zeros(p.days)
    for trip in plan.trips:
        where = f"{t.names[trip.troupe]} {p.date(trip.day).isoformat()}"
        stops = [trip.troupe, *(homes + v for v in trip.villages), trip.troupe]
        km = float(sum(p.km[a, b] for a, b in pairwise(stops)))
        if abs(km - trip.km) > 1e-6 * max(1.0, km):
            found.append(Violation(Text("路程", "length of the trip"), trip.km - km, where))
        hours = km / t.speed_kmh[trip.troupe] + p.show_hours * len(trip.villages)
        if hours > t.hours[trip.troupe] + 1e-6:
            over = float(hours - t.hours[trip.troupe])
            found.append(Violation(Text("一天的时间", "hours of a day"), over, where))
        if len(trip.villages) > t.most_a_day[trip.troupe]:
            over = float(len(trip.villages) - t.most_a_day[trip.troupe])
            found.append(Violation(Text("一天的场次", "shows a day"), over, where))
        if not t.free[trip.troupe, trip.day] or trip.day in out[trip.troupe]:
            found.append(Violation(Text("剧团档期", "the troupe's free days"), 1, where))
        for v in trip.villages:
            if not p.villages.open[v, trip.day]:
                what = Text("村的档期", "the village's days")
                found.append(Violation(what, 1, f"{where} {p.villages.names[v]}"))
        out[trip.troupe].add(trip.day)
        stages[trip.day] += bool(p.needs_stage[trip.troupe, list(trip.villages)].any())
    for day in np.flatnonzero(stages > p.stages).tolist():
        over = float(stages[day] - p.stages[day])
        found.append(Violation(Text("流动舞台", "mobile stages"), over, p.date(day).isoformat()))
    for troupe, days in out.items():
        longest = max(_runs(days), default=0)
        if longest > t.run[troupe]:
            over = float(longest - t.run[troupe])
            found.append(Violation(Text("连续演出天数", "days in a row"), over, t.names[troupe]))
    return found


def _runs(days: set[int]) -> list[int]:
    lengths = []
    for day in days:
        if day - 1 not in days:
            end = day
            while end in days:
                end += 1
            lengths.append(end - day)
    return lengths


def _season(p: TourProblem, plan: TourPlan) -> list[Violation]:
    """Conditions of the whole season: numbers, spacing, fairness, musts, what is fixed."""
    found = []
    v, shows = p.villages, plan.shows
    if len(shows) != p.shows:
        found.append(Violation(Text("总场次", "number of shows"), len(shows) - p.shows))
    days: dict[int, list[int]] = defaultdict(list)
    for s in sorted(shows, key=lambda s: s.day):
        days[s.village].append(s.day)
    for i, name in enumerate(v.names):
        n = len(days[i])
        off = max(float(v.least[i] - n), float(n - v.most[i]), 0.0)
        if off:
            found.append(Violation(Text("每村场次", "shows per village"), off, name))
        for a, b in pairwise(days[i]):
            if b - a < max(p.spacing, 1):
                found.append(Violation(Text("间隔天数", "spacing"), p.spacing - (b - a), name))
    for k, name in enumerate(v.townships):
        n = sum(len(days[i]) for i in np.flatnonzero(v.township == k).tolist())
        if n < p.township_least[k]:
            what = Text("每个乡镇的场次", "shows per township")
            found.append(Violation(what, float(p.township_least[k] - n), name))
    w = p.wishes
    for k in np.flatnonzero(w.must).tolist():
        if not any(w.first[k] <= d <= w.last[k] for d in days[int(w.village[k])]):
            what = Text("必须满足的愿望", "wish that must be met")
            found.append(Violation(what, 1, w.names[k]))
    fixed = {s for s in p.published if s.day < p.fixed_before}
    early = {s for s in shows if s.day < p.fixed_before}
    if fixed != early:
        what = Text("已经固定的场次", "shows that are fixed")
        found.append(Violation(what, len(fixed ^ early)))
    return found


def _money(p: TourProblem, plan: TourPlan) -> list[Violation]:
    """The objective, from its definition."""
    shows = plan.shows
    served = {s.village for s in shows}
    here = {(s.village, s.day): s.troupe for s in shows}
    w = p.wishes
    missed = sum(
        float(w.weight[i])
        for i in range(len(w.village))
        if not any(v == w.village[i] and w.first[i] <= d <= w.last[i] for v, d in here)
    )
    lost = sum(float(a) for i, a in enumerate(p.villages.audience) if i not in served)
    moved = sum(
        1.0 if (s.village, s.day) not in here else 0.5 * (here[s.village, s.day] != s.troupe)
        for s in p.published
    )
    truth = {
        "travel": sum(t.km for t in plan.trips),
        "wishes": p.wish_km * missed,
        "audience": p.audience_km * lost / 1000,
        "changes": p.change_km * moved,
    }
    found = []
    for part, km in truth.items():
        if abs(km - plan.parts[part]) > 1e-6 * max(1.0, km):
            found.append(Violation(PARTS[part], plan.parts[part] - km))
    if abs(sum(truth.values()) - plan.objective) > 1e-6 * max(1.0, plan.objective):
        off = plan.objective - sum(truth.values())
        found.append(Violation(Text("目标值", "objective"), off))
    return found
