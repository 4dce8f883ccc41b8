"""Minutes, shares and gaps against slow references; `check` against broken plans."""

import json
from collections import deque
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from luodi.planning import BadData
from luodi.planning.geo import flat_metres, kilometres
from luodi.planning.reach import (
    example,
    maps,
    read_problem,
    report,
    solve,
    write_plan,
    write_template,
)
from luodi.planning.reach.access import between, connect, minutes_to_nearest, nearest, speed_kmh
from luodi.planning.reach.maps import map_page
from luodi.planning.reach.network import Network, split_long
from luodi.planning.reach.plan import people_minutes
from luodi.planning.reach.problem import ReachProblem
from luodi.planning.reach.readers import allowed, read_streets


def bellman_ford(net: Network, mode: str, kmh: float, sources: list[int]) -> np.ndarray:
    """Minutes *to* the nearest source, by relaxing every arc until nothing changes."""
    use = net.walk if mode == "walk" else net.cycle
    cost = net.metres / (speed_kmh(mode, net.grade, kmh) * 1000 / 60)  # type: ignore[arg-type]
    far = np.full(len(net.lon), np.inf)
    far[sources] = 0
    queue = deque(range(len(net.lon)))
    while queue:
        queue.popleft()
        before = far.copy()
        for a, b, c, ok in zip(net.tail, net.head, cost, use, strict=True):
            if ok and far[b] + c < far[a]:
                far[a] = far[b] + c
        if (before == far).all():
            break
    return far


def random_network(seed: int) -> Network:
    rng = np.random.default_rng(seed)
    n, m = 14, 26
    return Network.from_edges(
        rng.uniform(111.70, 111.72, n),
        rng.uniform(37.2, 37.22, n),
        rng.integers(0, n, m),
        rng.integers(0, n, m),
        elevation=rng.uniform(0, 60, n),
        walk=rng.random(m) < 0.9,
        cycle=rng.random(m) < 0.9,
        oneway=rng.random(m) < 0.4,
    )


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), mode=st.sampled_from(["walk", "cycle"]))
def test_minutes_are_those_of_plain_relaxation(seed: int, mode: str) -> None:
    net, sources = random_network(seed), [0, 5]
    matrix = net.minutes(mode, 5.0)  # type: ignore[arg-type]
    slow = bellman_ford(net, mode, 5.0, sources)
    fast = minutes_to_nearest(matrix, np.array(sources))
    assert np.allclose(fast, slow, atol=1e-4)
    far, who = nearest(matrix, np.array(sources), np.inf)
    assert np.allclose(far, slow, atol=1e-4)
    for k, s in enumerate(sources):
        own = minutes_to_nearest(matrix, np.array([s]))[who == k]
        assert np.allclose(own, far[who == k])


def test_connected_places_are_no_short_cut_and_pairs_agree() -> None:
    net = random_network(3)
    matrix = net.minutes("walk", 4.0)
    grown = connect(matrix, np.array([2, 9]), np.array([1.5, 0.5]))
    n = len(net.lon)
    plain = minutes_to_nearest(matrix, np.array([2]))
    assert np.allclose(minutes_to_nearest(grown, np.array([n]))[:n], plain + 1.5)
    pairs = between(grown, np.array([n, n + 1]), np.arange(n), np.zeros(n), 1e9).toarray()
    assert np.allclose(np.where(pairs[:, 0] > 0, pairs[:, 0], np.inf), plain + 1.5)


def test_slopes_slow_down_as_published() -> None:
    grade = np.array([0.0, -0.05, 0.1])
    walk = speed_kmh("walk", grade, 5.036)  # Tobler's flat speed
    assert walk == pytest.approx(6 * np.exp(-3.5 * np.abs(grade + 0.05)), rel=1e-3)
    assert speed_kmh("cycle", np.array([0.03, -0.02]), 15.0) == pytest.approx([10.68, 16.72])


def test_long_streets_are_cut_evenly() -> None:
    lon, lat = np.array([111.7, 111.71, 111.7]), np.array([37.2, 37.2, 37.2005])
    x, y, a, b, street = split_long(lon, lat, np.array([0, 0]), np.array([1, 2]))
    pieces = 1000 * kilometres(x[a], y[a], x[b], y[b])
    assert pieces.max() <= 100.01
    whole = 1000 * kilometres(lon[[0, 0]], lat[[0, 0]], lon[[1, 2]], lat[[1, 2]])
    assert np.bincount(street, weights=pieces) == pytest.approx(whole, rel=1e-6)
    assert b[street == 0][-1] == 1


@pytest.fixture(scope="module")
def town() -> ReachProblem:
    return example(size=12)


def test_the_example_holds_and_gaps_and_loads_add_up(town: ReachProblem) -> None:
    plan = solve(town)
    assert plan.check(town) == []
    inside = plan.covered(town)
    for k in range(len(town.kinds)):
        outside = town.people.total[~inside[k]].sum()
        assert sum(g.people for g in plan.gaps(town, k)) == pytest.approx(outside)
        assert sum(len(g.homes) for g in plan.gaps(town, k)) == (~inside[k]).sum()
        own = town.places.kind == k
        assert plan.load(town)[own].sum() == pytest.approx(town.people.total[inside[k]].sum())
    people, shares, _ = plan.by_area(town)
    assert shares @ people == pytest.approx(plan.shares(town)[:, -1] * people.sum())


def test_siting_agrees_with_the_measured_minutes(town: ReachProblem) -> None:
    plan = solve(town)
    assert plan.sites is not None
    assert plan.after is not None
    now = people_minutes(town, plan.after[None])[0] <= town.limit_minutes[0]
    assert town.people.total[now].sum() == pytest.approx(plan.sites.objective)


def test_check_finds_wrong_minutes_share_and_sites(town: ReachProblem) -> None:
    plan = solve(town)
    wrong = plan.minutes.copy()
    wrong[1, 3] += 1.0
    assert replace(plan, minutes=wrong).check(town)
    wrong[1, 3] = np.inf
    assert replace(plan, minutes=wrong).check(town)
    assert plan.after is not None
    assert replace(plan, after=plan.after + 0.5).check(town)
    bare = replace(town, siting=None)
    measured = solve(bare)
    assert measured.check(bare) == []
    assert replace(measured, objective=measured.objective + 0.1).check(bare)


def test_tables_report_and_map(town: ReachProblem, tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx", "en")
    again, plan = read_problem(tmp_path / "t.xlsx"), None
    plan = solve(again)
    assert plan.objective == pytest.approx(solve(example()).objective)
    write_plan(tmp_path / "p.xlsx", again, plan)
    small = solve(town)
    assert "空白区" in report(town, small)
    assert "Where" in report(town, small, "en") or "where" in report(town, small, "en")


def test_the_map_names_its_places(town: ReachProblem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maps, "leaflet_parts", lambda: ("var L={};", "a{}"))
    page = map_page(town, solve(town))
    assert "http" not in page
    assert town.places.names[0] in page


def test_geojson_streets_and_tags(tmp_path: Path) -> None:
    line = [[111.70, 37.20], [111.705, 37.20]]
    up = [line[1], [111.705, 37.21]]
    data = {
        "type": "FeatureCollection",
        "features": [
            {"geometry": {"type": "LineString", "coordinates": line}, "properties": {"a": None}},
            {
                "geometry": {
                    "type": "MultiLineString",
                    "coordinates": [up],
                },
                "properties": {"highway": "steps", "oneway": "yes"},
            },
            {
                "geometry": {"type": "LineString", "coordinates": line},
                "properties": {"highway": "motorway"},
            },
        ],
    }
    path = tmp_path / "s.geojson"
    path.write_text(json.dumps(data))
    net = read_streets(path)
    assert net.walk.all()
    assert 0 < net.cycle.sum() < len(net.cycle)
    assert allowed({"highway": "motorway", "foot": "yes"})[0]
    with pytest.raises(BadData):
        read_streets(tmp_path / "none.geojson")


def test_bad_data_is_told(town: ReachProblem) -> None:
    with pytest.raises(BadData):
        replace(town, horizon_minutes=5.0)
    with pytest.raises(BadData):
        replace(town, flat_kmh=100.0)
    with pytest.raises(BadData):
        replace(town, people=replace(town.people, count=town.people.count * 0))


def test_a_gap_is_no_larger_than_what_a_new_place_could_serve() -> None:
    """One connected gap of the example held 29,472 of its 48,238 people."""
    town = example()
    plan, p = solve(replace(town, siting=None)), town.people
    at = flat_metres(p.lon, p.lat, float(p.lat.mean()))
    for kind in range(len(town.kinds)):
        for gap in plan.gaps(town, kind):
            assert {p.areas[a] for a in p.area[gap.homes]} == {gap.area}
            apart = np.hypot(*(at[gap.homes][:, None] - at[gap.homes]).T)
            assert apart.max(axis=0).min() <= 15 * 4000 / 60 / 1.3
            assert gap.people < 0.25 * p.total.sum()


def test_people_are_whole_in_report_and_workbook(town: ReachProblem, tmp_path: Path) -> None:
    plan = solve(town)
    most = round(max(plan.by_area(town)[0]))
    assert f">{most:,}<" in report(town, plan)
    write_plan(tmp_path / "p.xlsx", town, plan)
    page = load_workbook(tmp_path / "p.xlsx")["各村"]
    assert {type(row[1].value) for row in page.iter_rows(min_row=2)} == {int}
    assert {row[1].number_format for row in page.iter_rows(min_row=2)} == {"General"}
