"""Periodic routing: the reader, tiny instances against enumeration, broken plans."""

from dataclasses import replace
from itertools import pairwise, permutations, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luodi.planning import BadData
from luodi.planning.cli import main
from luodi.planning.tours.periodic import (
    PeriodicProblem,
    read_cordeau,
    read_problem,
    report,
    solve,
)
from luodi.planning.tours.periodic.arrays import data_of
from luodi.planning.tours.periodic.ruin import Walk
from luodi.planning.tours.periodic.state import State, first_state

STEPS = 2000  # a wall clock would make the answers depend on the machine
FILE = """1 2 3 4
0 10
0 10
50 10
0 0
0 0 0 0 0 0 0
1 3 4 1 5 1 2 1 2
2 0 6 0 4 2 2 5 10
3 5 0 2 3 4 1 15
"""


def test_the_format_is_read_as_published(tmp_path: Path) -> None:
    path = tmp_path / "p"
    path.write_text(FILE)
    p = read_cordeau(path)
    assert (p.vehicles, p.days) == (2, 4)
    assert p.patterns == (((3,), (2,)), ((1, 3), (0, 2)), ((0, 1, 2, 3),))
    assert p.longest.tolist() == [np.inf, np.inf, 50, np.inf]
    assert p.capacity.tolist() == [10, 10, 10, np.inf]
    assert p.distance[0, 1] == 5
    plan = solve(p, steps=STEPS)
    assert plan.check(p) == []
    path.write_text("4 1 1 1\n")
    with pytest.raises(BadData):
        read_cordeau(path)


def test_several_depots_are_read_and_solved(tmp_path: Path) -> None:
    path = tmp_path / "mdvrp"
    path.write_text(
        "2 1 3 2\n0 10\n0 10\n1 0 1 0 4 1 2 1 2\n2 0 2 0 4 1 2 1 2\n3 100 1 0 4 1 2 1 2\n"
        "4 0 0 0 0\n5 100 0 0 0\n"
    )
    p = read_problem(path)
    plan = solve(p, steps=STEPS)
    assert plan.check(p) == []
    assert plan.objective == pytest.approx(4 + 2)
    assert [sorted(c for r in day for c in r) for day in plan.routes] == [[1, 2], [3]]
    assert replace(plan, routes=plan.routes[::-1]).check(p)
    spare = replace(p, vehicles=2)
    plan = solve(spare, steps=STEPS)
    assert plan.check(spare) == []
    assert plan.objective == pytest.approx(4 + 2)


VRP = """NAME : tiny
TYPE : CVRP
DIMENSION : 4
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 2
NODE_COORD_SECTION
1 0 0
2 0 10.4
3 0 11
4 7 0
DEMAND_SECTION
1 0
2 1
3 1
4 1
DEPOT_SECTION
1
-1
EOF
"""


def test_vrplib_files_are_read_with_rounded_distances(tmp_path: Path) -> None:
    path = tmp_path / "tiny.vrp"
    path.write_text(VRP)
    p = read_problem(path)
    plan = solve(p, steps=STEPS)
    assert plan.check(p) == []
    assert plan.objective == 10 + 1 + 11 + 7 + 7
    assert "<table>" in report(p, plan)
    path.write_text(VRP.replace("CVRP", "VRPTW"))
    with pytest.raises(BadData, match="VRPTW"):
        read_problem(path)


def test_a_tsp_is_one_round(tmp_path: Path) -> None:
    path = tmp_path / "tiny.tsp"
    tsp = VRP.split("DEMAND")[0].replace("CVRP", "TSP").replace("CAPACITY : 2\n", "") + "EOF\n"
    path.write_text(tsp)
    p = read_problem(path)
    plan = solve(p, steps=STEPS)
    assert plan.check(p) == []
    assert plan.objective == 10 + 1 + 13 + 7


def test_the_command_reads_an_instance(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = tmp_path / "p", tmp_path / "routes.xlsx"
    path.write_text(FILE)
    assert main(["tours", str(path), "--time-limit", "0.5", "-o", str(out)]) == 0
    assert "总路程" in capsys.readouterr().out
    assert out.is_file()


def small(seed: int) -> PeriodicProblem:
    rng = np.random.default_rng(seed)
    n = 5
    options = (((0,), (1,)), ((0, 1),), ((0,), (1,)))
    return PeriodicProblem(
        x=rng.integers(0, 50, n + 1).astype(float),
        y=rng.integers(0, 50, n + 1).astype(float),
        service=np.zeros(n),
        demand=rng.integers(1, 5, n).astype(float),
        patterns=tuple(options[int(rng.integers(3))] for _ in range(n)),
        vehicles=2,
        longest=np.full(2, np.inf),
        capacity=np.full(2, 12.0),
    )


def shortest_day(p: PeriodicProblem, customers: list[int]) -> float:
    """Two vehicles: every order, cut at every place."""
    best = 0.0 if not customers else np.inf
    for order in permutations(customers):
        for cut in range(len(order) + 1):
            parts = [order[:cut], order[cut:]]
            if all(p.demand[[c - 1 for c in r]].sum() <= p.capacity[0] for r in parts if r):
                stops = [0, *parts[0], 0, *parts[1], 0]
                length = sum(p.distance[a, b] for a, b in pairwise(stops))
                best = min(best, float(length))
    return best


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_small_instances_are_solved_as_by_enumeration(seed: int) -> None:
    p = small(seed)
    best = min(
        sum(shortest_day(p, [c + 1 for c in range(5) if d in days[c]]) for d in range(2))
        for days in product(*p.patterns)
    )
    if not np.isfinite(best):
        return
    plan = solve(p, steps=STEPS)
    assert plan.check(p) == []
    assert plan.objective == pytest.approx(best, rel=1e-6)


def test_check_finds_wrong_days_loads_and_lengths() -> None:
    p = small(4)
    plan = solve(p, steps=STEPS)
    assert plan.check(p) == []
    assert replace(plan, objective=plan.objective - 1).check(p)
    assert replace(plan, routes=plan.routes[:1]).check(p)
    assert plan.check(replace(p, capacity=np.full(2, 1.0)))
    assert plan.check(replace(p, longest=np.full(2, 1.0)))
    assert replace(plan, routes=(plan.routes[0] * 3, plan.routes[1])).check(p)


def test_estimates_are_exact_changes_of_length() -> None:
    p = replace(small(9), capacity=np.full(2, np.inf))
    state = first_state(p, 0)
    for c in range(1, 6):
        old = state.patterns()[c - 1]
        for new in p.patterns[c - 1]:
            trial: State = state.copy()
            estimate = trial.delta(c, old, new)
            trial.change(c, new)
            assert trial.length() == pytest.approx(state.length() + estimate)
            assert trial.patterns()[c - 1] == new


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10**6), depots=st.booleans(), part=st.integers(1, 499))
def test_a_walk_in_parts_is_the_walk_in_one_go(seed: int, depots: bool, part: int) -> None:
    """However slow the machine, that is, which decides how long the parts are."""
    p = small(seed)
    if depots:
        homes = np.vstack([np.append(0.0, p.distance[0, 1:]), np.append(0.0, p.distance[1, 1:])])
        p = replace(p, patterns=(((0,), (1,)),) * 5, homes=homes)
    whole, parts = (Walk(p, data_of(p), first_state(p, 0), seed) for _ in range(2))
    whole.run(1000, 0.1)
    for done in range(0, 1000, part):
        parts.run(min(part, 1000 - done), 0.1)
    assert parts.price == whole.price != Walk(p, data_of(p), first_state(p, 0), seed).price
    assert parts.now.stops.tolist() == whole.now.stops.tolist()
    for d in range(p.days):
        for r in range(d * p.vehicles, (d + 1) * p.vehicles):
            stops = [0, *whole.now.stops[r, : whole.now.size[r]], 0]
            length = p.far[d, stops[:-1], stops[1:]].sum()
            assert whole.now.length[r] == pytest.approx(length, abs=1e-6)
