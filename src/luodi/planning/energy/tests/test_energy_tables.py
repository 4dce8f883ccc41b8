"""Workbooks there and back, bad cells named, the command line, the report; prices that lead."""

from pathlib import Path

import numpy as np
import pytest
import xlsxwriter

from luodi.planning.cli import main
from luodi.planning.core import BadData, Status
from luodi.planning.energy import (
    benchmark_park,
    example,
    read_problem,
    report,
    solve,
    write_plan,
    write_template,
)
from luodi.planning.energy.dispatch import hour_of_day, relief, shanxi_2022
from luodi.planning.energy.solve import led_plan
from luodi.planning.energy.tables import write_problem
from luodi.planning.tables import read_workbook


@pytest.fixture(scope="module")
def small():
    p = benchmark_park(3, batteries=1, demand=True, steps=24 * 14)
    return p, solve(p)


def test_a_template_is_the_demonstration_and_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    write_template(path)
    back, p = read_problem(path), example()
    assert [e.name for e in back.enterprises] == [e.name for e in p.enterprises]
    assert np.allclose(back.load_mwh, p.load_mwh, atol=1e-6)
    assert np.allclose(back.energy_value, p.energy_value, atol=1e-3)
    for a, b in zip(back.enterprises, p.enterprises, strict=True):
        assert (a.battery, a.demand_basis, a.carbon_scope) == (
            b.battery,
            b.demand_basis,
            b.carbon_scope,
        )
        assert (a.green_share_min, a.quota_t, a.fixed_price) == (
            b.green_share_min,
            b.quota_t,
            b.fixed_price,
        )
    c, d = back.contracts[0], p.contracts[0]
    assert c.volume_mwh == d.volume_mwh == 300_000
    assert c.price_cap == d.price_cap == 350.0
    assert (c.take_or_pay, c.certificate_price) == (d.take_or_pay, d.certificate_price)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_plan_of_the_workbook_is_the_plan(tmp_path: Path, small, lang) -> None:
    p, plan = small
    path = tmp_path / "p.xlsx"
    write_problem(path, p, lang)
    assert solve(read_problem(path)).objective == pytest.approx(plan.objective, rel=1e-6)


def _settings_only(path: Path, cells: dict[str, list[list[object]]]) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in cells.items():
            page = book.add_worksheet(name)
            for r, row in enumerate(rows):
                page.write_row(r, 0, row)


def test_a_missing_series_and_an_unknown_tariff_are_named(tmp_path: Path) -> None:
    path = tmp_path / "bad.xlsx"
    cells: dict[str, list[list[object]]] = {
        "Settings": [["Start", "Step"], ["2023-01-01", 1]],
        "Enterprises": [["Enterprise", "Tariff"], ["甲厂", "夜间"]],
        "Series": [["Step", "load:乙厂"], [1, 5.0], [2, 6.0]],
    }
    _settings_only(path, cells)
    with pytest.raises(BadData) as told:
        read_problem(path)
    assert told.value.say("zh") == "工作表“Series”：缺少“负荷:甲厂”列。"
    cells["Series"][0][1] = "load:甲厂"
    _settings_only(path, cells)
    with pytest.raises(BadData) as told:
        read_problem(path)
    assert (told.value.row, told.value.column) == (2, "Tariff")
    cells["Tariffs"] = [["Tariff", "Flat price", "Peak hours"], ["夜间", 0.5, "0-1"]]
    _settings_only(path, cells)
    assert read_problem(path).enterprises[0].grid_price.tolist() == [800.0, 500.0]


def test_the_written_plan_holds_every_hour_and_bill(tmp_path: Path, small) -> None:
    p, plan = small
    path = tmp_path / "plan.xlsx"
    write_plan(path, p, plan)
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(path))
    assert book.sheet_names == ["费用", "逐月", "边际价值", "账单", "账单与总费用", "绿证", "逐时"]
    assert len(book.get_sheet_by_name("逐时").to_python()) == p.steps + 1
    assert read_workbook(path, []) == {}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_report_stands_on_its_own(small, lang) -> None:
    p, plan = small
    page = report(p, plan, lang)
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "<script" not in page
    assert page.count("<svg") == 3
    assert "nan" not in page
    assert f"{plan.objective / 1e4:,.1f}" in page


def test_the_command_line_solves_a_workbook(tmp_path: Path, small, capsys) -> None:
    p, plan = small
    source, out, page = tmp_path / "p.xlsx", tmp_path / "o.xlsx", tmp_path / "r.html"
    write_problem(source, p)
    assert main(["energy", str(source), "-o", str(out), "--report", str(page)]) == 0
    said = capsys.readouterr().out
    assert "已证明最优" in said
    assert f"{plan.objective / 1e4:,.1f} 万元" in said
    assert out.stat().st_size > 10_000
    assert page.stat().st_size > 10_000


def test_prices_lead_to_the_optimum_within_a_proven_gap() -> None:
    p = benchmark_park(5, batteries=4, demand=True, steps=24 * 40)
    exact, led = solve(p), led_plan(p, tolerance=1e-4)
    assert led.check(p) == []
    assert led.bound is not None
    assert led.bound <= exact.objective * (1 + 1e-9) <= led.objective * (1 + 1e-9)
    assert led.gap is not None
    assert led.gap < 2e-3
    assert led.method == "prices"
    assert led.status is (Status.OPTIMAL if led.gap <= 1e-6 else Status.FEASIBLE)


def test_shanxi_2022_by_the_hour() -> None:
    price = shanxi_2022(500.0).prices(hour_of_day(24))
    assert price[[8, 10, 17, 22]].tolist() == [800.0] * 4
    assert price[[0, 6, 11, 12]].tolist() == pytest.approx([225.0] * 4)
    assert price[[7, 13, 16, 23]].tolist() == [500.0] * 4


def test_the_demand_relief_starts_at_260_kwh_per_kva() -> None:
    e = example().enterprises[0]
    edge = e.capacity_kva * 260 / 1000
    assert relief(e, np.array([edge - 0.01, edge])).tolist() == [1.0, 0.9]
