"""Periods without clash, by CP-SAT: a start for instances on which walks never lose their clashes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from ...core import Infeasible, Text
from .ctt import Curricula

EFFORT = 10.0  # of CP-SAT's deterministic time, where no seconds are given


def clear_periods(problem: Curricula, seconds: float | None) -> NDArray[np.int64] | None:
    """A period for each lecture so that nothing clashes and rooms suffice; None if none was found.

    Raises :class:`Infeasible` where it is proven that there is none.
    """
    model, held = _model(problem)
    solver = _solver(seconds)
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        raise Infeasible(_reasons(problem, seconds))
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    found = [[p for p, at in enumerate(row) if solver.boolean_value(at)] for row in held]
    return np.array([p for periods in found for p in periods], dtype=np.int64)


def _solver(seconds: float | None) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.catch_sigint_signal = False
    if seconds is None:
        solver.parameters.max_deterministic_time = EFFORT
    else:
        solver.parameters.max_time_in_seconds = seconds
    return solver


def _groups(problem: Curricula) -> list[tuple[Text, tuple[int, ...]]]:
    """Courses of which no two may be at once, and why."""
    teachers: dict[str, list[int]] = {}
    for c, course in enumerate(problem.courses):
        teachers.setdefault(course.teacher, []).append(c)
    return [
        (Text(f"课程组“{key}”的课不能同时上", f"curriculum “{key}” has one lecture at a time"), who)
        for key, who in problem.curricula
    ] + [
        (
            Text(f"教师“{key}”不能同时上两门课", f"teacher “{key}” gives one lecture at a time"),
            tuple(who),
        )
        for key, who in teachers.items()
        if len(who) > 1
    ]


def _model(problem: Curricula) -> tuple[cp_model.CpModel, list[list[cp_model.IntVar]]]:
    """``held[c][p]``: course c has a lecture in period p."""
    model = cp_model.CpModel()
    periods = range(problem.n_periods)
    held = [[model.new_bool_var("") for _ in periods] for _ in problem.courses]
    for c, p in problem.unavailable:
        model.add(held[c][p] == 0)
    for c, course in enumerate(problem.courses):
        model.add(sum(held[c]) == course.lectures)
    for p in periods:
        model.add(sum(row[p] for row in held) <= len(problem.rooms))
        for _, who in _groups(problem):
            model.add_at_most_one(held[c][p] for c in who)
    return model, held


def _reasons(problem: Curricula, seconds: float | None) -> list[Text]:
    """Which of the rules clash: a set that suffices, not always the smallest."""
    model = cp_model.CpModel()
    periods = range(problem.n_periods)
    open_ = [
        [p for p in periods if (c, p) not in problem.unavailable]
        for c in range(len(problem.courses))
    ]
    held = [{p: model.new_bool_var("") for p in mine} for mine in open_]
    rules: dict[int, Text] = {}

    def rule(text: Text) -> cp_model.IntVar:
        switch = model.new_bool_var("")
        rules[switch.index] = text
        model.add_assumption(switch)
        return switch

    for c, course in enumerate(problem.courses):
        text = Text(
            f"课程“{course.key}”要上{course.lectures}节，可用时段{len(open_[c])}个",
            f"course “{course.key}” has {course.lectures} lectures in {len(open_[c])} open periods",
        )
        model.add(sum(held[c].values()) == course.lectures).only_enforce_if(rule(text))
    groups = [*_groups(problem), (Text("教室不够", "there are too few rooms"), None)]
    for text, who in groups:
        switch = rule(text)
        for p in periods:
            rows = [held[c] for c in who] if who is not None else held
            most = 1 if who is not None else len(problem.rooms)
            at = [row[p] for row in rows if p in row]
            if len(at) > most:
                model.add(sum(at) <= most).only_enforce_if(switch)
    solver = _solver(seconds)
    if solver.solve(model) != cp_model.INFEASIBLE:
        return [
            Text(
                "课程、教师、课程组、教室和可用时段合在一起，排不出没有冲突的课表",
                "courses, teachers, curricula, rooms and open periods together leave no timetable",
            )
        ]
    return [rules[index] for index in solver.sufficient_assumptions_for_infeasibility()]
