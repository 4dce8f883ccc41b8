"""Calendars against full enumeration of tiny seasons; `check` against broken plans; replanning."""

import datetime as dt
from dataclasses import replace
from itertools import combinations, permutations, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luodi.planning import Infeasible, Progress
from luodi.planning.core import Status
from luodi.planning.tours import (
    Show,
    TourProblem,
    Troupes,
    Villages,
    Wishes,
    choose,
    read_problem,
    report,
    solve,
    write_plan,
    write_template,
)
from luodi.planning.tours import example as example_season
from luodi.planning.tours.anneal import Annealer
from luodi.planning.tours.calendar import Calendar, cost_parts
from luodi.planning.tours.choose import Chooser
from luodi.planning.tours.plan import TourPlan
from luodi.planning.tours.routes import Routes
from luodi.planning.tours.start import first_calendar

PLENTY = 600.0  # seconds that no search here comes near: each ends by its proof or its steps


def tiny(seed: int, *, days: int = 4, villages: int = 3, troupes: int = 1) -> TourProblem:
    rng = np.random.default_rng(seed)
    first = rng.integers(0, days, 2)
    return TourProblem(
        start=dt.date(2026, 5, 1),
        troupes=Troupes(
            names=tuple(f"T{i}" for i in range(troupes)),
            lon=rng.uniform(111.6, 111.9, troupes),
            lat=rng.uniform(37.1, 37.3, troupes),
            size=rng.integers(5, 30, troupes),
            speed_kmh=np.full(troupes, 40.0),
            most_a_day=rng.integers(1, 3, troupes),
            hours=np.full(troupes, float(rng.integers(7, 11))),
            run=rng.integers(1, 4, troupes),
            free=rng.random((troupes, days)) < 0.9,
        ),
        villages=Villages(
            names=tuple(f"V{i}" for i in range(villages)),
            township=np.arange(villages) % 2,
            townships=("A", "B"),
            lon=rng.uniform(111.6, 111.9, villages),
            lat=rng.uniform(37.1, 37.3, villages),
            audience=rng.integers(100, 3000, villages).astype(float),
            stage_holds=rng.choice([0, 40], villages),
            least=np.zeros(villages, dtype=np.intp),
            most=np.full(villages, 2),
            open=rng.random((villages, days)) < 0.9,
        ),
        wishes=Wishes(
            village=rng.integers(0, villages, 2),
            first=first,
            last=np.minimum(first + 1, days - 1),
            weight=np.array([1.0, 0.5]),
            must=np.array([False, bool(rng.random() < 0.3)]),
            names=("fair", "market"),
        ),
        shows=int(rng.integers(1, 4)),
        stages=rng.integers(0, 2, days),
        township_least=rng.integers(0, 2, 2),
        spacing=int(rng.integers(1, 4)),
    )


def every_calendar(p: TourProblem) -> float:
    """The least cost over all sets of shows, by the plan's own check. Infinity without any."""
    routes, best = Routes(p), np.inf
    shows = [
        Show(v, t, d)
        for v, t, d in product(
            range(len(p.villages.names)), range(len(p.troupes.names)), range(p.days)
        )
    ]
    fixed = {s for s in p.published if s.day < p.fixed_before}
    for chosen in combinations(shows, p.shows):
        if fixed != {s for s in chosen if s.day < p.fixed_before}:
            continue
        calendar = Calendar(p, routes)
        fits = True
        for s in chosen:
            fits = fits and calendar.fits(s.village, s.troupe, s.day)
            if not fits:
                break
            calendar.place(s.village, s.troupe, s.day)
        if fits and calendar.short() == 0:
            best = min(best, sum(cost_parts(p, list(chosen), routes).values()))
    return best


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_the_best_of_all_small_calendars_is_proven(seed: int) -> None:
    problem = tiny(seed)
    best = every_calendar(problem)
    if not np.isfinite(best):
        with pytest.raises(Infeasible) as clash:
            solve(problem, time_limit=PLENTY)
        assert clash.value.clashes
        return
    plan = solve(problem, time_limit=PLENTY)
    assert plan.check(problem) == []
    assert plan.status is Status.OPTIMAL
    assert plan.objective == pytest.approx(best)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), fixed_before=st.integers(0, 2))
def test_the_best_change_of_a_small_published_calendar(seed: int, fixed_before: int) -> None:
    rng = np.random.default_rng(seed)
    said = tuple(Show(v, 0, int(rng.integers(0, 4))) for v in rng.permutation(3)[:2].tolist())
    problem = replace(tiny(seed), published=said, fixed_before=fixed_before)
    best = every_calendar(problem)
    if not np.isfinite(best):
        with pytest.raises(Infeasible):
            solve(problem, time_limit=PLENTY)
        return
    plan = solve(problem, time_limit=PLENTY)
    assert plan.check(problem) == []
    assert plan.status is Status.OPTIMAL
    assert plan.objective == pytest.approx(best)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), likely=st.integers(1, 12))
def test_bounds_hold_where_few_outings_are_looked_at(seed: int, likely: int) -> None:
    problem, routes, clock = tiny(seed), Routes(tiny(seed)), Progress()
    best = every_calendar(problem)
    if not np.isfinite(best):
        return
    first = first_calendar(problem, routes, clock, PLENTY, 0).shows()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(choose, "LIKELY", likely)
        found = Chooser(problem, routes, first, end=PLENTY, seed=0, progress=clock)
        found.run()
    assert found.bound <= best + 1e-6
    assert found.cost >= best - 1e-6
    assert sum(cost_parts(problem, found.shows, routes).values()) == pytest.approx(found.cost)


@pytest.mark.parametrize("seed", [536, *range(8)])
def test_small_moves_find_the_best_small_calendar(seed: int) -> None:
    problem, routes, clock = tiny(seed), Routes(tiny(seed)), Progress()
    best = every_calendar(problem)
    if not np.isfinite(best):
        return
    first = first_calendar(problem, routes, clock, PLENTY, 0).shows()
    shows = Annealer(problem, routes, first, 0).run(clock, steps=20_000)
    assert sum(cost_parts(problem, shows, routes).values()) == pytest.approx(best)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_routes_are_shortest(seed: int) -> None:
    problem = tiny(seed, villages=5)
    routes = Routes(problem)
    every = [routes.along(0, o) for o in permutations(range(5))]
    assert routes.length(0, tuple(range(5))) == pytest.approx(min(every))


@pytest.fixture(scope="module")
def season() -> TourProblem:
    return example_season()


@pytest.fixture(scope="module")
def plan(season: TourProblem) -> TourPlan:
    return solve(season, time_limit=PLENTY)


def test_the_season_is_proven_and_can_be_broken(season: TourProblem, plan: TourPlan) -> None:
    assert plan.check(season) == []
    assert plan.status is Status.OPTIMAL
    assert plan.by_hand is not None
    assert plan.objective < sum(plan.by_hand.values())
    assert len(plan.shows) == 72
    first, *rest = plan.trips
    assert replace(plan, trips=tuple(rest)).check(season)
    assert replace(plan, trips=(replace(first, km=first.km + 1), *rest)).check(season)
    rest_day = int(np.flatnonzero(~season.troupes.free[first.troupe])[0])
    assert replace(plan, trips=(replace(first, day=rest_day), *rest)).check(season)
    assert replace(plan, trips=(first, first, *rest)).check(season)
    assert replace(plan, objective=plan.objective + 1).check(season)
    assert replace(plan, bound=plan.objective + 1).check(season)
    assert plan.check(replace(season, stages=np.zeros(season.days, dtype=np.intp)))
    assert plan.check(replace(season, township_least=np.full(9, 20)))
    assert plan.check(replace(season, spacing=200))
    long_run = replace(season.troupes, run=np.zeros(3, dtype=np.intp))
    assert plan.check(replace(season, troupes=long_run))


def test_replanning_keeps_what_was_published(season: TourProblem, plan: TourPlan) -> None:
    free = season.troupes.free.copy()
    free[0, 60:75] = False
    hit = [s for s in plan.shows if s.troupe == 0 and 60 <= s.day < 75]
    again = replace(
        season,
        troupes=replace(season.troupes, free=free),
        published=tuple(plan.shows),
        fixed_before=40,
    )
    new = solve(again, time_limit=PLENTY)
    assert new.check(again) == []
    assert len(set(plan.shows) - set(new.shows)) <= len(hit) + 6
    assert {s for s in new.shows if s.day < 40} == {s for s in plan.shows if s.day < 40}


def test_clashes_are_named(season: TourProblem) -> None:
    with pytest.raises(Infeasible) as clash:
        solve(replace(season, shows=900), time_limit=PLENTY)
    assert "总场次" in clash.value.say("zh")


def test_cp_sat_alone_gives_a_valid_calendar() -> None:
    for seed in range(30):
        problem = tiny(seed, days=6, troupes=2)
        try:
            calendar = first_calendar(problem, Routes(problem), Progress(), PLENTY, 0)
        except Infeasible:
            continue
        assert calendar.short() == 0
        assert len(calendar.shows()) == problem.shows


def test_a_stopped_search_returns_a_valid_plan(season: TourProblem) -> None:
    progress = Progress()
    progress.stop()
    assert solve(season, progress=progress).check(season) == []


def test_tables_and_report(season: TourProblem, plan: TourPlan, tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx")
    again = read_problem(tmp_path / "t.xlsx")
    assert (again.troupes.free == season.troupes.free).all()
    assert (again.villages.open == season.villages.open).all()
    assert again.shows == season.shows
    assert np.allclose(again.km, season.km)
    assert (again.wishes.first == season.wishes.first).all()
    write_plan(tmp_path / "p.xlsx", again, plan)
    assert "示例村" in report(again, plan)
    assert "By township" in report(again, plan, "en")
