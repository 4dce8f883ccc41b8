"""The shared core: errors with their place, tables there and back, charts, the command line."""

import signal
from pathlib import Path

import pytest

from luodi.planning import charts
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
from luodi.planning.report import Report
from luodi.planning.tables import Column, Sheet, parse_table, read_workbook, write_template

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
    rows = [["甲", 5, "否", 1.5], ["乙", 7.5, None, 2.5]]
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
