"""Settlement: cents add up, certificates are whole and lose nothing, deviations follow the rule."""

from dataclasses import replace
from decimal import Decimal
from importlib import import_module

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from luodi.planning.cli import main
from luodi.planning.energy import benchmark_park, read_problem, settlement, solve
from luodi.planning.energy.settlement import (
    SHAANXI_2022,
    from_bills_to_cost,
    settle,
    split_to_cents,
)
from luodi.planning.energy.tables import write_problem


@given(st.lists(st.floats(-1e7, 1e7), min_size=1, max_size=30))
def test_parts_add_up_to_the_cent_and_none_is_a_cent_off(amounts: list[float]) -> None:
    whole, parts = split_to_cents(amounts)
    assert sum(parts) == whole
    assert abs(float(whole) - sum(amounts)) <= 0.0051 + 1e-6
    for part, amount in zip(parts, amounts, strict=True):
        assert abs(part - Decimal(repr(amount))) <= Decimal("0.01")


report = import_module("luodi.planning.energy.report")


@pytest.fixture(scope="module")
def year():
    p = benchmark_park(3, batteries=1, demand=True, steps=24 * 90)
    c = replace(p.contracts[0], certificate_price=6.37, delivery_price=1.23)
    p = replace(p, contracts=(c,))
    return p, solve(p)


def test_bills_add_up_to_the_invoices_and_to_the_plan(year) -> None:
    p, plan = year
    done = settle(p, plan)
    for (name, month, kind), invoice in done.invoices.items():
        assert name == p.contracts[0].name
        billed = sum(b.lines.get(kind, Decimal(0)) for b in done.bills if b.month == month)
        assert billed == invoice
    assert done.total == sum(b.total for b in done.bills)
    # only certificates not yet whole stand between the bills and the plan, battery wear aside
    planned = sum(float(v.sum()) for k, v in plan.parts.items() if k != "degradation")
    open_mwh = len(p.enterprises) * 1.0
    assert float(done.total) == pytest.approx(planned, abs=open_mwh * 6.37 + 1.0)


def test_certificates_are_whole_and_the_remainder_is_carried(year) -> None:
    p, plan = year
    done = settle(p, plan)
    for e in p.enterprises:
        rows = [g for g in done.green if g.enterprise == e.name]
        settled = sum(g.settled for g in rows)
        assert sum(g.certificates for g in rows) + rows[-1].carried == settled
        assert all(0 <= g.carried < 1 for g in rows)
        assert all(g.settled == min(g.agreed, g.generated, g.consumed) for g in rows)


def test_who_uses_less_pays_the_deviation_and_only_he(year) -> None:
    p, plan = year
    green = plan.dispatch.green.copy()
    green[0, 0] *= 0.8
    actual = replace(plan.dispatch, green=green)
    done = settle(p, plan, actual, SHAANXI_2022)
    due = plan.dispatch.green[0, 0].sum()
    paid = sum(float(b.lines.get("user_deviation", 0)) for b in done.bills)
    assert paid == pytest.approx(0.2 * due * 0.1 * 350.0, rel=1e-6)
    assert {b.enterprise for b in done.bills if "user_deviation" in b.lines} == {
        p.enterprises[0].name
    }


def test_a_supplier_who_generates_less_compensates(year) -> None:
    p, plan = year
    weak = replace(p.contracts[0], profile_mwh=p.contracts[0].profile_mwh * 0.1)
    done = settle(replace(p, contracts=(weak,)), plan, None, SHAANXI_2022)
    got = [b.lines.get("supplier_deviation", Decimal(0)) for b in done.bills]
    assert sum(got) < 0
    assert all("user_deviation" not in b.lines for b in done.bills)


def test_a_tolerance_forgives() -> None:
    p = benchmark_park(2, steps=24 * 31)
    plan = solve(p)
    actual = replace(plan.dispatch, green=plan.dispatch.green * 0.97)
    mild = settlement.DeviationRule("x", "", 0.1, 0.1, tolerance=0.05)
    assert all("user_deviation" not in b.lines for b in settle(p, plan, actual, mild).bills)
    assert np.isfinite(float(settle(p, plan, actual, mild).total))


def test_green_power_above_the_agreed_amount_is_billed(year) -> None:
    """It was nobody's: neither the contract's, nor the grid's."""
    p, plan = year
    green = plan.dispatch.green.copy()
    grid = plan.dispatch.grid(p)
    more = 0.1 * np.maximum(grid[1], 0)
    green[0, 1] += more
    usual, above = settle(p, plan), settle(p, plan, replace(plan.dispatch, green=green))
    e = p.enterprises[1]
    for a, b in zip(usual.bills, above.bills, strict=True):
        if a.enterprise != e.name:
            assert a == b
    bills = [sum(float(b.total) for b in s.bills if b.enterprise == e.name) for s in (usual, above)]
    # the same energy, of which none of the surplus is the contract's: billed at the grid's price
    assert bills[1] == pytest.approx(bills[0], rel=0.01)
    assert bills[1] > bills[0] - 0.2 * float(more @ e.grid_price)


def test_why_the_bills_are_not_the_total_cost_is_told_to_the_cent(year) -> None:
    p, plan = year
    told = from_bills_to_cost(plan, settle(p, plan))
    *parts, (_, cost) = told
    assert sum(v for _, v in parts) == pytest.approx(cost)
    assert cost == plan.objective
    assert [t.zh for t, _ in parts][:2] == ["账单合计", "储能损耗"]


def test_the_command_settles_what_came_true(tmp_path, capsys) -> None:
    p = replace(benchmark_park(2, batteries=1, steps=24 * 31), deviation=SHAANXI_2022)
    source, true, out = (tmp_path / f"{n}.xlsx" for n in ("p", "true", "out"))
    write_problem(source, p)
    weak = tuple(replace(e, load_mwh=e.load_mwh * 0.3) for e in p.enterprises)
    write_problem(true, replace(p, enterprises=weak))
    assert main(["energy", str(source), "--actual", str(true), "-o", str(out)]) == 0
    bills = load_workbook(out)["账单"]
    at = [cell.value for cell in bills[1]].index("用户侧偏差")
    assert sum(row[at].value or 0 for row in bills.iter_rows(min_row=2)) > 0
    assert read_problem(source).deviation == SHAANXI_2022


@pytest.mark.parametrize(
    ("most", "told"), [(1e9, "查过全部"), (400.0, "抽到的"), (1.0, "这里略去")]
)
def test_how_shares_are_found_depends_on_work_and_is_told(monkeypatch, most, told) -> None:
    """Shapley came and went with the speed of the machine, without a word."""
    p = benchmark_park(5, steps=168)
    monkeypatch.setattr(report, "PATIENCE", most)
    assert told in report.report(p, solve(p))
