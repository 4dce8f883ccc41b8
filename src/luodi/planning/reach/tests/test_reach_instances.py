"""Published files: warehouses and points in the plane, against trying every choice."""

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from luodi.planning.cli import main
from luodi.planning.core import BadData, Infeasible, Status
from luodi.planning.reach.siting import (
    WarehouseProblem,
    read_cap,
    read_problem,
    read_tsplib,
    solve,
)

# 19 with warehouse 1 alone (10 + 3 + 4 + 2); where 9 is all it holds, 38 with both (30 + 7 + 1)
CAP = """ 2 3
 {size} 10.
 {size} 20.
 4
 3.0 9.0
 5
 4.0 8.0
 6
 2.0 1.0
"""
SQUARE = """NAME : square
TYPE : TSP
DIMENSION : 5
EDGE_WEIGHT_TYPE : {kind}
NODE_COORD_SECTION
1 0 0
2 0.0 3.0
3 4e0 0
4 4 3
5 2 1.5
EOF
"""


def cheapest(p: WarehouseProblem) -> float:
    """Every set of warehouses, each with its transportation problem."""
    n, m = p.delivery.shape
    best = np.inf
    for k in range(1, m + 1):
        for some in map(list, combinations(range(m), k)):
            serve = np.kron(np.eye(n), np.ones(k))
            held = np.kron(p.demand, np.eye(k))
            found = linprog(p.delivery[:, some].ravel(), held, p.capacity[some], serve, np.ones(n))
            if found.status == 0:
                best = min(best, float(p.fixed[some].sum() + found.fun))
    return best


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), n=st.integers(1, 5), m=st.integers(1, 4), held=st.booleans())
def test_warehouses_cost_what_trying_every_choice_costs(
    seed: int, n: int, m: int, held: bool
) -> None:
    rng = np.random.default_rng(seed)
    demand = rng.integers(1, 9, n).astype(float)
    size = rng.integers(1, 9, m) + demand.sum() / m
    p = WarehouseProblem(
        fixed=rng.integers(0, 30, m).astype(float),
        capacity=size if held else np.full(m, 1e3),
        demand=demand,
        delivery=rng.integers(0, 50, (n, m)).astype(float),
    )
    plan = solve(p)
    assert plan.objective == pytest.approx(cheapest(p), abs=1e-6)
    assert plan.status is Status.OPTIMAL
    assert plan.check(p) == []
    assert replace(plan, share=plan.share * 2).check(p)
    assert replace(plan, opened=plan.opened[:-1]).check(p)
    assert replace(plan, objective=plan.objective + 1).check(p)
    if not held:
        free = solve(replace(p, capacity=np.full(m, np.inf)))
        assert free.objective == pytest.approx(plan.objective)


@pytest.mark.parametrize(("size", "cost"), [("capacity", 19.0), ("15.", 19.0), ("9", 38.0)])
def test_cap_files_are_read_and_proven(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], size: str, cost: float
) -> None:
    path = tmp_path / "cap0.txt"
    path.write_text(CAP.format(size=size))
    page = tmp_path / "o.html"
    assert main(["reach", str(path), "-o", str(tmp_path / "o.xlsx"), "--report", str(page)]) == 0
    told = capsys.readouterr().out
    assert f"合计 {cost:,.3f}" in told
    assert "已证明最优" in told
    assert "配送费用" in page.read_text(encoding="utf-8")


def test_warehouses_that_are_too_small_and_broken_files_are_told(tmp_path: Path) -> None:
    path = tmp_path / "cap0.txt"
    path.write_text(CAP.format(size="7"))
    with pytest.raises(Infeasible, match="hold less"):
        solve(read_cap(path))
    for text in ("2 3\n", CAP.format(size="x"), CAP.format(size="-7")):
        path.write_text(text)
        with pytest.raises(BadData):
            read_problem(path)


def test_points_are_read_with_the_number_and_the_goal_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "square.tsp"
    path.write_text(SQUARE.format(kind="EUC_2D"))
    assert solve(read_tsplib(path, 1)).objective == pytest.approx(10.0)
    assert solve(read_tsplib(path, 1, "centre")).objective == pytest.approx(2.5)
    assert solve(read_tsplib(path, 5)).objective == 0.0
    assert main(["reach", str(path), "--count", "1", "--goal", "centre"]) == 0
    assert "新建 1 处后为 2.5" in capsys.readouterr().out
    assert main(["reach", str(path)]) == 1
    assert "--count" in capsys.readouterr().err
    for wrong in (SQUARE.format(kind="GEO"), SQUARE.format(kind="EUC_2D").replace("4e0", "x")):
        path.write_text(wrong)
        with pytest.raises(BadData):
            read_tsplib(path, 1)
