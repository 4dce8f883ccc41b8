"""Timetables: the competition's penalties by hand, annealing and CP-SAT against enumeration."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from luodi.planning import BadData, Infeasible, Progress, Status
from luodi.planning.cohorts.timetable import (
    ClassProblem,
    Room,
    Session,
    fifteen_days,
    penalties,
    read_ctt,
    solve_classes,
    solve_curricula,
)
from luodi.planning.cohorts.timetable.classes import price
from luodi.planning.cohorts.timetable.cool import cool
from luodi.planning.cohorts.timetable.moves import first_state, tables_of
from luodi.planning.cohorts.timetable.tables import SHEETS, from_tables, read_problem, rows_of
from luodi.planning.tables import parse_table

SMALL = """Name: invented
Courses: 3
Rooms: 2
Days: 2
Periods_per_day: 3
Curricula: 1
Constraints: 2

COURSES:
law wang 2 2 40
maths li 2 1 20
history wang 1 1 30

ROOMS:
big 40
small 25

CURRICULA:
q1 2 law maths

UNAVAILABILITY_CONSTRAINTS:
history 0 0
law 1 2

END.
"""


@pytest.fixture
def instance(tmp_path):
    path = tmp_path / "small.ctt"
    path.write_text(SMALL, encoding="utf-8")
    return read_ctt(path)


def test_reader_takes_every_section(instance):
    assert [c.key for c in instance.courses] == ["law", "maths", "history"]
    assert instance.unavailable == {(2, 0), (0, 5)}
    assert instance.conflicts == [{1, 2}, {0}, {0}]


def test_the_extended_format_is_read_under_the_same_rules(instance, tmp_path):
    path = tmp_path / "small.ectt"
    text = SMALL.replace("Constraints: 2", "Min_Max_Daily_Lectures: 1 3\nConstraints: 2")
    text = text.replace("law wang 2 2 40", "law wang 2 2 40 1").replace("big 40", "big 40 0")
    text = text.replace("END.", "ROOM_CONSTRAINTS:\nlaw small\n\nEND.")
    path.write_text(text, encoding="utf-8")
    other = read_problem(path)
    assert other.courses == instance.courses
    assert other.rooms == instance.rooms
    assert other.unavailable == instance.unavailable
    names = ("Min_Max_Daily_Lectures", "ROOM_CONSTRAINTS", "double lectures")
    assert (other.uncounted, instance.uncounted) == (names, ())
    assert "ROOM_CONSTRAINTS" in solve_curricula(other, moves=2_000).explain("zh")


def test_marks_blanks_and_a_missing_name_do_not_matter(instance, tmp_path):
    path = tmp_path / "odd.ectt"
    text = (
        SMALL.replace("Name: invented", "Name:")
        .replace("Days: 2", "Days:2")
        .replace("\n", " \r\n")
        .replace(" 2 ", "\t2  ")
    )
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    other = read_ctt(path)
    assert (other.n_days, other.n_slots) == (2, 3)
    assert other.courses == instance.courses
    assert other.curricula == instance.curricula


def test_a_full_timetable_is_found_by_taking_places(tmp_path):
    text = SMALL.replace("history wang 1 1", "history wang 7 1").replace("Constraints: 2", "")
    text = text.replace("history 0 0\n", "").replace("Days: 2", "Days: 3")
    path = tmp_path / "full.ctt"
    path.write_text(text, encoding="utf-8")
    problem = read_ctt(path)
    tables = tables_of(problem)
    for seed in range(50):
        state = first_state(problem, tables, np.random.default_rng(seed))
        assert sorted(state.at[state.at >= 0].tolist()) == list(range(11))


def test_the_cohort_planner_says_who_reads_instances(tmp_path):
    from luodi.planning.cohorts import read_problem as read_cohorts

    with pytest.raises(BadData, match="luodi plan timetable"):
        read_cohorts(tmp_path / "small.ctt")


def test_many_curricula_of_the_same_courses_do_not_buy_clashes(instance):
    many = replace(instance, curricula=instance.curricula * 100)
    plan = solve_curricula(many, moves=20_000)
    assert plan.check(many) == []


def test_counted_moves_end_alike_every_time(instance):
    plans = [solve_curricula(instance, moves=2_000, seed=5) for _ in range(2)]
    assert all(plan.check(instance) == [] for plan in plans)
    assert plans[0].objective == plans[1].objective


def test_reader_tells_what_is_wrong(tmp_path):
    path = tmp_path / "bad.ctt"
    path.write_text(SMALL.replace("q1 2 law maths", "q1 2 law botany"), encoding="utf-8")
    with pytest.raises(BadData, match="botany"):
        read_ctt(path)


def test_penalties_by_hand(instance):
    period, room = np.array([0, 1, 3, 5, 4]), np.array([0, 1, 0, 0, 1])
    assert penalties(instance, period, room) == {
        "capacity": 15 + 5,  # law (40) in small (25); history (30) in small
        "days": 5,  # law on one day instead of two
        "compact": 2 * 2,  # maths alone at the start and at the end of day two
        "stable": 1,  # law in two rooms
    }


def test_counters_of_the_annealing_agree_with_the_penalties(instance):
    tables, rng = tables_of(instance), np.random.default_rng(3)
    state = first_state(instance, tables, rng)
    for _ in range(3000):
        cool(tables, state, rng, 1, 20.0, 50.0)
        found = penalties(instance, state.where // 2, state.where % 2)
        if state.total[0] == 0:
            assert state.total[1] == sum(found.values())


@pytest.mark.parametrize("seed", range(5))
def test_without_heat_nothing_ever_becomes_dearer(instance, seed):
    many = replace(instance, curricula=(*instance.curricula, ("q2", (1, 2)), ("q3", (0,))))
    tables, rng = tables_of(many), np.random.default_rng(seed)
    state, price = first_state(many, tables, rng), 7
    for _ in range(300):
        cool(tables, state, rng, 20, 30.0, price)
        before = state.total[1] + price * state.total[0]
        cool(tables, state, rng, 1, 1e-12, price)
        assert state.total[1] + price * state.total[0] <= before


def test_annealing_finds_the_enumerated_optimum(instance):
    plan = solve_curricula(instance, moves=50_000, seed=1)
    assert plan.check(instance) == []
    slots = itertools.permutations(range(12), 5)
    best = min(
        sum(penalties(instance, s // 2, s % 2).values())
        for s in map(np.array, itertools.islice(slots, 0, None, 1))
        if not _hard(instance, s)
    )
    assert plan.objective == best


def _hard(instance, s):
    from luodi.planning.cohorts.timetable.ctt import hard_violations

    return hard_violations(instance, s // 2, s % 2)


def test_check_of_a_curriculum_plan_finds_damage(instance):
    plan = solve_curricula(instance, moves=5_000)
    said = lambda p: {v.constraint.zh for v in p.check(instance)}  # noqa: E731
    same = replace(plan, period=np.zeros(5, dtype=int))
    assert {"同一教室同时两节课", "同一课程同时两节课", "教师或课程组冲突"} <= said(same)
    assert "占用不可用时段" in said(replace(plan, period=np.array([5, 1, 2, 3, 0])))
    assert "目标值不符" in said(replace(plan, objective=plan.objective + 1))


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
    plan = solve_classes(small_class, time_limit=600)
    assert plan.check(small_class) == []
    assert plan.status is Status.OPTIMAL
    room = np.array([0, 0, 1, 0])
    best = min(
        price(small_class, day, slot)
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
    plan = solve_classes(small_class, time_limit=600)
    said = lambda **c: {v.constraint.zh for v in replace(plan, **c).check(small_class)}  # noqa: E731
    zero = np.zeros(4, dtype=int)
    assert {"教员没有空", "先后不对", "同时占用或来不及往返"} <= said(day=zero, slot=zero)
    assert "时段不对" in said(slot=zero + 3)
    assert "教室不合适" in said(room=1 - plan.room)
    assert "目标值不符" in said(objective=plan.objective + 1)


def test_clashing_conditions_are_named(small_class):
    away = frozenset(("甲", d, t) for d in range(2) for t in range(3) if (d, t) != (1, 1))
    with pytest.raises(Infeasible) as told:
        solve_classes(replace(small_class, away=away), time_limit=600)
    assert "教员没有空的时段" in told.value.say("zh")


class _FirstPlan(Progress):
    def report(self, incumbent, bound):
        self.stop()


def test_the_fifteen_day_class_has_a_timetable():
    problem = fifteen_days()
    plan = solve_classes(problem, time_limit=600, progress=_FirstPlan())
    assert plan.check(problem) == []
    assert "第 15 天" in plan.explain("zh")


def test_a_workbook_carries_the_whole_problem(small_class):
    rows = rows_of(small_class)
    tables = {
        s.key: parse_table(s, s.key, [[c.key for c in s.columns], *rows[s.key]]) for s in SHEETS
    }
    again = from_tables(tables)
    assert again.sessions == small_class.sessions
    assert again.rooms == small_class.rooms
    assert (again.away, again.travel) == (small_class.away, small_class.travel)
