"""Minimum-cost flows from DIMACS files: against a linear program, proven by node prices."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from luodi.planning.cli import main
from luodi.planning.core import BadData, Infeasible, Status
from luodi.planning.matching.network import FlowProblem, read_problem, solve

# 4 units from 1 to 4: two by 1-3-4 at 3 each, two by 1-2-3-4 at 4 each
SMALL = """c a small network
p min 4 5
n 1 4
n 4 -4
a 1 2 0 4 2
a 1 3 0 2 2
a 2 3 0 2 1
a 2 4 0 3 3
a 3 4 0 5 1
"""


@st.composite
def networks(draw: st.DrawFn) -> FlowProblem:
    n = draw(st.integers(2, 6))
    m = draw(st.integers(1, 14))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    low = rng.integers(0, 3, m)
    tail, head = rng.integers(0, n, (2, m))
    inside = low + rng.integers(0, 4, m)  # some flow fits, so that most are feasible
    supply = np.bincount(tail, inside, n) - np.bincount(head, inside, n)
    return FlowProblem(
        supply=np.rint(supply).astype(np.int64),
        tail=tail,
        head=head,
        low=low,
        high=inside + rng.integers(0, 4, m),
        cost=rng.integers(-5, 20, m),
    )


@settings(max_examples=80, deadline=None)
@given(networks())
def test_the_flow_is_the_linear_programs_and_proven(p: FlowProblem) -> None:
    plan = solve(p)
    n, m = len(p.supply), len(p.tail)
    balance = np.zeros((n, m))
    np.add.at(balance, (p.tail, np.arange(m)), 1)
    np.add.at(balance, (p.head, np.arange(m)), -1)
    limits = list(zip(p.low.tolist(), p.high.tolist(), strict=True))
    found = linprog(p.cost, A_eq=balance, b_eq=p.supply, bounds=limits)
    assert plan.objective == pytest.approx(found.fun, abs=1e-6)
    assert plan.bound == plan.objective
    assert plan.status is Status.OPTIMAL
    assert plan.check(p) == []
    assert replace(plan, flow=plan.flow + 1).check(p)
    assert replace(plan, bound=plan.objective + 1).check(p)


def test_the_command_line_prints_the_proven_cost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "small.min"
    path.write_text(SMALL)
    out = tmp_path / "flow.xlsx"
    page = tmp_path / "flow.html"
    assert main(["matching", str(path), "-o", str(out), "--report", str(page)]) == 0
    told = capsys.readouterr().out
    assert "最小费用 14" in told
    assert "已证明最优" in told
    assert out.exists()
    assert "最小费用流" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("p min 4 5", ""),
        ("p min 4 5", "p min 4 6"),
        ("n 4 -4", "n 4 -3"),
        ("n 4 -4", "n 9 -4"),
        ("a 3 4 0 5 1", "a 3 4 0 5"),
        ("a 3 4 0 5 1", "a 3 7 0 5 1"),
        ("a 3 4 0 5 1", "a 3 4 6 5 1"),
    ],
)
def test_a_broken_file_is_told_in_words(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "bad.min"
    path.write_text(SMALL.replace(old, new))
    with pytest.raises(BadData):
        read_problem(path)


def test_too_little_capacity_is_told(tmp_path: Path) -> None:
    path = tmp_path / "tight.min"
    path.write_text(SMALL.replace("a 1 2 0 4 2", "a 1 2 0 1 2"))
    with pytest.raises(Infeasible, match="carry"):
        solve(read_problem(path))
