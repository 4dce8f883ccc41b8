"""The timetable of classes with CP-SAT."""

from __future__ import annotations

import time
from collections import defaultdict
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from ...core import Infeasible, PlanningError, Progress, Status, Text
from .classes import FORM, GAP, TRIP, ClassPlan, ClassProblem, Session, price


def solve_classes(
    problem: ClassProblem,
    *,
    time_limit: float | None = 60.0,
    seed: int = 0,
    progress: Progress | None = None,
) -> ClassPlan:
    """Raises :class:`Infeasible` with the conditions that clash.

    :class:`PlanningError` where the time ends before there is a timetable or a proof.
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
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = time_limit or 60.0
    solver.parameters.random_seed = seed
    solver.parameters.num_workers = 4
    status = solver.solve(model.model, _Listener(progress))
    if status == cp_model.UNKNOWN:
        raise PlanningError("在时限内没有排出课表。", "No timetable in the time given.")
    if status == cp_model.INFEASIBLE:
        rest = began + solver.parameters.max_time_in_seconds - time.perf_counter()
        raise Infeasible(_clashes(problem, seed, max(rest, 1.0)))
    start = np.array([solver.value(v) for v in model.start], dtype=np.int64)
    day, slot = start // model.length, start % model.length
    room = np.array(
        [next(r for r, v in held.items() if solver.value(v)) for held in model.room], dtype=np.int64
    )
    return ClassPlan(
        objective=price(problem, day, slot),
        bound=float(solver.best_objective_bound),
        status=Status.OPTIMAL if status == cp_model.OPTIMAL else Status.FEASIBLE,
        seconds=time.perf_counter() - began,
        day=day,
        slot=slot,
        room=room,
        problem=problem,
    )


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
    """Starts on one time axis; the nights are longer than any way between sites.

    ``without`` leaves out one kind of condition, to find out which ones clash.
    """

    def __init__(self, problem: ClassProblem, without: str = "") -> None:
        self.problem, self.model = problem, cp_model.CpModel()
        self.length = problem.n_slots + max(problem.travel.values(), default=0)
        self.without = without
        self.start: list[Any] = []
        self.on: list[list[Any]] = []
        self.room: list[dict[int, Any]] = []
        self.costs: list[Any] = []
        for s in problem.sessions:
            self._session(s)
        self._order()
        self._together()
        self._rooms()
        self._price()
        self.model.minimize(sum(self.costs))

    def _session(self, s: Session) -> None:
        p = self.problem
        days = range(p.n_days) if s.day < 0 or self.without == "days" else [s.day]
        starts = [
            d * self.length + t
            for d in days
            for t in range(p.n_slots - s.slots + 1)
            if self.without == "away"
            or not any((who, d, u) in p.away for who in s.lecturers for u in range(t, t + s.slots))
        ]
        domain = cp_model.Domain.from_values(starts)
        start = self.model.new_int_var_from_domain(domain, s.key)
        day = self.model.new_int_var(0, p.n_days - 1, "")
        self.model.add_division_equality(day, start, self.length)
        on = [self.model.new_bool_var("") for _ in range(p.n_days)]
        self.model.add_exactly_one(on)
        self.model.add(day == sum(d * v for d, v in enumerate(on)))
        self.start.append(start)
        self.on.append(on)

    def _order(self) -> None:
        at = {s.key: k for k, s in enumerate(self.problem.sessions)}
        for k, s in enumerate(self.problem.sessions if self.without != "order" else ()):
            for key in s.after:
                self.model.add(
                    self.start[k] >= self.start[at[key]] + self.problem.sessions[at[key]].slots
                )

    def _together(self) -> None:
        """Sessions of one class or lecturer follow each other, with the way between sites."""
        sessions = self.problem.sessions
        sets: dict[tuple[str, str], list[int]] = defaultdict(list)
        for k, s in enumerate(sessions):
            sets["class", s.group].append(k)
            for who in s.lecturers:
                sets["lecturer", who].append(k)
        far = set()
        for (kind, _), members in sets.items():
            if self.without == kind:
                continue
            self.model.add_no_overlap(
                [
                    self.model.new_fixed_size_interval_var(self.start[k], sessions[k].slots, "")
                    for k in members
                ]
            )
            far |= {
                (j, k)
                for j in members
                for k in members
                if j < k and self.problem.between(sessions[j].site, sessions[k].site)
            }
        for j, k in far if self.without != "travel" else ():
            way = self.problem.between(sessions[j].site, sessions[k].site)
            first = self.model.new_bool_var("")
            for a, b, yes in ((j, k, first), (k, j, ~first)):
                self.model.add(
                    self.start[b] >= self.start[a] + sessions[a].slots + way
                ).only_enforce_if(yes)

    def _rooms(self) -> None:
        held: dict[int, list[Any]] = defaultdict(list)
        for k, s in enumerate(self.problem.sessions):
            choice = {r: self.model.new_bool_var("") for r in self.problem.rooms_of(s)}
            self.model.add_exactly_one(choice.values())
            self.room.append(choice)
            for r, yes in choice.items():
                held[r].append(
                    self.model.new_optional_fixed_size_interval_var(self.start[k], s.slots, yes, "")
                )
        for intervals in held.values() if self.without != "rooms" else ():
            self.model.add_no_overlap(intervals)

    def _price(self) -> None:
        p, model = self.problem, self.model
        groups: dict[str, list[int]] = defaultdict(list)
        people: dict[str, list[int]] = defaultdict(list)
        forms: dict[tuple[str, str], list[int]] = defaultdict(list)
        for k, s in enumerate(p.sessions):
            groups[s.group].append(k)
            for who in s.lecturers:
                people[who].append(k)
            if s.form:
                forms[s.group, s.form].append(k)
        for d in range(p.n_days):
            for members in groups.values():
                first = model.new_int_var(0, p.n_slots, "")
                last = model.new_int_var(0, p.n_slots, "")
                for k in members:
                    here, begin = self.on[k][d], self.start[k] - d * self.length
                    model.add(first <= begin).only_enforce_if(here)
                    model.add(last >= begin + p.sessions[k].slots).only_enforce_if(here)
                gap = model.new_int_var(0, p.n_slots, "")
                taught = sum(p.sessions[k].slots * self.on[k][d] for k in members)
                model.add(gap >= last - first - taught)
                self.costs.append(GAP * gap)
            for members in people.values():
                comes = model.new_bool_var("")
                model.add_max_equality(comes, [self.on[k][d] for k in members])
                self.costs.append(TRIP * comes)
            for members in forms.values():
                again = model.new_int_var(0, len(members), "")
                model.add(again >= sum(self.on[k][d] for k in members) - 1)
                self.costs.append(FORM * again)


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
    """Kinds of conditions without which a timetable exists, as far as ``seconds`` show them."""
    out = []
    for kind, text in KINDS.items():
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = seconds / len(KINDS)
        solver.parameters.random_seed = seed
        model = _Model(problem, without=kind).model
        model.minimize(0)
        if solver.solve(model) in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            out.append(text)
    return out or [Text("时段不够，或多项条件同时过紧", "too few slots, or several conditions")]
