"""Periodic routing: the reader, tiny instances against enumeration, broken plans."""

from dataclasses import replace
from itertools import pairwise, permutations, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luodi.planning import BadData
from luodi.planning.tours.periodic import PeriodicProblem, read_cordeau, solve
from luodi.planning.tours.periodic.solve import first_state
from luodi.planning.tours.periodic.state import State

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
    plan = solve(p, time_limit=0.5)
    assert plan.check(p) == []
    path.write_text("2 1 1 1\n")
    with pytest.raises(BadData):
        read_cordeau(path)


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
    plan = solve(p, time_limit=0.6)
    assert plan.check(p) == []
    assert plan.objective == pytest.approx(best, rel=1e-6)


def test_check_finds_wrong_days_loads_and_lengths() -> None:
    p = small(4)
    plan = solve(p, time_limit=0.3)
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
