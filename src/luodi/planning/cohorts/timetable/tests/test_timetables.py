"""Timetables: CP-SAT against enumeration, `check` against damage, days that people can bear."""

import itertools
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from luodi.planning import Infeasible, Progress, Status
from luodi.planning.cohorts.timetable import ClassProblem, Room, Session, example, report, solve
from luodi.planning.cohorts.timetable.problem import prices
from luodi.planning.cohorts.timetable.tables import SHEETS, from_tables, grid, rows_of
from luodi.planning.tables import parse_table


@pytest.fixture
def small_class():
    sessions = (
        Session("a", "x", "讲授", 1, ("甲",), "校"),
        Session("b", "x", "讲授", 1, ("甲",), "校", ("a",)),
        Session("c", "x", "现场", 1, (), "基地"),
        Session("d", "y", "讲授", 1, ("甲",), "校"),
    )
    rooms = (Room("r", 50, "校"), Room("s", 50, "基地"))
    return ClassProblem(
        2, 3, sessions, rooms, frozenset({("甲", 0, 0)}), {frozenset(("校", "基地")): 1}
    )


def test_class_timetable_reaches_the_enumerated_optimum(small_class):
    plan = solve(small_class, time_limit=600)
    assert plan.check(small_class) == []
    assert plan.status is Status.OPTIMAL
    room = np.array([0, 0, 1, 0])
    best = min(
        sum(prices(small_class, day, slot).values())
        for starts in itertools.product(range(6), repeat=4)
        for day, slot in [(np.array(starts) // 3, np.array(starts) % 3)]
        if not [
            v
            for v in replace(plan, day=day, slot=slot, room=room).check(small_class)
            if v.constraint.zh != "目标值不符"
        ]
    )
    assert plan.objective == best == plan.bound


def test_check_of_a_class_timetable_finds_damage(small_class):
    plan = solve(small_class, time_limit=600)
    said = lambda **c: {v.constraint.zh for v in replace(plan, **c).check(small_class)}  # noqa: E731
    zero = np.zeros(4, dtype=int)
    assert {"教员没有空", "先后不对", "同时占用或来不及往返"} <= said(day=zero, slot=zero)
    assert "时段不对" in said(slot=zero + 3)
    assert "教室不合适" in said(room=1 - plan.room)
    assert "目标值不符" in said(objective=plan.objective + 1)


def test_clashing_conditions_are_named(small_class):
    away = frozenset(("甲", d, t) for d in range(2) for t in range(3) if (d, t) != (1, 1))
    with pytest.raises(Infeasible) as told:
        solve(replace(small_class, away=away), time_limit=600)
    assert "教员没有空的时段" in told.value.say("zh")


def test_days_are_even_and_lecturers_spared():
    """Eight lectures of one person in four days: two a day, though one trip less would do."""
    lessons = tuple(Session(f"课{k}", "班", "", 1, ("甲",), "校") for k in range(8))
    problem = ClassProblem(4, 4, lessons, (Room("r", 50, "校"),))
    plan = solve(problem, time_limit=600)
    assert plan.status is Status.OPTIMAL
    assert Counter(plan.day.tolist()) == {0: 2, 1: 2, 2: 2, 3: 2}


class _EnoughPlan(Progress):
    def report(self, incumbent, bound):
        if incumbent <= 60:
            self.stop()


def test_the_fifteen_day_class_has_a_timetable_laid_out_as_a_grid():
    problem = example()
    plan = solve(problem, time_limit=600, progress=_EnoughPlan())
    assert plan.check(problem) == []
    cells = grid(problem, plan, "中青班")
    assert sum(bool(c) for row in cells for c in row) == sum(s.slots for s in problem.sessions)
    first = cells[int(plan.slot[0])][int(plan.day[0])]
    assert first.startswith("开班仪式\n")
    page = report(problem, plan)
    assert "第 15 天" in page
    assert "任何课表都不会低于" in page or "已证明没有更好的" in page


def test_a_workbook_carries_the_whole_problem(small_class):
    rows = rows_of(small_class)
    tables = {
        s.key: parse_table(s, s.key, [[c.key for c in s.columns], *rows[s.key]]) for s in SHEETS
    }
    again = from_tables(tables)
    assert again.sessions == small_class.sessions
    assert again.rooms == small_class.rooms
    assert (again.away, again.travel) == (small_class.away, small_class.travel)
