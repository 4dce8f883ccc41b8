import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import IO

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from luodi.lib import codes
from luodi.lib.excel import (
    Answers,
    Choice,
    Column,
    ErrorFile,
    FileError,
    Kind,
    Row,
    Sheet,
    export,
    open_table,
    origin_of,
    read,
    write_template,
)
from luodi.lib.excel.cells import is_nothing, visible
from luodi.lib.excel.columns import CellProblem
from luodi.lib.sentences import SentenceError

PEOPLE = Sheet(
    "人员",
    "People",
    (
        Column("name", "姓名", "Name", required=True, example="示例甲"),
        Column("identity", "身份证号", "Identity", Kind.CODE, parse=codes.validate_identity),
        Column("born_on", "出生日期", "Born on", Kind.DATE, example=date(1990, 3, 7)),
        Column("staff", "人数", "Staff", Kind.INTEGER),
        Column("amount", "金额", "Amount", Kind.DECIMAL),
        Column(
            "sex",
            "性别",
            "Sex",
            Kind.CHOICE,
            choices=(Choice("m", "男", "male"), Choice("f", "女", "female")),
        ),
        Column("member", "党员", "Member", Kind.BOOLEAN),
        Column("seen_at", "时间", "Seen at", Kind.DATETIME),
        Column("note", "备注", "Note"),
    ),
)


def exported(rows: Iterable[Mapping[str, object]], sheet: Sheet = PEOPLE) -> IO[bytes]:
    out = io.BytesIO()
    export(sheet, rows, out)
    return out


def written(*rows: Iterable[object], name: str = "人员") -> IO[bytes]:
    """A file as a user would make it, cells as they are."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "nan_inf_to_errors": True})
    page = book.add_worksheet(name)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if isinstance(cell, date):
                page.write_datetime(number, place, cell, day)
            elif cell is not None:
                page.write(number, place, cell)
    book.close()
    return out


@dataclass
class Report:
    rows: list[Row]
    unknown: list[str]

    @property
    def problems(self) -> list[CellProblem]:
        return [problem for row in self.rows for problem in row.problems]


def check(fp: IO[bytes], sheet: Sheet = PEOPLE) -> Report:
    table = open_table(fp, sheet)
    titles = [title for one in table.read for title, _answer, key in one.columns() if key == "-"]
    return Report(list(read(fp, sheet)), titles)


def one_column(kind: Kind, cell: object) -> Row:
    sheet = Sheet("人员", "People", (Column("x", "值", "Value", kind), Column("n", "号", "No")))
    [row] = read(written(["值", "号"], [cell, "1"]), sheet)
    return row


def test_what_is_exported_reads_back() -> None:
    rows: list[dict[str, object]] = [
        {
            "name": "示例甲",
            "identity": codes.example_identity(7, date(1990, 3, 7)),
            "born_on": date(1990, 3, 7),
            "staff": 12,
            "amount": Decimal("1200.5"),
            "sex": "m",
            "member": True,
            "seen_at": datetime(2022, 12, 22, 9, 30),  # noqa: DTZ001 (Excel knows no zone)
            "note": "=1+1",
        },
        dict.fromkeys(column.key for column in PEOPLE.columns) | {"name": "示例乙"},
    ]
    assert [dict(row.values) for row in read(exported(rows), PEOPLE)] == rows


def test_moments_are_shown_in_the_zone_of_the_reader() -> None:
    rows = [{"name": "示例", "seen_at": datetime(2022, 12, 22, 1, 30, tzinfo=UTC)}]
    [row] = read(exported(rows), PEOPLE)
    assert str(row.values["seen_at"]) == "2022-12-22 09:30:00"


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "=cmd|'x'"]
)
def test_no_text_becomes_a_formula(text: str) -> None:
    out = exported([{"name": text, "note": "https://example.org"}])
    cell = openpyxl.load_workbook(out).active["A2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix
    with zipfile.ZipFile(out) as archive:
        page = archive.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in page
        assert b"hyperlink" not in page


def test_text_that_looks_like_markup_stays_text() -> None:
    text = '<r></is></c><c r="B2"><f>1+1</f></c><c r="C2" t="inlineStr"><is></r>'
    out = exported([{"name": text}])
    assert [row.values["name"] for row in read(out, PEOPLE)] == [text]
    assert openpyxl.load_workbook(out).active["B2"].value is None


def test_export_has_frozen_header_and_filter() -> None:
    page = openpyxl.load_workbook(exported([{"name": "示例"}])).active
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:I2"
    assert page["C1"].value == "出生日期"


def test_columns_are_found_by_title_in_any_order_and_language() -> None:
    fp = written(
        ["某某企业人员表"],
        [],
        ["Born on", "不认识的列", " 姓 名 *", "性别（选填）"],
        [date(1990, 3, 7), "x", "示例甲", "female"],
        [],
        [None, "x", None, None],
        ["1990年3月8日", None, "示例乙", "男"],
    )
    report = check(fp, PEOPLE)
    assert (len(report.rows), report.problems) == (2, [])
    assert report.unknown == ["不认识的列"]
    rows = report.rows
    assert [row.number for row in rows] == [4, 7]
    assert [row.values["sex"] for row in rows] == ["f", "m"]
    assert [row.values["born_on"] for row in rows] == [date(1990, 3, 7), date(1990, 3, 8)]
    assert rows[0].values["note"] is None


def test_first_rows_and_columns_may_be_empty() -> None:
    fp = written([], [], [None, None, "姓名"], [None, None, "示例"])
    [row] = read(fp, PEOPLE)
    assert (row.number, row.values["name"]) == (4, "示例")


def test_missing_required_column_and_double_column_are_named() -> None:
    with pytest.raises(FileError) as caught:
        check(written(["备注"], ["x"]), PEOPLE)
    assert caught.value.zh.startswith("表头缺少这些列：姓名。")
    assert "Name" in caught.value.en
    table = open_table(written(["姓名", "Name"], ["x", "y"]), PEOPLE)
    assert [one.question.key for one in table.answers.open] == ["which:name"]
    table = open_table(written(["姓名", "Name"], ["x", "y"]), PEOPLE, Answers({"which:name": "B"}))
    assert [row.values["name"] for row in table.rows()] == ["y"]
    with pytest.raises(FileError, match="表头"):
        check(written(), PEOPLE)


def test_every_problem_names_row_column_and_what_would_do() -> None:
    identity = codes.example_identity(7, date(1990, 3, 7))
    wrong = identity[:17] + ("1" if identity[17] != "1" else "2")
    fp = written(
        ["姓名", "身份证号", "人数", "性别"],
        ["示例", wrong, "十二", "未知"],
        [None, identity, 3.5, None],
    )
    report = check(fp, PEOPLE)
    assert (len(report.rows), len(report.problems)) == (2, 5)
    texts = [problem.text("zh") for problem in report.problems]
    assert texts[0].startswith(f"第 2 行“身份证号”：第 18 位校验码应为 {identity[17]}")
    assert texts[1] == "第 2 行“人数”：不是整数。" or texts[1].startswith(
        "第 2 行“人数”：不是数字。"
    )
    assert texts[2] == "第 2 行“性别”：不在可选范围内。可填：男、女。"
    assert texts[3] == "第 3 行“姓名”：此列必填。可填文字。"
    assert report.problems[4].text("en").startswith("Row 3, “Staff”: This is not a whole number.")


@pytest.mark.parametrize(
    "cell",
    ["2022-12-22", "2022/12/22", "2022.12.22", "2022年12月22日", "20221222", 20221222,
     "２０２２-12-22", "2022-12-22 00:00:00", "2022-12-22T00:00:00", "2022年12月22号", "12/22/2022",
     "2022、12、22", "2022—12—22", "二〇二二年十二月二十二日", "2022年12月22日 星期四", "22.12.22",
     44917, "44917", 44917.5, date(2022, 12, 22)],
)  # fmt: skip
def test_dates_that_are_clear(cell: object) -> None:
    assert one_column(Kind.DATE, cell).values["x"] == date(2022, 12, 22)


@pytest.mark.parametrize(
    ("cell", "zh"),
    [
        ("3月2日", "日期缺少“年”。"),
        (2022.1, "这是数字而不是日期；请将单元格设为日期格式或改写。"),
        ("2022-02-30", "没有这一天。"),
        (20221322, "没有这一天。"),
        (1200, "这是数字而不是日期；请将单元格设为日期格式或改写。"),
        ("去年", "不是日期。"),
        (True, "不是日期。"),
    ],
)
def test_dates_that_are_not(cell: object, zh: str) -> None:
    [problem] = one_column(Kind.DATE, cell).problems
    assert problem.problem.zh == zh
    assert "2022-12-22" in problem.accepted.zh


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        (Kind.INTEGER, "1,200", 1200),
        (Kind.INTEGER, "１２", 12),
        (Kind.INTEGER, 12.0, 12),
        (Kind.DECIMAL, 0.1, Decimal("0.1")),
        (Kind.DECIMAL, "-3.50", Decimal("-3.50")),
        (Kind.BOOLEAN, "Yes", True),
        (Kind.BOOLEAN, False, False),
        (Kind.CODE, 13912345678, "13912345678"),
        (Kind.CODE, " 91 11 ", "9111"),
        (Kind.TEXT, 3.5, "3.5"),
        (Kind.TEXT, "  两端  ", "两端"),
        (Kind.TEXT, date(2022, 12, 22), "2022-12-22"),
        (Kind.TEXT, "   ", None),
    ],
)
def test_cells_of_other_kinds(kind: Kind, cell: object, value: object) -> None:
    assert one_column(kind, cell).values["x"] == value


@pytest.mark.parametrize(
    ("kind", "cell", "part"),
    [
        (Kind.CODE, 360426199101010071, "只保留 15 位"),
        (Kind.INTEGER, 1.5, "不是整数"),
        (Kind.DECIMAL, "12,00", "不是数字"),
        (Kind.DECIMAL, "5吨", "计量单位不对"),
        (Kind.DECIMAL, "约1200", "不是数字"),
        (Kind.CODE, "3.60426E+17", "只保留 15 位"),
        (Kind.BOOLEAN, "也许", "应为“是”或“否”"),
    ],
)
def test_cells_that_cannot_be_taken(kind: Kind, cell: object, part: str) -> None:
    [problem] = one_column(kind, cell).problems
    assert part in problem.problem.zh


def test_error_file_holds_the_bad_rows_and_can_be_read_again() -> None:
    fp = written(["姓名", "出生日期"], ["甲", "2022-12-22"], ["乙", "去年"], [None, "20221222"])
    out = io.BytesIO()
    errors = ErrorFile(PEOPLE, out, origin="abc/1")
    for row in read(fp, PEOPLE):
        if row.problems:
            errors.add(row, row.problems)
    assert errors.close() == 2
    page = openpyxl.load_workbook(out).active
    assert [cell.value for cell in page[1]][:3] == ["原行号", "哪里不对", "姓名"]
    assert page["A2"].value == 3
    assert "不是日期" in page["B2"].value
    page["E2"], page["C3"] = "2022-12-22", "丙"
    corrected = io.BytesIO()
    page.parent.save(corrected)
    report = check(corrected, PEOPLE)
    assert (len(report.rows), report.problems, report.unknown) == (2, [], [])
    assert origin_of(corrected) == "abc/1" and origin_of(fp) == ""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_template_is_empty_explained_and_readable(language: str) -> None:
    out = io.BytesIO()
    write_template(PEOPLE, out, language=language)  # type: ignore[arg-type]
    assert check(out, PEOPLE).rows == []
    book = openpyxl.load_workbook(out)
    page = book.worksheets[0]
    assert page["A1"].value in ("姓名*", "Name*")
    assert "20221222" in page["C1"].comment.text
    rules = {str(rule.sqref).split(":")[0]: rule for rule in page.data_validations.dataValidation}
    assert rules["F2"].type == "list"
    assert rules["C2"].type == "date"
    assert book[rules["F2"].formula1.split("!")[0].strip("'")]["A2"].value in ("男", "male")
    assert book.worksheets[1]["A2"].value == "示例甲"


def test_row_far_down_is_named() -> None:
    rows = ({"name": "" if n == 4998 else "示例", "note": n} for n in range(6000))
    [problem] = check(exported(rows), PEOPLE).problems
    assert (problem.row, problem.column.key) == (5000, "name")


def test_parse_may_refuse() -> None:
    def positive(number: int) -> int:
        if number <= 0:
            raise SentenceError("应大于 0。", "This should be above 0.")
        return number

    sheet = Sheet("表", "Table", (Column("n", "数", "N", Kind.INTEGER, parse=positive),))
    report = check(written(["数"], [1], [-1]), sheet)
    assert [problem.problem.zh for problem in report.problems] == ["应大于 0。"]


TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TEXTS, st.integers(-(10**20), 10**20), st.dates()), max_size=5))
def test_any_text_number_and_date_survives(rows: list[tuple[str, int, date]]) -> None:
    sheet = Sheet(
        "表",
        "Table",
        (
            Column("text", "文字", "Text"),
            Column("number", "数", "Number", Kind.INTEGER),
            Column("day", "日期", "Day", Kind.DATE),
        ),
    )
    keys = ("text", "number", "day")
    fp = exported([dict(zip(keys, row, strict=True)) for row in rows], sheet)
    back = list(read(fp, sheet))
    assert not any(row.problems for row in back)
    for (text, number, day), row in zip(rows, back, strict=True):
        assert (row.values["number"], row.values["day"]) == (number, day)
        kept, seen = str(row.values["text"] or ""), visible(text).strip()
        if not is_nothing(sheet.columns[0], text):
            assert kept.replace("\r\n", "\n") == seen.replace("\r\n", "\n")


@given(
    st.one_of(
        st.text(max_size=60), st.sampled_from(["示例", "History", "规章/制度", "'[:]*?", "\\"])
    )
)
@settings(max_examples=60, deadline=None)
def test_a_sheet_may_be_called_anything(title: str) -> None:
    columns = (Column("name", "姓名", "Name", required=True, example="示例甲"),)
    sheet = Sheet(title, title, columns)
    template, filled = io.BytesIO(), io.BytesIO()
    write_template(sheet, template)
    export(sheet, [{"name": "示例乙"}], filled)
    assert openpyxl.load_workbook(template).sheetnames[0] == sheet.title("zh")
    assert [row.values for row in read(filled, sheet)] == [{"name": "示例乙"}]
