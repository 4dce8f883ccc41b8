"""The shared core: errors with their place, tables there and back, charts, the command line."""

import signal
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from luodi.planning import charts, cohorts
from luodi.planning.cli import PLANNERS, load, main
from luodi.planning.core import (
    BadData,
    Infeasible,
    Lang,
    Progress,
    Text,
    relative_gap,
    stop_on_interrupt,
)
from luodi.planning.measures import factor
from luodi.planning.output import OutSheet, write_template, write_workbook
from luodi.planning.report import Report
from luodi.planning.tables import Column, Sheet, parse_table, read_workbook
from luodi.planning.ticker import Ticker

Capture = pytest.CaptureFixture[str]

SHEET = Sheet(
    "places",
    Text("场所", "Places"),
    [
        Column("name", Text("名称", "Name"), unique=True),
        Column("size", Text("容量", "Capacity"), "number", "人", minimum=0),
        Column("open", Text("开放", "Open"), "boolean", required=False, default=True),
    ],
    series=True,
)


def test_a_template_reads_back_as_its_example(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    rows = [["甲", 5, False, 1.5], ["乙", 7.5, None, 2.5]]
    write_template(path, [SHEET], {"places": rows}, series={"places": ["一号企业"]})
    table = read_workbook(path, [SHEET])["places"]
    assert table["name"] == ["甲", "乙"]
    assert table.array("size").tolist() == [5, 7.5]
    assert table["open"] == [False, True]
    assert table.series["一号企业"].tolist() == [1.5, 2.5]


@pytest.mark.parametrize(
    ("cells", "row", "column"),
    [
        ([["名称", "容量 (人)"], ["甲", "很多"]], 2, "容量 (人)"),
        ([["名称", "容量 (人)"], ["甲", 1.0], ["", ""], ["乙", -1.0]], 4, "容量 (人)"),
        ([["Name", "Capacity"], ["甲", 1.0], ["甲", 1.0]], 3, "Name"),
    ],
)
def test_bad_cells_are_named(cells: list[list[object]], row: int, column: str) -> None:
    with pytest.raises(BadData) as caught:
        parse_table(SHEET, "场所", cells)
    assert (caught.value.row, caught.value.column) == (row, column)
    assert caught.value.say("zh").startswith(f"工作表“场所”第 {row} 行")


def test_a_file_that_is_no_workbook_is_told_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_text("no")
    with pytest.raises(BadData, match="cannot be read"):
        read_workbook(path, [SHEET])


def test_infeasible_names_every_clash() -> None:
    error = Infeasible([Text("甲", "a"), Text("乙", "b")])
    assert error.say("zh").endswith("甲；乙")


def test_the_first_interrupt_asks_to_stop_and_the_second_ends() -> None:
    progress = Progress()
    with stop_on_interrupt(progress):
        signal.raise_signal(signal.SIGINT)
        assert progress.stopped
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_gap() -> None:
    assert relative_gap(110, 100) == pytest.approx(10 / 110)
    assert relative_gap(110, None) is None


def test_charts_stand_on_their_own_and_escape_what_they_print() -> None:
    svgs = [
        charts.line(["a", "b"], {"<x>": [1, 2], "y": [-1, 4]}, "MWh"),
        charts.bar(["a", "b"], {"x": [1, -2]}, stacked=True),
        charts.area(["a", "b"], {"x": [1, 2], "y": [0, 3]}),
        charts.scatter([(111.2, 36.9), (111.3, 37.0)], edges=[(0, 1, 2.0)], geographic=True),
    ]
    page = Report(Text("报告", "Report")).chart(svgs[0], Text("图", "chart")).html()
    assert "<x>" not in page
    assert all(s.startswith("<svg") and s.endswith("</svg>") and "nan" not in s for s in svgs)


def test_ticks_span_the_values() -> None:
    for low, high in [(0, 1), (3, 17), (-0.02, 0.4), (5, 5)]:
        marks = charts.ticks(low, high)
        assert marks[0] <= low
        assert marks[-1] >= high
        assert 3 <= len(marks) <= 12


def test_wrong_usage_is_exit_code_2() -> None:
    with pytest.raises(SystemExit) as left:
        main(["energy"])
    assert left.value.code == 2


def test_a_missing_file_is_exit_code_1_with_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["energy", "/nowhere.xlsx"]) == 1
    assert "无法读取" in capsys.readouterr().err


@pytest.mark.parametrize("name", list(PLANNERS))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_template_can_be_read_as_it_was_written(
    name: str, lang: Lang, tmp_path: Path
) -> None:
    planner, path = load(name), tmp_path / "template.xlsx"
    planner.write_template(path, lang)
    assert type(planner.read_problem(path)) is type(planner.example())


@pytest.mark.parametrize("name", list(PLANNERS))
def test_a_word_among_the_numbers_is_told_with_its_cell(name: str, tmp_path: Path) -> None:
    planner, path = load(name), tmp_path / "problem.xlsx"
    planner.write_template(path)
    book = CalamineWorkbook.from_path(str(path))
    # a few rows are enough: the cell is told before anything else is looked at
    sheets = {t: book.get_sheet_by_name(t).to_python()[:6] for t in book.sheet_names}
    tried = 0
    for title, (head, *rows) in sheets.items():
        numbers = [c for c, cell in enumerate(rows[0] if rows else []) if isinstance(cell, float)]
        if not numbers:
            continue
        rows[0][numbers[0]] = "很多"
        changed = sheets | {title: [head, *rows]}
        write_workbook(
            path, [OutSheet(Text(t, t), [*map(str, h)], r) for t, (h, *r) in changed.items()]
        )
        with pytest.raises(BadData) as caught:
            planner.read_problem(path)
        place = (caught.value.sheet, caught.value.row, caught.value.column)
        assert place == (title, 2, head[numbers[0]])
        rows[0][numbers[0]] = 1.0
        tried += 1
    assert tried


def test_half_a_workbook_is_told_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    write_template(path, [SHEET], {"places": [["甲", 5, False]]})
    whole = path.read_bytes()
    for size in range(0, len(whole), 97):
        path.write_bytes(whole[:size])
        with pytest.raises(BadData, match="cannot be read"):
            read_workbook(path, [SHEET])


def test_free_columns_have_a_least_value_and_settings_one_row() -> None:
    sheet = replace(SHEET, series_minimum=0)
    with pytest.raises(BadData) as caught:
        parse_table(sheet, "场所", [["名称", "容量", "老人"], ["甲", 1.0, -2.0]])
    assert (caught.value.row, caught.value.column) == (2, "老人")
    with pytest.raises(BadData, match="one row"):
        parse_table(SHEET, "场所", [["名称", "容量"]]).only()


def test_a_long_run_says_that_it_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    with Ticker("zh") as ticker:
        ticker.begin(Text("正在求解", "solving"))
        ticker.progress.report(120.0, 100.0)
        text = ""
        while "差距" not in text:  # as long as it takes
            text += capsys.readouterr().err
    assert "正在求解" in text
    assert "当前 120.00，界限 100.00，差距 16.667%" in text


def test_what_was_stopped_says_so(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    example, solve = cohorts.example, cohorts.solve

    def interrupted(problem: object, *, progress: Progress, **more: object) -> object:
        signal.raise_signal(signal.SIGINT)
        assert progress.stopped
        return solve(example(), **more)  # type: ignore[arg-type]

    monkeypatch.setattr(cohorts, "solve", interrupted)
    assert main(["cohorts", "--example"]) == 0
    assert "已按 Ctrl-C 停止，保留当时最好的方案。" in capsys.readouterr().out


def test_an_interrupt_without_a_plan_is_exit_code_130(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    def twice(*_: object, **__: object) -> None:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(cohorts, "solve", twice)
    assert main(["cohorts", "--example"]) == 130
    assert "已中断" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["cohorts", "--example", "--time-limit", "-5"], "--time-limit"),
        (["cohorts", "--example", "--time-limit", "nan"], "--time-limit"),
        (["cohorts", "--example", "--seed", "-1"], "--seed"),
        (["cohorts", "--example", "-o", "plan.csv"], "must end in .xlsx"),
        (["cohorts", "--example", "--report", "plan.pdf"], "must end in .html"),
        (["cohorts", "--example", "-o", "/nowhere/at/all/plan.xlsx"], "no such folder"),
        (["cohorts", "--example", "--map", "map.html"], "reach only"),
        (["cohorts", "--example", "--actual", "a.xlsx"], "energy only"),
    ],
)
def test_what_could_not_be_kept_is_refused_before_solving(
    arguments: list[str], told: str, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr(cohorts, "solve", lambda *_, **__: pytest.fail("solved"))
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert told in capsys.readouterr().err


def test_a_plan_that_is_open_in_excel_is_written_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    taken, write = tmp_path / "plan.xlsx", Path.write_bytes

    def open_elsewhere(self: Path, data: bytes) -> int:
        if self == taken:
            raise PermissionError(13, "in use", str(self))
        return write(self, data)

    monkeypatch.setattr(Path, "write_bytes", open_elsewhere)
    assert main(["cohorts", "--example", "-o", str(taken)]) == 0
    assert f"改写到 {tmp_path / 'plan-2.xlsx'}" in capsys.readouterr().out
    assert (tmp_path / "plan-2.xlsx").stat().st_size > 5_000


@pytest.mark.parametrize(
    ("header", "cell", "value"),
    [("容量 (万人)", 2, 20_000), ("容量（千人）", 1.5, 1500), ("容量", 7, 7), ("容量 (人)", 7, 7)],
)
def test_units_of_headers_are_converted(header: str, cell: float, value: float) -> None:
    table = parse_table(SHEET, "场所", [["名称", header, "老人 (万)"], ["甲", cell, 1]])
    assert table["size"] == [value]


def test_a_unit_that_does_not_fit_is_refused_at_its_header() -> None:
    with pytest.raises(BadData) as caught:
        parse_table(SHEET, "场所", [["名称", "容量 (吨)"], ["甲", 5]])
    assert caught.value.say("zh").startswith(
        "工作表“场所”第 1 行“容量 (吨)”列：单位“吨”不能换算成 人"
    )


@pytest.mark.parametrize(
    ("written", "wanted", "by"),
    [
        ("kWh", "MWh", 1e-3), ("GWh", "MWh", 1e3), ("亿度", "MWh", 1e5), ("万吨", "t", 1e4),
        ("yuan/kW/year", "yuan/kW(kVA)/month", 1 / 12), ("元/千瓦·月", "yuan/kW(kVA)/month", 1),
        ("分/度", "yuan/kWh", 0.01), ("yuan/MWh", "yuan/kWh", 1e-3), ("年", "months", 12),
        ("元/(吨·公里)", "yuan/(t km)", 1), ("kgCO2/kWh", "tCO2/MWh", 1), ("％", "1", 0.01),
        ("度", "°", 1), ("大卡", "MWh", None), ("kW", "MWh", None), ("元", "yuan/kWh", None),
    ],
)  # fmt: skip
def test_units_are_read_as_people_write_them(written: str, wanted: str, by: float | None) -> None:
    assert factor(written, wanted) == (None if by is None else pytest.approx(by))


@pytest.mark.parametrize(
    ("cell", "told"), [("#REF!", "公式出错（#REF!）"), ("=1+1", "还没有算出结果")]
)
def test_a_failed_formula_is_not_called_empty(tmp_path: Path, cell: str, told: str) -> None:
    book = Workbook()
    page = book.active
    page.title = "Places"
    page.append(["Name", "Capacity"])
    page.append(["甲", cell])
    if cell.startswith("#"):
        page["B2"].data_type = "e"
    book.save(tmp_path / "f.xlsx")
    with pytest.raises(BadData) as caught:
        read_workbook(tmp_path / "f.xlsx", [SHEET])
    assert caught.value.say("zh").startswith("工作表“Places”第 2 行“B”列：")
    assert told in caught.value.say("zh")
