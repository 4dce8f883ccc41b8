import io
import struct
import zipfile
from typing import IO

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from luodi.lib.excel import Column, FileError, Limits, Sheet, export, guard, read

NAMES = Sheet("名单", "Names", (Column("name", "姓名", "Name", required=True),))


def workbook() -> io.BytesIO:
    out = io.BytesIO()
    export(NAMES, [{"name": f"示例{n}"} for n in range(50)], out)
    return out


WORKBOOK = workbook().getvalue()


def changed(**parts: bytes) -> IO[bytes]:
    """The workbook with parts replaced or added; `_` in a keyword stands for the sheet."""
    out = io.BytesIO()
    named = {name.replace("__", "/").replace("_dot_", "."): data for name, data in parts.items()}
    with (
        zipfile.ZipFile(io.BytesIO(WORKBOOK)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            if part.filename not in named:
                new.writestr(part.filename, old.read(part))
        for name, data in named.items():
            new.writestr(name, data)
    return out


def sheet_of(cells: bytes) -> IO[bytes]:
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    return changed(
        xl__worksheets__sheet1_dot_xml=head + b"<sheetData>" + cells + b"</sheetData></worksheet>"
    )


def refusal(fp: IO[bytes], limits: Limits | None = None) -> str:
    with pytest.raises(FileError) as caught:
        list(read(fp, NAMES, limits=limits or Limits()))
    assert caught.value.en.endswith(".")
    return caught.value.zh


def test_good_file_passes_and_stays_at_its_beginning() -> None:
    fp = io.BytesIO(WORKBOOK)
    guard(fp)
    assert fp.tell() == 0
    assert len(list(read(fp, NAMES))) == 50


@pytest.mark.parametrize(
    ("data", "zh"),
    [
        (b"", "文件是空的"),
        (b"no,ledger\n", "没有找到表头"),
        (b"<html><table>", "这不是 Excel 文件"),
        (b"%PDF-1.7", "这不是 Excel 文件"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "旧版 .xls"),
        (
            bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"),
            "文件设有密码",
        ),
        (WORKBOOK[:-30], "不完整或已损坏"),
        (WORKBOOK[: len(WORKBOOK) // 2], "不完整或已损坏"),
        (b"PK\x03\x04" + bytes(100), "不完整或已损坏"),
    ],
)
def test_what_is_no_workbook_is_named(data: bytes, zh: str) -> None:
    assert zh in refusal(io.BytesIO(data))


def test_other_zip_files_are_no_workbooks() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w/>")
    assert "这不是 .xlsx 文件" in refusal(out)


@pytest.mark.parametrize("name", ["xl__vbaProject_dot_bin", "xl__macrosheets__sheet1_dot_xml"])
def test_macros_are_refused(name: str) -> None:
    assert "含有宏" in refusal(changed(**{name: b"x"}))


def test_size_is_limited() -> None:
    assert "文件超过上限 0 MB" in refusal(io.BytesIO(WORKBOOK), Limits(packed=100))
    assert "解压后的文件" in refusal(io.BytesIO(WORKBOOK), Limits(unpacked=100))
    assert "组成部分数" in refusal(io.BytesIO(WORKBOOK), Limits(parts=3))
    assert "行数超过上限 10" in refusal(io.BytesIO(WORKBOOK), Limits(rows=10))
    assert "单元格数" in refusal(io.BytesIO(WORKBOOK), Limits(cells=10))


def test_zip_bomb_is_not_opened() -> None:
    assert "异常膨胀" in refusal(changed(xl__media__image_dot_bin=bytes(30 * 1024 * 1024)))


def test_part_that_lies_about_its_size_is_damaged() -> None:
    """The directory says fewer bytes than the part unpacks to."""
    data = bytearray(WORKBOOK)
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as archive:
        part = archive.getinfo("xl/worksheets/sheet1.xml")
    place = data.index(b"PK\x01\x02")
    while data[place + 46 : place + 46 + len(part.filename)] != part.filename.encode():
        place = data.index(b"PK\x01\x02", place + 4)
    data[place + 24 : place + 28] = struct.pack("<I", part.file_size // 2)
    assert "不完整或已损坏" in refusal(io.BytesIO(bytes(data)))


def test_two_cells_far_apart_are_refused() -> None:
    far = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="9"><c s="1" r="XFD190000"/></row>'
    assert "行 × 列" in refusal(sheet_of(far))
    assert "行数" in refusal(sheet_of(b'<row r="1"><c r="A1048576"><v>1</v></c></row>'))


def test_cells_without_a_place_are_refused() -> None:
    assert "不常见" in refusal(sheet_of(b"<row><c><v>1</v></c></row>"))


def test_a_part_under_any_name_is_looked_at() -> None:
    assert "行数" in refusal(changed(xl__other_dot_bin=b'<x:c r="A1048576"/><end/>'))


def test_failed_formulas_are_named_and_not_read_as_empty() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    page = book.add_worksheet()
    page.write_string(0, 0, "姓名")
    page.write_formula(3, 0, "=1/0", None, "#DIV/0!")
    page.write_formula(4, 0, "=NA()", None, "#N/A")
    book.close()
    assert refusal(out).startswith("这些单元格的公式出错（如 #N/A）：A4, A5。")


def test_formulas_and_external_links_give_their_stored_values() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    page = book.add_worksheet()
    page.write_string(0, 0, "姓名")
    page.write_formula(1, 0, "='[other.xlsx]Sheet1'!A1", None, "示例")
    book.close()
    assert len(list(read(out, NAMES))) == 1


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damage_anywhere_gives_a_sentence_or_a_report(data: st.DataObject) -> None:
    damaged = bytearray(WORKBOOK)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(len(damaged) // 2, len(damaged)))
    problem = None
    try:
        list(read(io.BytesIO(bytes(damaged[:cut])), NAMES))
    except FileError as error:
        problem = error
    assert problem is None or problem.zh.endswith("。")
