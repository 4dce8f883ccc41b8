"""Cohorts against the enumeration of every assignment, and `check` against broken plans."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luodi.planning import Status
from luodi.planning.cohorts.plan import broken, evaluate
from luodi.planning.cohorts.problem import After, Apart, CohortProblem, Cohorts, make_people
from luodi.planning.cohorts.repair import insert, shares
from luodi.planning.cohorts.solve import solve
from luodi.planning.cohorts.words import explain

DAY = 738_000


@st.composite
def problems(draw, *, hard=True):
    p, c = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    few = lambda size, low, high: draw(  # noqa: E731
        st.lists(st.integers(low, high), min_size=size, max_size=size)
    )
    starts = np.array(few(c, 0, 6)) + DAY
    most = np.array(few(c, 1, 3))
    least = np.minimum(np.array(few(c, 0, 2)), most) if hard else np.zeros(c, dtype=int)
    levels = draw(st.lists(st.sampled_from(["", "a", "ab"]), min_size=c, max_size=c))
    cohorts = Cohorts(
        tuple(f"c{j}" for j in range(c)), ("",) * c, starts, starts + np.array(few(c, 0, 3)),
        least, most, tuple(frozenset(x) for x in levels),
    )  # fmt: skip
    blocked = tuple(((DAY + d, DAY + d + 1),) if d < 6 else () for d in few(p, 0, 12))
    people = make_people(
        [f"p{i}" for i in range(p)],
        [f"u{u}" for u in few(p, 0, 1)],
        few(p, 0, 4),
        level=tuple("ab"[k] for k in few(p, 0, 1)),
        blocked=blocked,
        group=tuple("xy"[k] for k in few(p, 0, 1)),
    )
    pairs = [tuple(few(2, 0, p - 1)) for _ in range(draw(st.integers(0, 2)) if hard else 0)]
    order = [tuple(few(2, 0, p - 1)) for _ in range(draw(st.integers(0, 1)) if hard else 0)]
    return CohortProblem(
        people,
        cohorts,
        {"u0": draw(st.integers(1, 2))},
        tuple(Apart(a, b) for a, b in pairs if a != b),
        tuple(After(a, b) for a, b in order if a != b),
        draw(st.integers(0, 3)) if hard else 0,
    )


def best(problem):
    """The cheapest assignment that breaks nothing, by trying all."""
    choices = range(-1, len(problem.cohorts))
    plans = (np.array(x) for x in itertools.product(choices, repeat=len(problem.people)))
    return min(evaluate(problem, x) for x in plans if not broken(problem, x))


@settings(max_examples=80, deadline=None)
@given(problems())
def test_every_condition_together_reaches_the_enumerated_optimum(problem):
    plan = solve(problem)
    assert plan.check(problem) == []
    assert plan.objective == pytest.approx(best(problem))
    assert plan.bound <= plan.objective + 1e-6
    assert plan.status is Status.OPTIMAL


@settings(max_examples=40, deadline=None)
@given(problems(hard=False))
def test_bound_of_the_flow_never_exceeds_the_optimum(problem):
    from luodi.planning.cohorts.flow import solve_flow

    relaxed = solve_flow(problem)
    value = best(problem)
    assert relaxed.objective <= value
    reduced = relaxed.reduced()
    for i, j in zip(*np.nonzero(problem.eligible), strict=True):
        only = problem.eligible.copy()
        only[i] = False
        only[i, j] = True
        held = solve_flow(problem, only)
        if held.chosen[i] == j:
            assert relaxed.objective + reduced[i, j] <= held.objective


@pytest.fixture
def problem():
    cohorts = Cohorts(
        ("一班", "二班"), ("", ""), np.array([DAY, DAY + 10]), np.array([DAY + 4, DAY + 14]),
        np.array([1, 1]), np.array([2, 2]), (frozenset(), frozenset({"科"})),
    )  # fmt: skip
    people = make_people(
        ["甲", "乙", "丙"], ["办公室", "办公室", "财政"], level=("科", "科", "股"),
        blocked=((), ((DAY + 11, DAY + 11),), ()),
    )  # fmt: skip
    return CohortProblem(people, cohorts, {"办公室": 1}, (Apart(0, 2, "夫妻"),), (After(1, 0),))


def test_check_finds_every_kind_of_damage(problem):
    plan = solve(problem)
    assert plan.check(problem) == []
    assert plan.chosen.tolist() == [1, 0, 0]

    def said(*chosen, **change):
        damaged = replace(plan, chosen=np.array(chosen), **change)
        return {v.constraint.zh for v in damaged.check(problem)}

    assert "课程或层级不符" in said(1, 0, 1)
    assert "班次占用不便日期" in said(1, 1, 0)
    assert {"单位同时离岗过多", "不应同期", "先修未完成", "班次超员"} <= said(0, 0, 0)
    assert "目标值不符" in said(-1, 0, 0)
    assert "界限不可信" in said(1, 0, 0, bound=plan.objective + 5)
    bigger = replace(problem, cohorts=replace(problem.cohorts, min_size=np.array([2, 2])))
    assert "班次人数不足" in {v.constraint.zh for v in plan.check(bigger)}


def test_those_left_out_are_few_and_told_why(problem):
    tight = replace(
        problem, cohorts=replace(problem.cohorts, max_size=np.array([1, 1])), unit_cap={}
    )
    plan = solve(tight)
    assert len(plan.left_out) == 1
    assert "名额" in explain(tight, plan)
    nowhere = replace(problem, people=replace(problem.people, level=("处", "科", "股")))
    closed = replace(nowhere.cohorts, levels=(frozenset({"股", "科"}), frozenset({"科"})))
    refused = replace(nowhere, cohorts=closed)
    told = explain(refused, solve(refused))
    assert "甲：没有适合其课程和层级的班次" in told


@settings(max_examples=80, deadline=None)
@given(problems(), st.integers(0, 99))
def test_shares_used_in_full_keep_every_unit_within_its_limit(problem, seed):
    rng = np.random.default_rng(seed)
    chosen = rng.integers(-1, len(problem.cohorts), len(problem.people))
    cap = shares(problem, chosen, rng)
    for together in problem.moments:
        for name, away in zip(problem.units[0], cap[:, together].sum(axis=1), strict=True):
            assert away <= problem.unit_cap.get(name, len(problem.people))


def test_a_prerequisite_in_a_late_class_makes_way():
    """Four moves place him: 丁 to the fourth class, 丙 to the third, 甲 to the first, 乙 after."""
    days = np.array([0, 10, 20, 30]) + DAY
    cohorts = Cohorts(
        ("一", "二", "三", "四"), ("",) * 4, days, days + 4, np.zeros(4, dtype=int),
        np.array([1, 1, 1, 2]), (frozenset("ac"), frozenset("b"), frozenset("cd"), frozenset("ad")),
    )  # fmt: skip
    people = make_people(["甲", "乙", "丙", "丁"], ["u"] * 4, level=tuple("abcd"))
    problem = CohortProblem(people, cohorts, {}, after=(After(0, 1),))
    stuck = np.array([3, -1, 0, 2])  # 乙 can only attend the second, before which 甲 is not done
    placed = insert(problem, stuck, np.inf)
    assert broken(problem, placed) == []
    assert (placed >= 0).all()


@settings(max_examples=60, deadline=None)
@given(problems(), st.integers(0, 99))
def test_insertion_breaks_nothing_and_takes_nobody_out(problem, seed):
    rng = np.random.default_rng(seed)
    chosen = solve(problem).chosen.copy()
    out = rng.random(len(chosen)) < 0.4
    trial = np.where(out, -1, chosen)
    if broken(problem, trial):
        return
    placed = insert(problem, trial, np.inf)
    assert broken(problem, placed) == []
    assert ((placed >= 0) | (trial < 0)).all()
