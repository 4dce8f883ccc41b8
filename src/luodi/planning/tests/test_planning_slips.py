"""A tired clerk's workbooks: every slip is told with its sheet, row and column."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from luodi.planning import energy
from luodi.planning.cli import PLANNERS, load
from luodi.planning.core import BadData, Text
from luodi.planning.energy.tables import write_problem
from luodi.planning.tables import Column, Sheet, parse_table

Edit = Callable[[Any], object]
SHEET = Sheet(
    "sites",
    Text("地点", "Sites"),
    (
        Column("name", Text("名称", "name"), unique=True),
        Column("size", Text("面积", "size"), "number", "m2", False, 1.0, maximum=1e6),
        Column("share", Text("占比", "share"), "number", "", False, 0.5, maximum=1),
        Column("on", Text("日期", "day"), "date", required=False),
    ),
)
HEAD = ["名称", "面积 (m2)", "占比", "日期"]


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("templates")
    out = {name: folder / f"{name}.xlsx" for name in PLANNERS}
    for name, path in out.items():
        if name == "energy":
            park = energy.benchmark_park(2, batteries=1, demand=True, steps=48)
            write_problem(path, park)
        else:
            load(name).write_template(path)
    return out


def cell(place: str, value: object) -> Edit:
    def edit(page: Any) -> None:
        page[place] = value

    return edit


def pv_of_nobody(page: Any) -> None:
    for row in range(1, page.max_row + 1):
        page.cell(row, 7).value = 1.0 if row > 1 else "光伏:示例企业9"


SLIPS: list[tuple[str, str, Edit, str]] = [
    ("cohorts", "人员", cell("B3", "示例单位错"), "第 3 行“单位”列：“示例单位错”没有定义"),
    ("cohorts", "单位", cell("A2", "示例单位错"), "“单位”列：“示例单位"),
    ("cohorts", "班次", cell("D2", dt.date(2020, 1, 1)), "第 2 行“结束”列：早于开始日期"),
    ("tours", "村", cell("C5", 95.0), "第 5 行“经度 (°)”列：离其他地点 1,"),
    ("tours", "剧团", cell("I2", "周末"), "“周末”应为 1–7"),
    ("tours", "村", lambda page: page.merge_cells("B3:B5"), "第 3 行“B”列：B3:B5 是合并的单元格"),
    ("tours", "村", cell("F1", "本村舞台容纳人"), "是不是“本村舞台容纳人数”"),
    ("reach", "设施", cell("C2", 36.1), "第 2 行"),
    ("reach", "路段", cell("C2", 0.001), "单位应为米"),
    ("matching", "需求质量", cell("B2", "铝硅"), "第 2 行“指标”列：“铝硅”没有定义"),
    ("matching", "供应", cell("E2", "很多"), "只填数字"),
    ("timetable", "教员没空", cell("A2", "示例某某"), "“示例某某”没有定义"),
    ("timetable", "往返", cell("A2", "某地"), "“某地”没有定义"),
    ("energy", "企业", cell("E2", 40.0), "请核对单位（kVA、兆瓦时）"),
    ("energy", "绿电合同", cell("C2", 350), "350 大于 10（单位 yuan/kWh）"),
    ("energy", "绿电合同", cell("B2", 3e8), "请核对单位"),
    ("energy", "绿电合同", cell("G2", 80), "80 大于 1（35% 写作 0.35）"),
    ("energy", "时序", cell("A5", 9), "第 5 行“序号”列：序号应为 4"),
    ("energy", "时序", cell("B1", "光伏:示例企业9"), "缺少“负荷:示例企业1”列"),
    (
        "energy",
        "企业",
        cell("H1", "储能容量 (吨)"),
        "第 1 行“储能容量 (吨)”列：单位“吨”不能换算成 MWh",
    ),
    ("energy", "绿电合同", cell("B1", "总电量 (kW)"), "第 1 行“总电量 (kW)”列"),
    ("energy", "时序", cell("B1", "负荷:示例企业1 (吨)"), "单位“吨”不能换算成 MWh"),
    ("reach", "选址", cell("C2", 500), "第 2 行“新建数量”列：候选点只有 60 个"),
    ("energy", "时序", pv_of_nobody, "第 1 行“光伏:示例企业9”列：没有这家企业或这份合同"),
]


@pytest.mark.parametrize(("planner", "sheet", "edit", "told"), SLIPS)
def test_a_slip_is_told_with_its_place(
    templates: dict[str, Path], tmp_path: Path, planner: str, sheet: str, edit: Edit, told: str
) -> None:
    book = openpyxl.load_workbook(templates[planner])
    edit(book[sheet])
    path = tmp_path / "slip.xlsx"
    book.save(path)
    with pytest.raises(BadData) as error:
        load(planner).read_problem(path)
    words = error.value.say("zh")
    assert told in words
    assert words.startswith("工作表“")


@pytest.mark.parametrize("planner", list(PLANNERS))
def test_a_sheet_with_a_slip_in_its_name_is_not_passed_over(
    templates: dict[str, Path], tmp_path: Path, planner: str
) -> None:
    last = openpyxl.load_workbook(templates[planner], read_only=True).sheetnames[-1]
    book = openpyxl.load_workbook(templates[planner])
    book[last].title = last + "表"
    book.save(tmp_path / "slip.xlsx")
    with pytest.raises(BadData, match=r"missing|unknown"):
        load(planner).read_problem(tmp_path / "slip.xlsx")


def test_units_of_energy_headers_are_read(templates: dict[str, Path], tmp_path: Path) -> None:
    """16000 kWh were taken for MWh, 300 GWh for 300 MWh, a year's price for a month's."""
    whole = energy.read_problem(templates["energy"])
    book = openpyxl.load_workbook(templates["energy"])
    park, offer, series = book["企业"], book["绿电合同"], book["时序"]
    park["H1"], offer["B1"] = "储能容量 (kWh)", "总电量 (GWh)"
    park["H2"], offer["B2"] = park["H2"].value * 1000, offer["B2"].value / 1000
    park["D1"] = "基本电价 (元/千瓦/年)"
    for row in (2, 3):
        park.cell(row, 4).value *= 12
    series["B1"] = "负荷:示例企业1 (kWh)"
    for row in range(2, series.max_row + 1):
        series.cell(row, 2).value *= 1000
    book.save(tmp_path / "units.xlsx")
    again = energy.read_problem(tmp_path / "units.xlsx")
    a, b = whole.enterprises[0], again.enterprises[0]
    assert b.battery is not None
    assert a.battery is not None
    assert b.battery.energy_mwh == pytest.approx(a.battery.energy_mwh)
    assert b.fixed_price == pytest.approx(a.fixed_price)
    assert b.load_mwh == pytest.approx(a.load_mwh)
    assert again.contracts[0].volume_mwh == pytest.approx(whole.contracts[0].volume_mwh)


def test_a_price_at_which_a_battery_would_buy_to_sell_is_told_at_its_cell(
    templates: dict[str, Path], tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(templates["energy"])
    park, series = book["企业"], book["时序"]
    park["F2"] = 0.1
    heads = [cell.value for cell in series[1]]
    series.cell(1, len(heads) + 1).value = "光伏:示例企业1"
    for row in range(2, series.max_row + 1):
        series.cell(row, len(heads) + 1).value = 1e3
    series.cell(9, heads.index("电价:示例企业1") + 1).value = -0.05
    book.save(tmp_path / "spot.xlsx")
    with pytest.raises(BadData) as error:
        energy.read_problem(tmp_path / "spot.xlsx")
    assert error.value.say("zh").startswith("工作表“时序”第 9 行“电价:示例企业1”列：有光伏余电时")


def test_what_a_tired_hand_may_write_is_understood() -> None:
    rows: list[list[object]] = [
        ["甲", "１２，０００．５", " 0.35 ", "2026年5月1日"],
        ["　", " ", None, ""],
        ["乙", "12,000", "０．３５", "2026/5/1"],
    ]
    table = parse_table(SHEET, "地点", [HEAD, *rows])
    assert table.row_numbers == [2, 4]
    assert table["size"] == [12000.5, 12000.0]
    assert table["share"] == [0.35, 0.35]
    assert table["on"] == [dt.date(2026, 5, 1)] * 2


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ([["名称", "面积", "面积"], ["甲", 1, 2]], "第 1 行“面积”列：有两列同名"),
        ([["名称", "", "占比"], ["甲", 1, 0.5]], "第 2 行“B”列：有内容，但这一列没有列名"),
        ([["名称"], ["甲", 5]], "第 2 行“B”列：有内容"),
        ([["名称", "面职（m2）"], ["甲", 5]], "第 1 行“面职（m2）”列：没有这一列，是不是“面积”？"),
        ([["名称", "占比"], ["甲", 35]], "第 2 行“占比”列：35 大于 1（35% 写作 0.35）"),
        ([["名称", "占比"], ["甲", "很多"]], "“很多”不是数字。只填数字"),
        ([["名称", "面积"], ["甲", True]], "不是数字"),
        ([["名称", "日期"], ["甲", "5月1日"]], "“5月1日”日期缺少“年”"),
    ],
)
def test_a_slip_in_a_table_is_told(cells: list[list[object]], told: str) -> None:
    with pytest.raises(BadData) as error:
        parse_table(SHEET, "地点", cells)
    assert told in error.value.say("zh")


def test_a_remark_in_a_column_of_its_own_disturbs_nobody() -> None:
    table = parse_table(SHEET, "地点", [["名称", "备注"], ["甲", "已核对"]])
    assert table["name"] == ["甲"]
