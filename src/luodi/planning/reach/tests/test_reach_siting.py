"""Every siting goal against all choices of a small problem, and `check` against broken plans."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from luodi.planning import BadData, Infeasible, Progress, Status
from luodi.planning.reach.siting import SitingPlan, SitingProblem, median_solve, solve
from luodi.planning.reach.siting.problem import explain, value


def make(goal: str, seed: int, *, gaps: bool, budget: bool, existing: int) -> SitingProblem:
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(3, 14)), int(rng.integers(2, 8))
    minutes = rng.integers(1, 12, (n, m)).astype(float)
    if gaps:
        minutes[rng.random((n, m)) < 0.3] = np.inf
    flags = np.zeros(m, dtype=bool)
    flags[: min(existing, m - 1)] = True
    return SitingProblem(
        people=rng.integers(1, 9, n).astype(float),
        minutes=minutes,
        goal=goal,  # type: ignore[arg-type]
        count=None if budget else int(rng.integers(0, 4)),
        budget=float(rng.integers(2, 9)) if budget else None,
        cost=rng.integers(1, 5, m).astype(float),
        limit=float(rng.integers(2, 9)),
        unreachable=15.0,
        existing=flags,
        capacity=rng.integers(1, 9, m).astype(float),
        target=0.8,
    )


def best_of_all(problem: SitingProblem) -> float:
    sign = -1 if problem.goal == "cover" else 1
    return sign * min(
        sign * value(problem, np.array(c, dtype=np.intp))
        for k in range(problem.room + 1)
        for c in combinations(problem.new, k)
        if problem.budget is None or problem.cost[list(c)].sum() <= problem.budget
    )


@settings(max_examples=60, deadline=None)
@given(
    goal=st.sampled_from(["cover", "median", "centre", "catchment"]),
    seed=st.integers(0, 10**6),
    gaps=st.booleans(),
    budget=st.booleans(),
    existing=st.integers(0, 2),
)
def test_siting_finds_what_enumeration_finds(
    goal: str, seed: int, gaps: bool, budget: bool, existing: int
) -> None:
    try:
        problem = make(goal, seed, gaps=gaps, budget=budget, existing=existing)
    except BadData:  # no distance within the limit: told so, and tried by itself below
        assume(False)
    best = best_of_all(problem)
    if not np.isfinite(best):
        with pytest.raises(Infeasible):
            solve(problem)
        return
    plan = solve(problem)
    assert plan.objective == pytest.approx(best)
    assert plan.status is Status.OPTIMAL
    assert plan.check(problem) == []
    assert "新建" in explain(plan, "zh")
    assert "new sites" in explain(plan, "en")


def plan_and_problem() -> tuple[SitingPlan, SitingProblem]:
    problem = make("cover", 5, gaps=False, budget=False, existing=1)
    problem = replace(problem, count=2)
    return solve(problem), problem


def test_check_finds_a_wrong_objective_and_too_many_sites() -> None:
    plan, problem = plan_and_problem()
    assert plan.check(problem) == []
    assert replace(plan, objective=plan.objective + 1).check(problem)
    assert replace(plan, chosen=np.flatnonzero(problem.existing)).check(problem)
    assert replace(plan, chosen=problem.new).check(replace(problem, count=1))
    assert replace(plan, chosen=plan.chosen).check(replace(problem, budget=0.0))
    assert replace(plan, bound=plan.objective - 1).check(problem)


def test_a_stopped_search_keeps_an_honest_bound() -> None:
    rng = np.random.default_rng(1)
    problem = SitingProblem(
        people=np.ones(300), minutes=rng.random((300, 60)) * 30, goal="cover", count=6, limit=2.0
    )
    progress = Progress()
    progress.stop()
    plan = solve(problem, progress=progress)
    assert plan.check(problem) == []
    assert plan.bound is not None
    assert plan.bound >= solve(problem).objective


def test_bad_numbers_are_told() -> None:
    with pytest.raises(BadData):
        SitingProblem(people=np.ones(1), minutes=np.ones((2, 2)), goal="cover", count=1)
    with pytest.raises(BadData):
        SitingProblem(people=np.ones(2), minutes=-np.ones((2, 2)), goal="cover", count=1)
    with pytest.raises(BadData):
        SitingProblem(people=np.ones(2), minutes=np.ones((2, 2)), goal="cover")


@pytest.mark.parametrize("goal", ["cover", "median", "catchment"])
def test_distances_beyond_the_model_are_refused(goal: str) -> None:
    """Metres given for minutes were cut off at 60: nothing was built, and that was called proven."""
    metres = np.random.default_rng(2).uniform(200, 5000, (30, 8))
    with pytest.raises(BadData, match="beyond the model's limit"):
        SitingProblem(people=np.ones(30), minutes=metres, goal=goal, count=3)  # type: ignore[arg-type]
    wide = SitingProblem(
        people=np.ones(30), minutes=metres, goal="median", count=3, unreachable=5000.0
    )
    plan = solve(wide)
    assert len(plan.chosen) == 3
    assert plan.objective == pytest.approx(metres[:, plan.chosen].min(axis=1).sum())


def test_check_measures_by_the_problem_as_given() -> None:
    """Minutes that were cut off would pass for shorter ones."""
    minutes = np.array([[10.0, 70.0], [70.0, 10.0]])
    problem = SitingProblem(
        people=np.ones(2), minutes=minutes, goal="median", count=1, unreachable=80.0
    )
    plan = solve(problem)
    assert plan.objective == 80.0
    object.__setattr__(problem, "unreachable", 60.0)
    assert plan.check(problem) == []


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), count=st.integers(2, 6), whole=st.booleans())
def test_branching_over_multipliers_proves_what_the_radius_formulation_proves(
    seed: int, count: int, whole: bool
) -> None:
    rng = np.random.default_rng(seed)
    minutes = rng.random((45, 2)) @ rng.random((2, 20)) * 99 + rng.random((45, 20)) * 30
    problem = SitingProblem(
        people=rng.integers(1, 9, 45).astype(float),
        minutes=np.round(minutes) if whole else minutes,
        goal="median",
        count=count,
        unreachable=400.0,
        existing=np.arange(20) < seed % 3,
    )
    with pytest.MonkeyPatch.context() as change:
        change.setattr(median_solve, "RADII", 0)
        plan = solve(problem)
        change.setattr(median_solve, "RADII", 10**9)
        other = solve(problem)
    assert plan.status is other.status is Status.OPTIMAL
    assert plan.objective == pytest.approx(other.objective, rel=1e-6)
    assert plan.check(problem) == []
