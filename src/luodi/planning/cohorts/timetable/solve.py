"""The timetable of classes with CP-SAT: one yes or no for every session and start."""

from __future__ import annotations

import time
from collections import defaultdict
from itertools import combinations, pairwise
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from ...core import Infeasible, PlanningError, Progress, Status, Text
from .problem import FORM, GAP, TIRED, TRIP, UNEVEN, ClassPlan, ClassProblem, prices

WORKERS = 2


def solve(
    problem: ClassProblem,
    *,
    time_limit: float | None = 60.0,
    seed: int = 0,
    progress: Progress | None = None,
) -> ClassPlan:
    """Make the timetable of least price. Raises :class:`Infeasible` with the clashing conditions.

    Raises :class:`PlanningError` where the time ends before there is a timetable or a proof.
    """
    began = time.perf_counter()
    hopeless = [
        Text(f"“{s.key}”没有合适的教室", f"no room suits “{s.key}”")
        for s in problem.sessions
        if not problem.rooms_of(s)
    ]
    if hopeless:
        raise Infeasible(hopeless)
    model = _Model(problem)
    solver = _solver(time_limit or 60.0, seed)
    status = solver.solve(model.model, _Listener(progress))
    if status == cp_model.UNKNOWN:
        raise PlanningError("在时限内没有排出课表。", "No timetable in the time given.")
    if status == cp_model.INFEASIBLE:
        rest = began + (time_limit or 60.0) - time.perf_counter()
        raise Infeasible(_clashes(problem, seed, max(rest, 1.0)))
    chosen = [next(at for at, v in x.items() if solver.value(v)) for x in model.at]
    day, slot = (np.array(v, dtype=np.int64) for v in zip(*chosen, strict=True))
    room = [next(r for r, v in held.items() if solver.value(v)) for held in model.room]
    value = float(sum(prices(problem, day, slot).values()))
    bound = min(float(np.ceil(solver.best_objective_bound - 1e-6)), value)
    return ClassPlan(
        objective=value,
        bound=bound,
        status=Status.OPTIMAL if bound == value else Status.FEASIBLE,
        seconds=time.perf_counter() - began,
        day=day,
        slot=slot,
        room=np.array(room, dtype=np.int64),
    )


def _solver(seconds: float, seed: int) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.random_seed = seed
    solver.parameters.num_workers = WORKERS
    solver.parameters.catch_sigint_signal = False  # Ctrl-C is ours: the best plan is kept
    return solver


class _Listener(cp_model.CpSolverSolutionCallback):
    def __init__(self, progress: Progress | None) -> None:
        super().__init__()
        self.progress = progress

    def on_solution_callback(self) -> None:
        if self.progress is not None:
            self.progress.report(self.objective_value, self.best_objective_bound)
            if self.progress.stopped:
                self.stop_search()


class _Model:
    """``at[k][day, slot]``: session k starts there; ``room[k][r]``: it is held in room r.

    ``without`` leaves out one kind of condition, to find out which ones clash.
    """

    def __init__(self, problem: ClassProblem, without: str = "") -> None:
        self.p, self.model, self.without = problem, cp_model.CpModel(), without
        self.at = [self._starts(k) for k in range(len(problem.sessions))]
        self.room: list[dict[int, Any]] = []
        self.length = problem.n_slots + max(problem.travel.values(), default=0)
        self.start = [sum((d * self.length + t) * v for (d, t), v in x.items()) for x in self.at]
        self.members: dict[tuple[str, str], list[int]] = defaultdict(list)
        for k, s in enumerate(problem.sessions):
            self.members["class", s.group].append(k)
            for who in s.lecturers:
                self.members["lecturer", who].append(k)
        self._order()
        self._together()
        self._rooms()
        self.comes: dict[tuple[str, int], Any] = {}
        costs = self._lecturer_prices()
        self.model.minimize(sum(costs + self._class_prices()))

    def _bool(self) -> Any:
        return self.model.new_bool_var("")

    def _starts(self, k: int) -> dict[tuple[int, int], Any]:
        p, s = self.p, self.p.sessions[k]
        days = range(p.n_days) if s.day < 0 or self.without == "days" else [s.day]
        x = {
            (d, t): self._bool()
            for d in days
            for t in range(p.n_slots - s.slots + 1)
            if self.without == "away"
            or not any((w, d, u) in p.away for w in s.lecturers for u in range(t, t + s.slots))
        }
        self.model.add_exactly_one(x.values())
        return x

    def _on(self, k: int, d: int) -> Any:
        return sum(v for (e, _), v in self.at[k].items() if e == d)

    def _at(self, k: int, d: int, u: int) -> list[Any]:
        """List the starts by which session k takes slot u of day d."""
        slots = self.p.sessions[k].slots
        return [v for (e, t), v in self.at[k].items() if e == d and t <= u < t + slots]

    def _order(self) -> None:
        """What comes after what; sessions that nothing tells apart come as they are listed."""
        sessions, at = self.p.sessions, {s.key: k for k, s in enumerate(self.p.sessions)}
        needed: dict[str, list[str]] = defaultdict(list)
        for s in sessions:
            for key in s.after:
                needed[key].append(s.key)
        alike: dict[Any, list[int]] = defaultdict(list)
        for k, s in enumerate(sessions):
            mark = (s.group, s.form, s.slots, s.lecturers, s.site, s.after, s.day, s.size)
            alike[mark, tuple(needed[s.key])].append(k)
        pairs = [pair for same in alike.values() for pair in pairwise(same)]
        if self.without != "order":
            pairs += [(at[key], k) for k, s in enumerate(sessions) for key in s.after]
        for j, k in pairs if self.without != "class" else ():
            self.model.add(self.start[k] >= self.start[j] + sessions[j].slots)

    def _together(self) -> None:
        """Sessions of one class or lecturer follow each other, with the way between sites."""
        p, far = self.p, set()
        for (kind, _), members in self.members.items():
            if self.without == kind:
                continue
            for d in range(p.n_days):
                for u in range(p.n_slots):
                    self.model.add_at_most_one(v for k in members for v in self._at(k, d, u))
            far |= set(combinations(members, 2))
        for j, k in far if self.without != "travel" else ():
            a, b = p.sessions[j], p.sessions[k]
            way = p.between(a.site, b.site)
            for (d, t), v in self.at[j].items() if way else ():
                for u in range(t - b.slots - way + 1, t + a.slots + way):
                    if (d, u) in self.at[k]:
                        self.model.add_at_most_one(v, self.at[k][d, u])

    def _rooms(self) -> None:
        """Rooms matter where classes can meet in them: one class never meets itself."""
        p, held = self.p, defaultdict(list)
        shared = len({s.group for s in p.sessions}) > 1 and self.without != "rooms"
        for k, s in enumerate(p.sessions):
            choice = {r: self._bool() for r in p.rooms_of(s)}
            self.model.add_exactly_one(choice.values())
            self.room.append(choice)
            if not shared:
                continue
            begin = self.model.new_int_var(0, p.n_days * self.length, "")
            self.model.add(begin == self.start[k])
            for r, yes in choice.items():
                interval = self.model.new_optional_fixed_size_interval_var(begin, s.slots, yes, "")
                held[r].append(interval)
        for intervals in held.values():
            self.model.add_no_overlap(intervals)

    def _class_prices(self) -> list[Any]:
        p, m, costs = self.p, self.model, []
        for (kind, group), members in self.members.items():
            if kind != "class":
                continue
            low, high = p.even(group)
            forms = {p.sessions[k].form for k in members} - {""}
            for d in range(p.n_days):
                used = [
                    sum(v for k in members for v in self._at(k, d, u)) for u in range(p.n_slots)
                ]
                load = sum(used)
                before, after = self._run(used), self._run(used[::-1])[::-1]
                for u in range(1, p.n_slots - 1):
                    gap = self._bool()
                    m.add(gap >= before[u - 1] + after[u + 1] - used[u] - 1)
                    costs.append(GAP * gap)
                over, under = (m.new_int_var(0, p.n_slots, "") for _ in range(2))
                m.add(over >= load - high)
                m.add(under >= low * before[-1] - load)
                costs += [UNEVEN * over, UNEVEN * under]
                for form in forms:
                    mine = [k for k in members if p.sessions[k].form == form]
                    if len(mine) > 1:
                        again = m.new_int_var(0, len(mine), "")
                        held = sum(self._on(k, d) for k in mine)
                        m.add(again >= held - 1)
                        costs.append(FORM * again)
                        # the same, told by who comes: nothing new, but a far better bound
                        firsts = {p.sessions[k].lecturers[:1] for k in mine}
                        if () not in firsts:
                            m.add(again >= held - sum(self.comes[w, d] for (w,) in firsts))
        return costs

    def _run(self, used: list[Any]) -> list[Any]:
        """Tell for each slot whether it or one before it is used."""
        out: list[Any] = []
        for now in used:
            flag = self._bool()
            self.model.add(flag >= now)
            if out:
                self.model.add(flag >= out[-1])
            out.append(flag)
        return out

    def _lecturer_prices(self) -> list[Any]:
        p, costs = self.p, []
        for (kind, who), members in self.members.items():
            for d in range(p.n_days) if kind == "lecturer" else ():
                comes, tired = self._bool(), self.model.new_int_var(0, p.n_slots, "")
                self.comes[who, d] = comes
                load = sum(p.sessions[k].slots * self._on(k, d) for k in members)
                self.model.add(load - tired <= p.most * comes)
                for k in members:
                    self.model.add(comes >= self._on(k, d))
                costs += [TRIP * comes, TIRED * tired]
        return costs


KINDS = {
    "days": Text("指定的日期", "fixed days"),
    "away": Text("教员没有空的时段", "the times lecturers are away"),
    "order": Text("课次先后", "the order of sessions"),
    "class": Text("同一班不能同时上两次课", "one session of a class at a time"),
    "lecturer": Text("同一教员不能同时上两次课", "one session of a lecturer at a time"),
    "travel": Text("地点之间的往返时间", "travel between sites"),
    "rooms": Text("教室数量", "the number of rooms"),
}


def _clashes(problem: ClassProblem, seed: int, seconds: float) -> list[Text]:
    """Name conditions without which a timetable exists, as far as ``seconds`` show them."""
    out = []
    for kind, text in KINDS.items():
        solver = _solver(seconds / len(KINDS), seed)
        model = _Model(problem, without=kind).model
        model.minimize(0)
        if solver.solve(model) in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            out.append(text)
    return out or [Text("时段不够，或多项条件同时过紧", "too few slots, or several conditions")]
